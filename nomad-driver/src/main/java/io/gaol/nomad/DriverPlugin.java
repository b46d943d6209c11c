package io.gaol.nomad;

import io.gaol.goplugin.GoPlugin;
import io.gaol.goplugin.Handshake;
import io.gaol.goplugin.PluginLog;
import io.gaol.nomad.wire.Specs;
import io.grpc.BindableService;
import java.util.List;

/**
 * A Nomad plugin of a {@link TaskDriver}.
 *
 * <pre>{@code
 * public static void main(String[] arguments) {
 *   DriverPlugin.serve(new MyDriver());
 * }
 * }</pre>
 *
 * <p>What the driver logs by {@link PluginLog}, {@link System.Logger} or java.util.logging goes to
 * the agent's log; the first needs no time to be set up.
 */
public final class DriverPlugin {
  /** What an agent and its plugins agreed on: the same in all versions of Nomad since 0.9. */
  public static final Handshake HANDSHAKE =
      new Handshake(
          "NOMAD_PLUGIN_MAGIC_COOKIE",
          "e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255",
          2);

  private DriverPlugin() {}

  /**
   * Serves the Nomad agent that started this process: to be called in {@code main}, and first,
   * since stdout is the agent's. Returns when the plugin has ended; tasks run on.
   *
   * <p>Ends the process with status 1, and the reason on stderr, if no agent started it.
   */
  public static void serve(TaskDriver driver) {
    plugin(driver).serve();
  }

  /**
   * Looks at a driver's schemas as an agent does, for a test of the driver: some of what can be
   * said in one stops an agent.
   *
   * @throws IllegalArgumentException if an agent cannot take them
   */
  public static void check(TaskDriver driver) {
    Specs.of(driver.configSchema());
    Specs.of(driver.taskConfigSchema());
  }

  /** What {@link #serve} serves, for who starts it otherwise, as tests do. */
  public static GoPlugin plugin(TaskDriver driver) {
    return GoPlugin.of(
            HANDSHAKE,
            "It is a task driver of Nomad: put it into the plugin_dir of a Nomad agent, and name it"
                + " in a plugin block of the agent's configuration.")
        .serving(services(driver))
        .logging(PluginLog.toStderr(driver.info().name()));
  }

  /**
   * The services of gRPC that a Nomad agent asks a driver by: {@code BasePlugin} and {@code
   * Driver}. Each call is answered on a virtual thread of its own, whatever the server's threads
   * are.
   *
   * @throws IllegalArgumentException if an agent cannot take the driver's schemas
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
