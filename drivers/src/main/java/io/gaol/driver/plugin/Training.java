package io.gaol.driver.plugin;

import com.google.protobuf.ByteString;
import io.gaol.goplugin.Handshake;
import io.gaol.goplugin.HandshakeLine;
import io.gaol.goplugin.HostConnection;
import io.gaol.nomad.DriverPlugin;
import io.gaol.nomad.proto.base.BasePluginGrpc;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.nomad.proto.base.NomadConfig;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.base.SetConfigRequest;
import io.gaol.nomad.proto.driver.CapabilitiesRequest;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.gaol.nomad.proto.driver.FingerprintRequest;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;

/**
 * Asks a plugin what an agent asks when it starts, for lib/make-start-up-cache.sh to see which
 * classes that needs. What only tasks need is left out: all classes of the cache are there from the
 * beginning, in time and memory, and an agent starts the plugin three times before the first task.
 */
public final class Training {
  private static final int PATIENCE_SECONDS = 60;

  private final HostConnection connection;
  private final Path work;

  private Training(HostConnection connection, Path work) {
    this.connection = connection;
    this.work = work;
  }

  /**
   * Starts the plugin, asks, and has it end.
   *
   * @param arguments the plugin's program, and a directory for the state directory
   */
  public static void main(String[] arguments)
      throws IOException, GeneralSecurityException, InterruptedException {
    Handshake handshake = DriverPlugin.HANDSHAKE;
    HostConnection.Offer offer = HostConnection.Offer.plain();
    ProcessBuilder builder =
        new ProcessBuilder(arguments[0]).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(handshake.cookieName(), handshake.cookieValue());
    builder.environment().putAll(offer.environment());
    Process plugin = builder.start();
    try (BufferedReader stdout =
        new BufferedReader(
            new InputStreamReader(plugin.getInputStream(), StandardCharsets.UTF_8))) {
      String line = stdout.readLine();
      if (line != null) {
        try (HostConnection connection = HostConnection.connect(HandshakeLine.parse(line), offer)) {
          new Training(connection, Path.of(arguments[1])).ask();
          connection.shutdownPlugin();
        }
      }
    } finally {
      if (!plugin.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        plugin.destroyForcibly();
      }
    }
  }

  private void ask() {
    BasePluginGrpc.BasePluginBlockingStub base =
        BasePluginGrpc.newBlockingStub(connection.channel())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    base.pluginInfo(PluginInfoRequest.getDefaultInstance());
    base.configSchema(ConfigSchemaRequest.getDefaultInstance());
    base.setConfig(
        SetConfigRequest.newBuilder()
            .setMsgpackConfig(config("state_dir", work.resolve("state").toString()))
            .setNomadConfig(NomadConfig.getDefaultInstance())
            .build());
    DriverGrpc.DriverBlockingStub driver =
        DriverGrpc.newBlockingStub(connection.channel())
            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    driver.fingerprint(FingerprintRequest.getDefaultInstance()).next();
    driver.taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance());
    driver.capabilities(CapabilitiesRequest.getDefaultInstance());
  }

  /** MessagePack of a map of one text. */
  private static ByteString config(String key, String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x81);
    write(bytes, key);
    write(bytes, value);
    return ByteString.copyFrom(bytes.toByteArray());
  }

  /** A text of at most 65,535 bytes. */
  private static void write(ByteArrayOutputStream bytes, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    bytes.write(0xda);
    bytes.write(utf8.length >> 8);
    bytes.write(utf8.length);
    bytes.writeBytes(utf8);
  }
}
