package io.gaol.driver.plugin;

import io.gaol.engine.Host;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.TaskContext;
import io.gaol.jail.JailSpec;
import io.gaol.linux.LinuxHost;
import io.gaol.linux.LinuxPlaces;
import io.gaol.linux.LinuxPlanner;
import io.gaol.linux.LinuxProbe;
import io.gaol.linux.LinuxReadiness;
import java.io.IOException;
import java.nio.file.Path;

/** Linux: jails of namespaces and control groups, made by crun(1). */
final class LinuxPlatform implements Platform {
  @Override
  public Path defaultStateDirectory() {
    return Path.of("/var/lib/gaol");
  }

  @Override
  public Readiness examine() throws InterruptedException {
    LinuxReadiness linux = LinuxReadiness.examine();
    return new Readiness(true, linux.problems(), linux.attributes());
  }

  @Override
  public String signature() {
    return LinuxReadiness.signature();
  }

  @Override
  public Jails jails(Path stateDirectory) {
    LinuxPlaces places = new LinuxPlaces(stateDirectory);
    LinuxPlanner planner = new LinuxPlanner(places);
    return new Jails() {
      @Override
      public Host host() {
        // Where there is no crun the plan says so, before anything is run.
        return new LinuxHost(places, LinuxProbe.program("crun").orElse(Path.of("crun")));
      }

      @Override
      public Plan plan(JailSpec spec, TaskContext context, Path allocation)
          throws PlanRefusedException, IOException {
        return planner.plan(spec, LinuxProbe.probe(spec, allocation), context);
      }
    };
  }
}
