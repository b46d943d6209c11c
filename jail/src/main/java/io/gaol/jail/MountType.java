package io.gaol.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A type of file system that a {@code mount} line may name, with the options that it knows.
 * mount(8) passes options that nobody knows and sizes that are none, without a word (seen on
 * FreeBSD 12.2); here they are refused.
 */
public enum MountType {
  /** A directory of the host, seen again: mount_nullfs(8). */
  NULLFS(Source.DIRECTORY, Map.of("cache", "", "nocache", "")),
  /** Files in memory: tmpfs(5). */
  TMPFS(
      Source.ANY,
      Map.ofEntries(
          Map.entry("size", Value.SIZE),
          Map.entry("maxfilesize", Value.SIZE),
          Map.entry("easize", Value.SIZE),
          Map.entry("inodes", Value.SIZE),
          Map.entry("uid", Value.NUMBER),
          Map.entry("gid", Value.NUMBER),
          Map.entry("mode", Value.MODE),
          Map.entry("nonc", ""),
          Map.entry("nomtime", ""),
          Map.entry("pgread", ""))),
  /** Devices: devfs(5). */
  DEVFS(Source.ANY, Map.of("ruleset", Value.RULESET)),
  /** The descriptors of whoever looks: fdescfs(5). */
  FDESCFS(Source.ANY, Map.of("linrdlnk", "", "rdlnk", "", "nodup", "")),
  /** Processes: procfs(5). */
  PROCFS(Source.ANY, Map.of()),
  /** Processes, as Linux shows them: linprocfs(5). */
  LINPROCFS(Source.ANY, Map.of()),
  /** Devices, as Linux shows them: linsysfs(5). */
  LINSYSFS(Source.ANY, Map.of()),
  /** A dataset: zfs(8). */
  ZFS(Source.DATASET, Map.of()),
  /** A directory above or below another: mount_unionfs(8). */
  UNIONFS(
      Source.DIRECTORY,
      Map.of(
          "below", "",
          "copymode", "traditional|transparent|masquerade",
          "whiteout", "always|whenneeded",
          "udir", Value.MODE,
          "ufile", Value.MODE,
          "uid", "[^=]+",
          "gid", "[^=]+")),
  /** A disk, or an image of one, in FreeBSD's own format: ffs(7). */
  UFS(Source.DEVICE, Value.ANYTHING),
  /** A disk in the format of MS-DOS: msdosfs(5). */
  MSDOSFS(Source.DEVICE, Value.ANYTHING),
  /** A CD, or an image of one: cd9660(5). */
  CD9660(Source.DEVICE, Value.ANYTHING),
  /** A disk in one of Linux' formats, by its name on FreeBSD: ext2fs(5). */
  EXT2FS(Source.DEVICE, Value.ANYTHING),
  /** A disk in a format of Linux: ext4(5). */
  EXT2(Source.DEVICE, Value.ANYTHING),
  /** A disk in a format of Linux: ext4(5). */
  EXT3(Source.DEVICE, Value.ANYTHING),
  /** A disk in a format of Linux: ext4(5). */
  EXT4(Source.DEVICE, Value.ANYTHING),
  /** A disk in a format of Linux: xfs(5). */
  XFS(Source.DEVICE, Value.ANYTHING),
  /** A disk in a format of Linux: btrfs(5). */
  BTRFS(Source.DEVICE, Value.ANYTHING),
  /** A disk in the format of MS-DOS, by its name on Linux. */
  VFAT(Source.DEVICE, Value.ANYTHING),
  /** A CD, or an image of one, by its name on Linux. */
  ISO9660(Source.DEVICE, Value.ANYTHING),
  /** An image that is only read. */
  SQUASHFS(Source.DEVICE, Value.ANYTHING),
  /** Files of another host: nfs(5). */
  NFS(Source.REMOTE, Value.ANYTHING),
  /** Files of another host, by version 4 of the protocol, as Linux names it: nfs(5). */
  NFS4(Source.REMOTE, Value.ANYTHING);

  /** What stands in the first field. */
  public enum Source {
    /** A directory of the host. */
    DIRECTORY,
    /** A dataset or snapshot of ZFS. */
    DATASET,
    /** A disk of the host, or a file that holds a file system. */
    DEVICE,
    /** What another host offers, as {@code server:/directory}. */
    REMOTE,
    /** A word that means nothing. */
    ANY
  }

  /** Regular expressions of values. */
  private static final class Value {
    private static final String SIZE = "[0-9]+[kKmMgGtTpPeE]?[bB]?";
    private static final String NUMBER = "0|[1-9][0-9]{0,9}";
    private static final String MODE = "[0-7]{1,5}";
    private static final String RULESET = "0|[1-9][0-9]{0,4}";

    /** What else the driver of a disk's format knows: it says itself what it does not know. */
    private static final String REST = "[A-Za-z0-9_./:+-]*";

