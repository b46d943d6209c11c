package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.freebsd.FreeBsd.Running;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of a job around its task, as jail(8) has them, on a FreeBSD host. */
class FreeBsdHooksIT {
  private static final String TRACE = "/var/tmp/trace";

  private static final List<String> ON_THE_HOST =
      List.of("prepare", "prestart", "created", "poststart", "prestop", "poststop", "release");

  @AutoClose private static FreeBsd host;

  @BeforeAll
  static void open() {
    host = FreeBsd.open();
  }

  @BeforeEach
  void emptyTrace() {
    host.sh("mkdir -p /var/tmp; : >" + TRACE);
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(host.changes()).isEmpty();
  }

  private static String trace() {
    return host.sh("cat " + TRACE).stdout();
  }

  private static String says(String hook) {
    return "Exec_" + hook + " = \"echo " + hook + " >>" + TRACE + "\"\n";
  }

  /** Every hook of the host writes its name, but those that are given. */
  private static String traced(String... others) {
    String given = String.join("\n", others) + "\n";
    return ON_THE_HOST.stream()
            .filter(hook -> !given.contains("Exec_" + hook + " "))
            .map(FreeBsdHooksIT::says)
            .collect(Collectors.joining())
        + given;
  }

  private static String job(String config) {
    return host.file("hooks.nomad.hcl", Jobs.batch("hooks", config)).toString();
  }

  private static Outcome run(String config) {
    return host.gaol("job", "run", job(config));
  }

  private static Running begin(String config) {
    return host.begin("job", "run", job(config));
  }

