package io.gaol.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory of a process, in KiB: proc_pid_smaps(5).
 *
 * @param resident what of it is in memory ({@code Rss})
 * @param share the same, with pages that several processes have divided among them ({@code Pss})
 * @param ownWritten what nobody else has, and no file ({@code Private_Dirty})
 */
record MemoryUse(long resident, long share, long ownWritten) {

  /**
   * Of a process at this moment.
   *
   * @throws IOException if it has ended, or is not ours to look at
   */
  static MemoryUse of(long pid) throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")));
  }

  /**
   * Reads {@code smaps_rollup}.
   *
   * @throws IOException if a figure is not there
   */
  static MemoryUse parse(List<String> lines) throws IOException {
    return new MemoryUse(
        figure(lines, "Rss"), figure(lines, "Pss"), figure(lines, "Private_Dirty"));
  }

  private static long figure(List<String> lines, String name) throws IOException {
    // With its colon: there are Pss_Anon and Pss_Dirty too.
    for (String line : lines) {
      String[] words = line.trim().split("\\s+");
      if (words.length == 3 && words[0].equals(name + ":") && words[2].equals("kB")) {
        return Long.parseLong(words[1]);
      }
    }
    throw new IOException("no " + name + " in " + lines);
  }
}
