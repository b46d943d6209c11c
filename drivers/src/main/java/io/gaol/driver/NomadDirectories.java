package io.gaol.driver;

import io.gaol.jail.BindMount;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Nomad's directories, as a task finds them: /alloc, /local and /secrets. */
final class NomadDirectories {
  /** What Nomad keeps from the task. */
  static final List<String> HIDDEN = List.of("private");

  private NomadDirectories() {}

  /** The root of a task without one of its own: its task directory under the host's system. */
  static JailSpec.Root hostSystem(TaskRequest request) {
    return new JailSpec.Root.HostSystem(
        request.taskDirectory(), request.systemDirectories(), HIDDEN);
  }

  /** The mounts that a root needs. */
  static List<BindMount> mounts(TaskRequest request, JailSpec.Root root) {
    List<BindMount> mounts = new ArrayList<>();
    mounts.add(new BindMount(request.allocDirectory(), Path.of("/alloc"), false));
    if (root instanceof JailSpec.Root.Directory) {
      for (String name : List.of("local", "secrets")) {
        mounts.add(new BindMount(request.taskDirectory().resolve(name), Path.of("/", name), false));
      }
    }
    mounts.addAll(request.volumes());
    return mounts;
  }
}
