package io.gaol.benchmark;

import io.gaol.driver.ConfigException;
import io.gaol.driver.ConfigProblem;
import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.JailTaskDriverOptions;
import io.gaol.driver.TaskRequest;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.jail.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

/**
 * What a plugin does with a task's config before it looks at the host: decode it, and ask the
 * operator's policy. The config is that of examples/seeds/http-echo.nomad.hcl: a root, an address,
 * permissions, a command and two rctl(8) rules.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class DecodingBenchmark {
  private Session session;
  private TaskRequest request;
  private Policy policy;

  /** Makes the jail's root, as the policy follows symbolic links; permits what the job asks for. */
  @Setup
  public void open() throws Exception {
    session = new Session(Path.of(System.getProperty("gaol.benchmark.parent")));
    Place place = Place.make(session.places(), "allocation");
    Path root = Files.createDirectories(place.directory().resolve("jails/myjail/root"));
    request =
        place.request(
            new JailName("benchmark-decoding"),
            Map.of(
                "Path",
                root.toString(),
                "Allow_raw_sockets",
                true,
                "Allow_chflags",
                true,
                "Ip4_addr",
                "em1|192.168.1.102",
                "Exec_start",
                "/usr/local/bin/http-echo -listen :9999 -text hello",
                "Rctl",
                List.of(
                    Map.of(
                        "Vmemoryuse",
                        List.of(Map.of("Action", "deny", "Amount", "1G", "Per", "process")),
                        "Openfiles",
                        List.of(Map.of("Action", "deny", "Amount", "500"))))));
    policy =
        JailTaskDriverOptions.of(
                Map.of(
                    "allow_roots", List.of(root.getParent().getParent().toString()),
                    "allow_params", List.of("safe", "network", "allow.chflags"),
                    "allow_interfaces", List.of("em1")))
            .policy();
    if (!decodeAndAskThePolicy().isEmpty()) {
      throw new IllegalStateException("refused: " + decodeAndAskThePolicy());
    }
  }

  /** Removes its files. */
  @TearDown
  public void close() throws Exception {
    session.close();
  }

  /** A config becomes a spec. */
  @Benchmark
  public JailSpec decode() throws ConfigException {
    return new JailTaskDriver().spec(request);
  }

  /** A config becomes a spec, which is held against the policy. */
  @Benchmark
  public List<ConfigProblem> decodeAndAskThePolicy() throws ConfigException {
    return JailTaskDriverOptions.refusals(policy, request, new JailTaskDriver().spec(request));
  }
}
