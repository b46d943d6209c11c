package io.gaol.nomad;

import java.util.Objects;

/**
 * Who a driver is.
 *
 * @param name in a job: {@code driver = "..."}
 * @param version by semantic versioning; of two plugins of one name an agent takes the later
 */
public record DriverInfo(String name, String version) {
  /** Checks. */
  public DriverInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
  }
}
