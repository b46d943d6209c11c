package io.gaol.linux;

import io.gaol.engine.RootView;
import io.gaol.jail.BindMount;
import io.gaol.jail.FstabLine;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailSpec;
import io.gaol.jail.MountType;
import io.gaol.linux.LinuxFacts.MissingMountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks at what is to be mounted in a jail, and at where: whether it is there, and can be. */
final class MountProbe {
  private static final long MOST_FSTAB = 1024 * 1024;

  private final JailSpec spec;
  private final Path root;
  private final Path toBeMade;
  private final List<MountInfo> hostMounts;
  private final List<String> problems;
  private final List<BindMount> system;
  private final List<Holder> held = new ArrayList<>();
  private final Set<MissingMountPoint> missing = new LinkedHashSet<>();

  /**
   * Looks for a jail.
   *
   * @param root of the jail, on the host
   * @param toBeMade a directory that is not there yet, as in {@link LinuxProbe}
   * @param problems takes what is wrong
   */
  MountProbe(
      JailSpec spec, Path root, Path toBeMade, List<MountInfo> hostMounts, List<String> problems)
      throws IOException {
    this.spec = spec;
    this.root = root;
    this.toBeMade = toBeMade;
    this.hostMounts = hostMounts;
    this.problems = problems;
    this.system =
        spec.root() instanceof JailSpec.Root.HostSystem host
            ? systemMounts(host.systemDirectories(), hostMounts)
            : List.of();
  }

  /**
   * What was found.
   *
   * @param missing what of the mount points must be made, the outermost first
   * @param mounts the lines of fstab(5)
   * @param layeredEtc whether files are laid over the host's /etc, which does not have them all
   */
  record Found(List<MissingMountPoint> missing, List<MountLine> mounts, boolean layeredEtc) {
    Found {
      missing = List.copyOf(missing);
      mounts = List.copyOf(mounts);
    }
  }

  /** What is mounted of the host's system. */
  List<BindMount> system() {
    return system;
  }

  /** The jail's files, as it will see them. */
  RootView view(List<FstabLine> lines) {
    List<BindMount> binds = new ArrayList<>(system);
    binds.addAll(spec.mounts());
    for (FstabLine line : lines) {
      if (line.type() == MountType.NULLFS) {
        binds.add(new BindMount(Path.of(line.source()), inJail(line), true));
      }
    }
    return new RootView(root, binds);
  }

  /** Looks at every mount and mount point, in the order in which they are mounted. */
  Found look(List<FstabLine> lines) throws IOException {
    volumeMountPoints();
    List<MountLine> mounts = mountLines(lines);
    boolean layeredEtc = identityMountPoints();
    return new Found(List.copyOf(missing), mounts, layeredEtc);
  }

  // ---- mounts of fstab(5)

