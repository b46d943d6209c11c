package io.gaol.linux;

import io.gaol.jail.BindMount;
import io.gaol.jail.FstabLine;
import io.gaol.jail.HostDevice;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailSpec;
import io.gaol.jail.MountType;
import io.gaol.linux.LinuxFacts.DeviceNode;
import io.gaol.linux.LinuxFacts.JailFacts;
import io.gaol.linux.LinuxFacts.MissingMountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at the host, and changes nothing. */
public final class LinuxProbe {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** The host's own files, where its users are looked up. */
  private static final RootView HOST = new RootView(Path.of("/"), List.of());

  private static final long MOST_FSTAB = 1024 * 1024;

  private LinuxProbe() {}

  /** The program of a name on this program's own PATH, or where such programs are. */
  public static Optional<Path> program(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + ":" + DEFAULT_PATH;
    return Stream.of(path.split(":"))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The small init of each jail: catatonit, or tini where it is statically linked. */
  public static Optional<Path> init() {
    return program("catatonit").or(() -> program("tini-static"));
  }

  /**
   * Looks at all that a plan for this jail depends on.
   *
   * @param spec the jail
   * @param toBeMade a directory that will be there when the plan is carried out, with whatever the
   *     spec names in it: the allocation's
   * @throws IOException if the host cannot be looked at
   */
  public static LinuxFacts probe(JailSpec spec, Path toBeMade) throws IOException {
    return probe(spec, toBeMade, Contents.THERE);
  }

  /** Whether what a jail runs is there when it is looked for. */
  public enum Contents {
    /** It is: a program that is not found is a problem. */
    THERE,
    /** It may come until the jail is made: it is fetched, or made by another task. */
    TO_COME
  }

  /**
   * As {@link #probe(JailSpec, Path)}, for a jail whose program may not be there yet.
   *
   * @throws IOException if the host cannot be looked at
   */
  public static LinuxFacts probe(JailSpec spec, Path toBeMade, Contents contents)
      throws IOException {
    List<String> mountinfo = MountInfo.lines();
    CgroupLayout cgroups = CgroupLayout.read(mountinfo);
    JailFacts jail = new Jail(spec, toBeMade, contents).probe(mountinfo);
    return new LinuxFacts(
        System.getProperty("os.arch"),
        isAdministrator(),
        cgroups,
        swapLimits(cgroups),
        Runtime.getRuntime().availableProcessors(),
        program("crun"),
        init(),
        NetworkProbe.probe(spec),
        jail,
        spec.rctlRules().isEmpty()
            ? LimitFacts.NONE
            : LimitProbe.probe(spec, cgroups, jail.asked().mounts(), mountinfo));
  }

  static boolean isAdministrator() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  private static boolean swapLimits(CgroupLayout cgroups) {
    return switch (cgroups) {
      case CgroupLayout.Legacy legacy ->
          legacy.hierarchies().containsKey("memory")
              && Files.exists(
                  legacy.hierarchies().get("memory").resolve("memory.memsw.limit_in_bytes"));
      case CgroupLayout.Unified u -> Files.exists(Path.of("/proc/swaps"));
      case CgroupLayout.Missing m -> false;
    };
  }

  /** Looks at what one jail needs, and collects what is wrong with it. */
  private static final class Jail {
    private final JailSpec spec;
    private final Path toBeMade;
    private final Contents contents;
    private final List<String> problems = new ArrayList<>();

    Jail(JailSpec spec, Path toBeMade, Contents contents) {
      this.spec = spec;
      this.toBeMade = toBeMade;
      this.contents = contents;
    }

    JailFacts probe(List<String> mountinfo) throws IOException {
      Asked nothing = Asked.nothing(System.getProperty("os.version"));
      Path root =
          switch (spec.root()) {
            case JailSpec.Root.Directory(Path path) -> path;
            case JailSpec.Root.HostSystem host -> host.taskDirectory();
          };
      List<BindMount> system =
          spec.root() instanceof JailSpec.Root.HostSystem host
              ? systemMounts(host.systemDirectories(), mountinfo)
              : List.of();
      if (spec.root() instanceof JailSpec.Root.Directory && !isUsableRoot(root)) {
        return new JailFacts(
            problems,
            root,
            system,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            Map.of(),
            nothing);
      }
      List<FstabLine> lines = lines(root);
      List<BindMount> binds = new ArrayList<>(system);
      binds.addAll(spec.mounts());
      for (FstabLine line : lines) {
        if (line.type() == MountType.NULLFS) {
          binds.add(new BindMount(Path.of(line.source()), inJail(root, line), true));
        }
      }
      RootView view = new RootView(root, binds);
      boolean ofHost = spec.parameters().flag("exec.system_jail_user").orElse(false);
      boolean lookedUpOnHost =
          ofHost
              && spec.parameters().value("exec.jail_user").filter(wantedUser()::equals).isPresent();
      Optional<JailUser> user = JailUser.find(lookedUpOnHost ? HOST : view, wantedUser());
      if (user.isEmpty() && lookedUpOnHost) {
        problems.add(
            "the user \""
                + wantedUser()
                + "\" is not in /etc/passwd of the host: add it there, or drop"
                + " exec.system_jail_user");
      } else if (user.isEmpty()) {
        problems.add(
            "the user \""
                + wantedUser()
                + "\" is not in /etc/passwd of the jail ("
                + root
                + "): add it there, or use a number");
      }
      Set<MissingMountPoint> missing = new LinkedHashSet<>();
      List<Holder> held = volumeMountPoints(root, system, missing);
      List<MountLine> mounts = mountLines(root, lines, held, mountinfo, missing);
      boolean layeredEtc = identityMountPoints(root, held, missing);
      return new JailFacts(
          problems,
          root,
          system,
          List.copyOf(missing),
          user,
          findProgram(view),
          view.isProgram(Path.of("/bin/sh")),
          devices(),
          new Asked(
              nothing.release(),
              cleanHome(view, user),
              systemUser(),
              spec.parameters().value("exec.system_user").flatMap(name -> setpriv()),
              copy(),
              layeredEtc,
              lines.stream().anyMatch(line -> line.type() == MountType.UNIONFS)
                  ? parsed(mountinfo)
                  : List.of(),
              mounts));
    }

    private static List<MountInfo> parsed(List<String> mountinfo) throws IOException {
      List<MountInfo> mounts = new ArrayList<>();
      for (String line : mountinfo) {
        mounts.add(MountInfo.parse(line));
      }
      return mounts;
    }

    // ---- users and files that a parameter names

    /** With a clean environment jail(8) begins in the user's home. */
    private Optional<Path> cleanHome(RootView view, Optional<JailUser> user) throws IOException {
      boolean clean = spec.parameters().flag("exec.clean").orElse(false);
      if (!clean || user.isEmpty() || !spec.workDirectory().equals("/")) {
        return Optional.empty();
      }
      Path home = Path.of(user.get().home());
      return home.isAbsolute() && view.find(home).filter(Files::isDirectory).isPresent()
          ? Optional.of(home)
          : Optional.empty();
    }

    private Optional<JailUser> systemUser() throws IOException {
      Optional<String> wanted = spec.parameters().value("exec.system_user");
      if (wanted.isEmpty()) {
        return Optional.empty();
      }
      Optional<JailUser> user = JailUser.find(HOST, wanted.get());
      if (user.isEmpty()) {
        problems.add(
            "exec.system_user = \""
                + wanted.get()
                + "\": there is no such user in /etc/passwd of the host");
      }
      return user;
    }

    private Optional<Path> setpriv() {
      Optional<Path> setpriv = program("setpriv");
      if (setpriv.isEmpty()) {
        problems.add("exec.system_user needs setpriv(1): install util-linux");
      }
      return setpriv;
    }

    private Optional<Path> copy() throws IOException {
      Optional<String> asked = spec.parameters().value("exec.consolelog");
      if (asked.isEmpty()) {
        return Optional.empty();
      }
      Path file = Path.of(asked.get()).normalize();
      String called = "exec.consolelog = \"" + asked.get() + "\": ";
      if (!file.isAbsolute() || file.getFileName() == null) {
        problems.add(called + "name a file of the host by its whole path");
        return Optional.empty();
      }
      if (!Files.isDirectory(file.getParent())) {
        problems.add(called + "the directory " + file.getParent() + " is not there: make it");
        return Optional.empty();
      }
      if (Files.isSymbolicLink(file)) {
        problems.add(
            called + "it is a symbolic link: name the file it leads to, " + file.toRealPath());
        return Optional.empty();
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        problems.add(called + "it is no regular file");
        return Optional.empty();
      }
      if (program("tee").isEmpty()) {
        problems.add("exec.consolelog needs tee(1): install coreutils");
        return Optional.empty();
      }
      return Optional.of(file.getParent().toRealPath().resolve(file.getFileName()));
    }

    // ---- mounts of fstab(5)

    /** The lines of {@code mount}, then those of the files of {@code mount.fstab}: jail(8). */
    private List<FstabLine> lines(Path root) {
      List<FstabLine> lines = new ArrayList<>();
      for (String line : spec.parameters().values("mount")) {
        lines.add(FstabLine.parse(line).in(spec.root()));
      }
      for (String name : spec.parameters().values("mount.fstab")) {
        try {
          Path file = Path.of(name);
          if (Files.size(file) > MOST_FSTAB) {
            throw new IOException("it is larger than " + MOST_FSTAB + " bytes");
          }
          for (FstabLine line : FstabLine.parseFile(Files.readString(file))) {
            lines.add(line.in(spec.root()));
          }
        } catch (InvalidValueException invalid) {
          invalid.problems().forEach(problem -> problems.add(name + ", " + problem));
        } catch (NoSuchFileException missing) {
          problems.add("mount.fstab = \"" + name + "\": there is no such file");
        } catch (IOException unreadable) {
          problems.add("mount.fstab = \"" + name + "\" cannot be read: " + unreadable.getMessage());
        }
      }
      for (FstabLine line : lines) {
        // Links are looked for where the mount point is made: a part may lie in another mount.
        line.problemsBelow(root, path -> false)
            .forEach(problem -> problems.add("mount = \"" + line + "\": " + problem));
      }
      return lines.stream().filter(line -> line.target().startsWith(root.normalize())).toList();
    }

    private static Path inJail(Path root, FstabLine line) {
      return Path.of("/").resolve(root.normalize().relativize(line.target().normalize()));
    }

    private List<MountLine> mountLines(
        Path root,
        List<FstabLine> lines,
        List<Holder> held,
        List<String> mountinfo,
        Set<MissingMountPoint> missing)
        throws IOException {
      List<MountLine> mounts = new ArrayList<>();
      for (FstabLine line : lines) {
        Path target = inJail(root, line);
        if (target.equals(Path.of("/"))) {
          problems.add(
              "mount = \""
                  + line
                  + "\" cannot be had on Linux: it would be the jail's root itself; give Path = \""
                  + line.source()
                  + "\" instead");
          continue;
        }
        Optional<Path> source = source(line);
        if (isKernels(line, target)) {
          mounts.add(mountLine(line, target, source, List.of(), target, true, true));
          continue;
        }
        boolean isPath = line.type().source() == MountType.Source.DIRECTORY;
        if (isPath && source.isEmpty()) {
          continue;
        }
        boolean directory =
            line.type() != MountType.NULLFS
                || !Files.exists(source.get())
                || Files.isDirectory(source.get());
        Optional<Holder> holder = holder(target, held);
        int before = problems.size();
        requireTarget(root, target, directory, held, missing);
        if (problems.size() > before) {
          continue;
        }
        Path covered = covered(root, target, holder);
        List<Path> below =
            line.type() == MountType.NULLFS && directory
                ? mountedBelow(source.get(), mountinfo)
                : List.of();
        mounts.add(
            mountLine(
                line,
                target,
                source,
                below,
                covered,
                holder.filter(Holder::readOnly).isPresent(),
                isKnown(line.type())));
        held.add(
            line.type() == MountType.NULLFS
                ? Holder.bind(new BindMount(source.get(), target, isReadOnly(line)))
                : new Holder(target, Optional.empty(), line.type() != MountType.TMPFS));
      }
      return mounts;
    }

    private static MountLine mountLine(
        FstabLine line,
        Path target,
        Optional<Path> source,
        List<Path> below,
        Path covered,
        boolean coveredIsReadOnly,
        boolean known)
        throws IOException {
      MountLine.Owner owner = MountLine.Owner.OURS;
      if (line.type() == MountType.TMPFS && Files.isDirectory(covered)) {
        Map<String, Object> attributes = Files.readAttributes(covered, "unix:mode,uid,gid");
        owner =
            new MountLine.Owner(
                (Integer) attributes.get("mode") & 07777,
                (Integer) attributes.get("uid"),
                (Integer) attributes.get("gid"));
      }
      return new MountLine(line, target, source, below, covered, coveredIsReadOnly, owner, known);
    }

    private static boolean isReadOnly(FstabLine line) {
      return line.options().stream().anyMatch(option -> option.equals("ro"));
    }

    /** Whether every jail has it there. */
    private static boolean isKernels(FstabLine line, Path target) {
      return switch (line.type()) {
        case PROCFS, LINPROCFS -> target.equals(Path.of("/proc"));
        case DEVFS, FDESCFS -> true;
        default -> false;
      };
    }

    /** Where the first field leads, if it is a path; empty also with a problem. */
    private Optional<Path> source(FstabLine line) throws IOException {
      return switch (line.type().source()) {
        case ANY, DATASET, REMOTE -> Optional.empty();
        case DIRECTORY, DEVICE -> {
          Path source = Path.of(line.source());
          if (Files.exists(source)) {
            yield Optional.of(source.toRealPath());
          }
          if (source.startsWith(toBeMade) || isToCome(source)) {
            yield Optional.of(source);
          }
          problems.add(
              "mount = \"" + line + "\": " + source + " does not exist on the host: make it");
          yield Optional.empty();
        }
      };
    }

    /** Whether a command may make it before anything is mounted. */
    private boolean isToCome(Path source) {
      return !Files.exists(source) && !spec.parameters().values("exec.prepare").isEmpty();
    }

    private static List<Path> mountedBelow(Path source, List<String> mountinfo) throws IOException {
      List<Path> below = new ArrayList<>();
      for (String line : mountinfo) {
        Path mounted = MountInfo.parse(line).target();
        if (mounted.startsWith(source) && !mounted.equals(source) && Files.exists(mounted)) {
          below.add(mounted);
        }
      }
      return below.stream().distinct().toList();
    }

    /** Whether the kernel, one of its modules or a program of mount(8)'s knows a type. */
    private static boolean isKnown(MountType type) throws IOException {
      return switch (type.source()) {
        case ANY, DIRECTORY -> type != MountType.UNIONFS || knowsFileSystem("overlay");
        case DATASET, DEVICE, REMOTE -> {
          String name = JailMounts.linuxName(type);
          boolean needsProgram = type.source() == MountType.Source.REMOTE;
          yield program("mount." + name).isPresent() || (!needsProgram && knowsFileSystem(name));
        }
      };
    }

    private static boolean knowsFileSystem(String name) throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/filesystems"))) {
        if (line.substring(line.indexOf('\t') + 1).equals(name)) {
          return true;
        }
      }
      Path aliases = Path.of("/lib/modules", System.getProperty("os.version"), "modules.alias");
      if (!Files.exists(aliases)) {
        return false;
      }
      try (Stream<String> lines = Files.lines(aliases)) {
        return lines.anyMatch(line -> line.startsWith("alias fs-" + name + " "));
      }
    }

