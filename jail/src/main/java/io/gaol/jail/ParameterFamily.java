package io.gaol.jail;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Parameters that have a name in common and differ in its end, which the kernel or the operator
 * chooses: {@code allow.mount.<fs>}, {@code meta.<key>}, {@code env.<key>}.
 *
 * @param prefix what the names begin with, the dot included
 * @param placeholder what follows it, for people: {@code fs}
 * @param ending of what follows
 * @param template what is true of each member; its name is for people: {@code allow.mount.<fs>}
 */
public record ParameterFamily(
    String prefix, String placeholder, Pattern ending, JailParameter template) {
  /** Checks. */
  public ParameterFamily {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(placeholder, "placeholder");
    Objects.requireNonNull(ending, "ending");
    Objects.requireNonNull(template, "template");
  }

  /**
   * The member of a name.
   *
   * @param name in jail(8)'s own writing; only the prefix may be in any letter case
   * @return empty if it is no name of this family
   */
  Optional<JailParameter> member(String name) {
    if (!name.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return Optional.empty();
    }
    String end = name.substring(prefix.length());
    return ending.matcher(end).matches()
        ? Optional.of(template.named(prefix + end))
        : Optional.empty();
  }
}
