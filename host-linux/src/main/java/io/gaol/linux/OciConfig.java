package io.gaol.linux;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.gaol.engine.JailUser;
import io.gaol.engine.TaskContext;
import io.gaol.jail.BindMount;
import io.gaol.jail.HookCommand;
import io.gaol.jail.HostDevice;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The OCI runtime configuration of a jail (opencontainers/runtime-spec, config.md 1.0). */
final class OciConfig {
  /** Where a jail waits after its creation for the word to go on. */
  static final String GO = "go";

  /** The kernel's own period in which a share of the CPUs is dealt out is 100 ms: one percent. */
  static final Duration PERCENT_OF_PERIOD = Duration.ofMillis(1);

  private static final int PERIOD_MICROS = 100_000;

  /** What a runtime takes for "no limit": setrlimit(2), RLIM_INFINITY. */
  private static final BigInteger INFINITY = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private static final String INIT = "/dev/init";

  /**
   * Process 2 of a jail with a shell: runs what jail(8) runs in the jail, tells how far it got on
   * descriptor 3, and becomes the main process, or waits until the jail is empty.
   */
  private static final String JAIL_SCRIPT =
      """
      stay=$1 signal=$2 count=$3
      shift 3
      trap : HUP INT QUIT TERM USR1 USR2 ALRM
      [ "$signal" = KILL ] || trap stay=0 "$signal"
      echo running >&3
      number=0
      while [ "$number" -lt "$count" ]; do
        number=$((number + 1))
        /bin/sh -c "$1" 3>&- || { status=$?; echo "failed $number" >&3; exit "$status"; }
        shift
      done
      echo started >&3
      exec 3>&-
      if [ $# -gt 0 ]; then
        [ "$signal" = KILL ] || trap - "$signal"
        trap - HUP INT QUIT TERM USR1 USR2 ALRM
        exec "$@"
      fi
      while [ "$stay" = 1 ] || kill -0 -1 2>/dev/null; do sleep 1; done
      """;

  /** What every form of the script ends with. */
  private static final String END_OF_SCRIPT =
      JAIL_SCRIPT.substring(JAIL_SCRIPT.lastIndexOf("\nwhile "));

  private static final String UNLIMITED = "/bin/sh -c \"$1\" 3>&-";

  /**
   * Runs a command that has LIMIT seconds. It runs in the foreground, as what runs behind an "&"
   * has INT and QUIT ignored; a watch beside it looks for this shell's other child when the time is
   * over, and tells on descriptor 3. It counts seconds, so that what is left of it when it is
   * killed lasts no longer than one. What the command leaves behind is not waited for.
   */
  private static final String WATCH =
      """
      watch() {
        seconds=0
        while [ "$seconds" -lt LIMIT ]; do
          sleep 1
          seconds=$((seconds + 1))
        done 3>&- </dev/null >/dev/null 2>&1
        read -r self rest </proc/self/stat
        victim=
        for process in /proc/[0-9]*; do
          read -r line <"$process/stat" || continue
          set -- ${line##*) }
          [ "$2" = "$$" ] && [ "${process#/proc/}" != "$self" ] && victim=${process#/proc/}
        done 2>/dev/null
        [ -n "$victim" ] || exit
        echo "late $number LIMIT" >&3
        kill -s URG "$$"
        kill "$victim" 2>/dev/null
        sleep 5
        kill -s KILL "$victim" 2>/dev/null || kill -s KILL "$$"
      }
      limited() {
        late=
        trap 'late=124' URG
        watch &
        watching=$!
        /bin/sh -c "$1" 3>&-
        result=$?
        { kill -s KILL "$watching"; wait "$watching"; } 2>/dev/null
        [ "$result" -ne 0 ] || result=${late:-0}
        return "$result"
      }
      """;

  private final JailSpec spec;
  private final LinuxFacts facts;
  private final JailLimits limits;
  private final JailMounts jailMounts;
  private final LinuxNetwork network;
  private final TaskContext context;
  private final Path task;
  private final boolean waitsAfterCreation;
  private final Set<Allowance> allowances;

