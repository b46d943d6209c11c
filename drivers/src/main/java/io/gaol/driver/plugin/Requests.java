package io.gaol.driver.plugin;

import io.gaol.driver.TaskRequest;
import io.gaol.engine.LinklessPath;
import io.gaol.jail.BindMount;
import io.gaol.jail.Bytes;
import io.gaol.jail.Environment;
import io.gaol.jail.HostDevice;
import io.gaol.jail.JailName;
import io.gaol.jail.Resources;
import io.gaol.nomad.DriverException;
import io.gaol.nomad.NetworkIsolation;
import io.gaol.nomad.TaskConfig;
import io.gaol.nomad.TaskResources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What an agent asks for, as the drivers' readers of configs take it. */
final class Requests {
  private static final Path ROOT = Path.of("/");

  private Requests() {}

  /**
   * A task as a request.
   *
   * @throws DriverException if the agent asks for what no jail of ours can have
   */
  static TaskRequest of(TaskConfig task, JailName jail, List<Path> systemDirectories)
      throws DriverException {
    refuseNetwork(task);
    try {
      return new TaskRequest(
          jail,
          task.config(),
          new Environment(task.environment()),
          task.user(),
          task.taskDirectory(),
          task.sharedDirectory(),
          systemDirectories,
          mounts(task),
          task.devices().stream()
              .map(
                  device ->
                      new HostDevice(
                          device.source(), ROOT.resolve(device.target()), device.permissions()))
              .toList(),
          resources(task.resources()));
    } catch (IllegalArgumentException wrong) {
      throw new DriverException(wrong.getMessage(), wrong);
    }
  }

  /**
   * Where a task's output goes. The allocation's directory is the agent's, however it is reached;
   * what is in it a task can change.
   *
   * @throws DriverException if it is no path that an agent gives
   */
  static LinklessPath stream(TaskConfig task, Path stream) throws DriverException {
    if (!stream.isAbsolute() || stream.getNameCount() == 0 || !stream.equals(stream.normalize())) {
      throw new DriverException(
          "the task's output would go to \"" + stream + "\", which is no path of a FIFO");
    }
    Path allocation = task.allocation().directory();
    boolean within = stream.startsWith(allocation) && !stream.equals(allocation);
    return new LinklessPath(within ? allocation : stream.getParent(), stream);
  }

  private static void refuseNetwork(TaskConfig task) throws DriverException {
    if (task.network().isPresent() && task.network().get().mode() != NetworkIsolation.Mode.HOST) {
      throw new DriverException(
          "the group's network mode is not supported: jails have the host's network, or addresses"
              + " of their own by ip4_addr; leave the mode of the network block out, or write"
              + " mode = \"host\"");
    }
    if (task.dns().isPresent()) {
      throw new DriverException(
          "the dns block of the group's network is not supported: the jail finds names as its"
              + " root's /etc/resolv.conf says");
    }
  }

  private static List<BindMount> mounts(TaskConfig task) throws DriverException {
    List<BindMount> mounts = new ArrayList<>();
    for (TaskConfig.Mount mount : task.mounts()) {
      if (!mount.propagation().isEmpty() && !mount.propagation().equals("private")) {
        throw new DriverException(
            "the volume at "
                + mount.target()
                + " has propagation_mode = \""
                + mount.propagation()
                + "\": a jail sees no mount that is made later; only \"private\" is supported");
      }
      // A job may write its destination relative to the task's root.
      mounts.add(
          new BindMount(
              mount.source(), ROOT.resolve(mount.target()).normalize(), mount.readOnly()));
    }
    return mounts;
  }

  /** memory_max is the limit where it is given; memory is what the task is promised then. */
  private static Resources resources(TaskResources given) {
    Optional<Bytes> memory =
        given.memoryMebibytes() > 0
            ? Optional.of(Bytes.ofMebibytes(given.memoryMebibytes()))
            : Optional.empty();
    boolean hasMaximum = given.memoryMaxMebibytes().isPresent();
    Optional<Bytes> limit = memory;
    if (hasMaximum) {
      long most = given.memoryMaxMebibytes().getAsLong();
      limit = most < 0 ? Optional.empty() : Optional.of(Bytes.ofMebibytes(most));
    }
    return new Resources(
        limit,
        hasMaximum ? memory : Optional.empty(),
        given.cpuMegahertz() > 0 ? OptionalLong.of(given.cpuMegahertz()) : OptionalLong.empty(),
        given.cores(),
        OptionalLong.empty());
  }
}
