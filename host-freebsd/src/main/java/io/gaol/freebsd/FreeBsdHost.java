package io.gaol.freebsd;

import io.gaol.engine.Command;
import io.gaol.engine.Host;
import io.gaol.engine.Programs;
import io.gaol.engine.ResourceUse;
import io.gaol.engine.ShellText;
import io.gaol.engine.ToolLimit;
import io.gaol.engine.Usage;
import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** FreeBSD: processes by ps(1), jails by jail(8). */
public final class FreeBsdHost implements Host {

  private static final int ATTEMPTS = 3;

  /** The time of a process has that of its ended children in it: -S. */
  private static final String PS = BaseSystem.PS + " -axwwS -o pid= -o rss= -o time= -o jail=\n";

  /** What {@link #running(String)} reads. */
  private static final List<String> RUNNING =
      List.of("-o", "pid=", "-o", "ppid=", "-o", "command=");

  private static final String NUMBER = "[0-9]{1,18}";

  private static final String RCTL = "echo rctl:\n" + BaseSystem.RCTL + " -u \"$@\"\n";

  private final FreeBsdPlaces places;
  private final Supplier<FreeBsdSystem> system;
  private final Supplier<BootTime> boot;

  /** Identities that were asked for, as long as the process is the same. */
  private final Map<Long, Known> identities = new ConcurrentHashMap<>();

  private final JailsUsage usages = new JailsUsage(this::measure, System::nanoTime);

  private record Known(Optional<Instant> started, String identity) {}

  /**
   * The host this runs on.
   *
   * @param places where the files of tasks are
   * @param system what it is
   * @param boot when it was booted
   */
  FreeBsdHost(FreeBsdPlaces places, Supplier<FreeBsdSystem> system, Supplier<BootTime> boot) {
    this.places = Objects.requireNonNull(places, "places");
    this.system = Objects.requireNonNull(system, "system");
    this.boot = Objects.requireNonNull(boot, "boot");
  }

  /**
   * timeout(1) gives what it runs all signals at their defaults, and daemon(8) a session. Without
   * {@code --foreground} it would wait for the daemon.
   */
  @Override
  public List<String> detach() {
    return List.of(BaseSystem.TIMEOUT, "--foreground", "0", BaseSystem.DAEMON);
  }

  @Override
  public String identityFunction() {
    return ProcessIdentity.function(boot.get().now(), FreeBsdPlaces.BOOT);
  }

  /**
   * {@inheritDoc}
   *
   * <p>ps(1) tells the start to a second; what Java knows of the process spares asking it again.
   */
  @Override
  public Optional<String> identity(long pid) {
    Optional<Instant> started =
        ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .flatMap(process -> process.info().startInstant());
    Known known = identities.get(pid);
    if (known != null && started.isPresent() && known.started().equals(started)) {
      return Optional.of(known.identity());
    }
    // A Java that is not the system's own may not see the process. One that it sees alive and ps(1)
    // does not is asked after again: a task hangs on the answer.
    Optional<String> identity = ask(pid);
    for (int i = 1; i < ATTEMPTS && identity.isEmpty() && started.isPresent(); i++) {
      identity = ask(pid);
    }
    identity.ifPresentOrElse(
        found -> identities.put(pid, new Known(started, found)), () -> identities.remove(pid));
    return identity;
  }

  /** {@inheritDoc} The clock may have been set since it was told. */
  @Override
  public boolean lives(String identity) {
    Optional<ProcessIdentity> recorded = ProcessIdentity.parse(identity);
    return recorded
        .flatMap(process -> identity(process.pid()))
        .flatMap(ProcessIdentity::parse)
        .filter(now -> now.is(recorded.orElseThrow()))
        .isPresent();
  }

