package io.gaol.linux;

import io.gaol.engine.ConsoleLog;
import io.gaol.engine.JailProgram;
import io.gaol.engine.JailRoot;
import io.gaol.engine.JailUser;
import io.gaol.engine.PlannedSpec;
import io.gaol.engine.Platform.Contents;
import io.gaol.engine.RootView;
import io.gaol.jail.FstabLine;
import io.gaol.jail.HostDevice;
import io.gaol.jail.JailSpec;
import io.gaol.jail.MountType;
import io.gaol.linux.LinuxFacts.DeviceNode;
import io.gaol.linux.LinuxFacts.JailFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at the host, and changes nothing. */
public final class LinuxProbe {

  /** The host's own files, where its users are looked up. */
  private static final RootView HOST = new RootView(Path.of("/"), List.of());

  private LinuxProbe() {}

  /** The program of a name on this program's own PATH, or where such programs are. */
  public static Optional<Path> program(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + ":" + JailProgram.PATH;
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

  /**
   * As {@link #probe(JailSpec, Path)}, for a jail whose program may not be there yet.
   *
   * @throws IOException if the host cannot be looked at
   */
  public static LinuxFacts probe(JailSpec spec, Path toBeMade, Contents contents)
      throws IOException {
    List<MountInfo> hostMounts = MountInfo.all();
    CgroupLayout cgroups = CgroupLayout.read(hostMounts);
    JailFacts jail = new Jail(spec, toBeMade, contents).probe(hostMounts);
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
            : LimitProbe.probe(spec, cgroups, jail.asked().mounts(), hostMounts));
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

    JailFacts probe(List<MountInfo> hostMounts) throws IOException {
      Asked nothing = Asked.nothing(System.getProperty("os.version"));
      Path root =
          switch (spec.root()) {
            case JailSpec.Root.Directory(Path path) -> path;
            case JailSpec.Root.HostSystem host -> host.taskDirectory();
          };
      MountProbe mountProbe = new MountProbe(spec, root, toBeMade, hostMounts, problems);
      if (spec.root() instanceof JailSpec.Root.Directory && !isUsableRoot(root)) {
        return new JailFacts(
            problems,
            root,
            mountProbe.system(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            Map.of(),
            nothing);
      }
      List<FstabLine> lines = mountProbe.lines();
      RootView view = mountProbe.view(lines);
      boolean ofHost = spec.parameters().flag("exec.system_jail_user").orElse(false);
      boolean lookedUpOnHost =
          ofHost
              && spec.parameters().value("exec.jail_user").filter(wantedUser()::equals).isPresent();
      Optional<JailUser> user = JailUser.find((lookedUpOnHost ? HOST : view)::lines, wantedUser());
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
      MountProbe.Found found = mountProbe.look(lines);
      return new JailFacts(
          problems,
          root,
          mountProbe.system(),
          found.missing(),
          user,
          JailProgram.find(spec, view, contents, problems),
          view.isProgram(Path.of("/bin/sh")),
          devices(),
          new Asked(
              nothing.release(),
              cleanHome(view, user),
              PlannedSpec.systemUser(spec.parameters(), HOST::lines, problems),
              spec.parameters().value("exec.system_user").flatMap(name -> setpriv()),
              copy(),
              found.layeredEtc(),
              lines.stream().anyMatch(line -> line.type() == MountType.UNIONFS)
                  ? hostMounts
                  : List.of(),
              found.mounts()));
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

    private Optional<Path> setpriv() {
      Optional<Path> setpriv = program("setpriv");
      if (setpriv.isEmpty()) {
        problems.add("exec.system_user needs setpriv(1): install util-linux");
      }
      return setpriv;
    }

    private Optional<Path> copy() throws IOException {
      Optional<Path> file = ConsoleLog.find(spec.parameters(), problems);
      if (file.isPresent() && program("tee").isEmpty()) {
        problems.add("exec.consolelog needs tee(1): install coreutils");
        return Optional.empty();
      }
      return file;
    }

    private String wantedUser() {
      return spec.user().or(() -> spec.parameters().value("exec.jail_user")).orElse("root");
    }

    private boolean isUsableRoot(Path root) {
      List<String> wrong = JailRoot.problems(root);
      problems.addAll(wrong);
      return wrong.isEmpty();
    }

    // ---- program and devices

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
        DeviceNumber number =
            DeviceNumber.of((Long) Files.getAttribute(device.hostPath(), "unix:rdev"));
        nodes.put(
            device, new DeviceNode(type == 0060000 ? 'b' : 'c', number.major(), number.minor()));
      }
      return nodes;
    }
  }
}
