package io.gaol.driver;

import io.gaol.jail.BindMount;
import io.gaol.jail.Environment;
import io.gaol.jail.HostDevice;
import io.gaol.jail.JailName;
import io.gaol.jail.Resources;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A task as Nomad hands it to a driver.
 *
 * @param jail the name its jail gets
 * @param config the task's {@code config}, evaluated and read by the driver's schema: strings,
 *     {@link java.math.BigDecimal} or {@link Long}, booleans, lists and maps of these; null for
 *     what the job does not have
 * @param environment final, all of it
 * @param user who runs the task; empty is the driver's default
 * @param taskDirectory on the host: {@code local}, {@code secrets} and {@code tmp} are in it
 * @param allocDirectory on the host, shared by the group's tasks
 * @param systemDirectories of the host, for a task without a root of its own
 * @param volumes further mounts
 * @param devices further devices
 * @param resources what it may use
 */
public record TaskRequest(
    JailName jail,
    Map<String, Object> config,
    Environment environment,
    Optional<String> user,
    Path taskDirectory,
    Path allocDirectory,
    List<Path> systemDirectories,
    List<BindMount> volumes,
    List<HostDevice> devices,
    Resources resources) {
  /** Checks and copies. */
  public TaskRequest {
    Objects.requireNonNull(jail, "jail");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(taskDirectory, "taskDirectory");
    Objects.requireNonNull(allocDirectory, "allocDirectory");
    Objects.requireNonNull(resources, "resources");
    config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    systemDirectories = List.copyOf(systemDirectories);
    volumes = List.copyOf(volumes);
    devices = List.copyOf(devices);
  }
}
