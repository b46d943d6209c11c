package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.must;
import static io.gaol.e2e.plugin.Stage.refusal;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Leftovers;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.e2e.SmallDisk;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.Plugin;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A state directory that is full, fills up, cannot be written, is another's, or is none. */
@RequiresLinuxRoot
class StateDirectoryIT {
  @RegisterExtension private final Stage stage = new Stage();

  /** A small file system with the state directory in it. */
  private Path mountDisk(String options) throws IOException {
    Path disk = SmallDisk.mount(stage.directory(), options);
    stage.moveStateTo(disk.resolve("state"));
    return disk;
  }

  private void setConfig(Plugin plugin) {
    // The agent's own schema: that of any plugin of this program.
    var schema = plugin.base().configSchema(ConfigSchemaRequest.getDefaultInstance()).getSpec();
    plugin.base().setConfig(AgentStart.forWork(ConfigSpec.encode(schema, stage.options(Map.of()))));
  }

  @Test
  void aFullDiskIsToldWhenTheConfigIsSetAndForgottenWhenThereIsRoom() throws IOException {
    // Folders take no block of a tmpfs, but each a file of those it may have: there is only its
    // own.
    Path disk = mountDisk("size=1m,nr_inodes=1");
    Plugin plugin = stage.launch();
    Status status = refusal(() -> setConfig(plugin));
    assertThat(status.getDescription())
        .containsIgnoringCase("no space left on device")
        .contains("state_dir");
    must("/bin/mount", "-o", "remount,size=1m,nr_inodes=1000", disk.toString());
    setConfig(plugin);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 6, 8, 10, 12, 16})
  void withSoManyFreeBlocksATaskRunsOrIsRefusedAndNothingIsLeft(int blocks) throws IOException {
    Path disk = mountDisk("size=1m");
    stage.startPlugin(Map.of());
    DriverTask task = stage.task(shell("exit 4"));
    Path ballast = SmallDisk.fill(disk, blocks);
    try {
      task.start();
      assertThat(task.await().getResult().getExitCode()).isIn(4, -1);
    } catch (StatusRuntimeException refused) {
      assertThat(refused.getStatus().getDescription())
          .containsIgnoringCase("no space left on device");
    }
    Files.delete(ballast);
    task.destroy();
    assertThat(stage.left())
        .noneMatch(line -> line.startsWith("mount") || line.startsWith("cgroup"));
    assertThat(Leftovers.entries(stage.state().resolve("tasks"))).isEmpty();
    DriverTask next = stage.start("exit 5");
    assertThat(next.result().getExitCode()).isEqualTo(5);
  }

  @Test
  void aTaskWhoseEndFindsAFullDiskHasNotEndedWell() throws IOException {
    Path disk = mountDisk("size=1m");
    stage.startPlugin(Map.of());
    DriverTask task =
        stage.start("echo ready; while [ ! -e /local/end ]; do sleep 0.05; done; exit 7");
    task.logs().awaitStdout("ready");
    Path ballast = SmallDisk.fill(disk, 0);
    Files.createFile(task.allocation().taskDirectory().resolve("local/end"));
    var end = task.await();
    assertThat(end.getResult().getExitCode()).isIn(7, -1);
    if (end.getResult().getExitCode() == -1) {
      assertThat(end.getErr()).isNotBlank();
    }
    Files.delete(ballast);
  }

  @Test
  void aStateDirectoryOfSomebodyElseIsRefused() throws IOException {
    Path state = Files.createDirectory(stage.directory().resolve("theirs"));
    must("/bin/chown", "65534:65534", state.toString());
    stage.moveStateTo(state);
    Plugin plugin = stage.launch();
    Status status = refusal(() -> setConfig(plugin));
    assertThat(status.getDescription()).contains(state.toString()).contains("state_dir");
    assertThat(Leftovers.entries(state)).isEmpty();
    stage.moveStateTo(stage.directory().resolve("ours"));
    setConfig(plugin);
  }

  @Test
  void aStateDirectoryThatIsAFileIsRefusedAndStaysAsItIs() throws IOException {
    Path file = Files.writeString(stage.directory().resolve("file"), "mine");
    for (Path state : new Path[] {file, file.resolve("below")}) {
      stage.moveStateTo(state);
      Plugin plugin = stage.launch();
      assertThat(refusal(() -> setConfig(plugin)).getDescription())
          .containsIgnoringCase("not a directory");
    }
    assertThat(file).hasContent("mine");
  }

  @Test
  void aStateDirectoryThatCannotBeWrittenIsRefused() throws IOException {
    Path disk = mountDisk("size=1m");
    must("/bin/mount", "-o", "remount,ro", disk.toString());
    Plugin plugin = stage.launch();
    assertThat(refusal(() -> setConfig(plugin)).getDescription())
        .contains(stage.state().toString(), "Read-only file system", "state_dir");
  }

  @Test
  void aStateDirectoryThatBecomesReadOnlyStopsStartsAndNotThePlugin() throws IOException {
    Path disk = mountDisk("size=1m");
    stage.startPlugin(Map.of());
    must("/bin/mount", "-o", "remount,ro", disk.toString());
    DriverTask task = stage.task(shell("exit 4"));
    assertThat(refusal(task::start).getDescription()).contains("Read-only file system");
    must("/bin/mount", "-o", "remount,rw", disk.toString());
    assertThat(stage.start("exit 4").result().getExitCode()).isEqualTo(4);
  }
}
