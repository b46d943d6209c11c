package io.gaol.driver.plugin;

import io.gaol.driver.GaolVersion;
import io.gaol.driver.Platforms;
import io.gaol.goplugin.PluginLog;
import io.gaol.nomad.DriverPlugin;

/** Where the plugin {@code jail-task-driver} begins, and where its parts are put together. */
public final class Main {
  private Main() {}

  /** Serves the Nomad agent that started it. */
  public static void main(String[] arguments) {
    DriverPlugin.serve(
        new JailPlugin(
            GaolVersion.VALUE, Platforms::ofThisHost, PluginLog.toStderr("jail-task-driver")));
  }
}
