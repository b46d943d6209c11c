package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jobs in examples/ do what they say of themselves. */
@RequiresLinuxRoot
class ExamplesIT {
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
  private static final Path SEEDS = EXAMPLES.resolve("seeds");

  @RegisterExtension private final Workplace work = new Workplace();

  @Test
  void helloSaysHello() {
    Outcome outcome = work.jobFile(EXAMPLES.resolve("hello.nomad.hcl")).run();
    assertThat(outcome.stdout()).isEqualTo("hello | Hello from hello\n");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void httpEchoAnswersRequestsFromOutside() throws IOException, InterruptedException {
    int port = freePort();
    Running running =
        work.jobFile(EXAMPLES.resolve("http-echo.nomad.hcl"))
            .with("-var", "port=" + port, "-var", "text=good morning")
            .start()
            .awaitLine("http-echo | listening on port " + port);
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response =
            client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/path")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("good morning\n");
      }
    }
    Outcome outcome = running.awaitLine("http-echo | GET /path HTTP/1.1").signal("INT").await();
    assertThat(outcome.stderr()).contains("gaol: http-echo: killed by signal 15");
    assertThat(outcome.status()).isEqualTo(130);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void limitsShowsWhatHappensAtALimit() {
    Outcome outcome = work.jobFile(EXAMPLES.resolve("limits.nomad.hcl")).run();
    assertThat(outcome.stdout())
        .contains("memory.memory | have 16 MiB\n")
        .doesNotContain("have 64 MiB")
        .containsPattern(
            "processes.processes \\| no more than [1-9] more: Resource temporarily unavailable")
        .contains("cpu.cpu | CPUs that I see: 1\n");
    assertThat(outcome.stderr())
        .containsPattern("gaol: memory.memory: out of memory(:|, likely:) killed");
    assertThat(outcome.status()).isEqualTo(137);
  }

  // ---- the jobs that Gaol was asked for

  /** A job that is refused today, and why. */
  record Refused(String seed, List<String> reasons) {
    @Override
    public String toString() {
      return seed;
    }
  }

  static List<Refused> refused() {
    List<String> vnet =
        List.of(
            "warning: ",
            "The attribute \"Exec_prestart\" is set 2 times",
            "the root of the jail, /zroot/iocage/jails/myjail/root, does not exist");
    return List.of(
        new Refused("http-echo", List.of("ip4.addr: the host has no interface \"em1\"")),
        new Refused("vnet-example", vnet),
        new Refused("vnet-jail", vnet),
        new Refused("exec-my-binary", List.of("command \"my-binary\" is not in the jail")),
        new Refused(
            "exec-artifact", List.of("a checksum of type sha256 has 64 hexadecimal digits")),
        new Refused("exec-cap-add", List.of("cap_add and cap_drop are not built yet")),
        new Refused("exec-cap-drop", List.of("cap_add and cap_drop are not built yet")));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aSeedThatCannotRunYetIsRefusedWithItsReasons(Refused refused) {
    Outcome outcome = work.jobFile(SEEDS.resolve(refused.seed() + ".nomad.hcl")).run();
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr()).contains(refused.reasons()).doesNotContain("started");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(work.left()).isEmpty();
  }

  @Test
  void everySeedIsTested() throws IOException {
    try (Stream<Path> seeds = Files.list(SEEDS)) {
      assertThat(seeds.map(seed -> seed.getFileName().toString().replace(".nomad.hcl", "")))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Stream.of("basic-jail", "exec-sleep"), refused().stream().map(Refused::seed))
                  .toList());
    }
  }

  @Test
  void execSleepRuns() {
    Outcome outcome = work.jobFile(SEEDS.resolve("exec-sleep.nomad.hcl")).run();
    assertThat(outcome.stderr()).contains("gaol: exec-sleep.example: exit status 0");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void theBasicJailPersistsUntilItIsStopped() throws IOException {
    Path root = SmallRoot.withShell(work.directory().resolve("root"));
    Path zroot = Path.of("/zroot");
    boolean made = Files.notExists(zroot);
    if (made) {
      Files.createDirectory(zroot);
    }
    try {
      Running running =
          work.jobFile(SEEDS.resolve("basic-jail.nomad.hcl"))
              .afterMounting(
                  """
                  mount -t tmpfs zroot /zroot
                  mkdir -p /zroot/iocage/jails/myjail/root
                  cp -a %s/. /zroot/iocage/jails/myjail/root/
                  """
                      .formatted(root))
              .start()
              .awaitLine("gaol: test.test01: started");
      Outcome stop = work.stop("test");
      assertThat(stop.status()).as(stop.stderr()).isZero();
      Outcome outcome = running.await();
      assertThat(outcome.stderr()).contains("gaol: test.test01: stopping: SIGTERM");
      assertThat(outcome.status()).isEqualTo(143);
    } finally {
      if (made) {
        Files.delete(zroot);
      }
    }
  }
}
