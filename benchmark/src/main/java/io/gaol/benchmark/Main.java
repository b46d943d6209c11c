package io.gaol.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmark: see {@code benchmark/run}. */
public final class Main {
  private static final Set<String> ALL =
      new TreeSet<>(List.of("start", "memory", "command", "micro"));

  private Main() {}

  /**
   * Runs it.
   *
   * @param arguments what users install, where to put a state directory, how many samples, and the
   *     scenarios: {@code start}, {@code memory}, {@code command}, {@code micro}; none is all
   */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    Path parent = Path.of(arguments[1]).toAbsolutePath();
    int samples = Integer.parseInt(arguments[2]);
    List<String> named = List.of(arguments).subList(3, arguments.length);
    Set<String> scenarios = named.isEmpty() ? ALL : new TreeSet<>(named);
    if (!ALL.containsAll(scenarios)) {
      throw new IllegalArgumentException("the scenarios are " + ALL + ", not " + scenarios);
    }
    Report report = new Report(System.out);
    try (Session session = new Session(parent)) {
      if (scenarios.contains("start")) {
        StartScenario.run(session, samples, report);
      }
      if (scenarios.contains("memory")) {
        MemoryScenario.run(session, report);
      }
      if (scenarios.contains("command")) {
        CommandScenario.run(session, home, Math.max(1, samples / 4), report);
      }
    }
    if (scenarios.contains("micro")) {
      report.title("Micro (JMH)");
      new Runner(
              new OptionsBuilder()
                  .include("io\\.gaol\\.benchmark\\..*Benchmark")
                  .jvmArgsAppend("-Dgaol.benchmark.parent=" + parent)
                  .build())
          .run();
    }
  }
}
