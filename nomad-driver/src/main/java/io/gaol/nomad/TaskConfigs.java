package io.gaol.nomad;

import io.gaol.nomad.proto.driver.AllocatedTaskResources;
import io.gaol.nomad.proto.driver.DNSConfig;
import io.gaol.nomad.proto.driver.NetworkIsolationSpec;
import io.gaol.nomad.proto.driver.PortMapping;
import io.gaol.nomad.proto.driver.Resources;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An agent's words on a task, as a driver gets them. */
final class TaskConfigs {
  private static final Pattern CORES = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

  /** More processors than any host has. */
  private static final int MOST_CORES = 65_536;

  private TaskConfigs() {}

  /**
   * A task, with its config.
   *
   * @throws DriverException if an agent would not say so: the message names what
   */
  static TaskConfig task(io.gaol.nomad.proto.driver.TaskConfig message, Map<String, Object> config)
      throws DriverException {
    if (message.getId().isEmpty()) {
      throw new DriverException("the task's id is empty");
    }
    return new TaskConfig(
        message.getId(),
        taskName(message.getName()),
        new TaskConfig.Job(
            message.getJobId(),
            message.getJobName(),
            message.getNamespace(),
            message.getTaskGroupName()),
        new TaskConfig.Allocation(
            message.getAllocId(),
            absolute("alloc_dir", message.getAllocDir()),
            message.getNodeName(),
            message.getNodeId()),
        config,
        message.getEnvMap(),
        message.getDeviceEnvMap(),
        text(message.getUser()),
        absolute("stdout_path", message.getStdoutPath()),
        absolute("stderr_path", message.getStderrPath()),
        resources(message.getResources()),
        mounts(message.getMountsList()),
        devices(message.getDevicesList()),
        message.hasNetworkIsolationSpec()
            ? Optional.of(network(message.getNetworkIsolationSpec()))
            : Optional.empty(),
        message.hasDns() ? Optional.of(dns(message.getDns())) : Optional.empty());
  }

  /** The text, if there is any. */
  static Optional<String> text(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** A network as an agent describes it. */
  static NetworkIsolation network(NetworkIsolationSpec message) throws DriverException {
    return new NetworkIsolation(
        switch (message.getMode()) {
          case HOST -> NetworkIsolation.Mode.HOST;
          case GROUP -> NetworkIsolation.Mode.GROUP;
          case TASK -> NetworkIsolation.Mode.TASK;
          case NONE -> NetworkIsolation.Mode.NONE;
          case UNRECOGNIZED ->
              throw new DriverException(
                  "the network mode " + message.getModeValue() + " is not known");
        },
        message.getPath(),
        message.getLabelsMap(),
        message.hasHostsConfig()
            ? Optional.of(
                new NetworkIsolation.Hosts(
                    message.getHostsConfig().getHostname(), message.getHostsConfig().getAddress()))
            : Optional.empty());
  }

  /** A task's directory has its name, so the name must not lead elsewhere. */
  private static String taskName(String name) throws DriverException {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/")) {
      throw new DriverException("\"" + name + "\" cannot be a task's name");
    }
    path("the task's name", name);
    return name;
  }

  private static Path path(String what, String text) throws DriverException {
    try {
      return Path.of(text);
    } catch (InvalidPathException invalid) {
      throw new DriverException(what + " is no path: \"" + text + "\"", invalid);
    }
  }

  private static Path absolute(String what, String text) throws DriverException {
    Path path = path(what, text);
    if (!path.isAbsolute()) {
      throw new DriverException(what + " must be absolute, but is \"" + text + "\"");
    }
    return path;
  }

  private static TaskResources resources(Resources message) throws DriverException {
    AllocatedTaskResources allocated = message.getAllocatedResources();
    long most = allocated.getMemory().getMemoryMaxMb();
    if (most < TaskResources.NO_LIMIT) {
      throw new DriverException("memory_max_mb is " + most);
    }
    return new TaskResources(
        natural("cpu_shares", allocated.getCpu().getCpuShares()),
        natural("memory_mb", allocated.getMemory().getMemoryMb()),
        most == 0 ? OptionalLong.empty() : OptionalLong.of(most),
        cores(message.getLinuxResources().getCpusetCpus()),
        message.getPortsList().stream().map(TaskConfigs::port).toList(),
        message.getLinuxResources().getCpusetCgroup());
  }

  private static long natural(String what, long number) throws DriverException {
    if (number < 0) {
      throw new DriverException(what + " is " + number);
    }
    return number;
  }

  /** Numbers and ranges, as of cpuset(7): {@code 0,2-3}. */
  static List<Integer> cores(String text) throws DriverException {
    TreeSet<Integer> cores = new TreeSet<>();
    if (!text.isBlank()) {
      for (String part : text.split(",", -1)) {
        Matcher matcher = CORES.matcher(part.strip());
        int first = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
        int last =
            first < 0 || matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (first < 0 || last < first || last >= MOST_CORES) {
          throw new DriverException(
              "cpuset_cpus: \"" + part + "\" of \"" + text + "\" is neither a number nor a range");
        }
        for (int core = first; core <= last; core++) {
          cores.add(core);
        }
      }
    }
    return List.copyOf(cores);
  }

  private static TaskResources.Port port(PortMapping message) {
    return new TaskResources.Port(
        message.getLabel(),
        message.getValue(),
        message.getTo() == 0 ? message.getValue() : message.getTo(),
        message.getHostIp());
  }

  private static List<TaskConfig.Mount> mounts(List<io.gaol.nomad.proto.driver.Mount> messages)
      throws DriverException {
    List<TaskConfig.Mount> mounts = new ArrayList<>();
    for (io.gaol.nomad.proto.driver.Mount message : messages) {
      mounts.add(
          new TaskConfig.Mount(
              absolute("the host_path of a mount", message.getHostPath()),
              given("the task_path of a mount", message.getTaskPath()),
              message.getReadonly(),
              message.getPropagationMode()));
    }
    return mounts;
  }

  private static List<TaskConfig.Device> devices(List<io.gaol.nomad.proto.driver.Device> messages)
      throws DriverException {
    List<TaskConfig.Device> devices = new ArrayList<>();
    for (io.gaol.nomad.proto.driver.Device message : messages) {
      devices.add(
          new TaskConfig.Device(
              absolute("the host_path of a device", message.getHostPath()),
              given("the task_path of a device", message.getTaskPath()),
              message.getCgroupPermissions()));
    }
    return devices;
  }

  private static String given(String what, String text) throws DriverException {
    if (text.isEmpty()) {
      throw new DriverException(what + " is empty");
    }
    return text;
  }

  private static TaskConfig.Dns dns(DNSConfig message) {
    return new TaskConfig.Dns(
        message.getServersList(), message.getSearchesList(), message.getOptionsList());
  }
}
