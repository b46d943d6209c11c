package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.freebsd.FreeBsd.Running;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How jobs end, are stopped, started again and taken over, on a FreeBSD host. */
class FreeBsdStopIT {
  private static final String POLITE =
      Jobs.shell("trap 'echo got TERM; exit 3' TERM; echo ready; while :; do sleep 0.1; done");
  private static final String STUBBORN =
      Jobs.shell("trap '' TERM; echo ready; while :; do sleep 0.1; done");

  @AutoClose private static FreeBsd host;

  @BeforeAll
  static void open() {
    host = FreeBsd.open();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(host.changes()).isEmpty();
  }

  private static String job(String config, String... besideConfig) {
    return host.file("stops.nomad.hcl", Jobs.batch("stops", config, besideConfig)).toString();
  }

  private static Running begin(String config, String... besideConfig) {
    return host.begin("job", "run", job(config, besideConfig));
  }

  // ---- a stop

  @Test
  void aTaskIsStoppedBySigtermAndItsOwnStatusIsTold() throws InterruptedException {
    try (Running running = begin(POLITE)) {
      Outcome outcome = running.until("t | ready").stop().await();
      assertThat(outcome.stdout()).contains("t | got TERM");
      assertThat(outcome.stderr()).contains("gaol: t: exit status 3");
      assertThat(outcome.status()).isEqualTo(143);
    }
  }

  @Test
  void aTaskIsStoppedByTheSignalOfItsJob() throws InterruptedException {
    try (Running running =
        begin(
            Jobs.shell(
                "trap 'echo got USR1; exit 3' USR1; echo ready; while :; do sleep 0.1; done"),
            "kill_signal = \"SIGUSR1\"")) {
      assertThat(running.until("t | ready").stop().await().stdout()).contains("got USR1");
    }
  }

  @Test
  void theSignalReachesEveryProcessOfTheJail() throws InterruptedException {
    try (Running running =
        begin(
            "Mount_devfs = true\n"
                + Jobs.shell(
                    "(trap 'echo child got TERM; exit' TERM; echo ready; while :; do sleep 0.1; done) &"
                        + " trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done"))) {
      assertThat(running.until("t | ready").stop().await().stdout()).contains("child got TERM");
    }
  }

  @ParameterizedTest(name = "{0}{1}")
  @CsvSource({"kill_timeout = \"1s\", ''", "kill_timeout = \"600s\", Stop_timeout = 1"})
  void aTaskThatIgnoresSigtermIsKilledWhenItsTimeIsOver(String beside, String config)
      throws InterruptedException {
    try (Running running = begin(config + "\n" + STUBBORN, beside)) {
      Outcome outcome = running.until("t | ready").stop().await();
      assertThat(outcome.stderr()).contains("SIGKILL after 1 s", "gaol: t: killed by signal 9");
    }
  }

  @Test
  void aStopTimeoutOfZeroSendsNoSignalButKills() throws InterruptedException {
    try (Running running = begin("Stop_timeout = 0\n" + POLITE)) {
      Outcome outcome = running.until("t | ready").stop().await();
      assertThat(outcome.said()).contains("gaol: t: killed by signal 9").doesNotContain("got TERM");
    }
  }

  @Test
  void aSecondSignalKillsTheJob() throws InterruptedException {
    try (Running running = begin(STUBBORN, "kill_timeout = \"600s\"")) {
      running.until("t | ready").stop().until("stopping").stop();
      assertThat(running.await().stderr()).contains("killed by signal 9");
    }
  }

  @Test
  void aStopWhileAHookOfTheStartRunsStopsTheStart() throws InterruptedException {
    try (Running running =
        begin("Exec_prestart = \"sleep 600\"\nExec_poststop = \"echo paired\"\n" + POLITE)) {
      host.until("pgrep -f 'sleep 600'");
      running.stop();
      Outcome outcome = running.await();
      assertThat(outcome.said()).contains("exec.poststop: paired").doesNotContain("t | ready");
    }
    assertThat(host.sh("pgrep -f 'sleep 600'").status()).isEqualTo(1);
  }

  @Test
  void aProcessThatOutlivesTheMainProcessEndsWithTheTask() {
    Outcome outcome =
        host.gaol(
            "job",
            "run",
            job("Mount_devfs = true\n" + Jobs.shell("sleep 4715 & echo main ends; exit 6")));
    assertThat(outcome.stdout()).isEqualTo("t | main ends\n");
    assertThat(outcome.status()).isEqualTo(6);
    assertThat(host.sh("pgrep -f 'sleep 4715'").status()).isEqualTo(1);
  }

  @Test
  void aTaskThatIsKilledFromOutsideWasKilledByASignal() throws InterruptedException {
    try (Running running = begin(Jobs.shell("echo ready; exec sleep 4716"))) {
      running.until("t | ready");
      host.until("pkill -KILL -f 'sleep 4716'");
      Outcome outcome = running.await();
      assertThat(outcome.stderr()).contains("gaol: t: killed by signal 9");
      assertThat(outcome.status()).isEqualTo(137);
    }
  }

  // ---- by another gaol, and after a crash

  @Test
  void anotherGaolStopsTheJob() throws InterruptedException {
    try (Running running = begin(POLITE)) {
      running.until("t | ready");
      assertThat(host.gaol("job", "stop", "stops").status()).isZero();
      assertThat(running.await().stdout()).contains("got TERM");
    }
  }