  private Optional<String> ask(long pid) {
    try {
      Programs.Result result =
          Programs.read(
              NativeHost.started(
                  List.of(
                      BaseSystem.PS, "-o", "state=", "-o", "lstart=", "-p", Long.toString(pid))),
              Map.of("LC_ALL", "C", "TZ", "UTC"),
              ToolLimit.TIME);
      String[] words = result.output().strip().split("\\s+", 2);
      return result.successful() && words.length == 2 && !words[0].startsWith("Z")
          ? Optional.of(
              ProcessIdentity.text(
                  pid, words[1], boot.get().now(), boot.get().identity(FreeBsdPlaces.BOOT)))
          : Optional.empty();
    } catch (IOException unknown) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** {@inheritDoc} A jexec(8) has the jail's environment before it is in the jail. */
  @Override
  public List<Long> processesWith(String variable, String value) throws IOException {
    String wanted = " " + variable + "=" + value + " ";
    Set<Long> found = new LinkedHashSet<>();
    Map<Long, List<Long>> children = new HashMap<>();
    List<String> look = new ArrayList<>(List.of(BaseSystem.PS, "-axww", "-e"));
    look.addAll(RUNNING);
    for (String line : NativeHost.said(look).lines().toList()) {
      Optional<Running> process = running(line);
      if (process.isPresent()) {
        long number = process.get().process();
        children.computeIfAbsent(process.get().parent(), one -> new ArrayList<>()).add(number);
        if ((" " + process.get().command() + " ").contains(wanted)) {
          found.add(number);
        }
      }
    }
    Deque<Long> parents = new ArrayDeque<>(found);
    while (!parents.isEmpty()) {
      children.getOrDefault(parents.pop(), List.of()).stream()
          .filter(found::add)
          .forEach(parents::push);
    }
    return List.copyOf(found);
  }

  @Override
  public void kill(List<Long> processes) throws IOException {
    signal("KILL", processes);
  }

  @Override
  public void terminate(long process) throws IOException {
    signal("TERM", List.of(process));
  }

  /** By kill(1): a Java that is not the system's own may not see them. */
  private static void signal(String signal, List<Long> processes) throws IOException {
    if (!processes.isEmpty()) {
      List<String> kill = new ArrayList<>(List.of(BaseSystem.KILL, "-s", signal));
      processes.forEach(process -> kill.add(process.toString()));
      NativeHost.look(kill);
    }
  }

  /** {@inheritDoc} A Java that is not the system's own may not see what others run. */
  @Override
  public List<Running> running(List<Long> processes) throws IOException {
    if (processes.isEmpty()) {
      return List.of();
    }
    List<String> look = new ArrayList<>(List.of(BaseSystem.PS, "-ww"));
    look.addAll(RUNNING);
    look.add("-p");
    look.add(processes.stream().map(Object::toString).collect(Collectors.joining(",")));
    return NativeHost.look(look)
        .output()
        .lines()
        .map(FreeBsdHost::running)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Of a line with {@link #RUNNING}; ps(1) escapes the line breaks of a command. */
  private static Optional<Running> running(String line) {
    String[] words = line.strip().split("\\s+", 3);
    return words.length == 3 && words[0].matches(NUMBER) && words[1].matches(NUMBER)
        ? Optional.of(new Running(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]))
        : Optional.empty();
  }

  /** As pkill(1) and kill(1) have it: SIGIOT is another name of SIGABRT, which they do not know. */
  private static String word(String signal) {
    String word = signal.startsWith("SIG") ? signal.substring(3) : signal;
    return word.equals("IOT") ? "ABRT" : word;
  }

  private boolean racct() {
    return system.get().racct().orElse(false);
  }

  /**
   * What jails use, by ps(1), and where resources are accounted rctl(8): both by one sh(1). Only a
   * jail without a process is looked for.
   */
  private Map<JailName, Usage> measure(Set<JailName> names) throws IOException {
    Instant time = Instant.now();
    List<JailName> all = List.copyOf(names);
    List<String> look =
        new ArrayList<>(List.of(BaseSystem.SH, "-c", racct() ? PS + RCTL : PS, "sh"));
    all.forEach(name -> look.add("jail:" + name));
    String[] said = NativeHost.said(look).split("(?m)^rctl:$", 2);
    Map<String, List<RctlUsage.OfProcess>> processes =
        RctlUsage.processes(said[0]).stream()
            .collect(Collectors.groupingBy(RctlUsage.OfProcess::jail));
    Map<JailName, Map<String, Long>> accounts =
        said.length == 2 ? RctlUsage.accounts(all, said[1]) : Map.of();
    Set<String> there =
        all.stream().allMatch(name -> processes.containsKey(name.value()))
            ? Set.of()
            : Set.copyOf(NativeHost.said(List.of(BaseSystem.JLS, "name")).lines().toList());
    Map<JailName, Usage> usages = new HashMap<>();
    for (JailName name : all) {
      List<RctlUsage.OfProcess> own = processes.getOrDefault(name.value(), List.of());
      if (!own.isEmpty() || there.contains(name.value())) {
        usages.put(name, RctlUsage.of(time, accounts.getOrDefault(name, Map.of()), own));
      }
    }
    return usages;
  }

  @Override
  public List<String> noDevices() {
    return List.of();
  }

  @Override
  public String mountProgram() {
    return BaseSystem.MOUNT;
  }

  /**
   * As jail(8): what a person named is unmounted by force, the kernel's own file systems plainly.
   */
  @Override
  public List<String> unmount(String type, Path target) {
    return switch (type) {
      case "devfs", "fdescfs", "procfs" -> List.of(BaseSystem.UMOUNT, target.toString());
      default -> List.of(BaseSystem.UMOUNT, "-ft", type, target.toString());
    };
  }

  @Override
  public List<String> unprotect(Path tree) {
    return List.of("chflags", "-R", "0", tree.toString());
  }

  @Override
  public List<String> started(List<String> arguments) {
    return NativeHost.started(arguments);
  }

  /** As mount(8) prints them for fstab(5); names with blanks in them are not told apart. */
  @Override
  public List<MountPoint> mounts() throws IOException {
    List<MountPoint> mounts = new ArrayList<>();
    for (String line : NativeHost.said(List.of(BaseSystem.MOUNT, "-p")).lines().toList()) {
      String[] fields = line.strip().split("\\s+");
      if (fields.length >= 3) {
        Set<String> options =
            fields.length > 3 ? Set.copyOf(List.of(fields[3].split(","))) : Set.of();
        mounts.add(new MountPoint(fields[2], fields[0], Path.of(fields[1]), options));
      }
    }
    return mounts;
  }

  @Override
  public Path shared() {
    return FreeBsdPlaces.SHARED;
  }

  @Override
  public String name() {
    return FreeBsdPlatform.NAME;
  }

  @Override
  public Jail jail(JailName name) {
    return new KernelJail(name);
  }

  /** A jail of the kernel. */
  private final class KernelJail implements Jail {
    private final JailName name;
    private final Path task;

    KernelJail(JailName name) {
      this.name = name;
      this.task = places.task(name);
    }

    private Programs.Result run(String... arguments) throws IOException, InterruptedException {
      return Programs.run(
          places.state(),
          NativeHost.started(List.of(arguments)),
          Map.of(),
          Optional.of(ToolLimit.TIME));
    }

    /** Whoever has a jail of this name that jail(8) has not made for the task keeps it. */
    private boolean isAnothers() {
      return Files.exists(task.resolve(FreeBsdPlaces.NOT_CREATED));
    }

    @Override
    public boolean exists() throws IOException {
      if (isAnothers()) {
        return false;
      }
      Programs.Result result = NativeHost.look(List.of(BaseSystem.JLS, "-j", name.value(), "jid"));
      if (!result.successful() && !result.output().contains("not found")) {
        throw new IOException(BaseSystem.JLS + ": " + result.describe());
      }
      return result.successful();
    }

    @Override
    public boolean goesWithItsHolder() {
      return false;
    }

    /**
     * pgrep(1) tells a jail without processes (1) from one that is not there (2), ps(1) does not.
     */
    @Override
    public boolean alive() throws IOException {
      return !isAnothers() && !processes().isEmpty();
    }

    @Override
    public boolean signal(String signal) throws IOException, InterruptedException {
      return signal(word(signal), word(signal));
    }

    /** {@inheritDoc} Who stands for a jail without a main process ends by SIGTERM. */
    @Override
    public boolean end(String signal) throws IOException, InterruptedException {
      String word = word(signal);
      return signal(word, word.equals("KILL") ? word : "TERM");
    }

    private boolean signal(String word, String toKeeper) throws IOException, InterruptedException {
      if (isAnothers()) {
        return false;
      }
      Programs.Result result = run(BaseSystem.PKILL, "-" + word, "-j", name.value(), ".");
      // As pgrep(1): no process, and no such jail.
      if (result.status().filter(status -> status <= 2).isEmpty() || isUsage(result)) {
        throw new IOException(BaseSystem.PKILL + ": " + result.describe());
      }
      Optional<Long> keeper = keeper();
      return keeper.isPresent()
          ? run(BaseSystem.KILL, "-s", toKeeper, keeper.get().toString()).successful()
              || result.successful()
          : result.successful();
    }

    /** What it says of a signal that it does not know has the status of a jail that is gone. */
    private static boolean isUsage(Programs.Result result) {
      return result.output().contains("usage:");
    }

    @Override
    public void kill() throws IOException, InterruptedException {
      if (isAnothers()) {
        return;
      }
      run(BaseSystem.PKILL, "-KILL", "-j", name.value(), ".");
      FreeBsdHost.this.kill(keeper().stream().toList());
    }

    /** The process that stands for a jail without a main process, if it is that very one. */
    private Optional<Long> keeper() throws IOException {
      try {
        String kept = Files.readString(task.resolve(FreeBsdPlaces.KEEPER)).strip();
        return lives(kept)
            ? ProcessIdentity.parse(kept).map(ProcessIdentity::pid)
            : Optional.empty();
      } catch (NoSuchFileException none) {
        return Optional.empty();
      }
    }

    @Override
    public boolean signal(ResourceUse.OfProcess process, String signal)
        throws IOException, InterruptedException {
      return run(BaseSystem.KILL, "-s", word(signal), Long.toString(process.pid())).successful();
    }

    @Override
    public List<String> removal() {
      return List.of(
          BaseSystem.JAIL,
          "-q",
          "-f",
          task.resolve(FreeBsdPlaces.CONF).toString(),
          "-r",
          name.value());
    }

    @Override
    public void delete() throws IOException, InterruptedException {
      Programs.Result result = run(removal().toArray(String[]::new));
      if (!result.successful() && exists()) {
        throw new IOException("jail -r: " + result.describe());
      }
    }

    @Override
    public Optional<Long> firstProcess() throws IOException {
      return processes().stream().findFirst();
    }

    /** pgrep(1) exits with 1 if there is none, and with 2 if there is no such jail. */
    private List<Long> processes() throws IOException {
      Programs.Result result = NativeHost.look(List.of(BaseSystem.PGREP, "-j", name.value(), "."));
      if (result.status().filter(status -> status <= 2).isEmpty()) {
        throw new IOException(BaseSystem.PGREP + ": " + result.describe());
      }
      return result
          .output()
          .lines()
          .filter(line -> line.matches("[0-9]+"))
          .map(Long::valueOf)
          .sorted()
          .toList();
    }

    @Override
    public Optional<Usage> usage() throws IOException {
      try {
        return usages.of(name);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the use was measured", interrupted);
      }
    }

    @Override
    public Optional<ResourceUse> resourceUse(Set<RctlResource> resources) throws IOException {
      if (!exists()) {
        return Optional.empty();
      }
      if (racct()) {
        String rctl = NativeHost.said(List.of(BaseSystem.RCTL, "-u", "jail:" + name));
        return Optional.of(RctlUsage.resourceUse(RctlUsage.amounts(rctl), resources));
      }
      return usage().map(use -> RctlUsage.resourceUse(RctlUsage.amounts(use), resources));
    }

    @Override
    public List<String> enter(Command command, Path file) throws IOException {
      StringBuilder script = new StringBuilder("set -- ");
      script.append(ShellText.line(command.arguments())).append('\n');
      script.append(". ").append(ShellText.word(task.resolve(FreeBsdPlaces.ENTER).toString()));
      script.append('\n');
      command
          .environment()
          .variables()
          .forEach(
              (variable, value) -> {
                if (FreeBsdPlanner.isShellVariable(variable)) {
                  script.append("export ").append(variable).append('=');
                  script.append(ShellText.word(value)).append('\n');
                }
              });
      script.append("exec ").append(command.background() ? ShellText.line(detach()) + " " : "");
      script.append("\"$@\"\n");
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, script);
      return List.of(BaseSystem.SH, file.toString());
    }
  }
}
