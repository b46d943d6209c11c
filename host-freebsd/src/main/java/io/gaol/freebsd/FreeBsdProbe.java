package io.gaol.freebsd;

import io.gaol.engine.ConsoleLog;
import io.gaol.engine.JailProgram;
import io.gaol.engine.JailRoot;
import io.gaol.engine.JailUser;
import io.gaol.engine.PlannedSpec;
import io.gaol.engine.Platform.Contents;
import io.gaol.engine.Programs;
import io.gaol.engine.RootView;
import io.gaol.jail.BindMount;
import io.gaol.jail.FstabLine;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.IpVersion;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out what a plan depends on, and changes nothing. */
final class FreeBsdProbe {

  /** Where rc(8) has the rulesets from; the later file wins. */
  private static final List<Path> RULES =
      List.of(Path.of("/etc/defaults/devfs.rules"), Path.of("/etc/devfs.rules"));

  private final JailSpec spec;
  private final Path toBeMade;
  private final Contents contents;
  private final List<String> problems = new ArrayList<>();

  private FreeBsdProbe(JailSpec spec, Path toBeMade, Contents contents) {
    this.spec = spec;
    this.toBeMade = toBeMade;
    this.contents = contents;
  }

  /**
   * Looks at what a jail needs.
   *
   * @param toBeMade a directory that need not be there yet, nor what is below it
   */
  static FreeBsdFacts probe(JailSpec spec, FreeBsdSystem system, Path toBeMade, Contents contents)
      throws IOException, InterruptedException {
    return new FreeBsdProbe(spec, toBeMade, contents).look(system);
  }

  private FreeBsdFacts look(FreeBsdSystem system) throws IOException, InterruptedException {
    Path root =
        switch (spec.root()) {
          case JailSpec.Root.Directory(Path path) -> path;
          case JailSpec.Root.HostSystem host -> host.taskDirectory();
        };
    boolean toCome = isRootToCome(root);
    if (spec.root() instanceof JailSpec.Root.Directory) {
      problems.addAll(toCome ? JailRoot.neverRoots(root) : JailRoot.problems(root));
      root = problems.isEmpty() ? real(root) : root;
    }
    if (!problems.isEmpty()) {
      return facts(system, root, List.of(), List.of(), Optional.empty(), true, Optional.empty());
    }
    List<Path> directories = systemDirectories();
    List<JailMount> mounts = JailMount.of(spec, root, fstab(), directories, problems);
    mounts.forEach(this::requirePossible);
    RootView view = view(root, mounts);
    Optional<JailUser> user = toCome ? userToCome(view) : user(view);
    boolean devfs = !JailMount.rulesets(spec.parameters(), mounts).isEmpty();
    return new FreeBsdFacts(
        system,
        problems,
        root,
        missing(root, view, mounts, user),
        mounts,
        JailProgram.find(
            spec,
            view,
            program ->
                directories.stream().noneMatch(program::startsWith)
                    || NativeHost.isProgram(program),
            toCome ? Contents.TO_COME : contents,
            problems),
        toCome || view.isProgram(Path.of("/bin/sh")),
        user,
        PlannedSpec.systemUser(spec.parameters(), NativeHost::accounts, problems),
        ConsoleLog.find(spec.parameters(), problems),
        resolved(),
        devfs ? rulesets() : Set.of(),
        devfs ? rulesetsOfFiles() : Map.of(),
        modules(system));
  }

  private FreeBsdFacts facts(
      FreeBsdSystem system,
      Path root,
      List<FreeBsdFacts.MissingMountPoint> missing,
      List<JailMount> mounts,
      Optional<Path> program,
      boolean shell,
      Optional<JailUser> user) {
    return new FreeBsdFacts(
        system,
        problems,
        root,
        missing,
        mounts,
        program,
        shell,
        user,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Set.of(),
        Map.of(),
        modules(system));
  }

  /** Of the modules that would bring a parameter, those that can be loaded. */
  private Set<String> modules(FreeBsdSystem system) {
    return KernelParameters.missing(spec.parameters(), system).values().stream()
        .filter(system::hasFileOf)
        .collect(Collectors.toSet());
  }

  /** Whether a command may make it: jail(8) runs {@code exec.prepare} before all else. */
  private boolean isToCome(Path path) {
    return !Files.exists(path) && !spec.parameters().values("exec.prepare").isEmpty();
  }

  private boolean isRootToCome(Path root) {
    return spec.root() instanceof JailSpec.Root.Directory && isToCome(root);
  }

  /** Where links lead, as far as there is something. */
  private static Path real(Path path) throws IOException {
    if (Files.exists(path) || path.getParent() == null) {
      return path.toRealPath();
    }
    return real(path.getParent()).resolve(path.getFileName());
  }

  // ---- mounts

  /** Those that the host has; Nomad's default is that of a Linux. */
  private List<Path> systemDirectories() throws IOException, InterruptedException {
    if (!(spec.root() instanceof JailSpec.Root.HostSystem host)) {
      return List.of();
    }
    List<Path> wanted = new ArrayList<>(host.systemDirectories());
    if (host.systemDirectories().equals(JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES)) {
      wanted.add(JailMount.LIBEXEC);
    }
    return NativeHost.directories(wanted);
  }

  private List<FstabLine> fstab() throws IOException {
    List<FstabLine> lines = new ArrayList<>();
    for (String name : spec.parameters().values("mount.fstab")) {
      Path file = Path.of(name);
      if (!file.isAbsolute() || !Files.isRegularFile(file)) {
        problems.add("mount.fstab = \"" + name + "\" is no regular file of the host");
        continue;
      }
      try {
        lines.addAll(FstabLine.parseFile(Files.readString(file)));
      } catch (InvalidValueException wrong) {
        wrong.problems().forEach(problem -> problems.add("mount.fstab " + file + ": " + problem));
      }
    }
    return lines;
  }

