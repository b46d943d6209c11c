package io.gaol.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The processor time that a process has used: proc_pid_stat(5). */
final class ProcessorTime {
  /** Of the kernel's user interface: {@code USER_HZ}, the same on every Linux of today. */
  private static final int TICK_MILLISECONDS = 10;

  /** The fields behind the name of the program, of which {@code state} is the first. */
  private static final int FIRST_OF_FOUR = 11;

  private ProcessorTime() {}

  /**
   * Of a process and those of its children that it has waited for, in user and kernel mode; in
   * steps of 10 ms.
   *
   * @throws IOException if it has ended
   */
  static Duration of(long pid) throws IOException {
    return parse(Files.readString(Path.of("/proc/" + pid + "/stat")));
  }

  /**
   * Reads {@code stat}: {@code utime}, {@code stime}, {@code cutime}, {@code cstime}.
   *
   * @throws IOException if that is not what it is
   */
  static Duration parse(String stat) throws IOException {
    // A program can have blanks and parentheses in its name.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
    if (fields.length < FIRST_OF_FOUR + 4) {
      throw new IOException("no stat of a process: " + stat);
    }
    long ticks = 0;
    for (int i = FIRST_OF_FOUR; i < FIRST_OF_FOUR + 4; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return Duration.ofMillis(ticks * TICK_MILLISECONDS);
  }
}