  OciConfig(
      JailSpec spec,
      LinuxFacts facts,
      JailLimits limits,
      JailMounts jailMounts,
      LinuxNetwork network,
      TaskContext context,
      Path task,
      boolean waitsAfterCreation) {
    this.spec = spec;
    this.facts = facts;
    this.limits = limits;
    this.jailMounts = jailMounts;
    this.network = network;
    this.context = context;
    this.task = task;
    this.waitsAfterCreation = waitsAfterCreation;
    this.allowances = allowances(spec.parameters());
    this.allowances.addAll(network.allowances());
  }

  /** What a jail's root may do. */
  static List<String> capabilities(JailParameters parameters) {
    return Capabilities.of(allowances(parameters));
  }

  /** Where the files of /etc are that a jail has for its own. */
  static Path etc(Path task, LinuxFacts facts) {
    return facts.jail().asked().layeredEtc() ? task.resolve("etc") : task;
  }

  /** Whether the jail's own script tells its progress; without a shell the runtime's hook does. */
  boolean tellsProgressItself() {
    return facts.jail().shell();
  }

  /** The words of the shell that runs a jail's script, as /proc/PID/cmdline has them. */
  static String shellCommandLine() {
    return String.join("\0", "/bin/sh", "-c", JAIL_SCRIPT, "jail");
  }

  /** Whether it is that shell. */
  static boolean isShell(String commandLine) {
    return commandLine.startsWith("/bin/sh\0-c\0")
        && commandLine.contains(END_OF_SCRIPT + "\0jail\0");
  }

  String toJson() {
    JsonObject config = new JsonObject();
    config.addProperty("ociVersion", "1.0.2");
    config.add("process", process());
    config.add(
        "root",
        object(Map.of("path", text(facts.jail().root()), "readonly", new JsonPrimitive(false))));
    if (!inheritsHost()) {
      config.addProperty(
          "hostname", spec.parameters().value("host.hostname").orElse(spec.name().value()));
    }
    config.add("mounts", mounts());
    JsonObject hooks = hooks();
    if (!hooks.isEmpty()) {
      config.add("hooks", hooks);
    }
    config.add("linux", linux());
    return new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(config)
        + "\n";
  }

  // ---- what the parameters allow

  private static Set<Allowance> allowances(JailParameters parameters) {
    Set<Allowance> allowed = EnumSet.noneOf(Allowance.class);
    if (parameters.value("vnet").filter("new"::equals).isPresent()) {
      allowed.add(Allowance.VNET);
    }
    flag(parameters, "allow.raw_sockets", Allowance.RAW_SOCKETS, allowed);
    flag(parameters, "allow.socket_af", Allowance.OTHER_ADDRESS_FAMILIES, allowed);
    flag(parameters, "allow.chflags", Allowance.CHANGE_SYSTEM_FLAGS, allowed);
    flag(parameters, "allow.read_msgbuf", Allowance.READ_MESSAGE_BUFFER, allowed);
    flag(parameters, "allow.mlock", Allowance.LOCK_MEMORY, allowed);
    if (parameters.flag("allow.reserved_ports").orElse(true)) {
      allowed.add(Allowance.RESERVED_PORTS);
    }
    boolean sysvipc = parameters.flag("allow.sysvipc").orElse(false);
    sysv(parameters, "sysvmsg", sysvipc, Allowance.SYSV_MESSAGES, allowed);
    sysv(parameters, "sysvsem", sysvipc, Allowance.SYSV_SEMAPHORES, allowed);
    sysv(parameters, "sysvshm", sysvipc, Allowance.SYSV_SHARED_MEMORY, allowed);
    return allowed;
  }

  private static void flag(
      JailParameters parameters, String name, Allowance allowance, Set<Allowance> allowed) {
    if (parameters.flag(name).orElse(false)) {
      allowed.add(allowance);
    }
  }

  private static void sysv(
      JailParameters parameters,
      String name,
      boolean byDefault,
      Allowance allowance,
      Set<Allowance> allowed) {
    if (parameters.value(name).map(value -> !value.equals("disable")).orElse(byDefault)) {
      allowed.add(allowance);
    }
  }

