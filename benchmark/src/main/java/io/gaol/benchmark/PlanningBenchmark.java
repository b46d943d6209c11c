package io.gaol.benchmark;

import io.gaol.driver.ConfigException;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.linux.LinuxFacts;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** From a task's config to a plan. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class PlanningBenchmark {
  private Session session;
  private Place place;
  private JailName name;
  private JailSpec spec;
  private LinuxFacts facts;

  /** Looks at the host, once. */
  @Setup
  public void open() throws Exception {
    session = new Session(Path.of(System.getProperty("gaol.benchmark.parent")));
    place = Place.make(session.places(), "allocation");
    name = new JailName("benchmark-planning");
    spec = place.spec(name, "/bin/echo", "x");
    facts = place.probe(spec);
  }

  /** Removes its files. */
  @TearDown
  public void close() throws Exception {
    session.close();
  }

  /** A config becomes a spec. */
  @Benchmark
  public JailSpec decode() throws ConfigException {
    return place.spec(name, "/bin/echo", "x");
  }

  /** A spec becomes a plan, the facts being known. */
  @Benchmark
  public Plan plan() throws PlanRefusedException {
    return place.plan(spec, facts);
  }

  /** Both, with a look at the host between them. */
  @Benchmark
  public Plan decodeProbeAndPlan() throws Exception {
    JailSpec decoded = place.spec(name, "/bin/echo", "x");
    return place.plan(decoded, place.probe(decoded));
  }
}
