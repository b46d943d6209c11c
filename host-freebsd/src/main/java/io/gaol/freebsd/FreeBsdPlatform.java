package io.gaol.freebsd;

import io.gaol.engine.Host;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Platform;
import io.gaol.engine.Readiness;
import io.gaol.engine.TaskContext;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** FreeBSD: jails of the kernel, made by jail(8). */
public final class FreeBsdPlatform implements Platform {
  private static final Path SCRATCH = Path.of("/tmp");

  private Optional<FreeBsdSystem> known = Optional.empty();
  private Optional<BootTime> boot = Optional.empty();

  @Override
  public Path defaultStateDirectory() {
    return Path.of("/var/db/gaol");
  }

  @Override
  public Readiness examine() throws InterruptedException {
    try {
      FreeBsdSystem system = system();
      return new Readiness(
          true, FreeBsdReadiness.problems(system), FreeBsdReadiness.attributes(system));
    } catch (IOException failure) {
      return new Readiness(true, List.of(failure.getMessage()), Map.of());
    }
  }

  /** Only a boot changes what a FreeBSD is. */
  @Override
  public String signature() {
    return Boolean.toString(Files.isExecutable(Path.of(BaseSystem.JAIL)));
  }

  private synchronized FreeBsdSystem system() throws IOException, InterruptedException {
    if (known.isEmpty()) {
      known = Optional.of(FreeBsdSystem.look(SCRATCH));
      boot = Optional.of(BootTime.told(known.get().boot()));
    }
    return known.get();
  }

  @Override
  public Jails jails(Path stateDirectory) {
    FreeBsdPlaces places = new FreeBsdPlaces(stateDirectory);
    FreeBsdHost host = new FreeBsdHost(places, this::systemOrFail, this::bootTime);
    FreeBsdPlanner planner = new FreeBsdPlanner(places, host::identityFunction);
    return new Jails() {
      @Override
      public Host host() {
        return host;
      }

      @Override
      public Plan plan(JailSpec spec, TaskContext context, Path toBeMade, Contents contents)
          throws PlanRefusedException, IOException {
        try {
          FreeBsdFacts facts = FreeBsdProbe.probe(spec, system(), toBeMade, contents, SCRATCH);
          return planner.plan(spec, facts, context);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while the host was looked at", interrupted);
        }
      }
    };
  }

  private BootTime bootTime() {
    systemOrFail();
    synchronized (this) {
      return boot.orElseThrow();
    }
  }

  private FreeBsdSystem systemOrFail() {
    try {
      return system();
    } catch (IOException failure) {
      throw new IllegalStateException(failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
