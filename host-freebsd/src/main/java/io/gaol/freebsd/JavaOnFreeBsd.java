package io.gaol.freebsd;

import io.gaol.engine.HostCheck;
import io.gaol.engine.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether the Java that this runs on finds on a FreeBSD what it counts on. */
final class JavaOnFreeBsd {
  /** Where a Java of Linux looks for every file first: linux(4). */
  private static final Path SHELL_OF_LINUX = Path.of("/compat/linux/bin/sh");

  private JavaOnFreeBsd() {}

  /** What is looked at. */
  static List<HostCheck> checks() {
    List<HostCheck> checks = new ArrayList<>();
    checks.add(
        Programs.seesDescriptors()
            ? HostCheck.ok("Java's open files", "listed")
            : HostCheck.warning(
                "Java's open files",
                "not listed: Gaol keeps them from what it starts, as Java cannot",
                "mount -t fdescfs fdescfs /dev/fd, and add it to /etc/fstab"));
    if (NativeHost.LINUX && Files.exists(SHELL_OF_LINUX)) {
      checks.add(
          HostCheck.warning(
              "Java of Linux",
              SHELL_OF_LINUX + " goes before the host's own sh(1)",
              "remove the package linux_base, or the programs in /compat/linux"));
    }
    return checks;
  }
}
