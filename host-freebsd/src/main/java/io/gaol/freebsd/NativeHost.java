package io.gaol.freebsd;

import io.gaol.engine.Programs;
import io.gaol.engine.ToolLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the base system's own programs tell of the host. A Java of Linux, in FreeBSD's Linux
 * emulation, sees another {@code /etc/passwd} and a {@code /lib64} that is not there: linux(4).
 */
final class NativeHost {
  /** Whether this Java is one of Linux. */
  static final boolean LINUX = System.getProperty("os.name").equals("Linux");

  private NativeHost() {}

  /** Those of some paths that are directories, in their order. */
  static List<Path> directories(List<Path> paths) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            BaseSystem.SH,
            "-c",
            "for path do [ ! -d \"$path\" ] || printf '%s\\n' \"$path\"; done",
            "sh"));
    paths.forEach(path -> command.add(path.toString()));
    return said(command).lines().map(Path::of).toList();
  }

  /** Whether a path of the host is a program. */
  static boolean isProgram(Path path) throws IOException {
    return look(List.of(
            BaseSystem.SH, "-c", "[ -f \"$1\" ] && [ -x \"$1\" ]", "sh", path.toString()))
        .successful();
  }

  /**
   * The host's users or groups, wherever nsswitch.conf(5) has them.
   *
   * @param file {@code /etc/passwd} or {@code /etc/group}: getent(1) prints either as it is there
   */
  static List<String> accounts(Path file) throws IOException {
    return said(List.of(BaseSystem.GETENT, file.getFileName().toString())).lines().toList();
  }

  /**
   * What a program says that only tells something.
   *
   * @throws IOException if it fails
   */
  static String said(List<String> command) throws IOException {
    Programs.Result result = look(command);
    if (!result.successful()) {
      throw new IOException(command.getFirst() + ": " + result.describe());
    }
    return result.output();
  }

  /**
   * How a program is started. What a Java of Linux starts itself is the Linux program of that path
   * where the emulation has one, before the host's own: linux(4). What sh(1) starts is the host's.
   */
  static List<String> started(List<String> command) {
    if (!LINUX || command.getFirst().equals(BaseSystem.SH)) {
      return command;
    }
    return Stream.concat(Stream.of(BaseSystem.SH, "-c", "exec \"$@\"", "sh"), command.stream())
        .toList();
  }

  /** As {@link #said}, of one whose failing tells something too. */
  static Programs.Result look(List<String> command) throws IOException {
    try {
      return Programs.read(started(command), Map.of(), ToolLimit.TIME);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(command.getFirst() + " was interrupted", interrupted);
    }
  }
}