    private String wantedUser() {
      return spec.user().or(() -> spec.parameters().value("exec.jail_user")).orElse("root");
    }

    private boolean isUsableRoot(Path root) {
      if (!root.isAbsolute()) {
        problems.add("the root of a jail must be an absolute path, but Path is \"" + root + "\"");
      } else if (!Files.exists(root)) {
        problems.add("the root of the jail, " + root + ", does not exist: make it, or change Path");
      } else if (!Files.isDirectory(root)) {
        problems.add("the root of the jail, " + root + ", is not a directory: change Path");
      } else if (root.normalize().equals(Path.of("/"))) {
        problems.add(
            "the root of the jail may not be /, the host's own: leave Path out, and the task sees"
                + " the host's system read-only");
      } else {
        return true;
      }
      return false;
    }

    /**
     * The host's directories that are there, and what is mounted below them: a bind mount alone
     * shows what is under such a mount.
     */
    private static List<BindMount> systemMounts(List<Path> directories, List<String> mountinfo)
        throws IOException {
      List<BindMount> mounts = new ArrayList<>();
      for (Path directory : directories) {
        if (!Files.isDirectory(directory)) {
          continue;
        }
        mounts.add(new BindMount(directory, directory, true));
        Path real = directory.toRealPath();
        for (String line : mountinfo) {
          Path mounted = MountInfo.parse(line).target();
          if (mounted.startsWith(real) && !mounted.equals(real) && Files.exists(mounted)) {
            mounts.add(new BindMount(mounted, directory.resolve(real.relativize(mounted)), true));
          }
        }
      }
      return mounts.stream().distinct().toList();
    }