  /** The lines of {@code mount}, then those of the files of {@code mount.fstab}: jail(8). */
  List<FstabLine> lines() {
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
        if (!Files.isRegularFile(file)) {
          throw new IOException("it is no regular file");
        }
        for (FstabLine line : FstabLine.parseFile(Files.readString(file))) {
          lines.add(line.in(spec.root()));
        }
      } catch (InvalidValueException invalid) {
        invalid.problems().forEach(problem -> problems.add(name + ", " + problem));
      } catch (NoSuchFileException absent) {
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

  private Path inJail(FstabLine line) {
    return Path.of("/").resolve(root.normalize().relativize(line.target().normalize()));
  }

  private List<MountLine> mountLines(List<FstabLine> lines) throws IOException {
    List<MountLine> mounts = new ArrayList<>();
    for (FstabLine line : lines) {
      Path target = inJail(line);
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
      Optional<Holder> holder = holder(target);
      int before = problems.size();
      requireTarget(target, directory);
      if (problems.size() > before) {
        continue;
      }
      Path covered = covered(target, holder);
      List<Path> below =
          line.type() == MountType.NULLFS && directory
              ? MountInfo.below(source.get(), hostMounts)
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

  /** Whether the kernel, one of its modules or a program of mount(8)'s knows a type. */
  private static boolean isKnown(MountType type) throws IOException {
    return switch (type.source()) {
      case ANY, DIRECTORY -> type != MountType.UNIONFS || knowsFileSystem("overlay");
      case DATASET, DEVICE, REMOTE -> {
        String name = JailMounts.linuxName(type);
        boolean needsProgram = type.source() == MountType.Source.REMOTE;
        yield LinuxProbe.program("mount." + name).isPresent()
            || (!needsProgram && knowsFileSystem(name));
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

  // ---- what is mounted of the host

  /**
   * The host's directories that are there, and what is mounted below them: a bind mount alone shows
   * what is under such a mount.
   */
  private static List<BindMount> systemMounts(List<Path> directories, List<MountInfo> hostMounts)
      throws IOException {
    List<BindMount> mounts = new ArrayList<>();
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        continue;
      }
      mounts.add(new BindMount(directory, directory, true));
      Path real = directory.toRealPath();
      for (Path below : MountInfo.below(real, hostMounts)) {
        mounts.add(new BindMount(below, directory.resolve(real.relativize(below)), true));
      }
    }
    return mounts.stream().distinct().toList();
  }

  // ---- mount points

  private boolean isDirectory(Path source) {
    return source.startsWith(toBeMade) || Files.isDirectory(source);
  }

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

  private void volumeMountPoints() {
    system.stream().map(Holder::bind).forEach(held::add);
    for (Path target : LinuxPlanner.kernelMountPoints(spec)) {
      require(root, target, true);
    }
    for (BindMount mount : system) {
      if (!isBelowAnother(mount.target(), system)) {
        require(root, mount.target(), isDirectory(mount.source()));
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
      requireTarget(mount.target(), isDirectory(mount.source()));
      held.add(Holder.bind(mount));
    }
  }

  /**
   * Where the files of host.hostid and host.hostuuid are mounted.
   *
   * @return whether they are laid over the host's /etc, which does not have them all
   */
  private boolean identityMountPoints() {
    List<Path> files =
        HostIdentity.problems(spec.parameters()).isEmpty()
            ? HostIdentity.files(spec.parameters()).stream()
                .map(HostIdentity.EtcFile::path)
                .toList()
            : List.of();
    if (spec.root() instanceof JailSpec.Root.HostSystem) {
      for (Path file : files) {
        Optional<Holder> holder = holder(file);
        boolean ofHost =
            holder.filter(etc -> etc.source().equals(Optional.of(HostIdentity.ETC))).isPresent();
        if (ofHost && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          return true;
        }
      }
    }
    files.forEach(file -> requireTarget(file, false));
    return false;
  }

  private Optional<Holder> holder(Path target) {
    return held.reversed().stream()
        .filter(other -> target.startsWith(other.target()) && !target.equals(other.target()))
        .findFirst();
  }

  /** The place on the host that a mount point covers. */
  private Path covered(Path target, Optional<Holder> holder) {
    Path base = holder.flatMap(Holder::source).orElse(root);
    Path from = holder.map(Holder::target).orElse(Path.of("/"));
    return base.resolve(from.relativize(target));
  }

  private static boolean isBelowAnother(Path target, List<BindMount> mounts) {
    return mounts.stream()
        .anyMatch(other -> target.startsWith(other.target()) && !target.equals(other.target()));
  }

  private void requireTarget(Path target, boolean directory) {
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
    Optional<Holder> holder = holder(target);
    if (holder.isEmpty()) {
      require(root, target, directory);
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
    require(source, Path.of("/").resolve(relative), directory);
  }

  /** Notes what of a mount point must be made; a link on the way could lead out of the root. */
  private void require(Path top, Path target, boolean directory) {
    Path base = base(top);
    Path reached = top;
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
  private Path base(Path top) {
    return top.startsWith(toBeMade) && top.equals(top.normalize()) && !isDirectlyIn(top)
        ? toBeMade
        : top;
  }

  private boolean isDirectlyIn(Path directory) {
    return toBeMade.equals(directory.getParent());
  }
}
