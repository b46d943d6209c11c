package io.gaol.driver;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads values of a {@code config} and collects what is wrong with them. */
final class ConfigReader {
  private final Map<String, Object> config;
  private final List<ConfigProblem> problems = new ArrayList<>();

  ConfigReader(Map<String, Object> config) {
    this.config = config;
  }

  /** What is given, or null. */
  Object value(String key) {
    return config.get(key);
  }

  void problem(String key, String message) {
    problems.add(new ConfigProblem(key, message));
  }

  void problem(ConfigProblem problem) {
    problems.add(problem);
  }

  void throwIfWrong() throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** A single text; a number or a boolean is its text, as in Nomad. */
  Optional<String> text(String key) {
    Object value = config.get(key);
    if (value == null) {
      return Optional.empty();
    }
    Optional<String> text = scalar(value);
    if (text.isEmpty()) {
      problem(key, key + " takes one text, but " + kind(value) + " is given");
    }
    return text;
  }

  /** A list of texts; for a parameter that may be given once, a single one too. */
  List<String> texts(String key, boolean singleToo) {
    Object value = config.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      List<String> texts = new ArrayList<>();
      for (Object item : list) {
        Optional<String> text = item == null ? Optional.empty() : scalar(item);
        if (text.isEmpty()) {
          problem(key, key + " takes a list of texts, but " + kind(item) + " is in it");
          return List.of();
        }
        texts.add(text.get());
      }
      return texts;
    }
    Optional<String> single = singleToo ? scalar(value) : Optional.empty();
    if (single.isEmpty()) {
      problem(
          key,
          key
              + " takes a list of texts, but "
              + kind(value)
              + " is given: write "
              + key
              + " = ["
              + scalar(value).map(text -> "\"" + text + "\"").orElse("\"...\"")
              + "]");
    }
    return single.map(List::of).orElse(List.of());
  }

  /** A value that has a text: a string, a number, a boolean. */
  static Optional<String> scalar(Object value) {
    return switch (value) {
      case String text -> Optional.of(text);
      case Boolean flag -> Optional.of(flag.toString());
      case BigDecimal number -> Optional.of(number.stripTrailingZeros().toPlainString());
      case Number number -> Optional.of(number.toString());
      default -> Optional.empty();
    };
  }

  /** What sort of value it is, for a person. */
  static String kind(Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> "the text \"" + text + "\"";
      case Boolean flag -> flag.toString();
      case Number number -> "the number " + scalar(number).orElseThrow();
      case List<?> list -> "a list";
      case Map<?, ?> map -> "a block";
      default -> "something else";
    };
  }
}
