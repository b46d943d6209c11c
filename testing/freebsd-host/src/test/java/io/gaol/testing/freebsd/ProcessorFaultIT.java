package io.gaol.testing.freebsd;

import io.gaol.nomad.proto.driver.TaskConfig;
import java.util.List;
import java.util.Map;

/** A task that has processors of its own. */
class ProcessorFaultIT extends FaultMatrix {
  @Override
  String resources() {
    return "resources { cores = 1 }";
  }

  @Override
  TaskConfig.Builder resources(TaskConfig.Builder task) {
    task.getResourcesBuilder().getLinuxResourcesBuilder().setCpusetCpus("0");
    return task;
  }

  @Override
  Map<String, Object> config() {
    return Map.ofEntries(
        Map.entry("Path", "/jails/base"),
        Map.entry("command", "/bin/sh"),
        Map.entry("args", List.of("-c", "echo ran; exec sleep 2")));
  }
}
