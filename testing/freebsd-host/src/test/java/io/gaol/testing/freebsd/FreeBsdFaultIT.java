package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a FreeBSD host is left with when a command that undoes something fails, or gaol is killed in
 * it, and what is said of a jail that does not come up. Of all commands of a start {@link
 * FaultMatrix} tells.
 */
class FreeBsdFaultIT {
  private static final String JOB =
      Jobs.batch(
          "faulty",
          Jobs.shell("echo ran; exec sleep 1")
              + """
              Ip4_addr       = "lo0|10.77.1.1"
              Mount          = ["tmpfs /jails/base/tmp tmpfs rw"]
              Mount_devfs    = true
              Exec_prestart  = ["mkdir /tmp/of-prestart"]
              Exec_created   = ["echo created"]
              Exec_poststop  = ["rmdir /tmp/of-prestart"]
              Rctl {
                Maxproc {
                  Action = "deny"
                  Amount = "50"
                }
              }
              """);

  /** Commands that undo one. */
  private static final List<String> UNDOING =
      List.of(
          "^ifconfig lo0 inet 10.77.1.1 .*-alias",
          "^umount .*/jails/base/tmp",
          "^umount .*/jails/base/dev",
          "^rctl -r",
          "^jail .* -r ");

  @AutoClose private static FreeBsd host;
  private static Path job;

  static List<String> undoing() {
    return some(UNDOING, 2);
  }

  /** All of them take a minute. */
  private static List<String> some(List<String> all, int fewer) {
    return Boolean.getBoolean("gaol.full") ? all : all.reversed().subList(0, fewer);
  }

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(FreeBsd.canFail(), "needs commands that can be told to fail");
    host = FreeBsd.open();
    job = host.file("faulty.nomad.hcl", JOB);
  }

  @AfterEach
  void nothingIsLeftAndTheSameJobRuns() {
    host.noFaults();
    assertThat(host.changes()).isEmpty();
    assertThat(host.sh("test -e /tmp/of-prestart").status()).isEqualTo(1);
    Outcome again = host.gaol("job", "run", job.toString());
    assertThat(again.said()).contains("t | ran\n");
    assertThat(again.status()).isZero();
    assertThat(host.changes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"^daemon, daemon /bin/sh -c", "^jail, jail -q -f"})
  void aJailThatDoesNotComeUpIsToldWithTheCommandThatHangs(String pattern, String command) {
    host.fault(pattern, "hang");
    host.setVariable("GAOL_TOOL_LIMIT", "5");
    try {
      Outcome outcome = host.gaol("job", "run", job.toString());
      assertThat(outcome.said())
          .contains("after 5 s still not: the jail is created; what runs is ", command);
      assertThat(outcome.status()).isEqualTo(1);
    } finally {
      host.setVariable("GAOL_TOOL_LIMIT", "60");
    }
  }

  @ParameterizedTest
  @MethodSource("undoing")
  void aCommandThatFailsWhileAllIsUndoneIsToldAndDoneWhenTheJobIsRemoved(String command) {
    host.fault(command, "fail", "--status", "3", "--text", "boom: not yet", "--times", "100");
    Outcome outcome = host.gaol("job", "run", job.toString());
    assertThat(outcome.said()).contains("t | ran", "boom: not yet");
    host.noFaults();
    assertThat(host.gaol("job", "stop", "faulty").status()).isZero();
  }

  @ParameterizedTest
  @MethodSource("undoing")
  void whatGaolLeavesThatIsKilledInACommandGoesWhenTheJobIsStopped(String command)
      throws IOException, InterruptedException {
    host.fault(command, "slow", "--seconds", "4");
    Process running = host.start("job", "run", job.toString());
    try {
      host.until("ps -ax -o command= | grep -qE '" + command.replace("^", "^(/[a-z]*)*/?") + "'");
    } finally {
      FreeBsd.killGaol(running);
    }
    host.noFaults();
    assertThat(host.gaol("job", "stop", "faulty").status()).isZero();
    // What was slow may have been half done when its time was over.
    Thread.sleep(4500);
  }
}
