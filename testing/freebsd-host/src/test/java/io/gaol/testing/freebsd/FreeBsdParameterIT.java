package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every settable parameter: a jail has it, jls(8) tells it, and where it has an effect that is
 * seen, in the jail or on the host. Those that can stand together are of one jail. A parameter that
 * the host's kernel does not have, by its own list and with its module loaded, is refused by its
 * name.
 */
class FreeBsdParameterIT {
  private static final String BASE = "/jails/base";
  private static final Path LOG = Path.of("log");

  /** Releases for hosts that can be chosen: the parameters of all others are among theirs. */
  private static FreeBsd older;

  private static FreeBsd newest;

  private static final Map<Run, Ran> RAN = new HashMap<>();

  /** A jail, or several starts of one kind, for the rows that can stand together. */
  enum Run {
    /** Addresses of its own on an interface of the host. */
    SHARED("mount.devfs=false", "allow.mount=true", "enforce_statfs=1"),
    /** What would keep the others from their effects. */
    TIGHT,
    VNET,
    USERS("exec.prepare=id -un >FOLDER/system_user"),
    LOOKUP("host.hostname=localhost", "interface=lo0", "ip4=new", "ip6=new"),
    ALIAS("ip4.addr=10.77.5.9"),
    MOUNTS("mount.devfs=true"),
    DEPENDS,
    NOTES,
    TIMED("exec.start=sleep 30"),
    LIFE("mount=FOLDER " + BASE + "/log nullfs rw 0 0", "host.hostname=life"),
    PERSISTS("exec.start=true"),
    NEWEST("allow.mount=true", "enforce_statfs=1"),
    KEYS,
    UNPRIVILEGED,
    DATASET;

    /** A line each. */
    private final String flags;

    Run(String... flags) {
      this.flags = String.join("\n", flags);
    }

    String jail() {
      return "gaol-it-" + name().toLowerCase(Locale.ROOT);
    }

    /** Whether what is to be seen comes after exec.created. */
    boolean isSeenWhenStarted() {
      return this == PERSISTS || this == DATASET;
    }

    FreeBsd host() {
      return compareTo(NEWEST) < 0 ? older : newest;
    }
  }

  /** Where an effect is seen. */
  enum Seen {
    NOWHERE,
    /** By a line of sh(1) in the jail. */
    INSIDE,
    /** By one on the host, once the jail is there. */
    ON_THE_HOST,
    /** In the file that the hooks of {@link Run#LIFE} write to. */
    IN_THE_LOG,
    /** In what gaol says. */
    SAID
  }

  /**
   * A row.
   *
   * @param name of the parameter
   * @param given flags of {@code -J}
   * @param read what jls(8) tells of it, a regular expression; empty is not asked for
   * @param look what shows the effect
   * @param effect what it shows, a regular expression
   */
  record Row(
      String name,
      Run run,
      List<String> given,
      String read,
      Seen seen,
      String look,
      String effect) {

    /** The same, and what shows that it has an effect. */
    Row inside(String line, String shows) {
      return new Row(name, run, given, read, Seen.INSIDE, line, shows);
    }

    Row onTheHost(String line, String shows) {
      return new Row(name, run, given, read, Seen.ON_THE_HOST, line, shows);
    }

    Row said(String shows) {
      return new Row(name, run, given, read, Seen.SAID, "", shows);
    }

    Row logged(String shows) {
      return new Row(name, run, given, read, Seen.IN_THE_LOG, "", shows);
    }

    @Override
    public String toString() {
      return given.isEmpty() ? name : String.join(" ", given);
    }
  }

  private static Row row(Run run, String name, String value, String read) {
    return new Row(
        name,
        run,
        value.isEmpty() ? List.of() : List.of(name + "=" + value),
        read,
        Seen.NOWHERE,
        "",
        "");
  }

  private static Row text(Run run, String name, String value) {
    return row(run, name, value, Pattern.quote(value));
  }

  /** Releases differ in how jls(8) tells flags and choices. */
  private static Row flag(Run run, String name, boolean value) {
    return row(run, name, Boolean.toString(value), value ? "1|true" : "0|false");
  }