    private boolean isDirectory(Path source) {
      return source.startsWith(toBeMade) || Files.isDirectory(source);
    }

    // ---- mount points

    /**
     * What is mounted in the jail, with what is in it.
     *
     * @param target in the jail
     * @param source on the host; empty if what is in it is not there yet
     * @param readOnly whether nothing can be made in it
     */
    private record Holder(Path target, Optional<Path> source, boolean readOnly) {
      static Holder bind(BindMount mount) {
        return new Holder(mount.target(), Optional.of(mount.source()), mount.readOnly());
      }
    }

    private List<Holder> volumeMountPoints(
        Path root, List<BindMount> system, Set<MissingMountPoint> missing) {
      List<Holder> held = new ArrayList<>(system.stream().map(Holder::bind).toList());
      for (Path target : LinuxPlanner.kernelMountPoints(spec)) {
        require(root, target, true, missing);
      }
      for (BindMount mount : system) {
        if (!isBelowAnother(mount.target(), system)) {
          require(root, mount.target(), isDirectory(mount.source()), missing);
        }
      }
      for (BindMount mount : spec.mounts()) {
        if (!mount.source().startsWith(toBeMade) && !Files.exists(mount.source())) {
          problems.add(
              "the volume "
                  + mount.source()
                  + " for "
                  + mount.target()
                  + " does not exist on the host");
          continue;
        }
        requireTarget(root, mount.target(), isDirectory(mount.source()), held, missing);
        held.add(Holder.bind(mount));
      }
      return held;
    }

