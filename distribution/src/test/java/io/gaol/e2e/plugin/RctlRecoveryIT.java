package io.gaol.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.testing.host.DriverTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of rctl(8) that a plugin looks after, also when it is another one than before. */
@RequiresLinuxRoot
class RctlRecoveryIT {
  @RegisterExtension private final Stage stage = new Stage();

  private DriverTask task(String script, String... rules) {
    Map<String, Object> config = new HashMap<>(Stage.shell(script));
    config.put("rctl_rules", List.of(rules));
    return stage.task(config);
  }

  private boolean isTold(DriverTask task, String text) {
    return stage.agent().events().messages().stream()
        .anyMatch(
            event -> event.getTaskId().equals(task.id()) && event.getMessage().contains(text));
  }

  @Test
  void aLimitThatIsReachedIsAnEventOfTheTask() {
    DriverTask task =
        task(
                "exec perl -e 'while (open(my $h, q(<), q(/dev/null))) { push @f, $h } sleep 600'",
                "openfiles:deny=100")
            .start();

    Stage.await("the note", () -> isTold(task, "Linux holds each process to it"));
    Stage.await("the event", () -> isTold(task, ":openfiles:deny=100\" matched by pid"));
  }

  @Test
  void aTaskThatWasTakenOverIsStillHeldToItsRules() throws Exception {
    DriverTask task =
        task(
                "echo ready; while [ ! -e /local/go ]; do sleep 0.05; done;"
                    + " exec perl -e '$x = q(a) x (12 << 20); sleep 600'",
                "memoryuse:sigusr1=10M")
            .start();
    task.logs().awaitStdout("ready");
    stage.killPluginAndStartAnother();
    task.recover();
    Path local = task.allocation().taskDirectory().resolve("local");
    Files.createFile(local.resolve("go"));

    assertThat(task.result().getSignal()).isEqualTo(10);
    Stage.await("the event", () -> isTold(task, "SIGUSR1 sent to pid"));
  }

  @Test
  void theTimeOfATaskIsThatSinceItsStartWhoeverLooksAfterIt() {
    DriverTask task = task("echo ready; exec sleep 600", "wallclock:sigkill=4").start();
    task.logs().awaitStdout("ready");
    stage.killPluginAndStartAnother();
    task.recover();

    assertThat(task.result().getSignal()).isEqualTo(9);
    Stage.await("the event", () -> isTold(task, "wallclock:sigkill=4\" matched: "));
  }

  @Test
  void rulesThatAreDamagedAreToldAndTheTaskIsTakenOverAllTheSame() throws Exception {
    DriverTask task = task("echo ready; exec sleep 600", "wallclock:sigkill=600").start();
    task.logs().awaitStdout("ready");
    Path rules = stage.state().resolve("tasks").resolve(jail(task)).resolve("limits.json");
    stage.killPlugin();
    Files.writeString(rules, "{");
    stage.startPlugin(Map.of());
    task.recover();

    Stage.await("the warning", () -> isTold(task, "no rctl rule is watched any more"));
    task.stop(Stage.PATIENCE, "SIGKILL");
    assertThat(task.result().getSignal()).isEqualTo(9);
  }

  private String jail(DriverTask task) {
    return task.inspect().getTask().getId().isEmpty()
        ? ""
        : task.inspect().getDriver().getAttributesMap().get("jail");
  }
}