  private void requirePossible(JailMount mount) {
    for (String name : List.of(mount.source(), mount.target().toString())) {
      if (name.matches("(?s).*\\s.*")) {
        // What is mounted is read from mount -p, which ends a name with a blank.
        problems.add(
            "\"" + name + "\" has a blank in it: nothing is mounted from or to such a name");
      }
    }
    if (!mount.type().equals("nullfs")) {
      return;
    }
    Path source = Path.of(mount.source());
    if (source.startsWith(toBeMade) && !Files.exists(source)) {
      return;
    }
    if (isToCome(source)) {
      return;
    }
    if (!Files.exists(source)) {
      problems.add(mount.source() + " does not exist on the host, and is to be mounted");
    } else if (!Files.isDirectory(source)) {
      problems.add(
          mount.source()
              + " is no directory: nullfs(5) mounts directories; mount the one around it");
    }
  }

  private List<FreeBsdFacts.MissingMountPoint> missing(
      Path root, RootView view, List<JailMount> mounts, Optional<JailUser> user)
      throws IOException {
    Path home = MountPoints.home(user);
    boolean there = isRootToCome(root) || view.find(home).filter(Files::isDirectory).isPresent();
    // In a root that tasks share, one that is there may be another's, and go with it.
    boolean shared = spec.root() instanceof JailSpec.Root.Directory;
    return new MountPoints(
            root,
            toBeMade,
            path -> !shared && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS),
            Files::isSymbolicLink)
        .missing(mounts, MountPoints.missingHome(spec, home, there, problems), problems);
  }

  private static RootView view(Path root, List<JailMount> mounts) {
    List<BindMount> binds = new ArrayList<>();
    for (JailMount mount : mounts) {
      if (mount.type().equals("nullfs") && mount.target().startsWith(root)) {
        binds.add(
            new BindMount(
                Path.of(mount.source()),
                Path.of("/").resolve(root.relativize(mount.target())),
                true));
      }
    }
    return new RootView(root, binds);
  }

  // ---- users

  private Optional<String> wantedUser() {
    return spec.user().or(() -> spec.parameters().value("exec.jail_user"));
  }

  private boolean isUserOfHost() {
    return spec.parameters().flag("exec.system_jail_user").orElse(false);
  }

  /** Of a root that is not there yet, whose users nobody knows. */
  private Optional<JailUser> userToCome(RootView view) throws IOException {
    if (wantedUser().isEmpty() || isUserOfHost()) {
      return user(view);
    }
    problems.add(
        "the user \""
            + wantedUser().get()
            + "\" cannot be looked up before exec.prepare has made "
            + view.root()
            + ": set exec.system_jail_user, for a user of the host, or make the jail's /etc/passwd"
            + " before");
    return Optional.empty();
  }

  private Optional<JailUser> user(RootView view) throws IOException {
    Optional<String> wanted = wantedUser();
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    boolean ofHost = isUserOfHost();
    Optional<JailUser> user = JailUser.find(accounts(ofHost, view), wanted.get());
    if (user.isEmpty()) {
      problems.add(
          "the user \""
              + wanted.get()
              + "\" is not in /etc/passwd of the "
              + (ofHost ? "host" : "jail (" + view.root() + ")")
              + ": add it there");
    } else if (user.get().name().matches("[0-9]+") || wanted.get().contains(":")) {
      problems.add(
          "the user \""
              + wanted.get()
              + "\": jexec(8) takes the name of a user, who has his groups from group(5): give the"
              + " name of one in /etc/passwd of the jail");
    }
    return user;
  }

  /** A jail with the host's own /etc has the host's users. */
  private JailUser.Accounts accounts(boolean ofHost, RootView view) {
    boolean hostsOwn =
        spec.root() instanceof JailSpec.Root.HostSystem host
            && host.systemDirectories().contains(Path.of("/etc"));
    return ofHost || hostsOwn ? NativeHost::accounts : view::lines;
  }

  // ---- addresses

  /** What gethostbyname(3) of jail(8) would find: {@code ip_hostname}. */
  private List<JailAddress> resolved() {
    Optional<String> name = spec.parameters().value("host.hostname");
    if (!spec.parameters().flag("ip_hostname").orElse(false) || name.isEmpty()) {
      return List.of();
    }
    try {
      List<JailAddress> addresses = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(name.get())) {
        IpVersion version = address.getAddress().length == 4 ? IpVersion.V4 : IpVersion.V6;
        String text = address.getHostAddress();
        addresses.add(JailAddress.parse(version, version.canonical(text).orElse(text)));
      }
      return addresses;
    } catch (UnknownHostException unknown) {
      problems.add("ip_hostname: \"" + name.get() + "\" has no address that this host knows");
      return List.of();
    }
  }

  // ---- devfs

  private static Set<Integer> rulesets() throws IOException {
    Programs.Result result = NativeHost.look(List.of(BaseSystem.DEVFS, "rule", "showsets"));
    if (!result.successful()) {
      throw new IOException(BaseSystem.DEVFS + " rule showsets: " + result.describe());
    }
    Set<Integer> sets = new HashSet<>();
    result
        .output()
        .lines()
        .map(String::strip)
        .filter(line -> line.matches("[0-9]{1,5}"))
        .forEach(line -> sets.add(Integer.valueOf(line)));
    return sets;
  }

  static Map<Integer, List<String>> rulesetsOfFiles() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : RULES) {
      if (Files.isRegularFile(file)) {
        lines.addAll(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
      }
    }
    return DevfsRules.read(lines);
  }
}