  private static boolean is(JailParameters parameters, String name, String value) {
    return parameters.value(name).filter(value::equals).isPresent();
  }

  private boolean inheritsHost() {
    return is(spec.parameters(), "host", "inherit");
  }

  /** Whether a jail sees the host's System V objects. */
  static boolean inheritsIpc(JailSpec spec) {
    return spec.sharesIpc()
        || spec.parameters().flag("allow.sysvipc").orElse(false)
        || is(spec.parameters(), "sysvmsg", "inherit")
        || is(spec.parameters(), "sysvsem", "inherit")
        || is(spec.parameters(), "sysvshm", "inherit");
  }

  // ---- process

  private JsonObject process() {
    JailUser user = facts.jail().user().orElseThrow();
    JsonObject identity = new JsonObject();
    identity.addProperty("uid", user.uid());
    identity.addProperty("gid", user.gid());
    identity.add("additionalGids", numbers(user.groups()));

    JsonObject capabilities = new JsonObject();
    JsonArray names = texts(Capabilities.of(privileges()));
    for (String set : List.of("bounding", "effective", "permitted")) {
      capabilities.add(set, names);
    }
    JsonObject process = new JsonObject();
    process.addProperty("terminal", false);
    process.add("user", identity);
    process.add("args", texts(arguments()));
    process.add("env", environment(user));
    process.addProperty(
        "cwd", facts.jail().asked().home().map(Path::toString).orElse(spec.workDirectory()));
    process.addProperty("noNewPrivileges", false);
    process.addProperty("oomScoreAdj", 0);
    process.add("capabilities", capabilities);
    process.add("rlimits", rlimits());
    return process;
  }

  private List<String> arguments() {
    List<String> command = new ArrayList<>();
    facts.jail().program().ifPresent(program -> command.add(program.toString()));
    spec.command().stream().skip(1).forEach(command::add);
    boolean persists = spec.parameters().flag("persist").orElse(false) && spec.command().isEmpty();
    List<String> starts =
        spec.parameters().commands("exec.start").stream().map(OciConfig::shellText).toList();
    if (!facts.jail().shell()) {
      List<String> arguments = new ArrayList<>(List.of(INIT));
      arguments.addAll(command.isEmpty() ? List.of("-P") : List.of("--"));
      arguments.addAll(command);
      return arguments;
    }
    List<String> arguments =
        new ArrayList<>(List.of(INIT, "--", "/bin/sh", "-c", script(!starts.isEmpty()), "jail"));
    arguments.add(persists ? "1" : "0");
    arguments.add(context.killSignal().replaceFirst("^SIG", ""));
    arguments.add(Integer.toString(starts.size()));
    arguments.addAll(starts);
    arguments.addAll(command);
    return arguments;
  }

  private String script(boolean starts) {
    Optional<Long> limit = spec.parameters().number("exec.timeout").filter(time -> time > 0);
    return starts && limit.isPresent()
        ? WATCH.replace("LIMIT", limit.get().toString())
            + JAIL_SCRIPT.replace(UNLIMITED, "limited \"$1\"")
        : JAIL_SCRIPT;
  }

  /** What makes {@code sh -c} execute exactly a command's argument vector. */
  private static String shellText(HookCommand command) {
    if (command.throughShell()) {
      return command.text();
    }
    StringBuilder text = new StringBuilder(command.background() ? "" : "exec");
    for (String word : command.arguments()) {
      text.append(" '").append(word.replace("'", "'\\''")).append('\'');
    }
    return text.append(command.background() ? " &" : "").toString().strip();
  }

