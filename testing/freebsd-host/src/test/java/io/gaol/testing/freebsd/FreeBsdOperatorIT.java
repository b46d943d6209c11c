package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.freebsd.FreeBsd.Running;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job takes of its host that is the operator's, and what is refused, on a FreeBSD host. */
class FreeBsdOperatorIT {
  @AutoClose private static FreeBsd host;

  /** Whether /etc/jail.conf is of these tests. */
  private static boolean conf;

  @BeforeAll
  static void open() {
    host = FreeBsd.open("release=15.0", "pool=tank");
    conf = host.sh("[ ! -e /etc/jail.conf ]").status() == 0;
    if (conf) {
      host.sh(
          """
          echo 'db { path = /jails/base; persist; exec.start = "touch /tmp/db-started"; }
          slow { path = /jails/base; persist; exec.start = "sleep 3; touch /tmp/slow-started"; }' >/etc/jail.conf
          """);
    }
    if (FreeBsd.canFail()) {
      host.sh(
          """
          zfs create -o jailed=on -o mountpoint=none tank/data
          touch /jails/base/dev/zfs
          echo '10.79.0.7 seven.example' >>/etc/hosts
          """);
    }
    host.remember();
  }

  @AfterAll
  static void leaveTheMachineAsItWas() {
    if (conf) {
      host.sh("rm /etc/jail.conf");
    }
  }

  private static void mayBeSpoilt() {
    Assumptions.assumeTrue(FreeBsd.canFail(), "needs a host to spoil");
  }

  private static void hasTheTestsConf() {
    Assumptions.assumeTrue(conf, "the machine has an /etc/jail.conf of its own");
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(host.changes()).isEmpty();
    assertThat(host.sh("ls " + FreeBsd.STATE + "/tasks 2>/dev/null").stdout()).isEmpty();
  }

  private static Outcome run(String config, String... besideConfig) {
    return host.gaol(
        "job",
        "run",
        host.file("his.nomad.hcl", Jobs.batch("his", config, besideConfig)).toString());
  }

  // ---- depend

  @Test
  void aJailOfTheOperatorsIsStartedWhereItIsAbsentAndStaysAfterTheTask() {
    hasTheTestsConf();
    try {
      Outcome outcome =
          run("Depend = [\"db\"]\nExec_created = \"jls -j db name\"\n" + Jobs.shell("echo on"));
      assertThat(outcome.said()).contains("exec.created: db", "t | on");
      assertThat(host.sh("jls -j db name; rm /jails/base/tmp/db-started").stdout())
          .isEqualTo("db\n");
    } finally {
      host.sh("jail -R db");
    }
  }

  @Test
  void aJailOfTheOperatorsThatRunsIsLeftAsItIs() {
    hasTheTestsConf();
    try {
      host.sh("jail -c db; rm /jails/base/tmp/db-started");
      String before = host.sh("jls -j db jid").stdout();
      assertThat(run("Depend = [\"db\"]\n" + Jobs.shell("echo on")).stdout()).contains("t | on");
      assertThat(host.sh("jls -j db jid").stdout()).isEqualTo(before);
      assertThat(host.sh("test -e /jails/base/tmp/db-started").status()).isEqualTo(1);
    } finally {
      host.sh("jail -R db");
    }
  }

  @Test
  void tasksThatNeedTheSameJailAtOnceAllWaitUntilItHasStarted() throws InterruptedException {
    hasTheTestsConf();
    List<Running> tasks = new ArrayList<>();
    try {
      for (int task = 0; task < 3; task++) {
        tasks.add(
            host.begin(
                "run",
                "-J",
                "depend=slow",
                "-J",
                "exec.created=ls /jails/base/tmp/slow-started",
                "host",
                "/bin/echo",
                "on"));
        // The first begins it, another meets it half-started.
        Thread.sleep(task * 500L);
      }
      for (Running task : tasks) {
        Outcome outcome = task.await();
        assertThat(outcome.status()).as("%s", outcome).isZero();
        assertThat(outcome.stdout()).isEqualTo("on\n");
      }
    } finally {
      tasks.forEach(Running::close);
      host.sh("jail -r slow; rm -f /jails/base/tmp/slow-started");
    }
  }

