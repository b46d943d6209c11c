package io.gaol.linux;

import io.gaol.engine.Step;
import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.jail.FstabLine;
import io.gaol.jail.MountType;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the lines of fstab(5) that a jail is given come to on Linux.
 *
 * @param mounts what the runtime mounts in the jail, in order
 * @param steps what is mounted on the host before, because the runtime may not: its device cgroup
 *     is on by then
 * @param hidden what must not be seen of the kernel's file systems among them
 * @param readOnly what must not be written to there
 * @param notes where it differs from FreeBSD
 * @param problems why it cannot be
 */
record JailMounts(
    List<OciMount> mounts,
    List<Step> steps,
    List<String> hidden,
    List<String> readOnly,
    List<String> notes,
    List<String> problems) {
  /** None. */
  static final JailMounts NONE =
      new JailMounts(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /** Upper directories of overlayfs that the kernel refuses. */
  private static final List<String> NO_UPPER =
      List.of("overlay", "nfs", "nfs4", "cifs", "vfat", "iso9660", "squashfs");

  JailMounts {
    mounts = List.copyOf(mounts);
    steps = List.copyOf(steps);
    hidden = List.copyOf(hidden);
    readOnly = List.copyOf(readOnly);
    notes = List.copyOf(notes);
    problems = List.copyOf(problems);
  }

  /**
   * A mount of the OCI runtime configuration.
   *
   * @param destination in the jail
   * @param type of file system, or {@code bind}
   * @param source on the host
   * @param options of mount(8)
   */
  record OciMount(String destination, String type, String source, List<String> options) {
    OciMount {
      options = List.copyOf(options);
    }
  }

  /**
   * Plans them.
   *
   * @param lines in order
   * @param task the task's own directory
   * @param hostMounts what the host has mounted
   */
  static JailMounts of(List<MountLine> lines, Path task, List<MountInfo> hostMounts) {
    if (lines.isEmpty()) {
      return NONE;
    }
    Planning planning = new Planning(task, hostMounts);
    lines.forEach(planning::add);
    return new JailMounts(
        planning.mounts,
        planning.steps,
        planning.hidden,
        planning.readOnly,
        planning.notes,
        planning.problems);
  }

  /** The options of a line, as Linux has them. */
  private record Options(boolean readOnly, List<String> flags, Map<String, String> particular) {}

  private static final class Planning {
    private final Path task;
    private final List<MountInfo> hostMounts;
    private final List<OciMount> mounts = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();
    private final List<String> readOnly = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int number;

    Planning(Path task, List<MountInfo> hostMounts) {
      this.task = task;
      this.hostMounts = hostMounts;
    }

    void add(MountLine mount) {
      number++;
      if (!mount.known()) {
        problem(
            mount.line(),
            "this host's kernel knows no file system \"" + linuxName(mount.line().type()) + "\"");
        return;
      }
      Options options = options(mount.line());
      switch (mount.line().type()) {
        case NULLFS -> bind(mount, options);
        case TMPFS -> memory(mount, options);
        case PROCFS, LINPROCFS -> processes(mount, options);
        case LINSYSFS -> system(mount, options);
        case DEVFS -> devices(mount);
        case FDESCFS -> descriptors(mount);
        case UNIONFS -> union(mount, options);
        case ZFS,
            UFS,
            MSDOSFS,
            CD9660,
            EXT2FS,
            EXT2,
            EXT3,
            EXT4,
            XFS,
            BTRFS,
            VFAT,
            ISO9660,
            SQUASHFS,
            NFS,
            NFS4 ->
            onTheHost(mount, options);
      }
    }

    private void problem(FstabLine line, String reason) {
      problems.add("mount = \"" + line + "\" cannot be had on Linux: " + reason);
    }

    private void note(FstabLine line, String difference) {
      notes.add("mount on " + line.target() + ": " + difference);
    }

    // ---- options

    private Options options(FstabLine line) {
      boolean readOnly = false;
      List<String> flags = new ArrayList<>(List.of("nodev"));
      List<String> rest = new ArrayList<>();
      for (String option : line.options()) {
        switch (option) {
          case "ro", "norw" -> readOnly = true;
          case "rw", "noro" -> readOnly = false;
          case "noatime", "noexec", "nosuid", "sync" -> add(flags, option);
          case "atime", "exec", "suid" -> flags.remove("no" + option);
          case "async", "nosync" -> flags.remove("sync");
          case "symfollow",
              "cover",
              "noemptydir",
              "nounion",
              "nosuiddir",
              "noacls",
              "nonfsv4acls",
              "nomultilabel",
              "cache",
              "nocache",
              "pgread",
              "nonc" -> {
            // It is so, or is about speed.
          }
          case "clusterr",
              "noclusterr",
              "clusterw",
              "noclusterw",
              "auto",
              "noauto",
              "late",
              "nolate",
              "failok",
              "nofailok",
              "force",
              "noforce",
              "untrusted",
              "nountrusted",
              "automounted",
              "noautomounted" -> {
            // About speed, about the start of a host, or for mount(8) alone.
          }
          case "nosymfollow",
              "nocover",
              "emptydir",
              "union",
              "suiddir",
              "acls",
              "nfsv4acls",
              "multilabel" ->
              problem(line, "there is no option \"" + option + "\"; leave it out");
          default -> rest.add(option);
        }
      }
      return new Options(readOnly, flags, particular(rest));
    }

    private static void add(List<String> flags, String option) {
      if (!flags.contains(option)) {
        flags.add(option);
      }
    }

    private static Map<String, String> particular(List<String> options) {
      Map<String, String> particular = new LinkedHashMap<>();
      for (String option : options) {
        int equals = option.indexOf('=');
        particular.put(
            equals < 0 ? option : option.substring(0, equals),
            equals < 0 ? "" : option.substring(equals + 1));
      }
      return particular;
    }

    private static List<String> mountOptions(Options options, String... first) {
      List<String> all = new ArrayList<>(List.of(first));
      all.add(options.readOnly() ? "ro" : "rw");
      all.addAll(options.flags());
      return all;
    }

    // ---- a type each

    /** Each mount below the source is one of its own: its read-only would not hold for them. */
    private void bind(MountLine mount, Options options) {
      Path source = mount.source().orElseThrow();
      add(mount.target(), "bind", source.toString(), mountOptions(options, "bind"));
      for (Path below : mount.mountedBelow()) {
        add(
            mount.target().resolve(source.relativize(below)),
            "bind",
            below.toString(),
            mountOptions(options, "bind"));
      }
    }

    private void add(Path target, String type, String source, List<String> options) {
      mounts.add(new OciMount(target.toString(), type, source, options));
    }

    private void memory(MountLine mount, Options options) {
      List<String> all = mountOptions(options);
      Map<String, String> given = options.particular();
      for (String freeBsds : List.of("maxfilesize", "easize", "nomtime")) {
        if (given.containsKey(freeBsds)) {
          problem(mount.line(), "tmpfs has no option \"" + freeBsds + "\" here; leave it out");
        }
      }
      all.add("mode=" + given.getOrDefault("mode", Integer.toOctalString(mount.owner().mode())));
      all.add("uid=" + given.getOrDefault("uid", Integer.toString(mount.owner().uid())));
      all.add("gid=" + given.getOrDefault("gid", Integer.toString(mount.owner().gid())));
      if (given.containsKey("inodes")) {
        all.add("nr_inodes=" + bytes(given.get("inodes")));
      }
      if (given.containsKey("size")) {
        all.add("size=" + bytes(given.get("size")));
      } else {
        note(
            mount.line(),
            "without a size a tmpfs holds half of the memory at most here, and all of it on"
                + " FreeBSD");
      }
      add(mount.target(), "tmpfs", "tmpfs", all);
    }

    /** expand_number(3), as tmpfs(5) reads its sizes. */
    private static BigInteger bytes(String size) {
      String text = size.toLowerCase(Locale.ROOT).replaceFirst("b$", "");
      int power = "kmgtpe".indexOf(text.charAt(text.length() - 1)) + 1;
      String digits = power == 0 ? text : text.substring(0, text.length() - 1);
      return new BigInteger(digits).shiftLeft(10 * power);
    }

    private void processes(MountLine mount, Options options) {
      if (mount.target().equals(Path.of("/proc"))) {
        note(mount.line(), "every jail has /proc here, and has it as it is");
        return;
      }
      List<String> all = mountOptions(options);
      all.addAll(List.of("nosuid", "noexec"));
      add(mount.target(), "proc", "proc", all.stream().distinct().toList());
      hidden.addAll(MaskedPaths.hiddenBelowProc(mount.target().toString()));
      readOnly.addAll(MaskedPaths.readOnlyBelowProc(mount.target().toString()));
      note(mount.line(), "Linux' own /proc, in which what changes the host is read-only");
    }

    private void system(MountLine mount, Options options) {
      note(mount.line(), "Linux' own /sys, which is read-only");
      List<String> all = new ArrayList<>(List.of("ro", "nosuid", "noexec"));
      all.addAll(options.flags());
      add(mount.target(), "sysfs", "sysfs", all.stream().distinct().toList());
      hidden.addAll(MaskedPaths.hiddenBelowSys(mount.target().toString()));
    }

    private void devices(MountLine mount) {
      if (!mount.target().equals(Path.of("/dev"))) {
        problem(mount.line(), "a jail has its devices in /dev; mount it there, or leave it out");
        return;
      }
      String ruleset = particular(mount.line().options()).getOrDefault("ruleset", "4");
      if (!ruleset.equals("4") && !ruleset.equals("5")) {
        problem(mount.line(), "the standard devices are those of ruleset 4; use that");
        return;
      }
      note(mount.line(), "a tmpfs with the standard devices stands for devfs");
    }

    private void descriptors(MountLine mount) {
      if (!mount.target().equals(Path.of("/dev/fd"))) {
        problem(mount.line(), "a jail has its descriptors in /dev/fd, a link to /proc/self/fd");
      }
    }

    private void union(MountLine mount, Options options) {
      boolean below = options.particular().containsKey("below");
      for (String freeBsds : List.of("copymode", "whiteout", "udir", "ufile", "uid", "gid")) {
        if (options.particular().containsKey(freeBsds)) {
          problem(mount.line(), "overlayfs has no option \"" + freeBsds + "\"; leave it out");
        }
      }
      Path source = mount.source().orElseThrow();
      Path upper = below ? mount.covered() : source;
      Path lower = below ? source : mount.covered();
      List<String> all = mountOptions(options);
      note(mount.line(), "overlayfs: what is changed below by others is not always seen");
      if (options.readOnly()) {
        all.add("lowerdir=" + layer(upper) + ":" + layer(lower));
      } else {
        if (below && mount.coveredIsReadOnly()) {
          problem(
              mount.line(),
              "with \"below\" what is changed is changed in "
                  + upper
                  + ", which the jail may only read; leave that option out");
          return;
        }
        Optional<Path> work = workDirectory(mount.line(), upper);
        if (work.isEmpty()) {
          return;
        }
        steps.add(new Step.MakeDirectory(work.get(), 0700, Removal.WITH_CONTENTS));
        all.add("lowerdir=" + layer(lower));
        all.add("upperdir=" + layer(upper));
        all.add("workdir=" + layer(work.get()));
      }
      // The runtime sees the jail's root by a mount of its own, and overlayfs wants one for all.
      mountOnTheHost(mount.target(), "overlay", "overlay", all, options);
    }

    private void mountOnTheHost(
        Path target, String type, String source, List<String> itsOptions, Options options) {
      Path place = task.resolve("mount-" + number);
      steps.add(new Step.MakeDirectory(place, 0700, Removal.WITH_CONTENTS));
      steps.add(new Step.Mount(type, source, place, itsOptions));
      add(target, "bind", place.toString(), mountOptions(options, "bind"));
    }

    /** overlayfs wants it on the same mount as the upper directory, and not in it. */
    private Optional<Path> workDirectory(FstabLine line, Path upper) {
      Optional<MountInfo> holder = MountInfo.of(upper, hostMounts);
      if (holder.filter(info -> NO_UPPER.contains(info.type())).isPresent()) {
        problem(
            line,
            upper
                + " is on "
                + holder.get().type()
                + ", which cannot be the upper layer of overlayfs; use a directory of a disk");
        return Optional.empty();
      }
      Optional<Path> ours = MountInfo.of(task, hostMounts).map(MountInfo::target);
      if (!ours.equals(holder.map(MountInfo::target))) {
        problem(
            line,
            upper
                + " is on another file system than the state directory, "
                + task.getParent().getParent()
                + ", and overlayfs needs a directory of ours beside it; use a directory there");
        return Optional.empty();
      }
      return Optional.of(task.resolve("work-" + number));
    }

    private void onTheHost(MountLine mount, Options options) {
      List<String> all = mountOptions(options);
      options
          .particular()
          .forEach((name, value) -> all.add(value.isEmpty() ? name : name + "=" + value));
      mountOnTheHost(
          mount.target(),
          linuxName(mount.line().type()),
          mount.source().map(Path::toString).orElse(mount.line().source()),
          all,
          options);
    }
  }

  /** A path as one of overlayfs' layers, which colons divide. */
  static String layer(Path path) {
    return path.toString().replace("\\", "\\\\").replace(":", "\\:");
  }

  /** What mount(8) of Linux calls a type. */
  static String linuxName(MountType type) {
    return switch (type) {
      case MSDOSFS -> "vfat";
      case CD9660 -> "iso9660";
      case EXT2FS -> "ext4";
      case NULLFS -> "bind";
      case UNIONFS -> "overlay";
      case PROCFS, LINPROCFS -> "proc";
      case LINSYSFS -> "sysfs";
      default -> type.keyword();
    };
  }
}
