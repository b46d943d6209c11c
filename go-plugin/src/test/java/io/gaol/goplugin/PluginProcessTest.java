package io.gaol.goplugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginProcessTest {
  @TempDir Path directory;

  @Test
  void aStartedPluginTellsWhereItListensAndAnswersThere() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(Map.of("TMPDIR", directory.toString()));
        HostConnection host = plugin.connect()) {
      assertThat(Echo.call(host.channel(), "hello")).isEqualTo("hello");
    }
  }

  @Test
  void shutdownEndsTheProcessInOrderAndLeavesNoSocket() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(Map.of("TMPDIR", directory.toString()));
        HostConnection host = plugin.connect()) {
      assertThat(Echo.call(host.channel(), "hello")).isEqualTo("hello");
      host.shutdownPlugin();
      assertThat(plugin.assertEnds()).isZero();
      assertThat(plugin.restOfStdout()).isEmpty();
      try (var left = Files.list(directory)) {
        assertThat(left).isEmpty();
      }
    }
  }
}
