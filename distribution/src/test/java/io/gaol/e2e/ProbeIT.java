package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Root in a task tries what a jail must not allow: probe.pl. */
@RequiresLinuxRoot
class ProbeIT {
  private static final Path PROBE = Path.of("src/test/resources/probe/probe.pl").toAbsolutePath();
  private static final Pattern SUMMARY =
      Pattern.compile("task \\| (\\d+) attempts, (\\d+) allowed$");
  private static final int LEAST_ATTEMPTS = 40;

  @RegisterExtension private final Workplace work = new Workplace();

  /** Runs the probe as a task's main process. */
  private Outcome probe(String config, String options) {
    return work.job(
            JobText.jail(
                """
                Exec_prestart = "cp %s $JPATH/local/probe.pl"
                command       = "/usr/bin/perl"
                args          = ["/local/probe.pl", %s]
                %s
                """
                    .formatted(PROBE, options, config)))
        .run();
  }

  private static void assertNothingWasAllowed(Outcome outcome) {
    assertThat(outcome.stdout().lines()).filteredOn(line -> line.contains(": ALLOWED")).isEmpty();
    String last = outcome.stdout().lines().reduce("", (a, b) -> b);
    Matcher summary = SUMMARY.matcher(last);
    assertThat(summary.find()).as(last + outcome.stderr()).isTrue();
    assertThat(Integer.parseInt(summary.group(1))).isGreaterThanOrEqualTo(LEAST_ATTEMPTS);
    assertThat(summary.group(2)).isEqualTo("0");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aTaskIsAllowedNothingOfWhatAJailForbids() throws IOException {
    Path file = Files.writeString(work.directory().resolve("host-file"), "of the host");
    String name = "gaol-probe-" + ProcessHandle.current().pid();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        AbstractSocket socket = AbstractSocket.listen(name)) {
      assertThat(socket.runs()).isTrue();
      Outcome outcome =
          probe(
              "",
              "\"--host-pid=%d\", \"--host-file=%s\", \"--abstract=%s\", \"--port=%d\""
                  .formatted(ProcessHandle.current().pid(), file, name, server.getLocalPort()));
      assertNothingWasAllowed(outcome);
      assertThat(outcome.stdout()).doesNotContain("skipped (needs");
    }
  }

  @Test
  void aTaskWithTheHostsNetworkIsAllowedTheNetworkAlone() throws IOException {
    Path file = Files.writeString(work.directory().resolve("host-file"), "of the host");
    // The host's network is what such a task is given on purpose: neither its ports nor its
    // abstract
    // sockets are tried.
    assertNothingWasAllowed(
        probe(
            "Ip4 = \"inherit\"\nIp6 = \"inherit\"",
            "\"--host-pid=%d\", \"--host-file=%s\", \"--skip=reserved-port\""
                .formatted(ProcessHandle.current().pid(), file)));
  }

  /** A program that listens at an abstract Unix socket: unix(7). Java has none. */
  private record AbstractSocket(Process process) implements AutoCloseable {
    static AbstractSocket listen(String name) throws IOException {
      Process process =
          new ProcessBuilder(
                  "perl",
                  "-MSocket",
                  "-e",
                  "socket(S, PF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un(\"\\0$ARGV[0]\")) &&"
                      + " listen(S, 5) or die $!; $| = 1; print qq(ready\\n); <STDIN>",
                  name)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
      return new AbstractSocket(process);
    }

    boolean runs() {
      return process.isAlive();
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
