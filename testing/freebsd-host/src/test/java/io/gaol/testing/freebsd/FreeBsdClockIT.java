package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.freebsd.FreeBsd.Running;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A host whose clock is set while tasks run, as ntpd(8) does after a boot or a pause. */
class FreeBsdClockIT {
  @AutoClose private static FreeBsd host;

  @BeforeAll
  static void open() {
    Assumptions.assumeTrue(FreeBsd.canFail(), "needs a clock that can be set");
    host = FreeBsd.open();
  }

  @AfterEach
  void theClockIsRight() {
    host.set("clock_step=0");
    assertThat(host.changes()).isEmpty();
  }

  private static Running start(String name) throws InterruptedException {
    return host.begin(
            "run",
            "-n",
            name,
            "/jails/base",
            "/bin/sh",
            "-c",
            "echo ready; while :; do sleep 1; done")
        .until("ready");
  }

  @Test
  void aJobIsKnownToRunAndIsStoppedByItsOwner() throws InterruptedException {
    try (Running running = start("clocked")) {
      host.set("clock_step=7200");
      Outcome second = host.gaol("run", "-n", "clocked", "/jails/base", "/bin/true");
      assertThat(second.status()).isEqualTo(125);
      assertThat(host.sh("jls -n name").stdout()).contains("clocked");
      Outcome stopped = host.gaol("job", "stop", "clocked");
      assertThat(stopped.status()).as("%s", stopped).isZero();
      // Its owner heard of it, and did it.
      assertThat(running.await().said()).contains("gaol: ");
    }
  }

  @Test
  void aTaskThatIsStartedLaterInTheSameBootIsKnownToRun() throws InterruptedException {
    assertThat(host.gaol("run", "/jails/base", "/bin/true").status()).isZero();
    host.set("clock_step=7200");
    try (Running running = start("later")) {
      Thread.sleep(3000);
      assertThat(running.process().isAlive()).as(running.said()).isTrue();
      Outcome ended = running.stop().await();
      assertThat(ended.said()).doesNotContain("ended before", "was killed");
      assertThat(ended.status()).isEqualTo(143);
    }
  }

  @Test
  void aTaskThatLostItsOwnerBeforeIsStillStopped() throws InterruptedException {
    try (Running running = start("orphan")) {
      running.kill();
      host.set("clock_step=-86400");
      assertThat(host.sh("jls -n name").stdout()).contains("orphan");
      assertThat(host.gaol("job", "stop", "orphan").status()).isZero();
      assertThat(host.sh("jls -n name").stdout()).doesNotContain("orphan");
    }
  }
}
