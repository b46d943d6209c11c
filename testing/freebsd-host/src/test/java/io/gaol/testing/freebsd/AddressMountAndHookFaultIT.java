package io.gaol.testing.freebsd;

import java.util.List;
import java.util.Map;

/** A task with addresses, mounts, limits and every hook of a start. */
class AddressMountAndHookFaultIT extends FaultMatrix {
  @Override
  Map<String, Object> config() {
    return Map.ofEntries(
        Map.entry("Path", "/jails/base"),
        Map.entry("command", "/bin/sh"),
        Map.entry("args", List.of("-c", "echo ran; exec sleep 2")),
        Map.entry("Ip4_addr", List.of("lo0|10.77.1.1", "lo0|10.77.1.2/24")),
        Map.entry("Mount", List.of("tmpfs /jails/base/tmp tmpfs rw 0 0")),
        Map.entry("Mount_devfs", true),
        Map.entry("Ip6_addr", List.of("lo0|fd00:77::9")),
        Map.entry("Mount_fdescfs", true),
        Map.entry("Mount_procfs", true),
        Map.entry("Exec_timeout", LIMIT_SECONDS),
        Map.entry("Exec_prepare", List.of("sysctl kern.ostype")),
        Map.entry("Exec_prestart", List.of("sysctl kern.osrelease")),
        Map.entry("Exec_created", List.of("sysctl kern.osreldate")),
        Map.entry("Exec_start", List.of("sysctl -n kern.hostname")),
        Map.entry("Exec_poststart", List.of("sysctl hw.machine")),
        Map.entry("Exec_poststop", List.of("true")),
        Map.entry("Exec_release", List.of("true")),
        Map.entry("Rctl", Map.of("Maxproc", Map.of("Action", "deny", "Amount", "50"))));
  }
}
