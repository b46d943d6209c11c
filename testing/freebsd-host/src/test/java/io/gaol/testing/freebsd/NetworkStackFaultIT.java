package io.gaol.testing.freebsd;

import java.util.List;
import java.util.Map;

/** A task with a network stack of its own, and an interface that is handed in. */
class NetworkStackFaultIT extends FaultMatrix {
  @Override
  void prepare(FreeBsd fresh) {
    fresh.sh("ifconfig epair create");
  }

  @Override
  Map<String, Object> config() {
    return Map.ofEntries(
        Map.entry("Path", "/jails/base"),
        Map.entry("command", "/bin/sh"),
        Map.entry("args", List.of("-c", "echo ran; exec sleep 2")),
        Map.entry("Vnet", true),
        Map.entry("Vnet_nic", List.of("epair0b")));
  }
}