    /** Of every name: {@link #REST}. */
    private static final Map<String, String> ANYTHING = Map.of("*", REST);
  }

  /** Options of mount(8) that every type takes; each also without its "no", or with one. */
  private static final List<String> OPTIONS_OF_ALL =
      List.of(
          "ro",
          "rw",
          "noatime",
          "noexec",
          "nosuid",
          "nosymfollow",
          "sync",
          "async",
          "noclusterr",
          "noclusterw",
          "nocover",
          "emptydir",
          "union",
          "suiddir",
          "acls",
          "nfsv4acls",
          "multilabel",
          "untrusted",
          "automounted",
          "force",
          "auto",
          "late",
          "failok");

  private static final Map<String, MountType> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("bind", NULLFS),
          Map.entry("null", NULLFS),
          Map.entry("none", NULLFS),
          Map.entry("lofs", NULLFS),
          Map.entry("tmp", TMPFS),
          Map.entry("mfs", TMPFS),
          Map.entry("devtmpfs", DEVFS),
          Map.entry("proc", PROCFS),
          Map.entry("sysfs", LINSYSFS),
          Map.entry("union", UNIONFS),
          Map.entry("overlay", UNIONFS));

  private final Source source;

  @SuppressWarnings("ImmutableEnumChecker") // Map.of and Map.ofEntries make what cannot change.
  private final Map<String, String> options;

  MountType(Source source, Map<String, String> options) {
    this.source = source;
    this.options = options;
  }

  /** The name in the third field, such as {@code nullfs}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What stands in the first field. */
  public Source source() {
    return source;
  }

  /** The type of a name, which mount(8) wants in lower case. */
  public static Optional<MountType> find(String keyword) {
    return Arrays.stream(values()).filter(type -> type.keyword().equals(keyword)).findFirst();
  }

  /** All of them, for people: "nullfs, tmpfs and zfs". */
  static String keywords() {
    List<String> all = Arrays.stream(values()).map(MountType::keyword).toList();
    return String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
  }

  /** " Did you mean ...?" with the type that was most likely meant, or nothing. */
  static String suggestion(String given) {
    MountType known = OTHER_NAMES.get(given.toLowerCase(Locale.ROOT));
    List<String> keywords = Arrays.stream(values()).map(MountType::keyword).toList();
    return Spelling.suggestion(known == null ? given : known.keyword(), keywords);
  }

  /** What is wrong with one option, such as {@code ro} or {@code size=64m}; empty if nothing is. */
  Optional<String> problem(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    if (options.containsKey("*") && name.matches("[a-z0-9_-]+")) {
      return Pattern.matches(Value.REST, equals < 0 ? "" : option.substring(equals + 1))
          ? Optional.empty()
          : Optional.of("\"" + option + "\" is not an option of mount(8)");
    }
    String pattern = options.get(name);
    if (pattern == null && equals < 0 && isOfAll(name)) {
      return Optional.empty();
    }
    if (pattern == null && !isOfAll(name)) {
      List<String> known = new ArrayList<>(options.keySet().stream().sorted().toList());
      known.addAll(OPTIONS_OF_ALL);
      return Optional.of(
          keyword() + " knows no option \"" + name + "\"." + Spelling.suggestion(name, known));
    }
    if (pattern == null || pattern.isEmpty()) {
      return equals < 0
          ? Optional.empty()
          : Optional.of("the option " + name + " takes no value: write " + name);
    }
    String value = equals < 0 ? "" : option.substring(equals + 1);
    if (Pattern.matches(pattern, value)
        && !(pattern.equals(Value.RULESET) && Integer.parseInt(value) > 65_535)) {
      return Optional.empty();
    }
    return Optional.of(
        "the option "
            + name
            + " needs "
            + expectation(name, pattern)
            + (equals < 0 ? "" : ", not \"" + value + "\""));
  }

  private static boolean isOfAll(String name) {
    if (OPTIONS_OF_ALL.contains(name) || OPTIONS_OF_ALL.contains("no" + name)) {
      return true;
    }
    String without = name.startsWith("no") ? name.substring(2) : "";
    return OPTIONS_OF_ALL.contains(without)
        && !without.startsWith("no")
        && !without.equals("ro")
        && !without.equals("rw");
  }

  private static String expectation(String name, String pattern) {
    return switch (pattern) {
      case Value.SIZE -> "a size, as " + name + "=64m";
      case Value.NUMBER -> "a number, as " + name + "=0";
      case Value.MODE -> "an octal mode, as " + name + "=0755";
      case Value.RULESET -> "the number of a ruleset up to 65535, as ruleset=4";
      default ->
          pattern.startsWith("[") ? "a value, as " + name + "=0" : pattern.replace("|", " or ");
    };
  }
}
