package io.gaol.jail;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One parameter of jail(8): a row of the {@link JailParameterCatalogue}.
 *
 * @param name jail(8)'s own name, such as {@code exec.poststart}
 * @param type what its value is
 * @param repeatable whether jail(8) takes several values
 * @param otherNames spellings in Nomad jobs that do not follow from {@code name}, such as {@code
 *     nic} for {@code interface}
 */
public record JailParameter(
    String name, ParameterType type, boolean repeatable, List<String> otherNames) {

  /** Checks and copies. */
  public JailParameter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    otherNames = List.copyOf(otherNames);
  }

  /**
   * The spelling of a Nomad job: jail(8)'s name with underscores for dots and an upper-case first
   * letter, as {@code Exec_poststart}.
   */
  public String nomadName() {
    String underscored = name.replace('.', '_');
    return underscored.substring(0, 1).toUpperCase(Locale.ROOT) + underscored.substring(1);
  }
}
