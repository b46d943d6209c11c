package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.goplugin.PluginServer;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DriverPluginTest {
  @TempDir Path folder;

  @Test
  void anAgentIsToldTheProtocolAndTheSocketOfTheDriver() throws Exception {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    Map<String, String> environment =
        Map.of("TMPDIR", folder.toString(), "PLUGIN_PROTOCOL_VERSIONS", "2");
    try (PluginServer server =
        DriverPlugin.plugin(new ExampleDriver()).start(environment, stdout)) {
      assertThat(stdout.toString(StandardCharsets.UTF_8))
          .startsWith("1|2|unix|" + server.socket() + "|grpc|");
      assertThat(server.socket()).exists();
    }
  }

  @Test
  void aSchemaThatWouldStopAnAgentStopsThePlugin() {
    Schema.Fields deadly =
        new Schema.Fields(
            Map.of(
                "b",
                new Schema.BlockMap(
                    "b", List.of("x"), new Schema.Attr("a", ConfigType.any(), false))));
    assertThatThrownBy(
            () ->
                DriverPlugin.check(
                    new ExampleDriver() {
                      @Override
                      public Schema.Fields taskConfigSchema() {
                        return deadly;
                      }
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("panic");
  }

  /** The program of an author. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      DriverPlugin.serve(new ExampleDriver());
    }
  }

  @Test
  void whoStartsThePluginByHandIsToldWhatItIs() throws Exception {
    Path stderr = folder.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectError(stderr.toFile());
    builder.environment().remove("NOMAD_PLUGIN_MAGIC_COOKIE");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(process.getInputStream().readAllBytes()).isEmpty();
      assertThat(Files.readString(stderr)).contains("task driver of Nomad").contains("plugin_dir");
    } finally {
      process.destroyForcibly();
    }
  }
}