  private static Row choice(Run run, String name, String value) {
    int number = List.of("disable", "new", "inherit").indexOf(value);
    return row(run, name, value, number + "|" + value);
  }

  private static Row own(Run run, String name, String value) {
    return row(run, name, value, "");
  }

  /** One that writes down that it ran, and when. */
  private static Row hook(String name) {
    boolean inJail = List.of("exec.start", "exec.stop", "command").contains(name);
    String folder = inJail ? "/log" : "FOLDER";
    return own(Run.LIFE, name, "echo %s >>%s/%s; date +%%s >%2$s/%1$s".formatted(name, folder, LOG))
        .logged(name);
  }

  private static Row mounting(String type, String place) {
    String source = type.equals("nullfs") ? "/etc" : type;
    return flag(Run.SHARED, "allow.mount." + type, true)
        .inside(
            "mount -t "
                + type
                + " "
                + source
                + " "
                + place
                + " && umount "
                + place
                + " && echo done",
            "done");
  }

  private static List<Row> table() {
    return List.of(
        // ---- identity
        text(Run.SHARED, "jid", "4242"),
        row(Run.SHARED, "name", "", Run.SHARED.jail()),
        row(Run.SHARED, "path", "", BASE).inside("pwd; ls -d /jails 2>/dev/null", "/root|/"),
        flag(Run.PERSISTS, "persist", true)
            .onTheHost("pgrep -j \"$JNAME\" . || echo empty", "empty"),
        own(Run.DEPENDS, "depend", "gaolitdep").onTheHost("jls -j gaolitdep name", "gaolitdep"),
        own(Run.NOTES, "allow.dying", "true").said("allow.dying: each start has a name of its own"),
        // ---- host
        choice(Run.SHARED, "host", "new"),
        text(Run.SHARED, "host.hostname", "web.example").inside("hostname", "web\\.example"),
        text(Run.SHARED, "host.domainname", "nis.example")
            .inside("sysctl -n kern.domainname", "nis\\.example"),
        text(Run.SHARED, "host.hostuuid", "11111111-2222-3333-4444-555555555555")
            .inside("sysctl -n kern.hostuuid", "11111111-2222-3333-4444-555555555555"),
        text(Run.SHARED, "host.hostid", "4294967295").inside("sysctl -n kern.hostid", "4294967295"),
        // ---- network: new and disable are one bit of the kernel's, and read the same
        row(Run.SHARED, "ip4", "new", "0|1|disable|new")
            .inside("ifconfig lo0 | grep -c 'inet '", "1"),
        row(Run.SHARED, "ip4.addr", "lo0|10.77.5.1/32", "10\\.77\\.5\\.1")
            .inside("ifconfig lo0 | grep -c 'inet 10.77.5.1 '", "1"),
        flag(Run.SHARED, "ip4.saddrsel", false),
        row(Run.SHARED, "ip6", "new", "0|1|disable|new")
            .inside("ifconfig lo0 | grep -c 'inet6 '", "1"),
        row(Run.SHARED, "ip6.addr", "lo0|fd00:77::5", "fd00:77::5")
            .inside("ifconfig lo0 | grep -c 'inet6 fd00:77::5 '", "1"),
        flag(Run.SHARED, "ip6.saddrsel", false),
        choice(Run.VNET, "vnet", "new").inside("sysctl -n security.jail.vnet", "1"),
        own(Run.VNET, "vnet.interface", "EPAIRb").inside("ifconfig -l", ".*\\bepair[0-9]+b\\b.*"),
        own(Run.ALIAS, "interface", "lo0").onTheHost("ifconfig lo0 | grep -c 10.77.5.9", "1"),
        own(Run.LOOKUP, "ip_hostname", "true")
            .onTheHost("jls -j \"$JNAME\" ip4.addr", ".*127\\.0\\.0\\.1.*"),
        own(Run.TIGHT, "exec.fib", "0")
            .inside("sysctl -n net.my_fibnum 2>/dev/null || echo 0", "0"),
        // ---- limits
        text(Run.TIGHT, "securelevel", "2").inside("sysctl -n kern.securelevel", "2"),
        text(Run.SHARED, "children.max", "3")
            .inside(
                "jail -c name=kid path=/ persist >/dev/null && jls -j kid name;"
                    + " jail -r kid >/dev/null",
                ".*kid"),
        row(Run.SHARED, "enforce_statfs", "", "1")
            .inside("[ $(mount | grep -c .) -gt 1 ] && echo several", "several"),
        text(Run.SHARED, "osrelease", "12.1-RELEASE").inside("uname -r", "12\\.1-RELEASE"),
        text(Run.SHARED, "osreldate", "1201000").inside("uname -K", "1201000"),
        // ---- Linux emulation
        choice(Run.NEWEST, "linux", "new"),
        text(Run.NEWEST, "linux.osname", "Penguin"),
        text(Run.NEWEST, "linux.osrelease", "4.4.0"),
        text(Run.NEWEST, "linux.oss_version", "198145"),
        // ---- notes and labels
        row(Run.NEWEST, "meta", "owner=me", "owner=me"),
        row(Run.NEWEST, "env", "stage=test", "stage=test")
            .inside("sysctl -n security.jail.env", "stage=test"),
        new Row("meta.<key>", Run.KEYS, List.of("meta.owner=you"), "", Seen.NOWHERE, "", "")
            .onTheHost("jls -j \"$JNAME\" meta", "owner=you"),
        new Row("env.<key>", Run.KEYS, List.of("env.stage=trial"), "", Seen.NOWHERE, "", "")
            .inside("sysctl -n security.jail.env", "stage=trial"),
        text(Run.NEWEST, "mac.label", "biba/low"),
        choice(Run.NEWEST, "mac.do", "new"),
        text(Run.NEWEST, "mac.do.rules", "uid=1001>uid=80"),
        text(Run.NEWEST, "mac.do.exec_paths", "/usr/bin/mdo"),
        // ---- permissions
        flag(Run.SHARED, "allow.set_hostname", false)
            .inside("hostname other.example 2>/dev/null; hostname", "web\\.example"),
        flag(Run.SHARED, "allow.raw_sockets", true)
            .inside("ping -c1 -t2 10.77.5.1 >/dev/null && echo answered", "answered"),
        // A stand-in has no chflags(1).
        flag(Run.SHARED, "allow.chflags", true)
            .inside(
                "touch /tmp/cf; chflags schg /tmp/cf && chflags noschg /tmp/cf && echo flagged;"
                    + " rm -f /tmp/cf",
                "flagged|.*not found"),
        flag(Run.SHARED, "allow.quotas", true),
        flag(Run.SHARED, "allow.read_msgbuf", true)
            .inside("dmesg 2>&1 | grep -c 'not permitted'", "0"),
        flag(Run.SHARED, "allow.socket_af", true).inside("ngctl list", ".*Operation not permitted"),
        flag(Run.SHARED, "allow.mlock", true),
        flag(Run.SHARED, "allow.reserved_ports", false)
            .inside("timeout 2 nc -l 81", "nc: Permission denied"),
        flag(Run.NEWEST, "allow.unprivileged_proc_debug", false),
        flag(Run.UNPRIVILEGED, "allow.suser", false),
        flag(Run.NEWEST, "allow.nfsd", true),
        flag(Run.NEWEST, "allow.extattr", true),
        flag(Run.NEWEST, "allow.adjtime", true),
        flag(Run.NEWEST, "allow.settime", true),
        flag(Run.NEWEST, "allow.routing", true),
        flag(Run.NEWEST, "allow.unprivileged_parent_tampering", true),
        flag(Run.NEWEST, "allow.setaudit", true),
        flag(Run.NEWEST, "allow.vmm", true),
        flag(Run.NEWEST, "allow.vmm_ppt", true),
        // ---- mounts in the jail
        row(Run.SHARED, "allow.mount", "", "1|true"),
        mounting("devfs", "/dev"),
        mounting("fdescfs", "/proc"),
        mounting("nullfs", "/proc"),
        mounting("procfs", "/proc"),
        mounting("tmpfs", "/proc"),
        flag(Run.NEWEST, "allow.mount.fusefs", true),
        flag(Run.NEWEST, "allow.mount.linprocfs", true),
        flag(Run.NEWEST, "allow.mount.linsysfs", true),
        flag(Run.NEWEST, "allow.mount.zfs", true),
        new Row(
            "allow.mount.<fs>", Run.NEWEST, List.of("allow.mount.p9fs"), "", Seen.NOWHERE, "", ""),
        // ---- System V IPC
        flag(Run.TIGHT, "allow.sysvipc", true),
        choice(Run.SHARED, "sysvmsg", "new"),
        choice(Run.SHARED, "sysvsem", "inherit"),
        choice(Run.SHARED, "sysvshm", "new"),
        // ---- commands
        hook("exec.prepare"),
        hook("exec.prestart"),
        hook("exec.created"),
        hook("exec.start"),
        hook("command"),
        hook("exec.poststart"),
        hook("exec.prestop"),
        hook("exec.stop"),
        hook("exec.poststop"),
        hook("exec.release"),
        own(Run.USERS, "exec.clean", "false").inside("echo $GAOL_STATE_DIR", FreeBsd.STATE),
        own(Run.USERS, "exec.jail_user", "nobody").inside("id -un", "nobody"),
        own(Run.USERS, "exec.system_jail_user", "true").inside("id -u", "65534"),
        own(Run.USERS, "exec.system_user", "nobody").onTheHost("cat FOLDER/system_user", "nobody"),
        own(Run.TIMED, "exec.timeout", "1").said("exec.start .*took longer than 1 s"),
        own(Run.USERS, "exec.consolelog", "FOLDER/console")
            .inside("echo on the console", "on the console"),
        own(Run.LIFE, "stop.timeout", "1").logged("stopped in time"),
        // ---- mounts
        own(Run.MOUNTS, "mount", "tmpfs " + BASE + "/home tmpfs rw 0 0")
            .onTheHost("mount -p | grep -c '" + BASE + "/home'", "1"),
        own(Run.MOUNTS, "mount.fstab", "FOLDER/fstab")
            .onTheHost("mount -p | grep -c '" + BASE + "/fromfstab'", "1"),
        row(Run.MOUNTS, "mount.devfs", "", "")
            .inside("ls /dev/null; ls /dev/mem 2>/dev/null", "/dev/null"),
        own(Run.MOUNTS, "mount.fdescfs", "true")
            .onTheHost("mount -p | grep -c '" + BASE + "/dev/fd'", "1"),
        own(Run.MOUNTS, "mount.procfs", "true")
            .onTheHost("mount -p | grep -c '" + BASE + "/proc'", "1"),
        text(Run.SHARED, "devfs_ruleset", "4")
            .inside(
                "mount -t devfs devfs /dev; ls /dev/null; ls /dev/mem 2>/dev/null; umount /dev",
                "/dev/null"),
        // Whoever gives a jail what it has already is told so.
        own(Run.DATASET, "zfs.dataset", "POOL/gaolit")
            .onTheHost("zfs jail \"$JNAME\" POOL/gaolit", ".*already exists.*"),
        text(Run.NEWEST, "zfs.mount_snapshot", "1"));
  }