    /**
     * Where the files of host.hostid and host.hostuuid are mounted.
     *
     * @return whether they are laid over the host's /etc, which does not have them all
     */
    private boolean identityMountPoints(
        Path root, List<Holder> held, Set<MissingMountPoint> missing) {
      List<Path> files =
          HostIdentity.problems(spec.parameters()).isEmpty()
              ? HostIdentity.files(spec.parameters()).stream()
                  .map(HostIdentity.EtcFile::path)
                  .toList()
              : List.of();
      if (spec.root() instanceof JailSpec.Root.HostSystem) {
        for (Path file : files) {
          Optional<Holder> holder = holder(file, held);
          boolean ofHost =
              holder.filter(etc -> etc.source().equals(Optional.of(HostIdentity.ETC))).isPresent();
          if (ofHost && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
          }
        }
      }
      files.forEach(file -> requireTarget(root, file, false, held, missing));
      return false;
    }

    private static Optional<Holder> holder(Path target, List<Holder> held) {
      return held.reversed().stream()
          .filter(other -> target.startsWith(other.target()) && !target.equals(other.target()))
          .findFirst();
    }

    /** The place on the host that a mount point covers. */
    private static Path covered(Path root, Path target, Optional<Holder> holder) {
      Path base = holder.flatMap(Holder::source).orElse(root);
      Path from = holder.map(Holder::target).orElse(Path.of("/"));
      return base.resolve(from.relativize(target));
    }

