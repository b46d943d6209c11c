package io.gaol.benchmark;

import io.gaol.driver.ConfigException;
import io.gaol.engine.PlanRefusedException;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The whole command, from its start to its end, with and without its start-up cache. */
final class CommandScenario {
  private static final int WARM_UP = 2;

  private final Path state;

  private CommandScenario(Path state) {
    this.state = state;
  }

  /**
   * Measures.
   *
   * @param home what users install, built
   */
  static void run(Session session, Path home, int samples, Report report)
      throws IOException, InterruptedException, ConfigException, PlanRefusedException {
    CommandScenario scenario = new CommandScenario(session.directory("command"));
    Path uncached =
        new Installation(home)
            .copyWithoutCaches(session.directory("uncached").resolve("gaol"))
            .home();
    Place place = Place.make(session.places(), "command-allocation");
    JailSpec spec = place.spec(new JailName("gaol-benchmark-command"), "/bin/echo", "Hello");

    Samples[] times = new Samples[6];
    for (int i = 0; i < times.length; i++) {
      times[i] = new Samples();
    }
    BareRuntime bare =
        new BareRuntime(
            place.plan(spec, place.probe(spec)),
            session.directory("command-bare"),
            session.runtimeRoot("command-bare-crun"));
    for (int i = -WARM_UP; i < samples; i++) {
      if (i == 0) {
        for (Samples each : times) {
          each.clear();
        }
      }
      StartScenario.settle();
      scenario.runJob(home, times[0], times[1]);
      StartScenario.settle();
      bare.run(times[2], times[3]);
      StartScenario.settle();
      scenario.runJob(uncached, times[4], times[5]);
    }
    report.title("gaol job run examples/hello.nomad.hcl, the whole command, ms, n = " + samples);
    report.compare("until the task's line", "gaol", times[0], "bare crun", times[2]);
    report.compare("until it has ended", "gaol", times[1], "bare crun", times[3]);
    report.compare(
        "without start-up cache", "until the task's line", times[4], "with cache", times[0]);
    report.compare("", "until it has ended", times[5], "with cache", times[1]);
  }

  private void runJob(Path home, Samples firstByte, Samples exit)
      throws IOException, InterruptedException {
    Path errors = state.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(
                home.resolve("bin/gaol").toString(),
                "job",
                "run",
                "--state-dir",
                state.resolve("state").toString(),
                home.resolve("examples/hello.nomad.hcl").toString())
            .redirectInput(new File("/dev/null"))
            .redirectError(errors.toFile());
    long began = System.nanoTime();
    Process process = builder.start();
    FirstByte output = FirstByte.of(process.getInputStream());
    int status = process.waitFor();
    long ended = System.nanoTime();
    if (status != 0) {
      throw new IOException("gaol ended with " + status + ": " + Files.readString(errors));
    }
    firstByte.add(began, output.await());
    exit.add(began, ended);
  }
}
