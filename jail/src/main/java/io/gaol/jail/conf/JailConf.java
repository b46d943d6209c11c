package io.gaol.jail.conf;

import java.util.List;
import java.util.Objects;

/**
 * What a jail.conf(5) says: its jails, each with all parameters that jail(8) would give it. Wild
 * cards and variables are worked out.
 *
 * @param jails in the order of the file
 * @param warnings what not every jail(8) reads in the same way
 */
public record JailConf(List<Jail> jails, List<JailConfProblem> warnings) {
  /** Copies. */
  public JailConf {
    jails = List.copyOf(jails);
    warnings = List.copyOf(warnings);
  }

  /**
   * One jail.
   *
   * @param name of its block, with those of the blocks around it: {@code parent.child}. A whole
   *     number other than 0 is the jail's {@code jid}, any other name its {@code name}
   * @param parameters each once, in the order in which they came first; without the {@code name} or
   *     {@code jid} that the block's name is
   * @param place of the block's name
   */
  public record Jail(String name, List<Parameter> parameters, Place place) {
    /** Checks and copies. */
    public Jail {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(place, "place");
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * One parameter of a jail.
   *
   * @param name as it was written the last time, such as {@code allow.noraw_sockets}
   * @param values in order; empty where the name stands alone, as in {@code persist;}
   * @param place where it was given the last time
   */
  public record Parameter(String name, List<String> values, Place place) {
    /** Checks and copies. */
    public Parameter {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(place, "place");
      values = List.copyOf(values);
    }
  }
}