    private static boolean isBelowAnother(Path target, List<BindMount> mounts) {
      return mounts.stream()
          .anyMatch(other -> target.startsWith(other.target()) && !target.equals(other.target()));
    }

    private void requireTarget(
        Path root,
        Path target,
        boolean directory,
        List<Holder> held,
        Set<MissingMountPoint> missing) {
      for (Path kernel : List.of(Path.of("/proc"), Path.of("/sys"))) {
        boolean ours = spec.root() instanceof JailSpec.Root.HostSystem;
        if (target.startsWith(kernel) && (ours || kernel.endsWith("proc"))) {
          problems.add("nothing can be mounted at " + target + ": " + kernel + " is the kernel's");
          return;
        }
      }
      if (target.startsWith("/dev") && !target.equals(Path.of("/dev"))) {
        return; // Made by the runtime, in the jail's own /dev.
      }
      Optional<Holder> holder = holder(target, held);
      if (holder.isEmpty()) {
        require(root, target, directory, missing);
        return;
      }
      if (holder.get().source().isEmpty()) {
        if (holder.get().readOnly()) {
          problems.add(
              "nothing can be mounted at "
                  + target
                  + ": what is mounted at "
                  + holder.get().target()
                  + " would have to be changed for it; mount it elsewhere");
        }
        return; // Made by the runtime, in memory.
      }
      Path source = holder.get().source().get();
      Path relative = holder.get().target().relativize(target);
      Path onHost = source.resolve(relative);
      if (holder.get().readOnly() && !Files.exists(onHost, LinkOption.NOFOLLOW_LINKS)) {
        problems.add(
            "nothing can be mounted at "
                + target
                + ": it does not exist in "
                + source
                + " of the host, and would have to be made there; mount it elsewhere");
        return;
      }
      require(source, Path.of("/").resolve(relative), directory, missing);
    }

