package io.gaol.linux;

import io.gaol.jail.JailName;
import java.nio.file.Path;

/**
 * Where the files of tasks are.
 *
 * @param state the state directory
 */
public record LinuxPlaces(Path state) {
  /** What jails of all state directories share of the host; a boot empties it. */
  static final Path SHARED = Path.of("/run/gaol");

  static final String SPEC = "spec.json";
  static final String CONFIG = "config.json";

  /** Where crun(1) keeps its records. */
  public Path crunRoot() {
    return state.resolve("crun");
  }

  /** A task's directory; it is the OCI bundle too. */
  public Path task(JailName name) {
    return state.resolve("tasks").resolve(name.value());
  }

  /** The name of a task's control group, below the root of each hierarchy. */
  static String cgroup(JailName name) {
    return "gaol-" + name.value();
  }
}
