package io.gaol.nomad;

import io.gaol.goplugin.GoPlugin;
import io.gaol.goplugin.Handshake;
import io.gaol.goplugin.PluginLog;
import io.grpc.BindableService;
import java.util.List;

/** A Nomad plugin of a {@link TaskDriver}. */
public final class DriverPlugin {
  /** What a Nomad agent and its plugins agreed on; the same in every version since 0.9. */
  public static final Handshake HANDSHAKE =
      new Handshake(
          "NOMAD_PLUGIN_MAGIC_COOKIE",
          "e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255",
          2);

  private DriverPlugin() {}

  /**
   * Serves the agent that started this process, until it ends it. To be called first in {@code
   * main}.
   */
  public static void serve(TaskDriver driver) {
    String name = driver.info().name();
    GoPlugin.of(
            HANDSHAKE,
            "A Nomad agent starts it: put it into the agent's plugin_dir, and write plugin \""
                + name
                + "\" {} in the agent's configuration.")
        .serving(services(driver))
        .logging(PluginLog.toStderr(name))
        .serve();
  }

  /**
   * The services of gRPC that a Nomad agent asks a driver by: {@code BasePlugin} and {@code
   * Driver}. Each call is answered on a virtual thread of its own, whatever the server's threads
   * are.
   *
   * @throws IllegalArgumentException if an agent cannot take the driver's schemas: some of what can
   *     be said in one stops an agent
   */
  public static List<BindableService> services(TaskDriver driver) {
    return services(driver, PersistentStream.USUAL);
  }

  /** As {@link #services(TaskDriver)}; tests do not wait as long. */
  static List<BindableService> services(TaskDriver driver, PersistentStream persistence) {
    BaseService base = new BaseService(driver);
    return List.of(base, new DriverService(driver, base::node, persistence));
  }
}
