package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.goplugin.proto.health.HealthCheckRequest;
import io.gaol.goplugin.proto.health.HealthCheckResponse.ServingStatus;
import io.gaol.nomad.proto.driver.StartTaskRequest;
import io.gaol.nomad.proto.driver.StartTaskResponse;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.nomad.proto.driver.WaitTaskRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plugin that works: {@link ExamplePlugin}, in a process of its own. */
class LivePluginTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Path directory;
  private PluginCommand command;

  @BeforeEach
  void writeLauncher() throws IOException {
    // The path of a Unix socket below it must fit into 104 bytes.
    directory = Files.createTempDirectory(Path.of("/tmp"), "gaol-host-");
    Path launcher = directory.resolve("plugin");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '"
            + System.getProperty("java.home")
            + "/bin/java' -XX:TieredStopAtLevel=1 -Xlog:disable -Xlog:all=warning:stderr -cp '"
            + System.getProperty("java.class.path")
            + "' "
            + ExamplePlugin.class.getName()
            + "\n");
    Files.setAttribute(launcher, "unix:mode", 0755);
    command = PluginCommand.of(launcher).with("TMPDIR", directory);
  }

  @AfterEach
  void removeDirectory() throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Map<String, String> options() {
    return Map.of("trace", directory.resolve("trace").toString());
  }

  @Test
  void anAgentsStartLaunchesItThreeTimesAndCallsWhatAnAgentCalls() throws IOException {
    try (AgentStart agent = AgentStart.of(command, options(), PATIENCE)) {
      assertThat(agent.info().getName()).isEqualTo("example");
      assertThat(agent.validations()).hasSize(2).allMatch(Killed::byItself);
      assertThat(agent.fingerprints().await(any -> true).getHealthDescription())
          .isEqualTo("Healthy");
      assertThat(Files.readAllLines(directory.resolve("trace")))
          .containsExactly("validate", "validate", "configure", "init");
      assertThat(agent.plugin().kill(PATIENCE).byItself()).isTrue();
      assertThat(agent.plugin().isAlive()).isFalse();
    }
  }

  @Test
  void anAgentDoesNotStartWithAConfigThatThePluginRefuses() {
    assertThatThrownBy(() -> AgentStart.of(command, Map.of("trace", "here"), PATIENCE))
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("trace has to be an absolute path");
    assertThatThrownBy(() -> AgentStart.of(command, Map.of("trase", "/x"), PATIENCE))
        .hasMessageContaining("Did you mean \"trace\"?");
  }

  @Test
  void itsServicesAnswerOverTheSocket() throws IOException {
    try (AgentStart agent = AgentStart.of(command, options(), PATIENCE)) {
      Plugin plugin = agent.plugin();
      assertThat(
              plugin
                  .health()
                  .check(HealthCheckRequest.newBuilder().setService("plugin").build())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
      AllocationDirectory allocation = AllocationDirectory.make(directory, "web");
      TaskConfig task;
      try (TaskLogs logs = allocation.startLogs()) {
        task =
            allocation
                .taskConfig(
                    ConfigSpec.encode(
                        plugin
                            .driver()
                            .taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance())
                            .getSpec(),
                        Map.of("code", 7)),
                    logs)
                .build();
      }
      StartTaskResponse started =
          plugin.driver().startTask(StartTaskRequest.newBuilder().setTask(task).build());
      assertThat(started.getHandle().getConfig()).isEqualTo(task);
      assertThat(
              plugin
                  .driver()
                  .waitTask(WaitTaskRequest.newBuilder().setTaskId(task.getId()).build())
                  .getResult()
                  .getExitCode())
          .isEqualTo(7);
      assertThatThrownBy(() -> plugin.driver().waitTask(WaitTaskRequest.getDefaultInstance()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("task not found");
    }
  }

  @Test
  void anAgentThatCrashedFindsItAgainByItsSocketAndProcess() {
    try (AgentStart first = AgentStart.of(command, options(), PATIENCE)) {
      first.plugin().abandon();
      assertThat(first.plugin().isAlive()).isTrue();
      try (AgentStart second =
          first.with(Plugin.reattach(first.plugin().socket(), first.plugin().pid()))) {
        assertThat(second.fingerprints().messages()).isNotEmpty();
        assertThat(second.plugin().kill(PATIENCE).byItself()).isTrue();
      }
      assertThat(first.plugin().isAlive()).isFalse();
    }
  }

  @Test
  void killedHardItIsGoneAndItsStreamsEnd() {
    try (AgentStart agent = AgentStart.of(command, options(), PATIENCE)) {
      agent.plugin().killHard();
      assertThat(agent.plugin().isAlive()).isFalse();
      assertThat(agent.events().awaitEnd().isOk()).isFalse();
    }
  }
}
