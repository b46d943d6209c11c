package io.gaol.engine;

import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A host whose jails are plain processes, marked by a variable in their environment, and whose
 * mounts are a list. Everything else is real: processes, signals, files, sh(1).
 */
final class FakeHost implements Host {
  /** In the environment of every process of a jail: the jail's name. */
  static final String JAIL_MARK = "GAOL_FAKE_JAIL";

  /** What is "mounted"; tests put in what they like. */
  final List<MountPoint> mounts = new CopyOnWriteArrayList<>();

  /** What was asked of jails, in order: "kill web", "delete web", "signal SIGTERM web". */
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** What each jail uses. */
  volatile Optional<ResourceUse> used = Optional.empty();

  /** What all state directories share; a test puts its own. */
  Path shared = Path.of("/nonexistent-gaol");

  FakeHost() {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/setsid")), "needs setsid(1) and /proc, of Linux");
  }

  /** What puts a command of ours into a jail of that name. */
  static List<String> inJail(JailName name, String... arguments) {
    List<String> all = new ArrayList<>(List.of("env", JAIL_MARK + "=" + name));
    all.addAll(List.of(arguments));
    return all;
  }

  @Override
  public List<String> detach() {
    return List.of("env", "--default-signal", "setsid", "--fork");
  }

  @Override
  public String identityFunction() {
    return """
        identity() {
          read -r line <"/proc/$1/stat" || return 1
          process=$1
          set -- ${line##*) }
          echo "$process ${20}"
        }
        """;
  }

  @Override
  public Optional<String> identity(long pid) {
    return stat(pid).map(fields -> pid + " " + fields[19]);
  }

  /** The fields of /proc/PID/stat from the third on; empty if the process is dead. */
  private static Optional<String[]> stat(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z") || fields[0].equals("X")
          ? Optional.empty()
          : Optional.of(fields);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  @Override
  public List<Long> processesWith(String variable, String value) throws IOException {
    String wanted = variable + "=" + value;
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          String environment =
              Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
          if (Stream.of(environment.split("\0")).anyMatch(wanted::equals)) {
            found.add(Long.valueOf(process.getFileName().toString()));
          }
        } catch (IOException gone) {
          // It ended, or is another's.
        }
      }
    }
    found.removeIf(pid -> stat(pid).isEmpty());
    return found;
  }

  @Override
  public List<String> noDevices() {
    return List.of();
  }

  @Override
  public String mountProgram() {
    return "mount";
  }

  @Override
  public List<String> unmount(String type, Path target) {
    return List.of("umount", target.toString());
  }

  @Override
  public List<String> unprotect(Path tree) {
    return List.of("unprotect", tree.toString());
  }

  @Override
  public List<MountPoint> mounts() {
    return List.copyOf(mounts);
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Path shared() {
    return shared;
  }

  @Override
  public Jail jail(JailName name) {
    return new FakeJail(name);
  }

  private final class FakeJail implements Jail {
    private final JailName name;

    FakeJail(JailName name) {
      this.name = name;
    }

    private List<Long> processes() throws IOException {
      return processesWith(JAIL_MARK, name.value());
    }

    @Override
    public boolean goesWithItsHolder() {
      return true;
    }

    @Override
    public boolean exists() throws IOException {
      return alive();
    }

    @Override
    public boolean signal(String signal) throws IOException, InterruptedException {
      asked.add("signal " + signal + " " + name);
      List<Long> processes = processes();
      for (long process : processes) {
        Programs.run(
            Path.of("/tmp"), List.of("kill", "-s", signal.substring("SIG".length()), "" + process));
      }
      return !processes.isEmpty();
    }

    /** All at one blow, as a kernel does it: nobody sees some of them dead and others alive. */
    @Override
    public void kill() throws IOException {
      asked.add("kill " + name);
      synchronized (FakeHost.this) {
        for (List<Long> left = processes(); !left.isEmpty(); left = processes()) {
          left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
      }
    }

    @Override
    public boolean alive() throws IOException {
      synchronized (FakeHost.this) {
        return !processes().isEmpty();
      }
    }

    @Override
    public List<String> removal() {
      return List.of("remove", name.value());
    }

    @Override
    public void delete() throws IOException {
      asked.add("delete " + name);
      kill();
    }

    @Override
    public Optional<Long> firstProcess() throws IOException {
      return processes().stream().findFirst();
    }

    @Override
    public Optional<Usage> usage() {
      return Optional.empty();
    }

    @Override
    public Optional<ResourceUse> resourceUse(Set<RctlResource> resources) {
      return used;
    }

    @Override
    public boolean signal(ResourceUse.OfProcess process, String signal) {
      asked.add("signal " + signal + " " + process);
      return true;
    }

    @Override
    public List<String> enter(Command command, Path file) {
      List<String> arguments = new ArrayList<>(List.of("env", JAIL_MARK + "=" + name));
      command
          .environment()
          .variables()
          .forEach((variable, value) -> arguments.add(variable + "=" + value));
      arguments.addAll(command.arguments());
      return arguments;
    }
  }
}
