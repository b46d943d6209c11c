package io.gaol.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs the benchmark: see {@code benchmark/run}. */
public final class Main {
  private static final Set<String> ALL =
      new TreeSet<>(List.of("start", "memory", "command", "plugin", "micro", "hcl"));

  private static final double LONGEST_DECODING_MICROSECONDS = 50;

  private Main() {}

  /**
   * Runs it.
   *
   * @param arguments what users install, where to put a state directory, how many samples, and the
   *     scenarios: {@code start}, {@code memory}, {@code command}, {@code plugin}, {@code micro},
   *     {@code hcl}; none is all
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
      if (scenarios.contains("plugin")) {
        PluginScenario.run(session, new Installation(home), samples, report);
      }
    }
    if (scenarios.contains("hcl")) {
      HclScenario.run(home, samples, report);
    }
    if (scenarios.contains("micro")) {
      micro(parent, report);
    }
  }

  private static void micro(Path parent, Report report) throws RunnerException {
    report.title("Micro (JMH), µs: p10, p50, p95");
    Options options =
        new OptionsBuilder()
            .include("io\\.gaol\\.benchmark\\..*Benchmark")
            .verbosity(VerboseMode.SILENT)
            .jvmArgsAppend("-Dgaol.benchmark.parent=" + parent)
            .build();
    for (RunResult result : new Runner(options).run()) {
      Statistics times = result.getPrimaryResult().getStatistics();
      String name = result.getParams().getBenchmark().replaceFirst(".*\\.(?=.*\\.)", "");
      String syncs = result.getParams().getParam("syncs");
      report.line(
          "%-42s %9.1f %9.1f %9.1f"
              .formatted(
                  name + (syncs == null ? "" : ", syncs: " + syncs),
                  times.getPercentile(10),
                  times.getPercentile(50),
                  times.getPercentile(95)));
      if (name.equals("DecodingBenchmark.decodeAndAskThePolicy")) {
        double median = times.getPercentile(50);
        report.verdict(
            "a config decoded and held against the policy within 50 µs",
            median <= LONGEST_DECODING_MICROSECONDS,
            median,
            "µs");
      }
    }
  }
}
