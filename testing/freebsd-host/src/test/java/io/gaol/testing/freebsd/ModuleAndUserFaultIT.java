package io.gaol.testing.freebsd;

import java.util.List;
import java.util.Map;

/** A task with a parameter that a kernel module brings, and with hooks that another user runs. */
class ModuleAndUserFaultIT extends FaultMatrix {
  @Override
  void reset(FreeBsd used) {
    used.sh("kldunload linprocfs 2>/dev/null");
  }

  /** What it loaded stays, as far as it knows. */
  @Override
  boolean pluginRemembers() {
    return true;
  }

  @Override
  Map<String, Object> config() {
    return Map.ofEntries(
        Map.entry("Path", "/jails/base"),
        Map.entry("command", "/bin/sh"),
        Map.entry("args", List.of("-c", "echo ran; exec sleep 2")),
        Map.entry("Allow_mount_linprocfs", true),
        Map.entry("Exec_system_user", "nobody"),
        Map.entry("Exec_prestart", List.of("sysctl kern.osrelease")),
        Map.entry("Exec_timeout", LIMIT_SECONDS));
  }
}
