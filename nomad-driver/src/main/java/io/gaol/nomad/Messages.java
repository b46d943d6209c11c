package io.gaol.nomad;

import com.google.protobuf.Timestamp;
import io.gaol.nomad.proto.driver.DriverCapabilities;
import io.gaol.nomad.proto.driver.DriverTaskEvent;
import io.gaol.nomad.proto.driver.ExitResult;
import io.gaol.nomad.proto.driver.FingerprintResponse;
import io.gaol.nomad.proto.driver.HostsConfig;
import io.gaol.nomad.proto.driver.InspectTaskResponse;
import io.gaol.nomad.proto.driver.NetworkIsolationSpec;
import io.gaol.nomad.proto.driver.NetworkIsolationSpec.NetworkIsolationMode;
import io.gaol.nomad.proto.driver.NetworkOverride;
import io.gaol.nomad.proto.driver.TaskDriverStatus;
import io.gaol.nomad.proto.driver.TaskState;
import io.gaol.nomad.proto.driver.WaitTaskResponse;
import io.gaol.nomad.proto.shared.Attribute;
import java.time.Duration;
import java.time.Instant;

/**
 * A driver's words, as an agent gets them. Of what an agent does not check, nothing is left out.
 */
final class Messages {
  /** Go's time of none: the beginning of the year 1. An agent needs some time. */
  private static final Timestamp NEVER =
      Timestamp.newBuilder().setSeconds(-62_135_596_800L).build();

  /** A hundred years: longer than an agent waits, and short enough to reckon with. */
  private static final long LONGEST_SECONDS = 100L * 365 * 24 * 60 * 60;

  private Messages() {}

  /** A length of time, of at most a hundred years; less than none is none. */
  static Duration duration(com.google.protobuf.Duration message) {
    long seconds = Math.clamp(message.getSeconds(), -1, LONGEST_SECONDS);
    Duration duration = Duration.ofSeconds(seconds, message.getNanos());
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  static DriverCapabilities capabilities(Capabilities capabilities) {
    DriverCapabilities.Builder message =
        DriverCapabilities.newBuilder()
            .setSendSignals(capabilities.sendSignals())
            .setExec(capabilities.exec())
            .setFsIsolation(
                switch (capabilities.fileSystem()) {
                  case NONE -> DriverCapabilities.FSIsolation.NONE;
                  case CHROOT -> DriverCapabilities.FSIsolation.CHROOT;
                  case IMAGE -> DriverCapabilities.FSIsolation.IMAGE;
                  case UNVEIL -> DriverCapabilities.FSIsolation.UNVEIL;
                })
            .setMustCreateNetwork(capabilities.mustCreateNetwork())
            .setMountConfigs(
                capabilities.mounts()
                    ? DriverCapabilities.MountConfigs.ANY_MOUNTS
                    : DriverCapabilities.MountConfigs.NO_MOUNTS)
            .setDisableLogCollection(!capabilities.collectsLogs())
            .setDynamicWorkloadUsers(capabilities.dynamicUsers());
    capabilities.networks().forEach(mode -> message.addNetworkIsolationModes(mode(mode)));
    return message.build();
  }

  private static NetworkIsolationMode mode(NetworkIsolation.Mode mode) {
    return switch (mode) {
      case HOST -> NetworkIsolationMode.HOST;
      case GROUP -> NetworkIsolationMode.GROUP;
      case TASK -> NetworkIsolationMode.TASK;
      case NONE -> NetworkIsolationMode.NONE;
    };
  }

  static FingerprintResponse fingerprint(Fingerprint fingerprint) {
    FingerprintResponse.Builder message =
        FingerprintResponse.newBuilder()
            .setHealth(
                switch (fingerprint.health()) {
                  case UNDETECTED -> FingerprintResponse.HealthState.UNDETECTED;
                  case UNHEALTHY -> FingerprintResponse.HealthState.UNHEALTHY;
                  case HEALTHY -> FingerprintResponse.HealthState.HEALTHY;
                })
            .setHealthDescription(fingerprint.description());
    fingerprint
        .attributes()
        .forEach((name, value) -> message.putAttributes(name, attribute(value)));
    return message.build();
  }

  /** That the driver does not know how it is. Agents before Nomad 1.11.3 know no {@code err}. */
  static FingerprintResponse failedFingerprint(String problem) {
    return FingerprintResponse.newBuilder()
        .setHealth(FingerprintResponse.HealthState.UNHEALTHY)
        .setHealthDescription(problem)
        .setErr(problem)
        .build();
  }

  private static Attribute attribute(Object value) {
    Attribute.Builder attribute = Attribute.newBuilder();
    switch (value) {
      case Boolean flag -> attribute.setBoolVal(flag);
      case Byte number -> attribute.setIntVal(number);
      case Short number -> attribute.setIntVal(number);
      case Integer number -> attribute.setIntVal(number);
      case Long number -> attribute.setIntVal(number);
      case Number number -> attribute.setFloatVal(number.doubleValue());
      default -> attribute.setStringVal(value.toString());
    }
    return attribute.build();
  }

  static ExitResult exit(TaskExit exit) {
    return ExitResult.newBuilder()
        .setExitCode(exit.exitCode())
        .setSignal(exit.signal())
        .setOomKilled(exit.outOfMemory())
        .build();
  }

  static WaitTaskResponse ended(TaskExit exit) {
    return WaitTaskResponse.newBuilder()
        .setResult(exit(exit))
        .setErr(exit.problem().orElse(""))
        .build();
  }

  static NetworkOverride override(StartedTask.Network network) {
    return NetworkOverride.newBuilder()
        .setAddr(network.address())
        .putAllPortMap(network.ports())
        .setAutoAdvertise(network.advertise())
        .build();
  }

  static InspectTaskResponse status(String taskId, TaskStatus status) {
    InspectTaskResponse.Builder message =
        InspectTaskResponse.newBuilder()
            .setTask(
                io.gaol.nomad.proto.driver.TaskStatus.newBuilder()
                    .setId(taskId)
                    .setName(status.name())
                    .setState(
                        switch (status.state()) {
                          case UNKNOWN -> TaskState.UNKNOWN;
                          case RUNNING -> TaskState.RUNNING;
                          case EXITED -> TaskState.EXITED;
                        })
                    .setStartedAt(timestamp(status.started()))
                    .setCompletedAt(status.completed().map(Messages::timestamp).orElse(NEVER))
                    .setResult(
                        status.exit().map(Messages::exit).orElse(ExitResult.getDefaultInstance())))
            .setDriver(TaskDriverStatus.newBuilder().putAllAttributes(status.attributes()));
    status.network().ifPresent(network -> message.setNetworkOverride(override(network)));
    return message.build();
  }

  static DriverTaskEvent event(TaskEvent event) {
    return DriverTaskEvent.newBuilder()
        .setTaskId(event.taskId())
        .setAllocId(event.allocId())
        .setTaskName(event.taskName())
        .setTimestamp(timestamp(event.time()))
        .setMessage(event.message())
        .putAllAnnotations(event.annotations())
        .build();
  }

  static NetworkIsolationSpec network(NetworkIsolation network) {
    NetworkIsolationSpec.Builder message =
        NetworkIsolationSpec.newBuilder()
            .setMode(mode(network.mode()))
            .setPath(network.path())
            .putAllLabels(network.labels());
    network
        .hosts()
        .ifPresent(
            hosts ->
                message.setHostsConfig(
                    HostsConfig.newBuilder()
                        .setHostname(hosts.hostname())
                        .setAddress(hosts.address())));
    return message.build();
  }
}