  @Test
  void aJobThatRunsIsNotRunASecondTime() throws InterruptedException {
    Path file = Path.of(job(POLITE));
    try (Running running = host.begin("job", "run", file.toString())) {
      running.until("t | ready");
      Outcome second = host.gaol("job", "run", file.toString());
      assertThat(second.status()).isEqualTo(1);
      assertThat(second.stderr()).contains("\"stops\"").contains("runs");
      running.stop().await();
    }
  }

  @Test
  void twoJobsShareAHost() throws InterruptedException {
    String polite = POLITE.replace("Path = \"/jails/base\"\n", "");
    Path other = host.file("other.nomad.hcl", Jobs.batch("other", polite));
    try (Running first = begin(polite);
        Running second = host.begin("job", "run", other.toString())) {
      first.until("t | ready");
      second.until("t | ready");
      first.stop().await();
      assertThat(second.process().isAlive()).isTrue();
      assertThat(second.stop().await().stdout()).contains("got TERM");
    }
  }

  @Test
  void aRootThatAnotherTaskHasIsRefusedAndTheOtherRunsOn() throws InterruptedException {
    Path other = host.file("other.nomad.hcl", Jobs.batch("other", POLITE));
    try (Running first = begin(POLITE)) {
      first.until("t | ready");
      Outcome second = host.gaol("job", "run", other.toString());
      assertThat(second.said()).contains("not started", "/jails/base/alloc", "is mounted there");
      assertThat(host.sh("ls -d /jails/base/alloc/data").status()).isZero();
      assertThat(first.stop().await().stdout()).contains("got TERM");
    }
  }

  @Test
  void aRunRemovesWhatAKilledGaolLeftOfTheSameJobAndStartsItAnew() throws InterruptedException {
    Path file =
        Path.of(
            job(
                "Ip4_addr = \"lo0|10.78.1.1\"\nExec_poststop = \"echo paired\"\n"
                    + Jobs.shell("echo ready; exec sleep 600")));
    try (Running running = host.begin("job", "run", file.toString())) {
      running.until("t | ready").kill();
    }
    assertThat(host.sh("ifconfig lo0").stdout()).contains("10.78.1.1");
    try (Running again = host.begin("job", "run", file.toString())) {
      again.until("t | ready").stop();
      assertThat(again.await().said()).contains("exec.poststop: paired");
    }
  }

  // ---- again

  @Test
  void aTaskIsStartedAgainInAFreshJailUntilItSucceeds() {
    Path file =
        host.file(
            "again.nomad.hcl",
            Jobs.batch(
                    "again",
                    Jobs.shell(
                        "n=$(ls /alloc/data | wc -l); touch /alloc/data/$n; ls /tmp; touch /tmp/mark;"
                            + " echo attempt $n; [ $n -ge 2 ]"))
                .replace("attempts = 0", "attempts = 3\ninterval = \"10m\"\ndelay = \"0s\"")
                .replace(
                    "config {", "config {\nMount = [\"tmpfs /jails/base/tmp tmpfs rw 0 0\"]\n"));
    Outcome outcome = host.gaol("job", "run", file.toString());
    assertThat(outcome.stdout().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly("t | attempt 0", "t | attempt 1", "t | attempt 2");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aJailOfTheSameJobThatIsDyingKeepsNoStartFromItsName() {
    Assumptions.assumeTrue(FreeBsd.canFail(), "needs a host whose jails can be told to linger");
    host.set("linger=20");
    try {
      String[] words = {"run", "-n", "again", "/jails/base", "/bin/echo", "on"};
      assertThat(host.gaol(words).stdout()).isEqualTo("on\n");
      assertThat(host.sh("jls -d -h name dying | grep ' true$\\| 1$'").stdout()).contains("again");
      assertThat(host.gaol(words)).isEqualTo(new Outcome(0, "on\n", ""));
    } finally {
      host.set("linger=0");
    }
  }

  @Test
  void jailsOfJobsHaveNamesThatBeginWithALetterHaveNoDotAndAreNotTooLong()
      throws InterruptedException {
    String task =
        "a.task.with.a-name_that-is-far-longer-than-a-jail-should-have-it-" + "x".repeat(30);
    Path file =
        host.file(
            "named.nomad.hcl",
            Jobs.batch("named", Jobs.shell("echo ready; exec sleep 600"))
                .replace("task \"t\"", "task \"" + task + "\""));
    try (Running running = host.begin("job", "run", file.toString())) {
      running.until("ready");
      assertThat(host.sh("jls name").stdout()).matches("[A-Za-z][A-Za-z0-9_-]{0,39}\n");
      running.stop().await();
    }
  }

  @Test
  void jailsOfTheOperatorsAreNotTouched() throws InterruptedException {
    assertThat(host.sh("jail -c name=his path=/jails/base persist").status()).isZero();
    try {
      host.sh("jexec his sleep 4717 >/dev/null 2>&1 &");
      host.until("pgrep -q -j his sleep");
      try (Running running = begin(POLITE)) {
        running.until("t | ready").stop().await();
      }
      assertThat(host.sh("jls -j his name; pgrep -q -j his sleep").status()).isZero();
      Outcome taken = host.gaol("run", "-n", "his", "/jails/base", "/bin/echo", "never");
      assertThat(taken.stderr()).contains("his").contains("already exists");
      assertThat(host.sh("jls -j his name; pgrep -q -j his sleep").status()).isZero();
    } finally {
      host.sh("jail -R his");
    }
  }
}