  private JsonArray environment(JailUser user) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    variables.put("HOME", user.home());
    variables.put("USER", user.name());
    variables.put("LOGNAME", user.name());
    variables.put("SHELL", user.shell());
    variables.putAll(spec.environment().variables());
    return texts(
        variables.entrySet().stream()
            .map(variable -> variable.getKey() + "=" + variable.getValue())
            .toList());
  }

  /** CAP_IPC_LOCK would undo a limit on what may be locked. */
  private Set<Allowance> privileges() {
    Set<Allowance> privileges = EnumSet.noneOf(Allowance.class);
    privileges.addAll(allowances);
    if (limits.rlimits().containsKey(JailLimits.MEMLOCK)) {
      privileges.remove(Allowance.LOCK_MEMORY);
    }
    return privileges;
  }

  private JsonArray rlimits() {
    Map<String, JailLimits.Rlimit> all = new TreeMap<>(limits.rlimits());
    if (!allowances.contains(Allowance.LOCK_MEMORY)) {
      OptionalLong nothing = OptionalLong.of(0);
      all.put(JailLimits.MEMLOCK, new JailLimits.Rlimit(nothing, nothing));
    }
    JsonArray rlimits = new JsonArray();
    all.forEach(
        (type, limit) ->
            rlimits.add(
                object(
                    Map.of(
                        "type", new JsonPrimitive(type),
                        "soft", amount(limit.soft()),
                        "hard", amount(limit.hard())))));
    return rlimits;
  }

  private static JsonPrimitive amount(OptionalLong limit) {
    return new JsonPrimitive(limit.isPresent() ? BigInteger.valueOf(limit.getAsLong()) : INFINITY);
  }

  // ---- mounts

  private JsonArray mounts() {
    JsonArray mounts = new JsonArray();
    facts.jail().system().forEach(mount -> mounts.add(system(mount)));
    mounts.add(mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
    mounts.add(
        mount(
            "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")));
    List<String> terminals =
        new ArrayList<>(
            List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"));
    limits.terminals().ifPresent(most -> terminals.add("max=" + most));
    mounts.add(mount("/dev/pts", "devpts", "devpts", terminals));
    mounts.add(
        mount(
            "/dev/shm",
            "tmpfs",
            "shm",
            List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")));
    mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")));
    mounts.add(
        mount(
            INIT,
            "bind",
            facts.init().orElseThrow().toString(),
            List.of("bind", "ro", "nosuid", "nodev")));
    if (spec.root() instanceof JailSpec.Root.HostSystem host) {
      mounts.add(mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")));
      for (String hidden : host.hidden()) {
        mounts.add(mount("/" + hidden, "tmpfs", "tmpfs", List.of("ro", "size=0", "mode=000")));
      }
    }
    spec.mounts().forEach(mount -> mounts.add(bind(mount)));
    jailMounts
        .mounts()
        .forEach(
            mount ->
                mounts.add(
                    mount(mount.destination(), mount.type(), mount.source(), mount.options())));
    if (!facts.jail().asked().layeredEtc()) {
      for (HostIdentity.EtcFile file : HostIdentity.files(spec.parameters())) {
        mounts.add(bind(new BindMount(etc(task, facts).resolve(file.name()), file.path(), true)));
      }
    }
    return mounts;
  }

  /**
   * A directory of the host, read-only. Files of the jail's own that the host's /etc does not have
   * are laid over it: a bind would have the runtime make them on the host.
   */
  private JsonObject system(BindMount mount) {
    return facts.jail().asked().layeredEtc() && mount.target().equals(HostIdentity.ETC)
        ? mount(
            mount.target().toString(),
            "overlay",
            "overlay",
            List.of(
                "ro",
                "nodev",
                "lowerdir="
                    + JailMounts.layer(etc(task, facts))
                    + ":"
                    + JailMounts.layer(mount.source())))
        : bind(mount);
  }

  private static JsonObject bind(BindMount mount) {
    return mount(
        mount.target().toString(),
        "bind",
        mount.source().toString(),
        // Not recursive: below a read-only bind, a second mount would be writable.
        List.of("bind", mount.readOnly() ? "ro" : "rw", "nodev"));
  }

  private static JsonObject mount(
      String destination, String type, String source, List<String> options) {
    JsonObject mount = new JsonObject();
    mount.addProperty("destination", destination);
    mount.addProperty("type", type);
    mount.addProperty("source", source);
    mount.add("options", texts(options));
    return mount;
  }

  // ---- hooks

  private JsonObject hooks() {
    JsonObject hooks = new JsonObject();
    JsonArray created = new JsonArray();
    if (facts.cgroups() instanceof CgroupLayout.Unified(Path root)) {
      // The kernel shows the file only when the runtime has switched the controller on.
      Path weight = root.resolve(LinuxPlaces.cgroup(spec.name())).resolve("cpu.weight");
      limits
          .cpuWeight()
          .ifPresent(number -> created.add(hook("echo " + number + " >'" + weight + "'")));
    }
    if (waitsAfterCreation) {
      created.add(
          hook(
              "cd \"$GAOL_TASK\" && echo created >>progress && read -r word <go"
                  + " && [ \"$word\" = go ]"));
    }
    if (!created.isEmpty()) {
      hooks.add("createRuntime", created);
    }
    if (!tellsProgressItself()) {
      JsonArray started = new JsonArray();
      started.add(hook("cd \"$GAOL_TASK\" && printf 'running\\nstarted\\n' >>progress"));
      hooks.add("poststart", started);
    }
    return hooks;
  }

  private JsonObject hook(String script) {
    JsonObject hook = new JsonObject();
    hook.addProperty("path", "/bin/sh");
    hook.add("args", texts(List.of("sh", "-c", script)));
    hook.add("env", texts(List.of("PATH=/usr/bin:/bin", "GAOL_TASK=" + task)));
    return hook;
  }

  // ---- linux

  private JsonObject linux() {
    JsonObject linux = new JsonObject();
    linux.add("namespaces", namespaces());
    linux.addProperty("cgroupsPath", "/" + LinuxPlaces.cgroup(spec.name()) + "/task");
    linux.add("resources", resources());
    JsonObject sysctls = new JsonObject();
    spec.parameters()
        .value("host.domainname")
        .ifPresent(name -> sysctls.addProperty("kernel.domainname", name));
    network.sysctls().forEach(sysctls::addProperty);
    new TreeMap<>(limits.sysctls()).forEach(sysctls::addProperty);
    if (!sysctls.isEmpty()) {
      linux.add("sysctl", sysctls);
    }
    linux.add("devices", devices());
    linux.add(
        "seccomp",
        SeccompProfile.of(SeccompProfile.Machine.named(facts.machine()), allowances).toJson());
    List<String> masked = new ArrayList<>(MaskedPaths.hiddenBelowProc("/proc"));
    if (spec.root() instanceof JailSpec.Root.HostSystem) {
      masked.addAll(MaskedPaths.hiddenBelowSys("/sys"));
    }
    masked.addAll(jailMounts.hidden());
    linux.add("maskedPaths", texts(masked));
    List<String> readOnly = new ArrayList<>(MaskedPaths.readOnlyBelowProc("/proc"));
    readOnly.addAll(jailMounts.readOnly());
    linux.add("readonlyPaths", texts(readOnly));
    return linux;
  }

  private JsonArray namespaces() {
    List<String> types = new ArrayList<>(List.of("pid", "mount", "cgroup"));
    if (!inheritsHost()) {
      types.add("uts");
    }
    if (!inheritsIpc(spec)) {
      types.add("ipc");
    }
    JsonArray namespaces = new JsonArray();
    types.forEach(type -> namespaces.add(object(Map.of("type", new JsonPrimitive(type)))));
    if (!network.isTheHosts()) {
      JsonObject namespace = object(Map.of("type", new JsonPrimitive("network")));
      network.namespace().ifPresent(path -> namespace.add("path", text(path)));
      namespaces.add(namespace);
    }
    return namespaces;
  }

  private JsonObject resources() {
    JsonObject resources = new JsonObject();
    JsonArray rules = new JsonArray();
    rules.add(
        object(Map.of("allow", new JsonPrimitive(false), "access", new JsonPrimitive("rwm"))));
    facts
        .jail()
        .devices()
        .forEach(
            (device, node) -> {
              JsonObject rule = new JsonObject();
              rule.addProperty("allow", true);
              rule.addProperty("type", String.valueOf(node.type()));
              rule.addProperty("major", node.major());
              rule.addProperty("minor", node.minor());
              rule.addProperty("access", device.permissions());
              rules.add(rule);
            });
    resources.add("devices", rules);

    JsonObject memory = new JsonObject();
    if (facts.cgroups() instanceof CgroupLayout.Unified) {
      limits.memory().ifPresent(bytes -> memory.addProperty("limit", bytes.count()));
      if (facts.swapLimits()) {
        limits.memoryAndSwap().ifPresent(bytes -> memory.addProperty("swap", bytes.count()));
      }
      if (limits.memory().isEmpty() && limits.swap().isPresent()) {
        resources.add(
            "unified",
            object(
                Map.of(
                    "memory.swap.max",
                    new JsonPrimitive(Long.toString(limits.swap().get().count())))));
      }
    }
    spec.resources()
        .memoryReservation()
        .ifPresent(bytes -> memory.addProperty("reservation", bytes.count()));
    if (!memory.isEmpty()) {
      resources.add("memory", memory);
    }

    JsonObject cpu = new JsonObject();
    if (facts.cgroups() instanceof CgroupLayout.Unified) {
      // What counts is the weight of the group around this one: see hooks. This has the runtime
      // switch the controller on.
      limits.cpuShares().ifPresent(shares -> cpu.addProperty("shares", shares));
      limits
          .cpuPercent()
          .ifPresent(
              percent -> {
                cpu.addProperty("quota", percent * PERCENT_OF_PERIOD.toNanos() / 1000);
                cpu.addProperty("period", PERIOD_MICROS);
              });
    }
    if (!spec.resources().cores().isEmpty()) {
      cpu.addProperty(
          "cpus",
          String.join(",", spec.resources().cores().stream().map(String::valueOf).toList()));
    }
    if (!cpu.isEmpty()) {
      resources.add("cpu", cpu);
    }
    if (!limits.rates().isEmpty()) {
      resources.add("blockIO", blockIo());
    }
    limits
        .tasks()
        .ifPresent(most -> resources.add("pids", object(Map.of("limit", new JsonPrimitive(most)))));
    return resources;
  }

  /** The same rate on each disk: config-linux.md, "Block IO". */
  private JsonObject blockIo() {
    JsonObject blockIo = new JsonObject();
    limits
        .rates()
        .forEach(
            (kind, rate) -> {
              JsonArray disks = new JsonArray();
              for (LimitFacts.Disk disk : facts.limits().disks()) {
                JsonObject limit = new JsonObject();
                limit.addProperty("major", disk.major());
                limit.addProperty("minor", disk.minor());
                limit.addProperty("rate", rate);
                disks.add(limit);
              }
              blockIo.add(
                  switch (kind) {
                    case READ_BYTES -> "throttleReadBpsDevice";
                    case WRITE_BYTES -> "throttleWriteBpsDevice";
                    case READ_OPERATIONS -> "throttleReadIOPSDevice";
                    case WRITE_OPERATIONS -> "throttleWriteIOPSDevice";
                    case MEMORY, SWAP, TASKS, CPU -> throw new IllegalStateException("no rate");
                  },
                  disks);
            });
    return blockIo;
  }

  private JsonArray devices() {
    JsonArray devices = new JsonArray();
    for (Map.Entry<HostDevice, LinuxFacts.DeviceNode> entry : facts.jail().devices().entrySet()) {
      JsonObject device = new JsonObject();
      device.addProperty("path", entry.getKey().taskPath().toString());
      device.addProperty("type", String.valueOf(entry.getValue().type()));
      device.addProperty("major", entry.getValue().major());
      device.addProperty("minor", entry.getValue().minor());
      device.addProperty("fileMode", 0666);
      devices.add(device);
    }
    return devices;
  }

  // ---- JSON

  private static JsonObject object(Map<String, JsonElement> members) {
    JsonObject object = new JsonObject();
    new TreeMap<>(members).forEach(object::add);
    return object;
  }

  private static JsonPrimitive text(Path path) {
    return new JsonPrimitive(path.toString());
  }

  private static JsonArray texts(Collection<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static JsonArray numbers(Collection<Integer> numbers) {
    JsonArray array = new JsonArray();
    numbers.forEach(array::add);
    return array;
  }
}
