package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskHandle;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllocationDirectoryTest {
  @TempDir private Path parent;

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode") & 07777;
  }

  private static void run(TaskLogs logs, String script) throws Exception {
    new ProcessBuilder("sh", "-c", script)
        .redirectOutput(Redirect.to(logs.stdoutPath().toFile()))
        .redirectError(Redirect.to(logs.stderrPath().toFile()))
        .start()
        .waitFor();
  }

  @Test
  void theDirectoriesAreThoseOfAnAgentWithTheirModes() throws IOException {
    AllocationDirectory allocation = AllocationDirectory.make(parent, "web");
    assertThat(mode(allocation.path())).isEqualTo(0755);
    for (String shared :
        new String[] {
          "alloc",
          "alloc/logs",
          "alloc/tmp",
          "alloc/data",
          "web",
          "web/local",
          "web/secrets",
          "web/private"
        }) {
      assertThat(mode(allocation.path().resolve(shared))).as(shared).isEqualTo(0777);
    }
    assertThat(mode(allocation.path().resolve("web/tmp"))).isEqualTo(01777);
  }

  @Test
  void theLogsAreReadToTheirEndAndReadAgainAfterARestart() throws Exception {
    AllocationDirectory allocation = AllocationDirectory.make(parent, "web");
    try (TaskLogs logs = allocation.startLogs()) {
      assertThat(mode(logs.stdoutPath())).isEqualTo(0600);
      run(logs, "echo out; echo err >&2");
      assertThat(logs.awaitEnd().stdout()).isEqualTo("out\n");
      assertThat(logs.stderr()).isEqualTo("err\n");
      logs.restart();
      run(logs, "echo again");
      assertThat(logs.awaitEnd().stdout()).isEqualTo("out\nagain\n");
    }
  }

  @Test
  void everyStartOfATaskHasAnIdOfItsOwn() {
    AllocationDirectory allocation = AllocationDirectory.make(parent, "web");
    try (TaskLogs logs = allocation.startLogs()) {
      TaskConfig first = allocation.taskConfig(ByteString.EMPTY, logs).build();
      TaskConfig second = allocation.taskConfig(ByteString.EMPTY, logs).build();
      assertThat(first.getId()).matches(allocation.id() + "/web/[0-9a-f]{8}");
      assertThat(second.getId()).isNotEqualTo(first.getId());
      assertThat(first.getStdoutPath()).isEqualTo(allocation.logs() + "/.web.stdout.fifo");
    }
  }

  @Test
  void anAgentThatWasStartedAgainKnowsAllButTheDriversConfig() {
    TaskHandle handle =
        TaskHandle.newBuilder()
            .setVersion(1)
            .setConfig(
                TaskConfig.newBuilder()
                    .setId("i")
                    .setMsgpackDriverConfig(ByteString.copyFromUtf8("x")))
            .setDriverState(ByteString.copyFromUtf8("s"))
            .build();
    TaskHandle persisted = AllocationDirectory.persisted(handle);
    assertThat(persisted.getConfig().getMsgpackDriverConfig()).isEqualTo(ByteString.EMPTY);
    assertThat(persisted.getConfig().getId()).isEqualTo("i");
    assertThat(persisted.getDriverState()).isEqualTo(handle.getDriverState());
  }
}
