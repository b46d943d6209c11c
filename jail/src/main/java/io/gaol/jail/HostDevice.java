package io.gaol.jail;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A device of the host that a task may use.
 *
 * @param hostPath the node on the host
 * @param taskPath where the task finds it
 * @param permissions cgroup device permissions: any of {@code r}, {@code w} and {@code m}
 */
public record HostDevice(Path hostPath, Path taskPath, String permissions) {
  /** Checks. */
  public HostDevice {
    Objects.requireNonNull(hostPath, "hostPath");
    Objects.requireNonNull(taskPath, "taskPath");
    if (!permissions.matches("[rwm]{1,3}")) {
      throw new IllegalArgumentException(
          "device permissions are any of r, w and m, but got \"" + permissions + "\"");
    }
  }
}
