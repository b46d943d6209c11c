package io.gaol.linux;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.gaol.engine.Command;
import io.gaol.engine.Host;
import io.gaol.engine.Programs;
import io.gaol.engine.ResourceUse;
import io.gaol.engine.Usage;
import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Linux: processes by /proc, jails by crun(1). */
public final class LinuxHost implements Host {
  private static final int SIGKILL = 9;

  /** How long the sender of a signal has, or who looks into a namespace. */
  private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(10);

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final LinuxPlaces places;
  private final Path crun;

  /**
   * The host this runs on.
   *
   * @param places where the files of tasks are
   * @param crun the runtime's program
   */
  public LinuxHost(LinuxPlaces places, Path crun) {
    this.places = Objects.requireNonNull(places, "places");
    this.crun = Objects.requireNonNull(crun, "crun");
  }

  @Override
  public List<String> detach() {
    List<String> session = List.of("setsid", "--fork");
    if (ignoresNoSignal()) {
      return session;
    }
    List<String> arguments = new ArrayList<>(List.of("env", "--default-signal"));
    arguments.addAll(session);
    return arguments;
  }

  /** Whether what this program starts has every signal at its default: proc_pid_status(5). */
  private static boolean ignoresNoSignal() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.anyMatch(line -> line.matches("SigIgn:\\s*0+"));
    } catch (IOException | UncheckedIOException unreadable) {
      return false;
    }
  }

  @Override
  public String identityFunction() {
    return """
        identity() {
          read -r line <"/proc/$1/stat" && read -r boot </proc/sys/kernel/random/boot_id || return 1
          # The name in parentheses may hold anything; the start time is the 20th word after it.
          process=$1
          set -- ${line##*) }
          echo "$process ${20} $boot"
        }
        """;
  }

  @Override
  public Optional<String> identity(long pid) {
    return startTime(pid).flatMap(start -> bootId().map(boot -> pid + " " + start + " " + boot));
  }

  private static Optional<String> bootId() {
    try {
      return Optional.of(Files.readString(BOOT_ID).strip());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Field 22 of /proc/PID/stat: proc_pid_stat(5); clock ticks since the boot. */
  private static Optional<String> startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      boolean dead = fields[0].equals("Z") || fields[0].equals("X");
      return dead ? Optional.empty() : Optional.of(fields[19]);
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
          // It ended, or is the kernel's.
        }
      }
    }
    return found;
  }

  @Override
  public List<String> noDevices() {
    return List.of("nodev");
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
    return List.of("chattr", "-R", "-i", tree.toString());
  }

  @Override
  public List<MountPoint> mounts() throws IOException {
    List<MountPoint> mounts = new ArrayList<>();
    for (MountInfo mount : MountInfo.all()) {
      mounts.add(new MountPoint(mount.type(), mount.source(), mount.target()));
    }
    return mounts;
  }

  @Override
  public Path shared() {
    return LinuxPlaces.SHARED;
  }

  @Override
  public String name() {
    return LinuxPlatform.NAME;
  }

  @Override
  public Jail jail(JailName name) {
    return new CrunJail(name);
  }

  /** A jail by crun's record of it. */
  private final class CrunJail implements Jail {
    private final JailName name;

    CrunJail(JailName name) {
      this.name = name;
    }

    private Path record() {
      return places.crunRoot().resolve(name.value());
    }

    @Override
    public boolean exists() {
      return Files.exists(record());
    }

    @Override
    public boolean goesWithItsHolder() {
      return true;
    }

    /** The init's process number, if it is that very process: crun(1) keeps its start time. */
    private Optional<Long> init() throws IOException {
      try {
        JsonObject status =
            JsonParser.parseString(Files.readString(record().resolve("status"))).getAsJsonObject();
        long pid = status.get("pid").getAsLong();
        String started = status.get("process-start-time").getAsString();
        return startTime(pid).filter(started::equals).map(same -> pid);
      } catch (NoSuchFileException none) {
        return Optional.empty();
      } catch (JsonParseException | IllegalStateException | NullPointerException unfinished) {
        return Optional.empty();
      }
    }

    @Override
    public boolean alive() throws IOException {
      return init().isPresent();
    }

    @Override
    public boolean signal(String signal) throws IOException, InterruptedException {
      // In the jail's process namespace -1 is every process but init and the sender, at one blow.
      return kill(signal, "-1");
    }

    @Override
    public boolean signal(ResourceUse.OfProcess process, String signal)
        throws IOException, InterruptedException {
      // By its number in the jail: whatever has it, nothing outside of the jail is ever hit.
      Optional<String> inJail = numberInJail(process.pid());
      boolean same =
          startTime(process.pid()).filter(Long.toString(process.started())::equals).isPresent();
      return same && inJail.isPresent() && kill(signal, inJail.get());
    }

    /** The last number of NSpid: proc_pid_status(5). */
    private static Optional<String> numberInJail(long process) {
      try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process), "status"))) {
        return lines
            .filter(line -> line.startsWith("NSpid:"))
            .map(line -> line.split("\\s+"))
            .filter(words -> words.length > 2)
            .map(words -> words[words.length - 1])
            .findFirst();
      } catch (IOException | UncheckedIOException gone) {
        return Optional.empty();
      }
    }

    /** Runs kill(1) of the host in the jail's process namespace. */
    private boolean kill(String signal, String number) throws IOException, InterruptedException {
      Optional<Long> init = init();
      if (init.isEmpty() || !hasOwnProcessNamespace(init.get())) {
        return false;
      }
      Programs.Result result =
          Programs.run(
              places.task(name),
              List.of(
                  "nsenter",
                  "--target",
                  Long.toString(init.get()),
                  "--pid",
                  "--",
                  "/bin/sh",
                  "-c",
                  "kill -s \"$1\" -- \"$2\"",
                  "sh",
                  signal.startsWith("SIG") ? signal.substring(3) : signal,
                  number),
              Map.of(),
              // It is a process of the jail, whose root may stop it.
              Optional.of(SIGNAL_LIMIT));
      // Whose init is just going takes in no process.
      boolean gone =
          result.output().contains("No such process") || result.output().contains("fork failed");
      // Nor does it let one go on that had come: it went by what was sent, as far as one can tell.
      boolean wentWithIt = result.status().equals(Optional.of(128 + SIGKILL));
      if (!result.successful() && !gone && !wentWithIt) {
        throw new IOException("kill: " + result.describe());
      }
      return result.successful() || wentWithIt;
    }

    /** What is sent to -1 in the host's own process namespace would reach everything. */
    private static boolean hasOwnProcessNamespace(long pid) throws IOException {
      Path its = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", "pid"));
      return !its.equals(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")));
    }

    @Override
    public void kill() throws IOException, InterruptedException {
      // The kernel kills the whole process namespace with its init: pid_namespaces(7).
      init().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public List<String> removal() {
      return List.of(
          crun.toString(),
          "--root",
          places.crunRoot().toString(),
          "delete",
          "--force",
          name.value());
    }

    @Override
    public void delete() throws IOException, InterruptedException {
      Programs.Result result = Programs.run(places.task(name), removal());
      if (!result.successful() && exists()) {
        throw new IOException("crun delete: " + result.describe());
      }
    }

    @Override
    public Optional<Long> firstProcess() throws IOException {
      return init();
    }

    @Override
    public Optional<Usage> usage() throws IOException {
      return CgroupUsage.of(CgroupLayout.read(MountInfo.all()), LinuxPlaces.cgroup(name));
    }

    @Override
    public Optional<ResourceUse> resourceUse(Set<RctlResource> resources)
        throws IOException, InterruptedException {
      Optional<Long> init = init();
      boolean systemV = resources.stream().anyMatch(ResourceReader.SYSTEM_V::contains);
      return new ResourceReader(
              Path.of("/proc"),
              CgroupLayout.read(MountInfo.all()),
              LinuxPlaces.cgroup(name),
              init,
              resources)
          .read(systemV && init.isPresent() ? systemV(init.get()) : Map.of());
    }

    /** What /proc/sysvipc says is of the namespace of who reads it: sysvipc(7). */
    private Map<RctlResource, Long> systemV(long init) throws IOException, InterruptedException {
      Programs.Result result =
          Programs.run(
              places.task(name),
              List.of(
                  "nsenter",
                  "--target",
                  Long.toString(init),
                  "--ipc",
                  "--",
                  "cat",
                  "/proc/sysvipc/msg",
                  "/proc/sysvipc/sem",
                  "/proc/sysvipc/shm"),
              Map.of(),
              Optional.of(SIGNAL_LIMIT));
      return result.successful()
          ? ResourceReader.systemV(result.output().lines().toList())
          : Map.of();
    }

    @Override
    public List<String> enter(Command command, Path file) throws IOException {
      Path task = places.task(name);
      JsonObject config =
          JsonParser.parseString(Files.readString(task.resolve(LinuxPlaces.CONFIG)))
              .getAsJsonObject();
      JsonObject process = config.getAsJsonObject("process");
      JsonArray arguments = new JsonArray();
      command.arguments().forEach(arguments::add);
      process.add("args", arguments);
      JsonArray environment = new JsonArray();
      process.getAsJsonArray("env").forEach(environment::add);
      for (Map.Entry<String, String> variable : command.environment().variables().entrySet()) {
        environment.add(variable.getKey() + "=" + variable.getValue());
      }
      process.add("env", environment);
      // "crun exec" without a process file forgets limits, and its arguments are for all to see.
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, new Gson().toJson(process));
      return List.of(
          crun.toString(),
          "--root",
          places.crunRoot().toString(),
          "exec",
          "--process",
          file.toString(),
          name.value());
    }
  }
}