    /** Notes what of a mount point must be made; a link on the way could lead out of the root. */
    private void require(
        Path root, Path target, boolean directory, Set<MissingMountPoint> missing) {
      Path base = base(root);
      Path reached = root;
      int last = target.getNameCount() - 1;
      for (int i = 0; i <= last; i++) {
        reached = reached.resolve(target.getName(i));
        boolean wantDirectory = directory || i < last;
        if (Files.isSymbolicLink(reached)) {
          problems.add(
              reached
                  + " is a symbolic link, but "
                  + target
                  + " of the jail is a mount point: replace the link by a real "
                  + (wantDirectory ? "directory" : "file"));
          return;
        }
        if (!Files.exists(reached, LinkOption.NOFOLLOW_LINKS)) {
          missing.add(new MissingMountPoint(base, reached, wantDirectory));
        } else if (Files.isDirectory(reached, LinkOption.NOFOLLOW_LINKS) == wantDirectory) {
          if (spec.root() instanceof JailSpec.Root.Directory
              && (wantDirectory || isEmptyFile(reached))) {
            // Another task may have made it.
            missing.add(new MissingMountPoint(base, reached, wantDirectory));
          }
        } else {
          problems.add(
              reached
                  + (wantDirectory ? " is not a directory" : " is a directory")
                  + ", but "
                  + target
                  + " of the jail is a mount point of the other kind: remove it or rename it");
          return;
        }
      }
    }