  /**
   * What became of the starts.
   *
   * @param refused the parameters that the host does not have
   * @param shown what was read and seen, by {@code jls NAME}, {@code in NAME}, {@code on NAME}
   * @param log the lines of the hooks
   */
  private record Ran(
      Outcome outcome, List<String> refused, Map<String, String> shown, List<String> log) {}

  @BeforeAll
  static void open() {
    older = FreeBsd.open();
    newest = FreeBsd.open("release=15.0", "pool=tank");
    // A pool mounts its own dataset when it is first looked at.
    newest.sh("zfs list");
    newest.remember();
  }

  @AfterAll
  static void nothingIsLeft() {
    for (FreeBsd host : Stream.of(older, newest).filter(Objects::nonNull).toList()) {
      List<String> changes = host.changes();
      host.close();
      assertThat(changes).isEmpty();
    }
  }

  static List<Row> rows() {
    return table();
  }

  @Test
  void theTableHasEverySettableParameterAndNoOther() {
    String json = older.gaol("params", "--json").stdout();
    Matcher entry =
        Pattern.compile("\"name\": \"([^\"]+)\".*?\"set\": \"([a-z]+)", Pattern.DOTALL)
            .matcher(json.replace("\\u003c", "<").replace("\\u003e", ">"));
    TreeSet<String> settable = new TreeSet<>();
    while (entry.find()) {
      if (!entry.group(2).equals("never")) {
        settable.add(entry.group(1));
      }
    }
    assertThat(settable).hasSizeGreaterThan(80);
    assertThat(table().stream().map(Row::name).toList())
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(settable);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void aParameterIsSetAndReadBackAndHasItsEffect(Row row) throws Exception {
    Ran ran = ran(row.run());
    String flag = row.given().isEmpty() ? row.name() : row.given().getFirst().split("=", 2)[0];
    if (ran.refused().contains(flag)) {
      return; // refusedRightly() has looked at it.
    }
    if (!row.read().isEmpty()) {
      assertThat(ran.shown().get("jls " + row.name()))
          .as("jls of %s: %s", row, ran)
          .matches(row.read());
    }
    switch (row.seen()) {
      case NOWHERE -> assertThat(ran.outcome().stderr()).doesNotContain("failed");
      case INSIDE ->
          assertThat(ran.shown().get("in " + row.name()))
              .as("in the jail: %s: %s", row, ran)
              .matches(row.effect());
      case ON_THE_HOST ->
          assertThat(ran.shown().get("on " + row.name()))
              .as("on the host: %s: %s", row, ran)
              .matches(row.effect());
      case IN_THE_LOG -> assertThat(ran.log()).as("%s", ran).contains(row.effect());
      case SAID -> assertThat(ran.outcome().said()).containsPattern(row.effect());
    }
  }

  @Test
  void hooksRunInJail8sOrder() throws Exception {
    assertThat(ran(Run.LIFE).log())
        .containsExactly(
            "exec.prepare",
            "exec.prestart",
            "exec.created",
            "exec.start",
            "command",
            "exec.poststart",
            "exec.prestop",
            "exec.stop",
            "exec.poststop",
            "exec.release",
            "stopped in time");
  }

  @Test
  void theConsoleHasWhatTheCommandPrinted() throws Exception {
    ran(Run.USERS);
    assertThat(Files.readString(open(Run.USERS).resolve("console"))).contains("on the console");
  }

  @Test
  void aParameterThatOnlyTheKernelKnowsIsPassedOn() {
    if (newest.sh("sysctl -N security.jail.param | grep -q '[.]zfs[.]$'").status() != 0) {
      newest.sh("kldload -n zfs");
    }
    Assumptions.assumeTrue(
        newest.sh("sysctl -N security.jail.param | grep -q '[.]zfs[.]$'").status() == 0,
        "this kernel has no jail parameter zfs");
    Outcome outcome =
        newest.gaol(
            "run",
            "-J",
            "zfs=inherit",
            "-J",
            "exec.created=echo zfs is $(jls -j \"$JNAME\" zfs)",
            BASE,
            "/bin/true");
    assertThat(outcome.status()).as("%s", outcome).isZero();
    assertThat(outcome.stderr()).containsPattern("zfs is (2|inherit)");
    assertThat(newest.gaol("run", "-J", "zsf=inherit", BASE, "/bin/true").stderr())
        .contains("no jail parameter is named \"zsf\". Did you mean \"zfs\"?");
  }

  // ---- the starts

  private static synchronized Ran ran(Run run) throws IOException, InterruptedException {
    Ran known = RAN.get(run);
    if (known == null) {
      known = start(run);
      RAN.put(run, known);
    }
    return known;
  }

  /** A directory of the host's that all may write to. */
  private static Path open(Run run) throws IOException {
    Path directory = run.host().folder().resolve(run.jail());
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    return directory;
  }

  private static Ran start(Run run) throws IOException, InterruptedException {
    Path folder = open(run);
    List<Row> rows = table().stream().filter(row -> row.run() == run).toList();
    prepare(run, folder);
    try {
      Map<String, String> words = words(run, folder);
      Outcome outcome = gaol(run, rows, words, List.of());
      List<String> refused = refusedRightly(run, outcome);
      if (!refused.isEmpty()) {
        outcome = gaol(run, rows, words, refused);
      }
      return new Ran(outcome, refused, shown(folder, outcome), log(folder));
    } finally {
      tidy(run);
    }
  }

  /** Only what the kernel does not list, its module loaded, may be refused for that. */
  private static List<String> refusedRightly(Run run, Outcome outcome) {
    List<String> refused = new ArrayList<>();
    Matcher line =
        Pattern.compile("gaol: (\\S+): the kernel of this host").matcher(outcome.stderr());
    while (line.find()) {
      refused.add(line.group(1));
    }
    for (String name : refused) {
      String module = module(name);
      if (!module.isEmpty()) {
        run.host().sh("kldload -n " + module);
      }
      assertThat(run.host().sh("sysctl -N security.jail.param").stdout().lines())
          .as("%s is refused", name)
          .doesNotContain("security.jail.param." + name, "security.jail.param." + name + ".");
    }
    return refused;
  }

  /** What would bring a parameter; empty if the kernel itself would. */
  private static String module(String name) {
    if (name.startsWith("allow.mount.")) {
      return name.substring("allow.mount.".length());
    }
    if (name.startsWith("mac.do")) {
      return "mac_do";
    }
    return name.startsWith("allow.vmm") ? "vmm" : "";
  }

  private static Map<String, String> words(Run run, Path folder) {
    Map<String, String> words = new HashMap<>();
    words.put("FOLDER", folder.toString());
    if (run == Run.VNET) {
      words.put("EPAIRb", epair.replaceFirst("a$", "b"));
    }
    if (run == Run.DATASET) {
      words.put("POOL", pool);
    }
    return words;
  }

  private static String said(String text, Map<String, String> words) {
    String result = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      result = result.replace(word.getKey(), word.getValue());
    }
    return result;
  }

