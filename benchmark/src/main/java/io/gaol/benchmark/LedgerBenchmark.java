package io.gaol.benchmark;

import io.gaol.engine.Plan;
import io.gaol.engine.Step;
import io.gaol.engine.Task;
import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A plan of ten directories, carried out and undone, that brings its ledger to the disk so many
 * times: the difference of two rows is what the disk costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class LedgerBenchmark {
  private static final int DIRECTORIES = 10;

  @Param({"1", "10"})
  int syncs;

  private Session session;
  private Plan plan;

  /** Makes the plan. */
  @Setup
  public void open() throws Exception {
    session = new Session(Path.of(System.getProperty("gaol.benchmark.parent")));
    Path parent = session.directory("directories");
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < DIRECTORIES; i++) {
      steps.add(new Step.MakeMountPoint(parent, parent.resolve("directory-" + i), true, false));
      if (syncs > 1) {
        // Steps on both sides of one that is not about files are recorded apart.
        steps.add(new Step.Proceed(Path.of("/dev/null")));
      }
    }
    plan =
        new Plan(
            new JailName("benchmark-ledger"),
            steps,
            List.of(),
            List.of(),
            List.of(),
            "SIGTERM",
            Duration.ZERO,
            List.of());
  }

  /** Removes its files. */
  @TearDown
  public void close() throws Exception {
    session.close();
  }

  /** Carries the plan out and undoes it. */
  @Benchmark
  public Task carryOutAndUndo() throws Exception {
    Task task = session.start(plan);
    task.stop();
    session.destroy(task);
    return task;
  }
}
