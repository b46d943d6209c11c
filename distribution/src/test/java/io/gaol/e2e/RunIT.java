package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code gaol run}: Kleene's page on jail parameters can be followed with it. */
@RequiresLinuxRoot
class RunIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private Outcome run(String... arguments) {
    return work.gaolRun(arguments).run();
  }

  private String output(String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.stderr()).isEmpty();
    assertThat(outcome.status()).isZero();
    return outcome.stdout();
  }

  // ---- output and end

  @Test
  void helloWorldIsAllThatIsPrinted() {
    assertThat(output("host", "echo", "Hello World")).isEqualTo("Hello World\n");
  }

  @Test
  void outputIsPassedThroughByteByByte() {
    Running running = work.gaolRun("host", "printf", "a\\0b\\377 no line end").start();
    assertThat(running.await().status()).isZero();
    assertThat(running.stdoutBytes())
        .startsWith('a', 0, 'b', 0xFF)
        .endsWith("no line end".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @Test
  void aPromptWithoutALineEndIsSeenAtOnce() {
    Running running = work.gaolRun("host", "sh", "-c", "printf 'name? '; sleep 600").start();
    Workplace.await("the prompt", () -> running.stdout().equals("name? "));
    running.signal("TERM").await();
  }

  @Test
  void standardErrorStaysStandardError() {
    Outcome outcome = run("host", "sh", "-c", "echo out; echo err >&2");
    assertThat(outcome).isEqualTo(new Outcome(0, "out\n", "err\n"));
  }

  @ParameterizedTest
  @CsvSource({"exit 7, 7", "exit 0, 0", "exit 255, 255", "kill -9 $$, 137", "kill -15 $$, 143"})
  void theExitStatusIsTheCommands(String script, int status) {
    assertThat(run("host", "sh", "-c", script).status()).isEqualTo(status);
  }

  @Test
  void aLotOfOutputComesWholeAndInOrder() {
    String expected =
        String.join("", IntStream.rangeClosed(1, 200_000).mapToObj(i -> i + "\n").toList());
    assertThat(output("host", "seq", "200000")).isEqualTo(expected);
  }

  @Test
  void whenNobodyReadsAnyMoreTheCommandEnds() {
    Outcome outcome =
        work.gaolRun("host", "yes")
            .behind("sh", "-c", "\"$@\" | head -n 2; echo \"${PIPESTATUS:-done}\"", "sh")
            .run();
    assertThat(outcome.stdout()).isEqualTo("y\ny\ndone\n");
    assertThat(work.left()).isEmpty();
  }

  @Test
  void flagsBehindTheRootAreTheCommands() {
    assertThat(output("host", "echo", "-n", "-J", "--help")).isEqualTo("-J --help");
  }

  // ---- Ctrl-C

  @Test
  void controlCStopsIt() {
    Running running = work.gaolRun("host", "sh", "-c", "echo ready; sleep 600").start();
    Outcome outcome = running.awaitLine("ready").signal("INT").await();
    assertThat(outcome.status()).isEqualTo(130);
    assertThat(outcome.stderr()).contains("gaol: stopping; once more to kill");
  }

  @Test
  void controlCTwiceKillsWhatDoesNotStop() {
    Running running =
        work.gaolRun("host", "sh", "-c", "trap '' TERM INT; echo ready; while :; do sleep 1; done")
            .start();
    running.awaitLine("ready").signal("INT").awaitLine("gaol: stopping; once more to kill");
    assertThat(running.signal("INT").await().status()).isEqualTo(130);
  }

  @Test
  void theHooksOfAStopRunWhenItIsStopped() {
    Path trace = work.directory().resolve("trace");
    Running running =
        work.gaolRun(
                "-J",
                "exec.prestop=echo prestop >> " + trace,
                "-J",
                "exec.poststop=echo poststop >> " + trace,
                "host",
                "sh",
                "-c",
                "echo ready; sleep 600")
            .start();
    running.awaitLine("ready").signal("INT").await();
    assertThat(trace).hasContent("prestop\npoststop");
  }

  // ---- the table of what overrides a default

  @Test
  void theHostNameIsTheContainersIdOrWhatIsGiven() {
    assertThat(output("host", "hostname")).matches("[a-f][0-9a-f]{11}\n");
    assertThat(output("-J", "host.hostname=myhostname", "host", "hostname"))
        .isEqualTo("myhostname\n");
  }

  @ParameterizedTest
  @CsvSource({"mount.devfs=false", "mount.nodevfs"})
  void withoutDevfsItIsSaidWhatStaysInDev(String flag) {
    Outcome outcome = run("-J", flag, "host", "sh", "-c", "echo x > /dev/null");
    assertThat(outcome.status()).isZero();
    assertThat(outcome.stderr()).startsWith("gaol: mount.devfs: the runtime makes a /dev all the");
  }

  @Test
  void theUserIsRootOrThatOfTheOptionOrBeforeItThatOfTheParameter() {
    assertThat(output("host", "id", "-un")).isEqualTo("root\n");
    assertThat(output("-u", "nobody", "host", "id", "-un")).isEqualTo("nobody\n");
    assertThat(output("-u", "nobody", "-J", "exec.jail_user=daemon", "host", "id", "-un"))
        .isEqualTo("daemon\n");
  }

  @Test
  void theEnvironmentIsCleanOrThatOfTheCaller() {
    for (String clean : List.of("exec.clean", "exec.clean=true")) {
      Outcome outcome =
          work.gaolRun("-J", clean, "-e", "MINE=1", "host", "env")
              .withEnvironment("CALLERS", "x")
              .run();
      assertThat(outcome.stdout()).contains("MINE=1\n").doesNotContain("CALLERS");
    }
    for (String unclean : List.of("exec.noclean", "exec.clean=false")) {
      Outcome outcome =
          work.gaolRun("-J", unclean, "-e", "MINE=1", "host", "env")
              .withEnvironment("CALLERS", "x")
              .run();
      assertThat(outcome.stdout()).contains("MINE=1\n").contains("CALLERS=x\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"exec.nostop", "exec.stop="})
  void thereNeedBeNoStopCommand(String flag) {
    assertThat(output("-J", flag, "host", "echo", "x")).isEqualTo("x\n");
  }

  // ---- raw sockets, as ping needs them

  /** Sends an echo request to loopback and waits for the answer. */
  private static final String PING =
      """
      use Socket;
      socket(S, PF_INET, SOCK_RAW, getprotobyname("icmp") // 1) or die "socket: $!\\n";
      my $p = pack("C2 n3", 8, 0, 0, 7, 1);
      my $s = 0; $s += $_ for unpack("n*", $p); $s = ~(($s >> 16) + ($s & 0xffff)) & 0xffff;
      send(S, pack("C2 n3", 8, 0, $s, 7, 1), 0, sockaddr_in(0, inet_aton("127.0.0.1"))) or die $!;
      alarm 20;
      while (recv(S, my $answer, 1500, 0)) {
        if (unpack("x20 C", $answer) == 0) { print "answered\\n"; exit 0; }
      }
      """;

  @Test
  void pingNeedsRawSocketsAndGetsThemWhenTheyAreAllowed() {
    assertThat(output("-J", "allow.raw_sockets", "host", "perl", "-e", PING))
        .isEqualTo("answered\n");
    Outcome refused = run("host", "perl", "-e", PING);
    assertThat(refused.status()).isNotZero();
    assertThat(refused.stderr()).isEqualTo("socket: Operation not permitted\n");
  }

  // ---- roots and names

  @Test
  void aDirectoryIsTheRootAndStaysAsItWas() {
    Path root = SmallRoot.withShell(work.directory().resolve("root"));
    List<String> before = Workplace.inventory(root);
    assertThat(output(root.toString(), "/bin/sh", "-c", "echo $PWD; ls /bin/sh"))
        .isEqualTo("/\n/bin/sh\n");
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  @Test
  void aRelativeRootIsBelowTheFolderThatGaolRunsIn() {
    SmallRoot.withShell(work.directory().resolve("root"));
    Outcome outcome =
        work.gaolRun("root", "/bin/true")
            .behind("sh", "-c", "cd \"$0\" && exec \"$@\"", work.directory().toString())
            .run();
    assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
  }

  @Test
  void whatIsWrittenBelowTheHostsSystemIsPrivateAndGone() {
    assertThat(output("host", "sh", "-c", "echo x > /new && cat /new; touch /usr/x 2>&1 || true"))
        .startsWith("x\n")
        .contains("Read-only file system");
    assertThat(Path.of("/new")).doesNotExist();
  }

  @Test
  void aNameIsTakenWhileItsJailRuns() {
    Running first =
        work.gaolRun("-n", "run-it-name", "host", "sh", "-c", "echo ready; sleep 600").start();
    first.awaitLine("ready");
    Outcome second = run("-n", "run-it-name", "host", "true");
    assertThat(second.status()).isEqualTo(125);
    assertThat(second.stderr()).contains("\"run-it-name\" runs already (process " + first.pid());
    first.signal("TERM").await();
    assertThat(run("-n", "run-it-name", "host", "true").status()).isZero();
  }

  @Test
  void whatAKilledGaolLeftIsRemovedWithTheNextOfItsName() {
    Running first =
        work.gaolRun("-n", "run-it-killed", "host", "sh", "-c", "echo ready; sleep 600").start();
    first.awaitLine("ready").signal("KILL").await();
    assertThat(work.left()).isNotEmpty();
    Outcome second = run("-n", "run-it-killed", "host", "echo", "again");
    assertThat(second.stdout()).isEqualTo("again\n");
    assertThat(second.status()).isZero();
  }

  @Test
  void startCommandsRunWithoutACommandToo() {
    assertThat(output("-J", "exec.start=echo one", "-J", "exec.start=echo two", "host"))
        .isEqualTo("one\ntwo\n");
  }

  // ---- bad input

  record Bad(List<String> arguments, int status, List<String> said) {
    static Bad of(List<String> arguments, String... said) {
      return new Bad(arguments, 125, List.of(said));
    }
  }

  static List<Bad> bad() {
    return List.of(
        Bad.of(
            List.of("/no/such/root", "x"),
            "gaol: the root /no/such/root does not exist: name a directory, or write host"),
        Bad.of(List.of("/etc/passwd", "x"), "gaol: the root /etc/passwd is no directory"),
        Bad.of(
            List.of("-J", "allow.raw_socket", "host", "true"),
            "gaol: -J no jail parameter is named \"allow.raw_socket\". Did you mean"
                + " \"allow.raw_sockets\"?"),
        Bad.of(
            List.of("-J", "persist=perhaps", "-J", "enforce_statfs=9", "host", "true"),
            "persist",
            "enforce_statfs"),
        Bad.of(List.of("-J", "path=/x", "host", "true"), "gaol: -J path: the root is the first"),
        Bad.of(List.of("-n", "no good", "host", "true"), "gaol: -n: not a jail name: \"no good\""),
        Bad.of(
            List.of("host", "no-such-program"), "command \"no-such-program\" is not in the jail"),
        Bad.of(List.of("host"), "command"),
        Bad.of(List.of("-J", "vnet", "-J", "ip4=inherit", "host", "true"), "ip4", "vnet"),
        new Bad(List.of(), 2, List.of("ROOT")),
        new Bad(List.of("-e", "NOVALUE", "host", "true"), 2, List.of("NAME=VALUE")));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatCannotBeRunIsRefusedAndLeavesNothing(Bad bad) {
    Outcome outcome = run(bad.arguments().toArray(String[]::new));
    assertThat(outcome.stderr()).contains(bad.said());
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.status()).isEqualTo(bad.status());
    assertThat(Files.exists(work.stateDirectory().resolve("tasks")) ? work.left() : List.of())
        .isEmpty();
  }
}