  @Test
  void aJailThatTheOperatorDoesNotHaveFailsTheStartInTheWordsOfJail8() {
    hasTheTestsConf();
    Outcome outcome = run("Depend = [\"nosuch\"]\n" + Jobs.shell("echo never"));
    assertThat(outcome.said())
        .contains("not started: depend \"jail -c nosuch\"", "\"nosuch\" not found")
        .doesNotContain("| never");
  }

  @Test
  void theJailOfAnotherTaskIsNothingToDependOn() throws InterruptedException {
    try (Running other =
        host.begin("run", "-n", "theother", "/jails/base", "/bin/sh", "-c", "echo up; sleep 600")) {
      other.until("up");
      Outcome outcome = run("Depend = [\"theother\"]\n" + Jobs.shell("echo never"));
      assertThat(outcome.said())
          .contains("depend", "\"theother\"", "another task")
          .doesNotContain("| never");
      other.stop().await();
    }
  }

  // ---- names, processors, datasets

  @Test
  void ipHostnameIsTheAddressesOfTheName() {
    mayBeSpoilt();
    Outcome outcome =
        run(
            """
            Host_hostname = "seven.example"
            Ip_hostname   = true
            nic           = "lo0"
            Exec_created  = "jls -j $JNAME ip4.addr"
            """
                + Jobs.shell("ifconfig lo0 | grep 10.79"));
    assertThat(outcome.said()).contains("exec.created: 10.79.0.7").contains("inet 10.79.0.7");
  }

  @Test
  void coresAreTheProcessorsOfTheJail() {
    Outcome outcome =
        run(
            "Exec_poststart = \"cpuset -g -j $JNAME\"\n" + Jobs.shell("sleep 2"),
            "resources { cores = 1 }");
    assertThat(outcome.said()).containsPattern("jail [0-9]+ mask: 0\\n");
  }

  @Test
  void aDatasetIsTheJailsAsLongAsItIsThere() {
    mayBeSpoilt();
    Outcome outcome =
        run(
            """
            Zfs_dataset     = ["tank/data"]
            Enforce_statfs  = 1
            Allow_mount     = true
            Allow_mount_zfs = true
            """
                + Jobs.shell("zfs list -H -o name"));
    assertThat(outcome.said()).contains("t | tank/data");
  }

  @Test
  void aDatasetThatIsNotThereFailsTheStart() {
    mayBeSpoilt();
    Outcome outcome =
        run(
            """
            Zfs_dataset     = ["tank/nosuch"]
            Enforce_statfs  = 1
            Allow_mount     = true
            Allow_mount_zfs = true
            """
                + Jobs.shell("echo never"));
    assertThat(outcome.said())
        .contains("not started", "tank/nosuch", "dataset does not exist")
        .doesNotContain("| never");
  }

  // ---- rulesets of devfs(8)

  @Test
  void aRulesetThatIsNotLoadedIsLoadedFromTheHostsFiles() {
    mayBeSpoilt();
    host.sh("printf '[own=77]\\nadd hide\\nadd path null unhide\\n' >/etc/devfs.rules");
    try {
      Outcome outcome = run("Mount_devfs = true\nDevfs_ruleset = 77\n" + Jobs.shell("ls /dev"));
      assertThat(outcome.stdout()).contains("t | null").doesNotContain("mem", "random");
    } finally {
      host.sh("devfs rule -s 77 delset");
      host.sh("rm /etc/devfs.rules");
    }
  }

  @Test
  void aRulesetThatCannotBeLoadedFailsTheStart() {
    mayBeSpoilt();
    host.sh("printf '[own=77]\\nadd hide\\nadd path null unhide\\n' >/etc/devfs.rules");
    host.fault("^devfs rule -s 77", "fail", "--text", "devfs: boom", "--times", "-1");
    try {
      Outcome outcome = run("Mount_devfs = true\nDevfs_ruleset = 77\n" + Jobs.shell("echo never"));
      assertThat(outcome.said())
          .contains("devfs ruleset 77", "devfs: boom")
          .doesNotContain("| never");
    } finally {
      host.noFaults();
      host.sh("devfs rule -s 77 delset");
      host.sh("rm /etc/devfs.rules");
    }
  }

  @Test
  void aRulesetThatIsNowhereIsRefusedBeforeAnythingIsDone() {
    Outcome outcome = run("Mount_devfs = true\nDevfs_ruleset = 99\n" + Jobs.shell("echo never"));
    assertThat(outcome.said())
        .contains("the ruleset 99 of devfs(8) is neither in the kernel nor in devfs.rules(5)")
        .doesNotContain("| never");
  }

