package io.gaol.testing.freebsd;

import java.util.List;
import java.util.Map;

/** A task that has a dataset of zfs(8), with the host's own system as its root. */
class DatasetFaultIT extends FaultMatrix {
  @Override
  List<String> settings() {
    return List.of("release=15.0", "pool=tank");
  }

  @Override
  void prepare(FreeBsd fresh) {
    fresh.sh("zfs create -o jailed=on -o mountpoint=none tank/data");
  }

  @Override
  Map<String, Object> config() {
    return Map.ofEntries(
        Map.entry("command", "/bin/sh"),
        Map.entry("args", List.of("-c", "echo ran; exec sleep 2")),
        Map.entry("Zfs_dataset", List.of("tank/data")),
        Map.entry("Enforce_statfs", 1),
        Map.entry("Allow_mount", true),
        Map.entry("Allow_mount_zfs", true));
  }
}
