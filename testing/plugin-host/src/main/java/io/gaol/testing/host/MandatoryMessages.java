package io.gaol.testing.host;

import com.google.protobuf.Message;
import io.gaol.nomad.proto.base.PluginInfoResponse;
import io.gaol.nomad.proto.base.PluginType;
import io.gaol.nomad.proto.driver.CapabilitiesResponse;
import io.gaol.nomad.proto.driver.CreateNetworkResponse;
import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.nomad.proto.driver.ExecTaskResponse;
import io.gaol.nomad.proto.driver.ExecTaskStreamingResponse;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.InspectTaskResponse;
import io.gaol.nomad.proto.driver.StartTaskResponse;
import io.gaol.nomad.proto.driver.TaskConfigSchemaResponse;
import io.gaol.nomad.proto.driver.TaskHandle;
import io.gaol.nomad.proto.driver.TaskStatsResponse;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be in a response though the protocol calls it optional: without it an agent, at least
 * one of some version, dies of a nil pointer, forgets a task, or refuses the plugin.
 */
final class MandatoryMessages {
  private final List<String> missing = new ArrayList<>();

  private MandatoryMessages() {}

  /** What a response lacks; empty if an agent can live with it. */
  static List<String> missingIn(Object response) {
    MandatoryMessages messages = new MandatoryMessages();
    if (response instanceof Message message) {
      messages.check(message);
    }
    return messages.missing;
  }

  private void check(Message response) {
    switch (response) {
      case PluginInfoResponse info -> {
        require(info.getType() == PluginType.DRIVER, "PluginInfoResponse.type DRIVER");
        require(
            info.getPluginApiVersionsList().contains("v0.1.0"),
            "PluginInfoResponse.plugin_api_versions v0.1.0");
        require(!info.getPluginVersion().isEmpty(), "PluginInfoResponse.plugin_version");
        require(!info.getName().isEmpty(), "PluginInfoResponse.name");
      }
      case TaskConfigSchemaResponse schema ->
          require(schema.hasSpec(), "TaskConfigSchemaResponse.spec");
      case CapabilitiesResponse capabilities ->
          require(capabilities.hasCapabilities(), "CapabilitiesResponse.capabilities");
      case FingerprintResponse fingerprint ->
          require(
              fingerprint.getHealth() != FingerprintResponse.HealthState.UNRECOGNIZED,
              "FingerprintResponse.health");
      case StartTaskResponse started -> {
        require(started.hasHandle(), "StartTaskResponse.handle");
        handle(started.getHandle());
      }
      case WaitTaskResponse exit -> require(exit.hasResult(), "WaitTaskResponse.result");
      case InspectTaskResponse inspected -> inspect(inspected);
      case TaskStatsResponse stats -> {
        require(stats.hasStats(), "TaskStatsResponse.stats");
        require(stats.getStats().hasTimestamp(), "TaskStats.timestamp");
        require(stats.getStats().hasAggResourceUsage(), "TaskStats.agg_resource_usage");
      }
      case ExecTaskResponse exec -> require(exec.hasResult(), "ExecTaskResponse.result");
      case ExecTaskStreamingResponse exec ->
          require(
              exec.getExited() == exec.hasResult(),
              "ExecTaskStreamingResponse.result, with exited and only then");
      case DriverTaskEvent event -> {
        require(event.hasTimestamp(), "DriverTaskEvent.timestamp");
        require(!event.getAllocId().isEmpty(), "DriverTaskEvent.alloc_id");
        require(!event.getTaskName().isEmpty(), "DriverTaskEvent.task_name");
      }
      case CreateNetworkResponse network ->
          require(network.hasIsolationSpec(), "CreateNetworkResponse.isolation_spec");
      default -> {
        // Nothing in the others is mandatory.
      }
    }
  }

  private void handle(TaskHandle handle) {
    require(handle.getVersion() >= 1, "TaskHandle.version, at least 1");
    require(handle.hasConfig(), "TaskHandle.config");
    require(!handle.getConfig().getId().isEmpty(), "TaskHandle.config.id");
    require(!handle.getDriverState().isEmpty(), "TaskHandle.driver_state");
  }

  private void inspect(InspectTaskResponse inspected) {
    require(inspected.hasTask(), "InspectTaskResponse.task");
    require(inspected.hasDriver(), "InspectTaskResponse.driver");
    require(inspected.getTask().hasStartedAt(), "TaskStatus.started_at");
    require(inspected.getTask().hasCompletedAt(), "TaskStatus.completed_at");
    require(inspected.getTask().hasResult(), "TaskStatus.result");
  }

  private void require(boolean there, String what) {
    if (!there) {
      missing.add(what);
    }
  }
}
