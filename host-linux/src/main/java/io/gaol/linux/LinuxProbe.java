package io.gaol.linux;

import io.gaol.jail.BindMount;
import io.gaol.jail.HostDevice;
import io.gaol.jail.JailSpec;
import io.gaol.linux.LinuxFacts.DeviceNode;
import io.gaol.linux.LinuxFacts.JailFacts;
import io.gaol.linux.LinuxFacts.MissingMountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
    return new LinuxFacts(
        System.getProperty("os.arch"),
        isAdministrator(),
        cgroups,
        swapLimits(cgroups),
        Runtime.getRuntime().availableProcessors(),
        program("crun"),
        init(),
        new Jail(spec, toBeMade, contents).probe(mountinfo),
        spec.rctlRules().isEmpty() ? LimitFacts.NONE : LimitProbe.probe(spec, cgroups, mountinfo));
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
            problems, root, system, List.of(), Optional.empty(), Optional.empty(), false, Map.of());
      }
      List<BindMount> binds = new ArrayList<>(system);
      binds.addAll(spec.mounts());
      RootView view = new RootView(root, binds);
      Optional<JailUser> user = JailUser.find(view, wantedUser());
      if (user.isEmpty()) {
        problems.add(
            "the user \""
                + wantedUser()
                + "\" is not in /etc/passwd of the jail ("
                + root
                + "): add it there, or use a number");
      }
      return new JailFacts(
          problems,
          root,
          system,
          missingMountPoints(root, system),
          user,
          findProgram(view),
          view.isProgram(Path.of("/bin/sh")),
          devices());
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

    private List<MissingMountPoint> missingMountPoints(Path root, List<BindMount> system) {
      Set<MissingMountPoint> missing = new LinkedHashSet<>();
      List<BindMount> below = new ArrayList<>(system);
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
        requireVolumeTarget(root, mount, below, missing);
        below.add(mount);
      }
      return List.copyOf(missing);
    }

    private static boolean isBelowAnother(Path target, List<BindMount> mounts) {
      return mounts.stream()
          .anyMatch(other -> target.startsWith(other.target()) && !target.equals(other.target()));
    }

    private void requireVolumeTarget(
        Path root, BindMount mount, List<BindMount> below, Set<MissingMountPoint> missing) {
      Path target = mount.target();
      boolean directory = isDirectory(mount.source());
      for (Path kernel : List.of(Path.of("/proc"), Path.of("/sys"))) {
        if (target.startsWith(kernel)) {
          problems.add("nothing can be mounted at " + target + ": " + kernel + " is the kernel's");
          return;
        }
      }
      if (target.startsWith("/dev") && !target.equals(Path.of("/dev"))) {
        return; // Made by the runtime, in the jail's own /dev.
      }
      Optional<BindMount> holder =
          below.reversed().stream()
              .filter(other -> target.startsWith(other.target()) && !target.equals(other.target()))
              .findFirst();
      if (holder.isEmpty()) {
        require(root, target, directory, missing);
        return;
      }
      Path relative = holder.get().target().relativize(target);
      Path onHost = holder.get().source().resolve(relative);
      if (holder.get().readOnly() && !Files.exists(onHost, LinkOption.NOFOLLOW_LINKS)) {
        problems.add(
            "nothing can be mounted at "
                + target
                + ": it does not exist in "
                + holder.get().source()
                + " of the host, and would have to be made there; mount it elsewhere");
        return;
      }
      require(holder.get().source(), Path.of("/").resolve(relative), directory, missing);
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
          if (wantDirectory && spec.root() instanceof JailSpec.Root.Directory) {
            // Another task may have made it.
            missing.add(new MissingMountPoint(base, reached, true));
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
