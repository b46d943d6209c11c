package io.gaol.linux;

import io.gaol.engine.Host;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Platform;
import io.gaol.engine.Readiness;
import io.gaol.engine.TaskContext;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Path;

/** Linux: jails of namespaces and control groups, made by crun(1). */
public final class LinuxPlatform implements Platform {
  static final String NAME = "linux";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Path defaultStateDirectory() {
    return Path.of("/var/lib/gaol");
  }

  @Override
  public Readiness examine() throws InterruptedException {
    return LinuxReadiness.examine();
  }

  @Override
  public String signature() {
    return LinuxReadiness.signature();
  }

  @Override
  public Jails jails(Path stateDirectory) {
    LinuxPlaces places = new LinuxPlaces(stateDirectory);
    // Where there is no crun the plan says so, before anything is run.
    Host host = new LinuxHost(places, LinuxProbe.program("crun").orElse(Path.of("crun")));
    LinuxPlanner planner = new LinuxPlanner(places);
    return new Jails() {
      @Override
      public Host host() {
        return host;
      }

      @Override
      public Plan plan(JailSpec spec, TaskContext context, Path toBeMade, Contents contents)
          throws PlanRefusedException, IOException {
        return planner.plan(spec, LinuxProbe.probe(spec, toBeMade, contents), context);
      }
    };
  }
}
