package io.gaol.driver.plugin;

import com.google.protobuf.ByteString;
import io.gaol.goplugin.Handshake;
import io.gaol.goplugin.HandshakeLine;
import io.gaol.goplugin.HostConnection;
import io.gaol.nomad.DriverPlugin;
import io.gaol.nomad.proto.base.BasePluginGrpc;
import io.gaol.nomad.proto.base.ConfigSchemaRequest;
import io.gaol.nomad.proto.base.PluginInfoRequest;
import io.gaol.nomad.proto.base.SetConfigRequest;
import io.gaol.nomad.proto.driver.CapabilitiesRequest;
import io.gaol.nomad.proto.driver.DriverGrpc;
import io.gaol.nomad.proto.driver.FingerprintRequest;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;

/**
 * Asks a plugin what an agent asks when it starts, for lib/make-start-up-cache.sh to see which
 * classes that needs. Nothing is touched: the plugin is told that its config is only validated.
 */
public final class Training {
  private static final int PATIENCE_SECONDS = 60;

  /** MessagePack of an empty map. */
  private static final byte[] NO_CONFIG = {(byte) 0x80};

  private Training() {}

  /**
   * Starts the plugin, asks, and has it end.
   *
   * @param arguments the plugin's program
   */
  public static void main(String[] arguments)
      throws IOException, GeneralSecurityException, InterruptedException {
    Handshake handshake = DriverPlugin.HANDSHAKE;
    HostConnection.Offer offer = HostConnection.Offer.plain();
    ProcessBuilder builder =
        new ProcessBuilder(arguments).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(handshake.cookieName(), handshake.cookieValue());
    builder.environment().putAll(offer.environment());
    Process plugin = builder.start();
    try (BufferedReader stdout =
        new BufferedReader(
            new InputStreamReader(plugin.getInputStream(), StandardCharsets.UTF_8))) {
      String line = stdout.readLine();
      if (line != null) {
        try (HostConnection connection = HostConnection.connect(HandshakeLine.parse(line), offer)) {
          ask(connection);
          connection.shutdownPlugin();
        }
      }
    } finally {
      if (!plugin.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        plugin.destroyForcibly();
      }
    }
  }

  private static void ask(HostConnection connection) {
    BasePluginGrpc.BasePluginBlockingStub base =
        BasePluginGrpc.newBlockingStub(connection.channel());
    base.pluginInfo(PluginInfoRequest.getDefaultInstance());
    base.configSchema(ConfigSchemaRequest.getDefaultInstance());
    base.setConfig(
        SetConfigRequest.newBuilder().setMsgpackConfig(ByteString.copyFrom(NO_CONFIG)).build());
    DriverGrpc.DriverBlockingStub driver = DriverGrpc.newBlockingStub(connection.channel());
    driver.taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance());
    driver.capabilities(CapabilitiesRequest.getDefaultInstance());
    driver.fingerprint(FingerprintRequest.getDefaultInstance()).next();
  }
}
