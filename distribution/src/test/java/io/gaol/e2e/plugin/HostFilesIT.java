package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.Stage.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import io.gaol.testing.host.DriverTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Files and devices of the host that a job asks for: only what the operator permits. */
@RequiresLinuxRoot
class HostFilesIT {
  @RegisterExtension private final Stage stage = new Stage();

  @TempDir private Path folder;

  private DriverTask task(Map<String, Object> config, String script) {
    Map<String, Object> all = new HashMap<>(Stage.shell(script));
    all.putAll(config);
    return stage.task(all);
  }

  private String output(Map<String, Object> config, String script) {
    DriverTask task = task(config, script);
    task.start();
    task.await();
    return task.logs().awaitEnd().stdout();
  }

  // ---- devfs_rulesets

  @Test
  void aRulesetOfTheOperatorsShowsItsDevicesAndLetsThemBeUsed() {
    stage.startPlugin(
        Map.of(
            "allow_devfs_rulesets", List.of("4", "10"),
            "devfs_rulesets", Map.of("10", List.of("/dev/fuse"))));
    String open = "if [ -c /dev/fuse ] && (exec 3<>/dev/fuse); then echo opened; else echo not; fi";
    assertThat(output(Map.of("Devfs_ruleset", "10"), open)).isEqualTo("opened\n");
    assertThat(output(Map.of(), open)).isEqualTo("not\n");
  }

  @Test
  void aRulesetThatIsDefinedMustBePermittedToo() {
    stage.startPlugin(Map.of("devfs_rulesets", Map.of("10", List.of("/dev/fuse"))));
    assertThat(refusal(() -> task(Map.of("Devfs_ruleset", "10"), "true").start()).getDescription())
        .contains("allow_devfs_rulesets = [\"4\", \"10\"]");
    assertThat(output(Map.of(), "echo served on")).isEqualTo("served on\n");
  }

  // ---- mount, mount.fstab, exec.consolelog

  @Test
  void aMountShowsWhatTheOperatorPermitsAndNothingElse() throws IOException {
    Files.writeString(folder.resolve("file"), "of the host\n");
    stage.startPlugin(
        Map.of(
            "allow_params", List.of("safe", "mount"),
            "allow_host_paths", List.of(folder.toString())));
    assertThat(output(Map.of("Mount", folder + " /data nullfs ro"), "cat /data/file"))
        .isEqualTo("of the host\n");
    assertThat(
            refusal(() -> task(Map.of("Mount", "/root /data nullfs ro"), "true").start())
                .getDescription())
        .contains("\"/root\" is the host's, outside the allocation")
        .contains("allow_host_paths");
  }

  @Test
  void byDefaultNoFileOfTheHostIsMountedOrWrittenTo() throws IOException {
    Path fstab = Files.writeString(folder.resolve("fstab"), "/root /data nullfs ro\n");
    Path log = folder.resolve("log");
    stage.startPlugin(Map.of());
    assertThat(
            refusal(() -> task(Map.of("Mount", "tmpfs /t tmpfs size=1m"), "true").start())
                .getDescription())
        .contains("allow_params = [\"safe\", \"mount\"]");
    assertThat(
            refusal(() -> task(Map.of("Mount_fstab", fstab.toString()), "true").start())
                .getDescription())
        .contains("allow_fstabs");
    assertThat(
            refusal(() -> task(Map.of("Exec_consolelog", log.toString()), "true").start())
                .getDescription())
        .contains("allow_host_paths");
    assertThat(log).doesNotExist();
    assertThat(output(Map.of(), "echo served on")).isEqualTo("served on\n");
  }

  @Test
  void aPermittedConsoleLogGetsTheOutputOfEachTask() {
    Path log = folder.resolve("log");
    stage.startPlugin(Map.of("allow_host_paths", List.of(folder.toString())));
    Map<String, Object> config = Map.of("Exec_consolelog", log.toString());
    assertThat(output(config, "echo one")).isEqualTo("one\n");
    assertThat(output(config, "echo two")).isEqualTo("two\n");
    assertThat(log).hasContent("one\ntwo");
  }
}
