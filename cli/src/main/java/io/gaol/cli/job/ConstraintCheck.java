package io.gaol.cli.job;

import io.gaol.cli.job.Job.Constraint;
import io.gaol.cli.job.Job.Constraint.Operator;
import io.gaol.cli.job.VersionConstraint.Rules;
import io.gaol.cli.job.VersionConstraint.Version;
import io.gaol.hcl.Diagnostic;
import io.gaol.jail.Spelling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Looks whether this host meets what a job asks of its host: Nomad's scheduler/feasible. */
final class ConstraintCheck {
  private final Map<String, String> host;

  /**
   * A check.
   *
   * @param host the host's attributes, such as {@code attr.kernel.name}
   */
  ConstraintCheck(Map<String, String> host) {
    this.host = Map.copyOf(host);
  }

  /** What of these the host does not meet, each with its place and what the host has. */
  List<String> unmet(List<Constraint> constraints) {
    List<String> problems = new ArrayList<>();
    for (Constraint constraint : constraints) {
      if (!constraint.operator().needsCluster()) {
        unmet(constraint).ifPresent(problem -> problems.add(problem.render()));
      }
    }
    return problems;
  }

  private Optional<Diagnostic> unmet(Constraint constraint) {
    Optional<String> has = value(constraint.attribute());
    Optional<String> wanted = value(constraint.value());
    if (isMet(constraint.operator(), has, wanted)) {
      return Optional.empty();
    }
    String asked =
        (constraint.attribute() + " " + constraint.operator().symbol() + " " + constraint.value())
            .strip();
    return Optional.of(
        Diagnostic.error(
            constraint.range(), "This host does not meet " + asked, explanation(constraint, has)));
  }

  private String explanation(Constraint constraint, Optional<String> has) {
    if (isBrokenVersion(constraint)) {
      return "\"" + constraint.value() + "\" is no condition on versions, such as \">= 1.2\".";
    }
    if (constraint.operator() == Operator.VERSION
        && has.flatMap(Version::parse).filter(Version::isPrerelease).isPresent()) {
      return "It has \""
          + has.get()
          + "\", a pre-release to this operator, which holds only for its like. Write semver.";
    }
    if (has.isPresent()) {
      return "It has \"" + has.get() + "\".";
    }
    String name = name(constraint.attribute());
    return "It has no " + name + "." + Spelling.suggestion(name, host.keySet());
  }

  private static boolean isBrokenVersion(Constraint constraint) {
    return switch (constraint.operator()) {
      case VERSION -> VersionConstraint.parse(constraint.value(), Rules.VERSION).isEmpty();
      case SEMVER -> VersionConstraint.parse(constraint.value(), Rules.SEMVER).isEmpty();
      default -> false;
    };
  }

  /** What a reference stands for on this host; a text without one stands for itself. */
  private Optional<String> value(String text) {
    return text.startsWith("${") ? Optional.ofNullable(host.get(name(text))) : Optional.of(text);
  }

  private static String name(String reference) {
    return reference.startsWith("${") && reference.endsWith("}")
        ? reference.substring(2, reference.length() - 1).strip()
        : reference;
  }

  private static boolean isMet(Operator operator, Optional<String> has, Optional<String> wanted) {
    return switch (operator) {
      case IS_SET -> has.isPresent();
      case IS_NOT_SET -> has.isEmpty();
      case NOT_EQUAL -> !has.equals(wanted);
      case DISTINCT_HOSTS, DISTINCT_PROPERTY -> true;
      default -> has.isPresent() && wanted.isPresent() && holds(operator, has.get(), wanted.get());
    };
  }

  private static boolean holds(Operator operator, String has, String wanted) {
    return switch (operator) {
      case EQUAL -> has.equals(wanted);
      case GREATER -> compare(has, wanted) > 0;
      case GREATER_OR_EQUAL -> compare(has, wanted) >= 0;
      case LESS -> compare(has, wanted) < 0;
      case LESS_OR_EQUAL -> compare(has, wanted) <= 0;
      case REGEXP -> matches(has, wanted);
      case SET_CONTAINS_ALL -> set(has).containsAll(set(wanted));
      case SET_CONTAINS_ANY -> set(wanted).stream().anyMatch(set(has)::contains);
      case VERSION -> isVersion(has, wanted, Rules.VERSION);
      case SEMVER -> isVersion(has, wanted, Rules.SEMVER);
      case NOT_EQUAL, IS_SET, IS_NOT_SET, DISTINCT_HOSTS, DISTINCT_PROPERTY ->
          throw new IllegalArgumentException(operator + " compares no two texts");
    };
  }

  private static boolean matches(String has, String wanted) {
    try {
      return Pattern.compile(wanted).matcher(has).find();
    } catch (PatternSyntaxException wrong) {
      return false; // It came out of a reference.
    }
  }

  /** As numbers if both are, as texts otherwise. */
  private static int compare(String has, String wanted) {
    try {
      return new BigDecimal(has).compareTo(new BigDecimal(wanted));
    } catch (NumberFormatException noNumbers) {
      return has.compareTo(wanted);
    }
  }

  private static Set<String> set(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet());
  }

  private static boolean isVersion(String has, String wanted, Rules rules) {
    Optional<Version> version = Version.parse(has);
    return version.isPresent()
        && VersionConstraint.parse(wanted, rules)
            .filter(constraint -> constraint.isMetBy(version.get()))
            .isPresent();
  }
}
