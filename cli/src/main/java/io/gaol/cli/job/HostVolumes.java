package io.gaol.cli.job;

import io.gaol.hcl.Diagnostic;
import io.gaol.jail.BindMount;
import io.gaol.jail.Spelling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this host lends to jobs: what {@code host_volume} is in the configuration of a Nomad client.
 *
 * @param byName by the name that a job's {@code source} calls
 */
public record HostVolumes(Map<String, HostVolume> byName) {
  private static final String READ_ONLY = ":ro";

  /** Where Nomad's own directories and the kernel's are. */
  private static final Set<Path> TAKEN =
      Set.of(
          Path.of("/"),
          Path.of("/alloc"),
          Path.of("/local"),
          Path.of("/secrets"),
          Path.of("/dev"),
          Path.of("/proc"),
          Path.of("/sys"));

  /** Copies. */
  public HostVolumes {
    byName = Map.copyOf(byName);
  }

  /**
   * A file or directory of this host.
   *
   * @param path absolute
   * @param readOnly whether no task may write there
   */
  public record HostVolume(Path path, boolean readOnly) {}

  /**
   * Reads what {@code -volume} gives: {@code PATH} or {@code PATH:ro}, by name.
   *
   * @param given by name
   * @throws JobException with each that is none
   */
  public static HostVolumes of(Map<String, String> given) throws JobException {
    Map<String, HostVolume> volumes = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    given.forEach(
        (name, text) -> {
          boolean readOnly = text.endsWith(READ_ONLY);
          String path = readOnly ? text.substring(0, text.length() - READ_ONLY.length()) : text;
          if (name.isBlank() || path.isEmpty()) {
            problems.add(
                "-volume " + name + "=" + text + ": write NAME=PATH, or NAME=PATH:ro to read only");
            return;
          }
          try {
            volumes.put(name, new HostVolume(Path.of(path).toAbsolutePath().normalize(), readOnly));
          } catch (InvalidPathException wrong) {
            problems.add("-volume " + name + ": this is no path: " + wrong.getReason());
          }
        });
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return new HostVolumes(volumes);
  }

  /**
   * The mounts of a task.
   *
   * @param index of the group's instance
   * @throws JobException with every volume that is not given, and every destination that cannot be
   */
  List<BindMount> mounts(Job.Group group, Job.TaskSpec task, int index, NomadVariables variables)
      throws JobException {
    List<String> problems = new ArrayList<>();
    for (Job.VolumeRequest request : group.volumes().values()) {
      if (!byName.containsKey(request.hostVolume(index))) {
        problems.add(missing(request, index));
      }
    }
    List<BindMount> mounts = new ArrayList<>();
    for (Job.VolumeMount mount : task.volumeMounts()) {
      Job.VolumeRequest request = group.volumes().get(mount.volume());
      Optional<HostVolume> volume = Optional.ofNullable(byName.get(request.hostVolume(index)));
      try {
        Path target = destination(variables.resolve(mount.destination()));
        if (TAKEN.contains(target)) {
          problems.add(
              Diagnostic.error(
                      mount.range(),
                      "Nothing can be mounted at " + target,
                      "Choose another destination, such as /data.")
                  .render());
        }
        volume.ifPresent(
            found ->
                mounts.add(
                    new BindMount(
                        found.path(),
                        target,
                        found.readOnly() || request.readOnly() || mount.readOnly())));
      } catch (NomadVariables.UnknownReferenceException unknown) {
        problems.add(
            Diagnostic.error(mount.range(), "destination: " + unknown.getMessage(), "").render());
      } catch (InvalidPathException wrong) {
        problems.add(
            Diagnostic.error(mount.range(), "destination is no path: " + wrong.getReason(), "")
                .render());
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return mounts;
  }

  /** A destination that is not absolute is taken from the root, as Nomad's exec driver does. */
  private static Path destination(String text) {
    return Path.of("/").resolve(text).normalize();
  }

  private String missing(Job.VolumeRequest request, int index) {
    String name = request.hostVolume(index);
    TreeSet<String> names = new TreeSet<>(byName.keySet());
    String given =
        names.isEmpty()
            ? "None was given."
            : Spelling.nearest(name, names)
                .map(near -> "Did you mean \"" + near + "\"?")
                .orElse("Given were " + String.join(", ", names) + ".");
    return Diagnostic.error(
            request.range(),
            "This host has no volume \"" + name + "\"",
            "Give it with -volume " + name + "=PATH. " + given)
        .render();
  }
}
