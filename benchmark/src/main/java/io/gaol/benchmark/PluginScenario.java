package io.gaol.benchmark;

import io.gaol.driver.ConfigException;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.StepFailedException;
import java.io.IOException;

/** The plugin as an agent sees it: how it starts, what it holds, how long its calls take. */
final class PluginScenario {
  private PluginScenario() {}

  /** Measures. */
  static void run(Session session, Installation installed, int samples, Report report)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    PluginStart.run(session, installed, report);
    PluginMemory.run(session, installed, report);
    PluginCalls.run(session, installed, samples, report);
  }
}