  private static Outcome gaol(
      Run run, List<Row> rows, Map<String, String> words, List<String> refused)
      throws IOException, InterruptedException {
    List<Row> asked =
        rows.stream()
            .filter(
                row ->
                    row.given().stream().noneMatch(flag -> refused.contains(flag.split("=", 2)[0])))
            .toList();
    Path folder = open(run);
    StringBuilder created = new StringBuilder("exec >>" + folder.resolve("shown") + " 2>&1\n");
    StringBuilder inside = new StringBuilder();
    for (Row row : asked) {
      if (!row.read().isEmpty()) {
        show(created, "jls " + row.name(), "jls -j \"$JNAME\" " + row.name());
      }
      if (row.seen() == Seen.ON_THE_HOST) {
        show(created, "on " + row.name(), said(row.look(), words));
      }
      if (row.seen() == Seen.INSIDE) {
        show(inside, "in " + row.name(), row.look());
      }
    }
    Path script = Files.writeString(folder.resolve("created.sh"), created);
    List<String> arguments = new ArrayList<>(List.of("run", "-n", run.jail()));
    Stream.concat(run.flags.lines(), asked.stream().flatMap(row -> row.given().stream()))
        .forEach(flag -> arguments.addAll(List.of("-J", said(flag, words))));
    String look = "/bin/sh " + script;
    arguments.addAll(
        List.of("-J", (run.isSeenWhenStarted() ? "exec.poststart=" : "exec.created=") + look));
    arguments.add(BASE);
    return switch (run) {
      case LIFE -> live(arguments, folder);
      case PERSISTS -> persist(arguments, folder);
      default -> {
        arguments.addAll(
            List.of("/bin/sh", "-c", inside + (run.isSeenWhenStarted() ? "sleep 2" : "true")));
        yield run.host().gaol(arguments.toArray(String[]::new));
      }
    };
  }

