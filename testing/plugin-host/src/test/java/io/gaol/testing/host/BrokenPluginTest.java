package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that an agent gives up on, as scripts of sh(1). */
class BrokenPluginTest {
  @TempDir private Path directory;

  private PluginCommand script(String... lines) throws IOException {
    Path file = directory.resolve("plugin");
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setAttribute(file, "unix:mode", 0755);
    return PluginCommand.of(file);
  }

  /** The process that the script has written the number of. */
  private boolean runs() throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(directory.resolve("pid")).strip()))
        .map(ProcessHandle::isAlive)
        .orElse(false);
  }

  private String rememberingItsPid() {
    return "echo $$ >" + directory + "/pid";
  }

  @Test
  void oneThatEndsBeforeItSaysAnythingIsGivenUpWithWhatItWrote() throws IOException {
    PluginCommand command = script("echo 'no Java here' >&2", "exit 3");
    assertThatThrownBy(command::launch)
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("plugin exited before we could connect")
        .hasMessageContaining("exit status 3")
        .hasMessageContaining("no Java here");
  }

  @Test
  void oneThatSaysNothingIsGivenUpInTimeAndKilled() throws IOException {
    PluginCommand command =
        script(rememberingItsPid(), "exec sleep 1000").within(Duration.ofSeconds(1));
    assertThatThrownBy(command::launch)
        .hasMessageContaining("timeout while waiting for plugin to start");
    assertThat(runs()).isFalse();
  }

  @Test
  void oneThatSaysSomethingElseFirstIsRefusedAndKilled() throws IOException {
    PluginCommand command =
        script(
            rememberingItsPid(),
            "echo '[warning] the archive is stale'",
            "echo '1|2|unix|/tmp/p|grpc|'",
            "exec sleep 1000");
    assertThatThrownBy(command::launch).hasMessageContaining("Unrecognized remote plugin message");
    assertThat(runs()).isFalse();
  }

  @Test
  void oneThatCannotBeRunIsRefused() {
    assertThatThrownBy(PluginCommand.of(directory.resolve("none"))::launch)
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("cannot start");
    assertThatThrownBy(() -> PluginCommand.of(Path.of("plugin")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPluginGetsTheAgentsEnvironmentItsArgumentsAndItsWholePath() throws IOException {
    PluginCommand plain =
        script(rememberingItsPid(), "env >&2", "echo \"args $0 $*\" >&2", "exit 1");
    PluginCommand command =
        new PluginCommand(
                plain.program(),
                List.of("a b", "c"),
                plain.environment(),
                plain.directory(),
                plain.patience())
            .with("MORE", 7);
    assertThatThrownBy(command::launch)
        .hasMessageContaining("PLUGIN_PROTOCOL_VERSIONS=2")
        .hasMessageContaining("PLUGIN_MIN_PORT=10000")
        .hasMessageContaining("PLUGIN_MAX_PORT=25000")
        .hasMessageContaining("NOMAD_PLUGIN_MAGIC_COOKIE=e4327c2e")
        .hasMessageContaining("PATH=")
        .hasMessageContaining("MORE=7")
        .hasMessageContaining("args " + plain.program() + " a b c")
        .message()
        .doesNotContain("PLUGIN_CLIENT_CERT", "PLUGIN_UNIX_SOCKET", "PLUGIN_MULTIPLEX_GRPC");
  }

  @Test
  void oneThatIgnoresTheEndIsKilledAfterItsTime() throws IOException {
    Plugin plugin = script("echo '1|2|unix|/nowhere|grpc|'", "exec sleep 1000").launch();
    Killed killed = plugin.kill(Duration.ofMillis(100));
    assertThat(killed.byItself()).isFalse();
    assertThat(plugin.isAlive()).isFalse();
  }

  @Test
  void whatItPrintsLaterIsAFaultThatClosingTells() throws IOException {
    Plugin plugin =
        script("echo '1|2|unix|/nowhere|grpc|'", "echo more", "echo '{\"@message\":7}' >&2")
            .launch();
    plugin.awaitGone(Duration.ofMinutes(1));
    assertThatThrownBy(plugin::close)
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("printed after the handshake: more")
        .hasMessageContaining("logged what takes an agent down");
  }

  @Test
  void oneWhoseChildHoldsItsOutputIsNotGone() throws IOException {
    Plugin plugin =
        script(
                "sh -c 'echo $$ >" + directory + "/pid; exec sleep 1000' &",
                "echo '1|2|unix|/nowhere|grpc|'")
            .launch();
    assertThat(plugin.awaitGone(Duration.ofSeconds(1))).isFalse();
    assertThat(plugin.isAlive()).isFalse();
    ProcessHandle.of(Long.parseLong(Files.readString(directory.resolve("pid")).strip()))
        .orElseThrow()
        .destroyForcibly();
    assertThat(plugin.awaitGone(Duration.ofMinutes(1))).isTrue();
    plugin.close();
  }

  @Test
  void oneThatIsNotThereCannotBeFoundAgain() throws IOException {
    Plugin plugin =
        script("echo '1|2|unix|" + directory + "/none|grpc|'", "exec sleep 1000").launch();
    assertThatThrownBy(() -> Plugin.reattach(plugin.socket(), plugin.pid()))
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining("nobody serves at");
    plugin.killHard();
    plugin.close();
    assertThatThrownBy(() -> Plugin.reattach(plugin.socket(), plugin.pid()))
        .hasMessageContaining("process not found");
  }
}
