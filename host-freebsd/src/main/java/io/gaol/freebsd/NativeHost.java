package io.gaol.freebsd;

import io.gaol.engine.Programs;
import io.gaol.engine.ToolLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the base system's own programs see of the host's files. A Java of Linux, in FreeBSD's Linux
 * emulation, sees another {@code /etc/passwd} and a {@code /lib64} that is not there: linux(4).
 */
final class NativeHost {
  private NativeHost() {}

  /** Those of some paths that are directories, in their order. */
  static List<Path> directories(List<Path> paths) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            BaseSystem.SH,
            "-c",
            "for path do [ ! -d \"$path\" ] || printf '%s\\n' \"$path\"; done",
            "sh"));
    paths.forEach(path -> command.add(path.toString()));
    return said(command).stream().map(Path::of).toList();
  }

  /**
   * The host's users or groups, wherever nsswitch.conf(5) has them.
   *
   * @param file {@code /etc/passwd} or {@code /etc/group}: getent(1) prints either as it is there
   */
  static List<String> accounts(Path file) throws IOException {
    try {
      return said(List.of(BaseSystem.GETENT, file.getFileName().toString()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("getent(1) was interrupted", interrupted);
    }
  }

  private static List<String> said(List<String> command) throws IOException, InterruptedException {
    Programs.Result result = Programs.read(command, Map.of(), ToolLimit.TIME);
    if (!result.successful()) {
      throw new IOException(command.getFirst() + ": " + result.describe());
    }
    return result.output().lines().toList();
  }
}
