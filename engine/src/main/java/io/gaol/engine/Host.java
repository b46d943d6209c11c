package io.gaol.engine;

import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the engine needs of an operating system. */
public interface Host {

  /** What the engine does in a host's jails knows them by name: see {@link #jail}. */
  interface Jail {
    /** Whether the host knows it, running or not. */
    boolean exists() throws IOException;

    /**
     * Sends a signal to every process in it but its init.
     *
     * @param signal such as {@code SIGTERM}
     * @return whether there was a process to send it to
     */
    boolean signal(String signal) throws IOException, InterruptedException;

    /**
     * As {@link #signal(String)}, of the signal that is to end the task: a jail that stays without
     * a process need not stay any more.
     */
    default boolean end(String signal) throws IOException, InterruptedException {
      return signal(signal);
    }

    /**
     * Whether the program that a supervisor runs for it holds it, and removes it when it ends, as
     * an OCI runtime does; otherwise that program becomes the main process.
     */
    boolean goesWithItsHolder();

    /** Kills every process in it, at once. Nothing happens if it has none, or is not there. */
    void kill() throws IOException, InterruptedException;

    /** Whether a process of it, its init included, is alive. */
    boolean alive() throws IOException;

    /** The argument vector with which {@link #delete} removes it. */
    List<String> removal();

    /** Removes it: killed if it runs, and whatever the host still keeps of it. */
    void delete() throws IOException, InterruptedException;

    /**
     * The argument vector that runs a command in it.
     *
     * @param file a file of the task's own for what the host's program has to read; whoever runs
     *     the command removes it when it has ended
     */
    List<String> enter(Command command, Path file) throws IOException;

    /** Its first process; empty if it has none. */
    Optional<Long> firstProcess() throws IOException;

    /**
     * What its processes have used.
     *
     * @return empty if it is not there any more
     */
    Optional<Usage> usage() throws IOException;

    /**
     * What it uses of these resources now. Costs more than {@link #usage}: each process is looked
     * at.
     *
     * @return empty if it is not there any more; without those that this host does not measure
     */
    Optional<ResourceUse> resourceUse(Set<RctlResource> resources)
        throws IOException, InterruptedException;

    /**
     * Sends a signal to one process in it, and to no other that has its number by now.
     *
     * @param signal such as {@code SIGTERM}
     * @return whether it was still there
     */
    boolean signal(ResourceUse.OfProcess process, String signal)
        throws IOException, InterruptedException;
  }

  /** What it is called: its {@link Platform#name}. */
  String name();

  /** The jail of a name, there or not. */
  Jail jail(JailName name);

  /**
   * What to put before an argument vector so that it runs in a session of its own, with no signal
   * ignored, and the caller does not wait for it.
   */
  List<String> detach();

  /**
   * sh(1) text that defines {@code identity}: it prints what {@link #identity} gives for the
   * process {@code $1}.
   */
  String identityFunction();

  /**
   * What tells a process from any other, also from a later one with the same number: on Linux the
   * boot, the number and the start time. Words with blanks between them, the first of which is the
   * number; letters, digits, {@code :}, {@code .}, {@code _} and {@code -} are in them.
   *
   * @return empty if there is no such process
   */
  Optional<String> identity(long pid);

  /** Whether the process lives that had this {@link #identity}. */
  default boolean lives(String identity) {
    String number = identity.substring(0, Math.max(0, identity.indexOf(' ')));
    return number.matches("[0-9]{1,18}")
        && identity(Long.parseLong(number)).filter(identity::equals).isPresent();
  }

  /**
   * The processes whose environment holds {@code variable=value}; also, where what they start in a
   * jail has another environment, those that they have started and not left.
   */
  List<Long> processesWith(String variable, String value) throws IOException;

  /** Kills these processes; those that are not there are none. */
  default void kill(List<Long> processes) throws IOException {
    processes.forEach(one -> ProcessHandle.of(one).ifPresent(ProcessHandle::destroyForcibly));
  }

  /** Asks a process to end: SIGTERM. One that is not there is none. */
  default void terminate(long process) throws IOException {
    ProcessHandle.of(process).ifPresent(ProcessHandle::destroy);
  }

  /**
   * What those of some processes run that are still there.
   *
   * @param processes their numbers
   */
  default List<Running> running(List<Long> processes) throws IOException {
    List<Running> running = new ArrayList<>();
    for (long number : processes) {
      Optional<ProcessHandle> process = ProcessHandle.of(number);
      process
          .flatMap(one -> one.info().commandLine())
          .ifPresent(
              command -> {
                long parent =
                    process.flatMap(ProcessHandle::parent).map(ProcessHandle::pid).orElse(0L);
                running.add(new Running(number, parent, command));
              });
    }
    return running;
  }

  /**
   * Options of mount(8) with which no device file of a file system can be used; none where that is
   * always so, as on FreeBSD, where only devfs(5) has devices.
   */
  List<String> noDevices();

  /** The program mount(8). */
  String mountProgram();

  /** The argument vector that unmounts what was mounted so. */
  List<String> unmount(String type, Path target);

  /** The argument vector that takes from files what keeps even root from removing them. */
  List<String> unprotect(Path tree);

  /**
   * How a program of the host is started: itself, unless the host has a better way.
   *
   * @param arguments the program and its arguments
   */
  default List<String> started(List<String> arguments) {
    return arguments;
  }

  /** What is mounted, in the order of mounting. */
  List<MountPoint> mounts() throws IOException;

  /**
   * Where programs of all state directories write down what they share of the host: a directory
   * that only root can change, and that is gone after a boot as the shared values are. It is made
   * when it is needed.
   */
  Path shared();

  /**
   * What a process runs.
   *
   * @param process its number
   * @param parent its parent's; 0 if that is not known
   * @param command its argument vector, for a person
   */
  record Running(long process, long parent, String command) {}

  /**
   * A mounted file system.
   *
   * @param type such as {@code tmpfs}
   * @param source what is mounted
   * @param target where
   * @param options those that the host tells of it, {@code ro} among them if it is read-only; none
   *     where nothing is mounted at places that may have one already
   */
  record MountPoint(String type, String source, Path target, Set<String> options) {
    /** Copies. */
    public MountPoint {
      options = Set.copyOf(options);
    }

    /** One whose options nobody asks for, as of a host where all is mounted on new directories. */
    public MountPoint(String type, String source, Path target) {
      this(type, source, target, Set.of());
    }
  }
}