  private static String config(String... lines) {
    return Stream.concat(Stream.of("Path = \"/jails/base\""), Stream.of(lines))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  // ---- order

  @Test
  void aTaskThatIsStoppedHasEveryHookInTheOrderOfJail8() throws InterruptedException {
    try (Running running =
        begin(
            traced(
                "Mount = [\"tmpfs /jails/base/tmp tmpfs rw 0 0\"]",
                "Exec_start = \"echo start >/tmp/in\"",
                "Exec_poststart = \"cat $JPATH/tmp/in >>%1$s; echo poststart >>%1$s; touch $JPATH/tmp/go\""
                    .formatted(TRACE),
                "Exec_stop = \"echo stop >/tmp/in\"",
                "Exec_poststop = \"echo poststop >>%1$s\"".formatted(TRACE),
                Jobs.shell(
                    "trap 'exit 0' TERM; until [ -e /tmp/go ]; do sleep 0.1; done; echo ready;"
                        + " while :; do sleep 0.1; done")))) {
      running.until("| ready").stop();
      assertThat(running.await().status()).isEqualTo(143);
    }
    assertThat(trace().lines())
        .containsExactly(
            "prepare",
            "prestart",
            "created",
            "start",
            "poststart",
            "prestop",
            "poststop",
            "release");
  }

  @Test
  void aTaskThatEndsByItselfHasNoHooksOfStopping() {
    assertThat(run(traced(Jobs.shell("sleep 1"))).status()).isZero();
    assertThat(trace().lines())
        .containsExactly("prepare", "prestart", "created", "poststart", "poststop", "release");
  }

  @Test
  void execStopRunsInTheJailBeforeTheKillSignal() throws InterruptedException {
    try (Running running =
        begin(
            config(
                "Exec_stop = \"sysctl -n security.jail.jailed\"",
                "Exec_prestop = \"sysctl -n security.jail.jailed\"",
                Jobs.command(
                    "/bin/sh",
                    "-c",
                    "trap 'echo got; exit 0' TERM; echo ready; while :; do sleep 0.1; done")))) {
      String said = running.until("| ready").stop().await().said();
      assertThat(said).contains("exec.prestop: 0", "exec.stop: 1", "t | got");
    }
  }

  @Test
  void severalCommandsOfAHookRunInOrderAndThoseWithoutShellCharactersAreNoShells() {
    run(
        traced(
            "Exec_prestart = [\"echo one >>%1$s\", \"touch /var/tmp/plain\", \"echo two >>%1$s\"]"
                .formatted(TRACE),
            Jobs.shell("true")));
    assertThat(trace()).contains("prepare\none\ntwo\ncreated\n");
    assertThat(host.sh("rm /var/tmp/plain").status()).isZero();
  }

  @Test
  void aHookKnowsTheJailItsRootAndTheTasksVariables() {
    run(
        config(
            "Exec_prestart = \"echo $JNAME $JPATH $NOMAD_TASK_NAME >>%s\"".formatted(TRACE),
            Jobs.command("/bin/true")));
    assertThat(trace()).matches("t-[0-9a-f]{8} /jails/base t\n");
  }

  @Test
  void aHookMayLeaveADaemonWithoutHoldingTheTaskUp() {
    Outcome outcome =
        run(config("Exec_prestart = \"sleep 3 & exit 0\"", Jobs.command("/bin/echo", "on")));
    assertThat(outcome.stdout()).isEqualTo("t | on\n");
  }

  // ---- failures

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "prepare, release",
    "prestart, prepare poststop release",
    "created, prepare prestart poststop release"
  })
  void aHookThatFailsFailsTheStartAndWhatWasBegunIsPaired(String failing, String others) {
    Outcome outcome =
        run(
            traced(
                "Ip4_addr = \"lo0|10.78.0.1\"",
                "Exec_" + failing + " = \"echo why >&2; exit 4\"",
                Jobs.shell("echo never")));
    assertThat(outcome.said())
        .contains("not started: exec." + failing, "exit status 4", "why")
        .doesNotContain("| never");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(trace().lines()).containsExactly(others.split(" "));
  }

  @Test
  void aPoststartThatFailsEndsTheTask() {
    Outcome outcome = run(traced("Exec_poststart = \"(exit 4)\"", Jobs.shell("exec sleep 600")));
    assertThat(outcome.said()).contains("exec.poststart").contains("exit status 4");
    assertThat(outcome.status()).isNotZero();
    assertThat(trace().lines())
        .containsExactly("prepare", "prestart", "created", "poststop", "release");
  }

  @Test
  void aPoststartThatCannotEvenBeRunEndsTheTaskThatIsOnlyBeginning() {
    Outcome outcome =
        run(
            config(
                "Exec_poststart = \"/nosuch\"", Jobs.command("/bin/sh", "-c", "exec sleep 600")));
    assertThat(outcome.said()).contains("exec.poststart").contains("/nosuch");
    assertThat(outcome.status()).isNotZero();
  }

  @Test
  void hooksOfStoppingThatFailAreToldAndTheJailGoesAllTheSame() throws InterruptedException {
    try (Running running =
        begin(
            config(
                "Exec_prestop = \"(exit 4)\"",
                "Exec_stop = \"(exit 5)\"",
                "Exec_poststop = \"(exit 6)\"",
                "Exec_release = \"(exit 7)\"",
                Jobs.command("/bin/sh", "-c", "echo ready; exec sleep 600")))) {
      Outcome outcome = running.until("| ready").stop().await();
      for (String hook : List.of("prestop", "stop", "poststop", "release")) {
        assertThat(outcome.stderr())
            .containsPattern("warning: .*exec." + hook + " \"\\(exit .\\)\" failed: exit status");
      }
      assertThat(outcome.status()).isEqualTo(143);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"prepare", "prestart", "created"})
  void aHookThatHangsIsEndedByExecTimeout(String hanging) {
    Outcome outcome =
        run(
            traced(
                "Exec_timeout = 1",
                "Exec_" + hanging + " = \"sleep 4712; true\"",
                Jobs.shell("echo never")));
    assertThat(outcome.said())
        .contains("not started: exec." + hanging, "timed out", "exec.timeout")
        .doesNotContain("| never");
    assertThat(trace()).endsWith("release\n");
    assertThat(host.sh("pgrep -f 'sleep 4712'").status()).isEqualTo(1);
  }

  @Test
  void hooksOfStoppingThatHangAreEndedByExecTimeout() throws InterruptedException {
    try (Running running =
        begin(
            traced(
                "Exec_timeout = 1",
                "Exec_prestop = \"sleep 600\"",
                "Exec_stop = \"sleep 600\"",
                Jobs.shell("echo ready; exec sleep 600")))) {
      Outcome outcome = running.until("| ready").stop().await();
      assertThat(outcome.stderr())
          .contains("warning: exec.prestop", "warning: exec.stop", "timed out");
      assertThat(trace()).endsWith("poststop\nrelease\n");
    }
  }

  // ---- commands in the jail

  @Test
  void execStartEndsTheTaskWhereThereIsNoCommand() {
    Outcome outcome =
        run(config("Exec_start = [\"echo one\", \"echo $((1 + 2))\"]", "Command = \"echo last\""));
    assertThat(outcome.stdout()).isEqualTo("t | one\nt | 3\nt | last\n");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void theFirstExecStartThatFailsEndsTheTaskWithItsStatusAndIsTold() {
    Outcome outcome = run(config("Exec_start = [\"echo one\", \"(exit 9)\", \"echo three\"]"));
    assertThat(outcome.stdout()).isEqualTo("t | one\n");
    assertThat(outcome.stderr())
        .contains("exit status 9: exec.start command 2 \"(exit 9)\" failed");
    assertThat(outcome.status()).isEqualTo(9);
  }

  @Test
  void execStartIsDoneBeforeTheCommandBeginsAndPoststartRunsAfterIt() throws InterruptedException {
    try (Running running =
        begin(
            config(
                "Exec_start = \"sleep 0.3; echo first\"",
                "Exec_poststart = \"pgrep -f 'sleep 4713' >>%s\"".formatted(TRACE),
                Jobs.command("/bin/sh", "-c", "echo second; exec sleep 4713")))) {
      running.until("| second");
      host.until("[ -s " + TRACE + " ]");
      assertThat(running.stop().await().stdout()).isEqualTo("t | first\nt | second\n");
    }
  }

  @Test
  void aRootThatExecPrepareMakesNeedNotBeThereBefore() throws InterruptedException {
    try (Running running =
        begin(
            """
            Path = "/jails/made"
            Persist = true
            Exec_prepare = "mkdir -p /jails/made/own"
            Exec_created = "ls $JPATH"
            Exec_release = "rm -r /jails/made"
            """)) {
      assertThat(running.until("started").said()).contains("exec.created: ").contains("own");
      running.stop().await();
    }
    assertThat(host.sh("ls /jails").stdout()).doesNotContain("made");
  }

  @Test
  void aProgramThatExecStartBringsNeedNotBeThereBefore() {
    Outcome outcome =
        run(
            config(
                "Mount = [\"tmpfs /jails/base/tmp tmpfs rw 0 0\"]",
                "Exec_start = \"(echo '#!/bin/sh'; echo echo brought) >/tmp/own; chmod +x /tmp/own\"",
                Jobs.command("/tmp/own")));
    assertThat(outcome.stdout()).as("%s", outcome).isEqualTo("t | brought\n");
  }

  @Test
  void anExecStopInTheBackgroundIsNotWaitedFor() throws InterruptedException {
    try (Running running =
        begin(
            config(
                "Exec_timeout = 3",
                "Exec_stop = \"sleep 600 &\"",
                Jobs.command(
                    "/bin/sh",
                    "-c",
                    "trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done")))) {
      running.until("| ready").stop();
      assertThat(running.await().said()).doesNotContain("exec.stop");
    }
  }

  @Test
  void aDaemonOfExecStartKeepsTheJailUntilItEnds() {
    Outcome outcome =
        run(
            config(
                "Mount_devfs = true",
                "Exec_start = \"(sleep 2; echo the daemon ends) & echo it was started\""));
    assertThat(outcome.stdout()).isEqualTo("t | it was started\nt | the daemon ends\n");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void aJailThatPersistsOutlivesExecStartUntilItIsStopped() throws InterruptedException {
    try (Running running = begin(config("Persist = true", "Exec_start = \"echo done\""))) {
      running.until("| done");
      Thread.sleep(1500);
      assertThat(running.process().isAlive()).isTrue();
      assertThat(running.stop().await().status()).isEqualTo(143);
    }
  }

  @Test
  void aJailThatPersistsEndsWhenSomebodyRemovesIt() throws InterruptedException {
    try (Running running = begin(config("Persist = true", says("poststop")))) {
      running.until("started");
      String name = "$(ls " + FreeBsd.STATE + "/tasks | grep ^t-)";
      host.until("jls -j " + name);
      assertThat(host.sh("jail -R " + name).status()).isZero();
      running.await();
      assertThat(trace()).isEqualTo("poststop\n");
    }
  }

  @Test
  void anExecStartThatTakesTooLongIsEndedAndTold() {
    Outcome outcome = run(config("Exec_timeout = 1", "Exec_start = [\"true\", \"sleep 600\"]"));
    assertThat(outcome.said()).contains("exec.start command 2 \"sleep 600\" took longer than 1 s");
    assertThat(outcome.status()).isNotZero();
  }

  @Test
  void anExecStartThatIgnoresSigtermIsKilled() {
    Outcome outcome =
        run(
            config(
                "Exec_timeout = 1",
                "Exec_start = \"trap '' TERM; while :; do sleep 1; done\"",
                Jobs.command("/bin/echo", "never")));
    assertThat(outcome.said())
        .contains(
            "exec.start command 1 \"trap '' TERM; while :; do sleep 1; done\" took longer than 1 s")
        .doesNotContain("| never");
  }

  // ---- who, and where

  @Test
  void execSystemUserIsWhoRunsTheCommandsOfTheHost() {
    Outcome outcome =
        run(
            config(
                "Exec_system_user = \"nobodyjob\"",
                "Exec_prestart = \"echo $(id -un) $USER $HOME $(id -G)\"",
                Jobs.command("/usr/bin/id", "-u")));
    String groups = host.sh("id -G nobodyjob").stdout();
    assertThat(outcome.said())
        .contains("exec.prestart: nobodyjob nobodyjob /home/nobodyjob " + groups);
    assertThat(outcome.stdout()).isEqualTo("t | 0\n");
  }

  @Test
  void anExecSystemUserWhomTheHostDoesNotHaveIsRefused() {
    Outcome outcome =
        run(config("Exec_system_user = \"nosuch\"", says("prestart"), Jobs.command("/bin/true")));
    assertThat(outcome.said()).contains("nosuch");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(trace()).isEmpty();
  }

  @Test
  void execJailUserIsWhoRunsTheTask() {
    Outcome outcome =
        run(
            config(
                "Exec_jail_user = \"nobodyjob\"",
                Jobs.command("/bin/sh", "-c", "id -u; echo $HOME $USER; pwd")));
    assertThat(outcome.stdout()).isEqualTo("t | 1001\nt | /home/nobodyjob nobodyjob\nt | /\n");
  }

  @Test
  void aCleanEnvironmentHasNomadsVariablesAndBeginsInTheUsersHome() {
    Outcome outcome =
        run(
            config(
                "Exec_clean = true",
                Jobs.command("/bin/sh", "-c", "pwd; echo $NOMAD_TASK_NAME $SHELL $BLOCKSIZE")));
    assertThat(outcome.stdout()).startsWith("t | /root\nt | t /bin/").endsWith(" K\n");
  }

  @Test
  void aJailWithTheHostsSystemGetsTheHomeThatACleanEnvironmentBeginsIn() {
    Outcome outcome =
        run("Exec_clean = true\nExec_jail_user = \"nobodyjob\"\n" + Jobs.command("/bin/pwd"));
    assertThat(outcome.stdout()).isEqualTo("t | /home/nobodyjob\n");
  }

  @Test
  void theVariablesOfATaskAreNoneOfTheOnesThatItIsStartedBy() {
    Outcome outcome =
        host.gaol(
            "run",
            "-e",
            "name=web",
            "-e",
            "number=none",
            "-e",
            "IFS=a",
            "-e",
            "PWD=/nowhere",
            "-J",
            "exec.timeout=20",
            "-J",
            "exec.start=sh -c 'echo $number'",
            "-J",
            "exec.start=sh -c 'echo $name; exit 3'",
            "/jails/base");
    assertThat(outcome.stdout()).isEqualTo("none\nweb\n");
    assertThat(outcome.said()).contains("exec.start command 2 ");
    assertThat(outcome.status()).isEqualTo(3);
  }

  @Test
  void whatTheDynamicLinkerReadsIsForTheJailAndForNoProgramOfTheHost() {
    Outcome outcome =
        host.gaol(
            "run",
            "-e",
            "LD_LIBRARY_PATH=/in/jail",
            "-J",
            "exec.created=echo the host has ${LD_LIBRARY_PATH-none}",
            "-J",
            "exec.start=echo $LD_LIBRARY_PATH",
            "/jails/base",
            "/bin/sh",
            "-c",
            "echo $LD_LIBRARY_PATH; env | grep KEPT");
    assertThat(outcome.stdout()).isEqualTo("/in/jail\n/in/jail\n");
    assertThat(outcome.stderr()).contains("the host has none");
  }

  @Test
  void aTaskBeginsInADirectoryOfItsOwnRoot() {
    Outcome outcome = run(config(Jobs.command("/bin/sh", "-c", "env | grep OLDPWD; pwd")));
    assertThat(outcome.stdout()).as("%s", outcome).isEqualTo("t | /\n");
  }

  @Test
  void theConsoleLogGetsACopyOfAllThatTheTaskWrites() {
    host.sh("echo before >/var/tmp/console");
    Outcome outcome =
        run(
            config(
                "Exec_consolelog = \"/var/tmp/console\"",
                "Exec_start = \"echo start\"",
                Jobs.command("/bin/sh", "-c", "echo out; echo err >&2")));
    assertThat(outcome.stdout()).isEqualTo("t | start\nt | out\n");
    assertThat(host.sh("cat /var/tmp/console; rm /var/tmp/console").stdout().lines())
        .containsExactlyInAnyOrder("before", "start", "out", "err")
        .startsWith("before", "start");
  }

  @Test
  void execFibIsTheRoutingTableOfTheTask() {
    Outcome outcome = run(config("Exec_fib = 0", Jobs.command("/bin/echo", "on")));
    assertThat(outcome.stdout()).isEqualTo("t | on\n");
  }
}
