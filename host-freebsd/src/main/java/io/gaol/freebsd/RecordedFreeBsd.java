package io.gaol.freebsd;

import io.gaol.engine.ConsoleLog;
import io.gaol.engine.JailProgram;
import io.gaol.engine.JailRoot;
import io.gaol.engine.JailUser;
import io.gaol.engine.Platform.Contents;
import io.gaol.jail.FreeBsdRelease;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A FreeBSD of a release as it comes, for planning without one: a GENERIC kernel with {@code
 * kern.racct.enable=1}, asked by root, with the rulesets of devfs(8) that rc(8) loads when it
 * boots. Nothing is asked of the machine. What an operator puts there is taken to be there: the
 * root of a jail with its mount points, what is mounted in it, its programs and users.
 */
final class RecordedFreeBsd implements FactSource {
  /** The last minor release of each branch; the first is 0. */
  private static final Map<Integer, Integer> LAST_OF_BRANCH =
      new TreeMap<>(Map.of(12, 4, 13, 5, 14, 4, 15, 1));

  /** Of {@code /etc/defaults/devfs.rules}; 5 is that for jails with vnet. */
  private static final Set<Integer> RULESETS = Set.of(1, 2, 3, 4, 5);

  /** Of the directories that a task may see of its host, those that hier(7) has. */
  private static final List<Path> SYSTEM_DIRECTORIES =
      List.of(
          Path.of("/bin"),
          Path.of("/etc"),
          Path.of("/lib"),
          Path.of("/sbin"),
          Path.of("/usr"),
          JailMount.LIBEXEC);

  /** Where a package has its programs: hier(7). */
  private static final Path PACKAGES = Path.of("/usr/local/bin");

  /** Users of {@code /etc/passwd} that jobs may run hooks as. */
  private static final Map<String, JailUser> USERS =
      List.of(
              new JailUser("root", 0, 0, List.of(5), "/root", "/bin/sh"),
              new JailUser("daemon", 1, 1, List.of(), "/root", "/usr/sbin/nologin"),
              new JailUser("operator", 2, 5, List.of(), "/", "/usr/sbin/nologin"),
              new JailUser("www", 80, 80, List.of(), "/nonexistent", "/usr/sbin/nologin"),
              new JailUser("nobody", 65534, 65534, List.of(), "/nonexistent", "/usr/sbin/nologin"))
          .stream()
          .collect(Collectors.toMap(JailUser::name, user -> user, (a, _) -> a, TreeMap::new));

  private final FreeBsdSystem system;

  /**
   * A release.
   *
   * @throws IllegalArgumentException if nothing is recorded of it; the message names the others
   */
  RecordedFreeBsd(FreeBsdRelease release) {
    int last = LAST_OF_BRANCH.getOrDefault(release.major(), -1);
    if (release.minor() > last) {
      throw new IllegalArgumentException(
          "nothing is recorded of FreeBSD "
              + release
              + ", but of "
              + LAST_OF_BRANCH.entrySet().stream()
                  .map(
                      branch -> "%1$d.0 to %1$d.%2$d".formatted(branch.getKey(), branch.getValue()))
                  .collect(Collectors.joining(", ")));
    }
    this.system =
        new FreeBsdSystem(
            release,
            true,
            false,
            true,
            Optional.of(true),
            parameters(release),
            0,
            List.of(),
            List.of());
  }

  /** What the kernel itself knows of jail(8)'s parameters. */
  private static Set<String> parameters(FreeBsdRelease release) {
    return JailParameterCatalogue.all().stream()
        .filter(parameter -> parameter.kind() == JailParameter.Kind.KERNEL)
        .filter(parameter -> parameter.availability().module().isEmpty())
        .filter(parameter -> parameter.availability().in(release))
        .map(JailParameter::name)
        .collect(Collectors.toSet());
  }

  @Override
  public FreeBsdSystem system() {
    return system;
  }

  @Override
  public FreeBsdSystem systemNow() {
    return system;
  }

  @Override
  public BootTime boot() {
    return BootTime.told(system.boot());
  }

  @Override
  public FreeBsdEquipment equipment() {
    return FreeBsdEquipment.asItComes(RULESETS);
  }

  @Override
  public FreeBsdFacts facts(JailSpec spec, Path toBeMade, Contents contents) {
    List<String> problems = new ArrayList<>();
    Path root =
        switch (spec.root()) {
          case JailSpec.Root.Directory(Path path) -> path;
          case JailSpec.Root.HostSystem host -> host.taskDirectory();
        };
    problems.addAll(JailRoot.neverRoots(root));
    JailParameters parameters = spec.parameters();
    for (String file : parameters.values("mount.fstab")) {
      problems.add(
          "mount.fstab = \""
              + file
              + "\": what that file says is known on the host that has it: plan there, or give its"
              + " lines with mount");
    }
    if (parameters.flag("ip_hostname").orElse(false)) {
      problems.add(
          "ip_hostname: which addresses the host name has is known on the host that runs the jail:"
              + " plan there, or give them with ip4.addr and ip6.addr");
    }
    List<JailMount> mounts = JailMount.of(spec, root, List.of(), systemDirectories(spec), problems);
    Optional<JailUser> user = user(spec);
    return new FreeBsdFacts(
        system,
        problems,
        root,
        missing(spec, root, mounts, user, toBeMade, problems),
        mounts,
        JailProgram.unseen(spec, PACKAGES, contents, problems),
        true,
        user,
        systemUser(parameters, problems),
        ConsoleLog.named(parameters, problems),
        List.of(),
        RULESETS,
        Map.of(),
        Set.copyOf(KernelParameters.missing(parameters, system).values()));
  }

  private static List<Path> systemDirectories(JailSpec spec) {
    if (!(spec.root() instanceof JailSpec.Root.HostSystem host)) {
      return List.of();
    }
    return host.systemDirectories().equals(JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES)
        ? SYSTEM_DIRECTORIES
        : host.systemDirectories();
  }

  /**
   * A root of the operator's has its mount points; a task's directory has none before its start.
   */
  private static List<FreeBsdFacts.MissingMountPoint> missing(
      JailSpec spec,
      Path root,
      List<JailMount> mounts,
      Optional<JailUser> user,
      Path toBeMade,
      List<String> problems) {
    boolean ofOperator = spec.root() instanceof JailSpec.Root.Directory;
    MountPoints points = new MountPoints(root, toBeMade, _ -> ofOperator, _ -> false);
    Path home = MountPoints.home(user);
    boolean there =
        ofOperator
            || mounts.stream().anyMatch(mount -> points.onHost(home).startsWith(mount.target()));
    return points.missing(mounts, MountPoints.missingHome(spec, home, there, problems), problems);
  }

  private static Optional<JailUser> user(JailSpec spec) {
    return spec.user()
        .or(() -> spec.parameters().value("exec.jail_user"))
        .map(
            name ->
                USERS.getOrDefault(
                    name, new JailUser(name, -1, -1, List.of(), "/home/" + name, "/bin/sh")));
  }

  private static Optional<JailUser> systemUser(JailParameters parameters, List<String> problems) {
    Optional<String> name = parameters.value("exec.system_user");
    if (name.isPresent() && !USERS.containsKey(name.get())) {
      problems.add(
          "exec.system_user = \""
              + name.get()
              + "\": of the users of a FreeBSD only "
              + String.join(", ", USERS.keySet())
              + " are recorded: plan on the host that has that one");
    }
    return name.map(USERS::get);
  }
}
