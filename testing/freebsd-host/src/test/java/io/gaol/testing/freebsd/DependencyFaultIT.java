package io.gaol.testing.freebsd;

import java.util.List;
import java.util.Map;

/** A task that needs a jail of the operator's, and a ruleset of devfs(8) that is to be loaded. */
class DependencyFaultIT extends FaultMatrix {
  @Override
  void prepare(FreeBsd fresh) {
    fresh.sh("echo 'operators { path = /jails/base; persist; }' >/etc/jail.conf");
    fresh.sh(
        "mkdir -p /etc/defaults; printf '[own=77]\\nadd hide\\nadd path null unhide\\n' >/etc/devfs.rules");
  }

  @Override
  void reset(FreeBsd used) {
    used.sh("jail -r operators 2>/dev/null");
    used.sh("devfs rule -s 77 delset 2>/dev/null");
  }

  @Override
  Map<String, Object> config() {
    return Map.ofEntries(
        Map.entry("Path", "/jails/base"),
        Map.entry("command", "/bin/sh"),
        Map.entry("args", List.of("-c", "echo ran; exec sleep 2")),
        Map.entry("Depend", List.of("operators")),
        Map.entry("Exec_timeout", LIMIT_SECONDS),
        Map.entry("Mount_devfs", true),
        Map.entry("Devfs_ruleset", 77));
  }
}
