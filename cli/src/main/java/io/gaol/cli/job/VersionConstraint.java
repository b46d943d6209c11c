package io.gaol.cli.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition on versions, such as {@code >= 1.2, < 2}: all its parts must hold.
 *
 * @param parts of it
 */
record VersionConstraint(List<Part> parts) {
  private static final Pattern PART = Pattern.compile("\\s*(~>|>=|<=|!=|=|>|<)?\\s*(\\S+)\\s*");

  VersionConstraint {
    parts = List.copyOf(parts);
  }

  /** Which rules hold. */
  enum Rules {
    /** Those of HashiCorp's versions: {@code ~>}, and a pre-release matches only its own. */
    VERSION,
    /** Those of Semantic Versioning 2.0: a pre-release comes before its release. */
    SEMVER
  }

  private enum Operator {
    EQUAL,
    NOT_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    PESSIMISTIC
  }

  /** One part. */
  record Part(BiPredicate<Version, Version> holds, Version version) {}

  /**
   * A version: numbers, then perhaps a pre-release.
   *
   * @param numbers at least three
   * @param given how many were written
   * @param prerelease after the {@code -}; empty for a release
   */
  record Version(List<Long> numbers, int given, String prerelease) implements Comparable<Version> {
    private static final Pattern SYNTAX =
        Pattern.compile(
            "v?(?<numbers>[0-9]{1,18}(?:\\.[0-9]{1,18})*)"
                + "(?:-(?<numericpre>[0-9][0-9A-Za-z~.-]*)|-?(?<pre>[A-Za-z~-][0-9A-Za-z~.-]*))?"
                + "(?:\\+[0-9A-Za-z~.-]+)?");

    private static final int LEAST_NUMBERS = 3;

    Version {
      numbers = List.copyOf(numbers);
    }

    /** Reads a version; empty if it is none. */
    static Optional<Version> parse(String text) {
      Matcher matcher = SYNTAX.matcher(text.strip());
      if (!matcher.matches()) {
        return Optional.empty();
      }
      List<Long> numbers = new ArrayList<>();
      for (String number : matcher.group("numbers").split("\\.")) {
        numbers.add(Long.valueOf(number));
      }
      int given = numbers.size();
      while (numbers.size() < LEAST_NUMBERS) {
        numbers.add(0L);
      }
      String prerelease =
          Optional.ofNullable(matcher.group("pre"))
              .or(() -> Optional.ofNullable(matcher.group("numericpre")))
              .orElse("");
      return Optional.of(new Version(numbers, given, prerelease));
    }

    boolean isPrerelease() {
      return !prerelease.isEmpty();
    }

    private long number(int place) {
      return place < numbers.size() ? numbers.get(place) : 0;
    }

    int compareNumbers(Version other) {
      for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
        int order = Long.compare(number(i), other.number(i));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }

    /** By Semantic Versioning's order: a pre-release comes before its release. */
    @Override
    public int compareTo(Version other) {
      int order = compareNumbers(other);
      if (order != 0 || prerelease.equals(other.prerelease)) {
        return order;
      }
      if (!isPrerelease() || !other.isPrerelease()) {
        return isPrerelease() ? -1 : 1;
      }
      String[] ours = prerelease.split("\\.", -1);
      String[] theirs = other.prerelease.split("\\.", -1);
      for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
        int part = comparePart(ours[i], theirs[i]);
        if (part != 0) {
          return part;
        }
      }
      return Integer.compare(ours.length, theirs.length);
    }

    /** Numbers by their value and before words, words by their letters. */
    private static int comparePart(String ours, String theirs) {
      boolean ourNumber = ours.matches("[0-9]{1,18}");
      boolean theirNumber = theirs.matches("[0-9]{1,18}");
      if (ourNumber && theirNumber) {
        return Long.compare(Long.parseLong(ours), Long.parseLong(theirs));
      }
      return ourNumber == theirNumber ? ours.compareTo(theirs) : ourNumber ? -1 : 1;
    }
  }

  /** Reads a condition; empty if it is none. */
  static Optional<VersionConstraint> parse(String text, Rules rules) {
    List<Part> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = PART.matcher(part);
      Optional<Version> version =
          matcher.matches() ? Version.parse(matcher.group(2)) : Optional.empty();
      if (version.isEmpty()) {
        return Optional.empty();
      }
      Operator operator = operator(Optional.ofNullable(matcher.group(1)).orElse("="));
      if (operator == Operator.PESSIMISTIC && rules == Rules.SEMVER) {
        return Optional.empty();
      }
      parts.add(new Part((v, c) -> holds(operator, rules, v, c), version.get()));
    }
    return Optional.of(new VersionConstraint(parts));
  }

  private static Operator operator(String symbol) {
    return switch (symbol) {
      case "=" -> Operator.EQUAL;
      case "!=" -> Operator.NOT_EQUAL;
      case ">" -> Operator.GREATER;
      case ">=" -> Operator.GREATER_OR_EQUAL;
      case "<" -> Operator.LESS;
      case "<=" -> Operator.LESS_OR_EQUAL;
      default -> Operator.PESSIMISTIC;
    };
  }

  /** Whether a version meets it. */
  boolean isMetBy(Version version) {
    return parts.stream().allMatch(part -> part.holds().test(version, part.version()));
  }

  private static boolean holds(
      Operator operator, Rules rules, Version version, Version constraint) {
    int order = version.compareTo(constraint);
    boolean comparable = rules == Rules.SEMVER || comparable(version, constraint);
    return switch (operator) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> comparable && order > 0;
      case GREATER_OR_EQUAL -> comparable && order >= 0;
      case LESS -> comparable && order < 0;
      case LESS_OR_EQUAL -> comparable && order <= 0;
      case PESSIMISTIC -> comparable && isNear(version, constraint);
    };
  }

  /** A pre-release is compared only where the condition names one of the same numbers. */
  private static boolean comparable(Version version, Version constraint) {
    if (!version.isPrerelease()) {
      return true;
    }
    return constraint.isPrerelease() && version.compareNumbers(constraint) == 0;
  }

  /** {@code ~> 1.2.3}: only the last number that is written may be greater. */
  private static boolean isNear(Version version, Version constraint) {
    if ((constraint.isPrerelease() && !version.isPrerelease())
        || version.compareTo(constraint) < 0) {
      return false;
    }
    for (int i = 0; i < constraint.given() - 1; i++) {
      if (version.number(i) != constraint.number(i)) {
        return false;
      }
    }
    return true;
  }
}
