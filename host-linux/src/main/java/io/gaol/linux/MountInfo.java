package io.gaol.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of /proc/self/mountinfo: proc_pid_mountinfo(5).
 *
 * @param target where it is mounted
 * @param type of the file system
 * @param source what is mounted, as its type names it
 * @param superOptions options of the file system itself, such as a cgroup's controllers
 */
record MountInfo(Path target, String type, String source, List<String> superOptions) {

  /** What is mounted, in the order in which it was. */
  static List<MountInfo> all() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
  }

  static List<MountInfo> parse(List<String> lines) throws IOException {
    List<MountInfo> mounts = new ArrayList<>();
    for (String line : lines) {
      mounts.add(parse(line));
    }
    return mounts;
  }

  /** What a path lies on; of several that are mounted on one point the last is on top. */
  static Optional<MountInfo> of(Path path, List<MountInfo> mounts) {
    return mounts.stream()
        .filter(mount -> path.startsWith(mount.target()))
        .reduce(
            (found, next) ->
                next.target().getNameCount() >= found.target().getNameCount() ? next : found);
  }

  /** The mount points in a directory that can be reached. */
  static List<Path> below(Path directory, List<MountInfo> mounts) {
    return mounts.stream()
        .map(MountInfo::target)
        .filter(target -> target.startsWith(directory) && !target.equals(directory))
        .filter(Files::exists)
        .distinct()
        .toList();
  }

  private static MountInfo parse(String line) throws IOException {
    int separator = line.indexOf(" - ");
    String[] before = line.split(" ");
    if (separator < 0 || before.length < 7) {
      throw new IOException("not a line of mountinfo: " + line);
    }
    String[] after = line.substring(separator + 3).split(" ", 3);
    return new MountInfo(
        Path.of(unescape(before[4])),
        after[0],
        after.length > 1 ? unescape(after[1]) : "",
        after.length > 2 ? List.of(after[2].split(",")) : List.of());
  }

  /** Blank, tab, newline and backslash are written as three octal digits. */
  private static String unescape(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