  // ---- what the host is not

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "racct=false, true, kern.racct.enable=1",
    "racct=null, true, a kernel with options RACCT and RCTL",
  })
  void limitsAreRefusedWhereNothingIsAccounted(String setting, String before, String reason) {
    mayBeSpoilt();
    host.set(setting);
    try {
      Outcome outcome =
          run(
              "Rctl {\nMaxproc {\nAction = \"deny\"\nAmount = \"5\"\n}\n}\n"
                  + Jobs.shell("echo never"));
      assertThat(outcome.said()).contains(reason).doesNotContain("| never");
    } finally {
      host.set("racct=" + before);
    }
  }

  @Test
  void aNetworkStackIsRefusedByAKernelWithoutVimage() {
    mayBeSpoilt();
    host.set("vimage=false");
    try {
      Outcome outcome = run("Vnet = true\n" + Jobs.shell("echo never"));
      assertThat(outcome.said()).contains("vnet").contains("VIMAGE").doesNotContain("| never");
    } finally {
      host.set("vimage=true");
    }
  }

  @Test
  void whoIsNotRootIsTold() {
    String job = host.file("his.nomad.hcl", Jobs.batch("his", Jobs.shell("echo never"))).toString();
    host.sh("mkdir -p /var/tmp/state; chmod 777 /var/tmp/state");
    Outcome outcome =
        host.sh(
            "chmod -R a+rX $(dirname "
                + job
                + "); chroot -u nobodyjob -g 1001 / "
                + FreeBsd.gaolProgram()
                + " job run --state-dir /var/tmp/state "
                + job);
    assertThat(outcome.said()).contains("jails need root").doesNotContain("| never");
    assertThat(outcome.status()).isEqualTo(1);
    host.sh("rm -r /var/tmp/state");
  }

  // ---- roots and mount points

  @Test
  void theHostsOwnRootIsRefused() {
    assertThat(run("Path = \"/\"\n" + Jobs.command("/bin/echo", "never")).said())
        .contains("the root of the jail may not be /")
        .doesNotContain("| never");
  }

  @Test
  void aRootThatIsNotThereIsRefusedByName() {
    assertThat(run("Path = \"/jails/nosuch\"\n" + Jobs.command("/bin/echo", "never")).said())
        .contains("/jails/nosuch")
        .doesNotContain("| never");
  }

  @Test
  void aMountPointThatIsALinkIsRefusedByName() {
    host.sh("ln -s /jails/base/tmp /jails/base/tmp/link");
    try {
      Outcome outcome =
          run("Mount = [\"tmpfs /jails/base/tmp/link tmpfs rw 0 0\"]\n" + Jobs.shell("echo never"));
      assertThat(outcome.said())
          .contains("/jails/base/tmp/link", "symbolic link")
          .doesNotContain("| never");
    } finally {
      host.sh("rm /jails/base/tmp/link");
    }
  }

  @Test
  void aMountBelowAnotherFollowsNoLinkOutOfTheJail() {
    Path data = host.folder().resolve("data");
    Path elsewhere = host.folder().resolve("elsewhere");
    host.sh("mkdir -p %1$s %2$s; ln -s %2$s %1$s/link".formatted(data, elsewhere));
    Outcome outcome =
        run(
            "Mount = [\"%s /jails/base/tmp nullfs rw 0 0\", \"tmpfs /jails/base/tmp/link tmpfs rw 0 0\"]\n"
                    .formatted(data)
                + "Exec_poststop = \"mount -p\"\n"
                + Jobs.shell("echo never"));
    assertThat(outcome.said())
        .contains("a symbolic link leads from there to " + elsewhere)
        .doesNotContain("| never");
    assertThat(host.sh("mount -p").stdout()).doesNotContain(elsewhere.toString());
  }

  @Test
  void aDevfsThatIsMountedAlreadyIsNotTakenForOneWithTheRuleset() {
    host.sh("mount -t devfs devfs /jails/base/dev");
    try {
      Outcome outcome = run("Mount_devfs = true\n" + Jobs.shell("echo never"));
      assertThat(outcome.said())
          .contains("devfs of devfs is mounted there, which does not tell of ruleset=4; unmount it")
          .doesNotContain("| never");
    } finally {
      host.sh("umount /jails/base/dev");
    }
  }
}
