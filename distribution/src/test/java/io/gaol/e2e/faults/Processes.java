package io.gaol.e2e.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processes by /proc. */
final class Processes {
  private Processes() {}

  static List<Long> all() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches("[0-9]+"))
          .map(Long::valueOf)
          .filter(process -> process != ProcessHandle.current().pid())
          .toList();
    }
  }

  /** A file of a process; empty if it is gone. */
  static String file(long process, String name) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc", Long.toString(process), name)),
          StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  static String words(long process) {
    return file(process, "cmdline").replace('\0', ' ').strip();
  }

  static String name(long process) {
    return file(process, "comm").strip();
  }

  /** Whether it runs: a zombie does not. */
  static boolean alive(long process) {
    String status = file(process, "stat");
    return !status.isEmpty() && status.charAt(status.lastIndexOf(')') + 2) != 'Z';
  }

  static List<Long> children(long parent) throws IOException {
    List<Long> children = new ArrayList<>();
    for (long process : all()) {
      String status = file(process, "stat");
      if (!status.isEmpty()
          && status
              .substring(status.lastIndexOf(')') + 2)
              .split(" ")[1]
              .equals(Long.toString(parent))) {
        children.add(process);
      }
    }
    return children;
  }

  static void kill(long process) {
    signal(process, "KILL");
  }

  static void signal(long process, String signal) {
    Host.run("kill", "-s", signal, Long.toString(process));
  }
}