  /** A line {@code title: what it prints}. */
  private static void show(StringBuilder script, String title, String line) {
    script
        .append("echo \"")
        .append(title)
        .append(": $( (")
        .append(line)
        .append(") 2>&1 | tr '\\n' ' ')\"\n");
  }

  private static Map<String, String> shown(Path folder, Outcome outcome) throws IOException {
    Path file = folder.resolve("shown");
    String host = Files.exists(file) ? Files.readString(file) : "";
    return Stream.concat(host.lines(), outcome.stdout().lines())
        .filter(line -> line.contains(": "))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf(": ")),
                line -> line.substring(line.indexOf(": ") + 2).strip(),
                (first, second) -> second));
  }

  private static List<String> log(Path folder) throws IOException {
    Path file = folder.resolve(LOG);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** A main process that does not heed SIGTERM, until somebody stops it. */
  private static Outcome live(List<String> arguments, Path folder)
      throws IOException, InterruptedException {
    arguments.addAll(List.of("/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.2; done"));
    Process running = Run.LIFE.host().start(arguments.toArray(String[]::new));
    Run.LIFE.host().until("grep -q exec.poststart " + folder.resolve(LOG));
    Outcome stopped = Run.LIFE.host().gaol("job", "stop", Run.LIFE.jail());
    long took = seconds(folder, "exec.poststop") - seconds(folder, "exec.stop");
    // Without stop.timeout it would have been ten.
    if (took < Duration.ofSeconds(9).toSeconds()) {
      Run.LIFE.host().sh("echo stopped in time >>" + folder.resolve(LOG));
    }
    running.waitFor();
    return stopped;
  }

  private static long seconds(Path folder, String hook) throws IOException {
    return Long.parseLong(Files.readString(folder.resolve(hook)).strip());
  }

  private static Outcome persist(List<String> arguments, Path folder)
      throws IOException, InterruptedException {
    Process running = Run.PERSISTS.host().start(arguments.toArray(String[]::new));
    Run.PERSISTS.host().until("grep -q 'on persist' " + folder.resolve("shown"));
    Outcome stopped = Run.PERSISTS.host().gaol("job", "stop", Run.PERSISTS.jail());
    running.waitFor();
    return stopped;
  }

  // ---- what a start needs of the host

  private static String epair = "";
  private static String pool = "";
  private static String configuration = "";

  private static void prepare(Run run, Path folder) throws IOException {
    switch (run) {
      case VNET -> epair = run.host().sh("ifconfig epair create").stdout().strip();
      case DATASET -> {
        pool = run.host().sh("zpool list -H -o name | head -1").stdout().strip();
        Assumptions.assumeFalse(pool.isEmpty(), "this host has no ZFS pool");
        run.host().sh("zfs create -o jailed=on -o mountpoint=none " + pool + "/gaolit");
      }
      case MOUNTS ->
          Files.writeString(
              folder.resolve("fstab"), folder + " " + BASE + "/fromfstab nullfs ro 0 0\n");
      case DEPENDS -> {
        configuration = run.host().sh("cat /etc/jail.conf 2>/dev/null").stdout();
        run.host().sh("echo 'gaolitdep { path = \"" + BASE + "\"; persist; }' >>/etc/jail.conf");
      }
      default -> {
        // Nothing.
      }
    }
  }

  private static void tidy(Run run) {
    switch (run) {
      // Its jails have no devfs(5), and made it.
      case SHARED -> run.host().sh("rm -f /jails/base/dev/null");
      case VNET -> run.host().sh("ifconfig " + epair + " destroy");
      case DATASET -> run.host().sh("zfs destroy " + pool + "/gaolit");
      case DEPENDS -> {
        run.host().sh("jail -r gaolitdep");
        Path kept = run.host().file("jail.conf", configuration);
        run.host()
            .sh(configuration.isEmpty() ? "rm /etc/jail.conf" : "cp " + kept + " /etc/jail.conf");
      }
      default -> {
        // Nothing.
      }
    }
  }
}
