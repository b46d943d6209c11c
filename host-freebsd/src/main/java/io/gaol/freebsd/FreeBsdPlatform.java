package io.gaol.freebsd;

import io.gaol.engine.Host;
import io.gaol.engine.HostCheck;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Platform;
import io.gaol.engine.Readiness;
import io.gaol.engine.TaskContext;
import io.gaol.jail.FreeBsdRelease;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** FreeBSD: jails of the kernel, made by jail(8). */
public final class FreeBsdPlatform implements Platform {
  static final String NAME = "freebsd";

  private final FactSource source;

  /** The FreeBSD that this program runs on. */
  public FreeBsdPlatform() {
    this(new RunningFreeBsd());
  }

  private FreeBsdPlatform(FactSource source) {
    this.source = source;
  }

  /**
   * A FreeBSD of a release as it comes, to plan for: nothing is asked of the machine, and no jail
   * can be made.
   *
   * @throws IllegalArgumentException if nothing is recorded of the release; the message says of
   *     which there is
   */
  public static FreeBsdPlatform recorded(FreeBsdRelease release) {
    return new FreeBsdPlatform(new RecordedFreeBsd(release));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Path defaultStateDirectory() {
    return Path.of("/var/db/gaol");
  }

  @Override
  public Readiness examine() throws InterruptedException {
    try {
      FreeBsdSystem system = source.system();
      if (!FreeBsdReadiness.problems(system).isEmpty()) {
        system = source.systemNow(); // Somebody may have seen to it.
      }
      FreeBsdEquipment equipment = source.equipment();
      return new Readiness(
          true,
          Stream.concat(
                  FreeBsdReadiness.checks(system, equipment).stream(),
                  JavaOnFreeBsd.checks().stream())
              .toList(),
          FreeBsdReadiness.attributes(system, equipment));
    } catch (IOException failure) {
      return new Readiness(
          true,
          List.of(
              HostCheck.missing(
                  "FreeBSD", failure.getMessage(), "run gaol on FreeBSD, or set GAOL_HOST=linux")),
          Map.of());
    }
  }

  /** Only a boot changes what a FreeBSD is. */
  @Override
  public String signature() {
    return Boolean.toString(Files.isExecutable(Path.of(BaseSystem.JAIL)));
  }

  @Override
  public Jails jails(Path stateDirectory) {
    FreeBsdPlaces places = new FreeBsdPlaces(stateDirectory);
    FreeBsdHost host =
        new FreeBsdHost(places, () -> answer(source::system), () -> answer(source::boot));
    FreeBsdPlanner planner = new FreeBsdPlanner(places, host::identityFunction);
    return new Jails() {
      @Override
      public Host host() {
        return host;
      }

      @Override
      public List<JailParameter> otherParameters() {
        try {
          return JailParameterCatalogue.besides(source.systemNow().parameters());
        } catch (IOException failure) {
          return List.of();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return List.of();
        }
      }

      @Override
      public Plan plan(JailSpec spec, TaskContext context, Path toBeMade, Contents contents)
          throws PlanRefusedException, IOException {
        try {
          refuseTasks(spec.parameters().values("depend"), places);
          return planner.plan(spec, source.facts(spec, toBeMade, contents), context);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while the host was looked at", interrupted);
        }
      }
    };
  }

  /** A task's jail comes and goes with its job: only the operator's own can be depended on. */
  private static void refuseTasks(List<String> names, FreeBsdPlaces places)
      throws PlanRefusedException {
    List<String> problems =
        names.stream()
            .filter(places::isTask)
            .map(
                name ->
                    "depend: \""
                        + name
                        + "\" is the jail of another task, and can be a jail of the host's"
                        + " jail.conf(5) alone: order tasks by their job (lifecycle)")
            .toList();
    if (!problems.isEmpty()) {
      throw new PlanRefusedException(problems);
    }
  }

  /** A question to the host. */
  private interface Question<A> {
    A ask() throws IOException, InterruptedException;
  }

  private static <A> A answer(Question<A> question) {
    try {
      return question.ask();
    } catch (IOException failure) {
      throw new IllegalStateException(failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
