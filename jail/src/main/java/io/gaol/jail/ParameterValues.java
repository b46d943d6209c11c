package io.gaol.jail;

import java.math.BigDecimal;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what was given for a parameter: any value of a job, a flag or a file. */
final class ParameterValues {
  /** jail(8) reads commas between values of these on its command line, from FreeBSD 15.0 on. */
  private static final Set<String> WITH_COMMAS = Set.of("vnet.interface", "zfs.dataset");

  /** A number with more digits than this is none that a parameter could hold. */
  private static final int MOST_DIGITS = 100;

  private final JailParameter parameter;
  private final boolean commandLine;
  private final List<String> values = new ArrayList<>();
  private final List<String> rules = new ArrayList<>();

  private ParameterValues(JailParameter parameter, boolean commandLine) {
    this.parameter = parameter;
    this.commandLine = commandLine;
  }

  /** What was given, understood or not. */
  sealed interface Result {
    /** The values in their one way of writing; none if that was said. */
    record Understood(List<String> values) implements Result {}

    /** The rules that are broken, each to follow the parameter's name. */
    record Broken(List<String> rules) implements Result {}
  }

  /**
   * Reads values.
   *
   * @param source where a comma may separate values
   */
  static Result read(
      JailParameter parameter, Object value, boolean negated, Assignment.Source source) {
    ParameterValues reading =
        new ParameterValues(parameter, source == Assignment.Source.COMMAND_LINE);
    if (parameter.settable() == JailParameter.Settable.NEVER) {
      return new Result.Broken(List.of("can only be read: the kernel sets it"));
    }
    if (negated) {
      reading.negation(value);
    } else if (value.equals(Assignment.BARE)) {
      reading.bare();
    } else {
      reading.given(value);
    }
    return reading.rules.isEmpty()
        ? new Result.Understood(List.copyOf(reading.values))
        : new Result.Broken(reading.rules.stream().distinct().toList());
  }

  /** {@code nopersist} is false; {@code nopersist=false} is true: jail(8) takes both "no"s. */
  private void negation(Object value) {
    if (parameter.type() instanceof ParameterType.CommandLine) {
      if (!value.equals(Assignment.BARE) && !value.equals("") && !value.equals(true)) {
        rules.add("stands alone: it says that there are none");
      }
      return;
    }
    if (value.equals(Assignment.BARE)) {
      values.add("false");
      return;
    }
    given(value);
    values.replaceAll(flag -> flag.equals("true") ? "false" : "true");
  }

  private void bare() {
    switch (parameter.type()) {
      case ParameterType.Flag f -> values.add("true");
      case ParameterType.Choice c -> values.add("new");
      default -> rules.add("needs a value: it takes " + parameter.type().expectation());
    }
  }

  private void given(Object value) {
    if (!(value instanceof List<?> list)) {
      if (!saysNone(value)) {
        single(value);
      }
      return;
    }
    if (!parameter.repeatable() && list.size() != 1) {
      rules.add(
          "takes one value, but "
              + (list.isEmpty() ? "an empty list is" : list.size() + " are")
              + " given");
      return;
    }
    list.forEach(this::single);
  }

  /** An empty text stands for an empty list, and so does jail(8)'s {@code -} for addresses. */
  private boolean saysNone(Object value) {
    return parameter.repeatable()
        && (value.equals("")
            || (parameter.type() instanceof ParameterType.Addresses && value.equals("-")));
  }

  private void single(Object value) {
    Optional<String> text = text(value);
    if (text.isEmpty()) {
      rules.add(
          "takes "
              + parameter.type().expectation()
              + ", but "
              + Shown.value(value)
              + (value instanceof List || value == null ? " is in its list" : " is given"));
      return;
    }
    for (String part : parts(text.get())) {
      one(part);
    }
  }

  private List<String> parts(String text) {
    boolean commas =
        parameter.type() instanceof ParameterType.Addresses
            || (commandLine && WITH_COMMAS.contains(parameter.name()));
    return commas ? List.of(text.split(",", -1)) : List.of(text);
  }

  private void one(String text) {
    if (text.indexOf('\0') >= 0) {
      rules.add("may not hold a NUL character");
      return;
    }
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    if (text.chars().anyMatch(c -> Character.isSurrogate((char) c)) && !encoder.canEncode(text)) {
      rules.add("may not hold half a character (a lone surrogate)");
      return;
    }
    switch (parameter.type().read(text)) {
      case ParameterType.Reading.Value(String value) -> values.add(value);
      case ParameterType.Reading.Wrong(String rule) -> rules.add(rule);
    }
  }

  /** The text of a value; empty if a parameter of this type has no such values. */
  private Optional<String> text(Object value) {
    return switch (value) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      // A job that says "Mount = true" means something else than a text that reads "true".
      case Boolean yes
          when parameter.type() instanceof ParameterType.Flag
              || parameter.type() instanceof ParameterType.Choice ->
          Optional.of(yes.toString());
      case Number number -> decimal(number);
      default -> Optional.empty();
    };
  }

  private static Optional<String> decimal(Number number) {
    if (number instanceof Double real && !Double.isFinite(real)) {
      return Optional.empty();
    }
    BigDecimal exact = new BigDecimal(number.toString());
    boolean unthinkable =
        Math.abs((long) exact.scale()) > MOST_DIGITS || exact.precision() > MOST_DIGITS;
    if (unthinkable) {
      return Optional.empty();
    }
    return Optional.of(exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString());
  }
}
