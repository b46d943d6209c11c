package io.gaol.freebsd;

import io.gaol.jail.JailName;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of tasks are on FreeBSD.
 *
 * @param state the state directory
 */
public record FreeBsdPlaces(Path state) {
  /** What jails of all state directories share of the host; rc(8) empties it at boot. */
  static final Path SHARED = Path.of("/var/run/gaol");

  /** Which boot it is: {@link BootTime#identity}. */
  static final Path BOOT = SHARED.resolve("boot");

  static final String SPEC = "spec.json";

  /** What jail(8) is given. */
  static final String CONF = "jail.conf";

  /** What the supervisor runs: see {@link JailScript}. */
  static final String SCRIPT = "jail.sh";

  /** How the jail is entered: see {@link JailScript#enter}. */
  static final String ENTER = "enter.sh";

  /** The process that stands for a jail without a main process: {@link FreeBsdHost#identity}. */
  static final String KEEPER = "keeper";

  /** There if jail(8) has not made the jail: one of its name is not the task's. */
  static final String NOT_CREATED = "not-created";

  /** Where a jail that waits after its creation hears that it may go on. */
  static final String GO = "go";

  /** What was mounted below the jail's root before it could mount: {@link MountsOfJail}. */
  static final String MOUNTED = "mounted";

  /** A task's directory. */
  public Path task(JailName name) {
    return state.resolve("tasks").resolve(name.value());
  }

  /** Whether a name of a jail, as somebody wrote it, is that of a task. */
  boolean isTask(String name) {
    return name.matches("[A-Za-z0-9_-]+")
        && Files.isDirectory(state.resolve("tasks").resolve(name));
  }
}
