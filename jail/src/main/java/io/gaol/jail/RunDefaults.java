package io.gaol.jail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code gaol run} sets where nobody else does: Kleene's defaults, so that its manual can be
 * followed. The drivers have jail(8)'s own.
 */
public final class RunDefaults {
  /** Whom the command runs as when nobody says. */
  private static final String DEFAULT_USER = "root";

  private RunDefaults() {}

  /**
   * The defaults of one run, as assignments that give way to any other.
   *
   * @param hostName the container's name
   * @param user of the option {@code -u}, to which {@code -J exec.jail_user} does not give way
   */
  public static List<Assignment> of(String hostName, Optional<String> user) {
    List<Assignment> defaults = new ArrayList<>();
    defaults.add(Assignment.byDefault("host.hostname", hostName));
    defaults.add(Assignment.byDefault("ip4", "inherit"));
    defaults.add(Assignment.byDefault("ip6", "inherit"));
    defaults.add(Assignment.byDefault("exec.jail_user", user.orElse(DEFAULT_USER)));
    defaults.add(Assignment.byDefault("exec.clean", "true"));
    defaults.add(Assignment.byDefault("mount.devfs", "true"));
    defaults.add(Assignment.byDefault("exec.stop", "/bin/sh /etc/rc.shutdown"));
    return List.copyOf(defaults);
  }
}
