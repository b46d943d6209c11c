package io.gaol.driver.plugin;

import io.gaol.engine.Host;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.TaskContext;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Path;

/** What a driver needs of an operating system. */
interface Platform {
  /** Where tasks and their files are, unless the operator says otherwise. */
  Path defaultStateDirectory();

  /** Whether jails can be made here. Looks closely, so it takes a moment. */
  Readiness examine() throws InterruptedException;

  /** What changes with anything that {@link #examine} looks at. Quick. */
  String signature();

  /** Jails whose files are below a state directory. */
  Jails jails(Path stateDirectory);

  /** The jails of a host. */
  interface Jails {
    /** What the engine works on. */
    Host host();

    /**
     * Plans a jail. Touches nothing.
     *
     * @param allocation the directory of the task's allocation
     * @throws PlanRefusedException if this host cannot do it, with every reason
     * @throws IOException if the host cannot be looked at
     */
    Plan plan(JailSpec spec, TaskContext context, Path allocation)
        throws PlanRefusedException, IOException;
  }
}