    private static boolean isEmptyFile(Path path) {
      try {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0;
      } catch (IOException gone) {
        return false;
      }
    }

    /** A task can change what is in its allocation's directories, and not those themselves. */
    private Path base(Path root) {
      return root.startsWith(toBeMade) && root.equals(root.normalize()) && !isDirectlyIn(root)
          ? toBeMade
          : root;
    }

    private boolean isDirectlyIn(Path directory) {
      return toBeMade.equals(directory.getParent());
    }

    // ---- program and devices

    /**
     * Finds the main process's program as Nomad's exec driver does: an absolute path as it is;
     * anything else in /local, in /, in each volume; a bare name then on PATH.
     */
    private Optional<Path> findProgram(RootView view) throws IOException {
      if (spec.command().isEmpty()) {
        return Optional.empty();
      }
      String command = spec.command().getFirst();
      if (command.isEmpty()) {
        problems.add("command is empty: name a program");
        return Optional.empty();
      }
      List<Path> candidates = new ArrayList<>();
      if (command.startsWith("/")) {
        candidates.add(Path.of(command));
      } else {
        candidates.add(Path.of("/local").resolve(command));
        candidates.add(Path.of("/").resolve(command));
        spec.mounts().forEach(mount -> candidates.add(mount.target().resolve(command)));
        if (!command.contains("/")) {
          String path = spec.environment().variables().getOrDefault("PATH", DEFAULT_PATH);
          for (String directory : path.split(":")) {
            if (directory.startsWith("/")) {
              candidates.add(Path.of(directory).resolve(command));
            }
          }
        }
      }
      for (Path candidate : candidates) {
        if (view.isProgram(candidate)) {
          return Optional.of(candidate);
        }
      }
      if (contents == Contents.TO_COME) {
        return Optional.of(candidates.getFirst());
      }
      problems.add(notFound(command, candidates, view));
      return Optional.empty();
    }

    private static String notFound(String command, List<Path> candidates, RootView view)
        throws IOException {
      for (Path candidate : candidates) {
        Optional<Path> onHost = view.find(candidate);
        if (onHost.isPresent()) {
          return "command \""
              + command
              + "\": "
              + candidate
              + " of the jail ("
              + onHost.get()
              + ") "
              + (Files.isDirectory(onHost.get())
                  ? "is a directory"
                  : "is not executable: chmod +x it");
        }
      }
      return "command \""
          + command
          + "\" is not in the jail; looked for "
          + String.join(", ", candidates.stream().map(Path::toString).distinct().toList())
          + " below "
          + view.root();
    }

    private Map<HostDevice, DeviceNode> devices() throws IOException {
      Map<HostDevice, DeviceNode> nodes = new HashMap<>();
      for (HostDevice device : spec.devices()) {
        if (!Files.exists(device.hostPath())) {
          problems.add("the device " + device.hostPath() + " does not exist on the host");
          continue;
        }
        int type = (Integer) Files.getAttribute(device.hostPath(), "unix:mode") & 0170000;
        if (type != 0060000 && type != 0020000) {
          problems.add(device.hostPath() + " is not a device");
          continue;
        }
        long numbers = (Long) Files.getAttribute(device.hostPath(), "unix:rdev");
        int major = (int) ((numbers >>> 8 & 0xfff) | (numbers >>> 32 & ~0xfff));
        int minor = (int) ((numbers & 0xff) | (numbers >>> 12 & ~0xff));
        nodes.put(device, new DeviceNode(type == 0060000 ? 'b' : 'c', major, minor));
      }
      return nodes;
    }
  }
}
