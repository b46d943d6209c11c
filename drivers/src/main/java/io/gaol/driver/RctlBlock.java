package io.gaol.driver;

import io.gaol.jail.InvalidValueException;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlRules;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The seeds' {@code Rctl} block: resource, then {@code Action}, {@code Amount} and {@code Per},
 * each in any letter case; and {@code rctl_rules}, the same in rctl(8)'s own syntax.
 */
final class RctlBlock {
  private RctlBlock() {}

  private static final List<String> SETTINGS = List.of("Action", "Amount", "Per");

  static List<RctlRule> rules(ConfigReader reader, String key, Object block) {
    List<RctlRule> rules = new ArrayList<>();
    for (Map<?, ?> resources : maps(reader, key, block)) {
      resources.forEach(
          (resource, settings) -> {
            for (Map<?, ?> setting : maps(reader, key, settings)) {
              rule(reader, key, String.valueOf(resource), setting).ifPresent(rules::add);
            }
          });
    }
    return rules;
  }

  /** Rules in rctl(8)'s own syntax without their subject: {@code resource:action=amount/per}. */
  static List<RctlRule> rulesOf(ConfigReader reader, String key, List<String> texts) {
    List<RctlRule> rules = new ArrayList<>();
    for (String text : texts) {
      reported(reader, key, key + ": \"" + text + "\"", () -> RctlRule.parse(text))
          .ifPresent(rules::add);
    }
    return rules;
  }

  /** Reports rules that exclude one another, of whichever key they are. */
  static void checkTogether(ConfigReader reader, List<RctlRule> rules) {
    for (String problem : RctlRules.problems(rules)) {
      reader.problem("", problem);
    }
  }

  private static Optional<RctlRule> reported(
      ConfigReader reader, String key, String place, Supplier<RctlRule> rule) {
    try {
      return Optional.of(rule.get());
    } catch (InvalidValueException invalid) {
      for (String problem : invalid.problems()) {
        reader.problem(key, place + ": " + problem);
      }
      return Optional.empty();
    }
  }

  /** A block is a map, or a list of maps when it was written as a block or repeated. */
  private static List<Map<?, ?>> maps(ConfigReader reader, String key, Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (value == null) {
      return maps;
    }
    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
      if (item instanceof Map<?, ?> map) {
        maps.add(map);
      } else {
        reader.problem(
            key,
            key
                + " takes blocks, as Rctl = { Openfiles = { Action = \"deny\", Amount = \"500\" } },"
                + " but "
                + ConfigReader.kind(item)
                + " is given");
      }
    }
    return maps;
  }

  private static Optional<RctlRule> rule(
      ConfigReader reader, String key, String resource, Map<?, ?> setting) {
    String place = key + "." + resource;
    Map<String, String> given = new HashMap<>();
    boolean readable = true;
    for (Map.Entry<?, ?> entry : setting.entrySet()) {
      String name = String.valueOf(entry.getKey());
      Object value = entry.getValue();
      if (SETTINGS.stream().noneMatch(name::equalsIgnoreCase)) {
        reader.problem(
            key,
            place
                + " knows Action, Amount and Per, but not "
                + name
                + "."
                + Spelling.suggestion(name, SETTINGS));
        readable = false;
      } else if (value != null && ConfigReader.scalar(value).isEmpty()) {
        reader.problem(
            key,
            place + "." + name + " takes one text, but " + ConfigReader.kind(value) + " is given");
        readable = false;
      } else if (value != null && !value.equals("")) {
        // What is null or empty was not given: Nomad sends null for what a block leaves out.
        given.put(name.toLowerCase(Locale.ROOT), ConfigReader.scalar(value).orElseThrow());
      }
    }
    if (!readable) {
      return Optional.empty();
    }
    if (!given.containsKey("action") || !given.containsKey("amount")) {
      reader.problem(key, place + " needs both Action and Amount");
      return Optional.empty();
    }
    Optional<String> per = Optional.ofNullable(given.get("per"));
    return reported(
        reader,
        key,
        place,
        () -> RctlRule.of(resource, given.get("action"), given.get("amount"), per));
  }
}
