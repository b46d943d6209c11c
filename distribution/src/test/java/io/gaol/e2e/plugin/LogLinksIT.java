package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Leftovers;
import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.testing.host.DriverTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Links on the way to the pipes of a task's output: a task's own, and an operator's. */
@RequiresLinuxRoot
class LogLinksIT {
  @RegisterExtension private final Stage stage = new Stage();

  @Test
  void aTaskThatPutsALinkToAnothersLogsInThePlaceOfItsOwnIsNotStartedAgain() {
    DriverTask other = stage.task(shell("echo of the other"));
    Path others = other.allocation().logs();
    DriverTask task =
        stage.start("mv /alloc/logs /alloc/moved && ln -s " + others + " /alloc/logs");
    assertThat(task.result().getExitCode()).isZero();
    task.destroy();
    assertThat(task.allocation().logs()).isSymbolicLink();

    DriverTask again =
        new DriverTask(
            () -> stage.agent().plugin(),
            task.allocation(),
            task.logs(),
            task.allocation()
                .taskConfig(stage.encode(shell("echo of the first")), task.logs())
                .build());
    assertThat(refusal(again::start).getDescription())
        .contains(
            "not opened: "
                + task.logs().stdoutPath()
                + " leads to "
                + other.logs().stdoutPath()
                + " by a symbolic link, which a task may have put there");
    assertThat(Leftovers.entries(stage.state().resolve("tasks"))).isEmpty();

    // Whoever reads a pipe that was opened and closed takes that for the end.
    other.start();
    assertThat(other.logs().awaitEnd().stdout()).isEqualTo("of the other\n");
    assertThat(other.result().getExitCode()).isZero();
  }

  @Test
  void anOperatorsLinksToTheAllocationsAndTheStateAreFollowed() throws IOException {
    Path disk = Files.createDirectory(stage.directory().resolve("large"));
    for (String name : new String[] {"allocations", "state"}) {
      Files.createSymbolicLink(
          stage.directory().resolve(name), Files.createDirectory(disk.resolve(name)));
    }
    DriverTask task = stage.start("echo said; echo told >&2; exit 3");
    assertThat(task.result().getExitCode()).isEqualTo(3);
    assertThat(task.logs().awaitEnd().stdout()).isEqualTo("said\n");
    assertThat(task.logs().stderr()).isEqualTo("told\n");
  }
}
