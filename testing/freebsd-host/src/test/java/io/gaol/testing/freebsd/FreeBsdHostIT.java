package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users install, on a FreeBSD host. */
class FreeBsdHostIT {
  @AutoClose private static FreeBsd host;

  @BeforeAll
  static void open() {
    host = FreeBsd.open();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(host.changes()).isEmpty();
  }

  // ---- one jail

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "exit 0, 0",
    "exit 7, 7",
    "kill -KILL $$, 137",
    "kill -TERM $$, 143",
    "exec /bin/sh -c 'exit 255', 255"
  })
  void theStatusIsTheCommandsOwn(String command, int status) {
    assertThat(host.gaol("run", "/jails/base", "/bin/sh", "-c", command).status())
        .isEqualTo(status);
  }

  @Test
  void outputAndErrorsAreTheCommandsOwn() {
    Outcome outcome = host.gaol("run", "/jails/base", "/bin/sh", "-c", "echo out; echo err >&2");
    assertThat(outcome).isEqualTo(new Outcome(0, "out\n", "err\n"));
  }

  @Test
  void aCommandRunsInAJailOfItsOwn() {
    Outcome outcome =
        host.gaol(
            "run",
            "-n",
            "own",
            "/jails/base",
            "/bin/sh",
            "-c",
            "sysctl -n security.jail.jailed; jls; kill -0 1");
    assertThat(outcome.stdout()).startsWith("1\n").doesNotContain("/jails/base");
  }

  @Test
  void aProgramThatIsNotThereIsNamedBeforeAnythingIsDone() {
    Outcome outcome = host.gaol("run", "/jails/base", "/bin/nosuch");
    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.stderr()).contains("\"/bin/nosuch\" is not in the jail");
  }

  @Test
  void commandsOfTheStartRunInOrderAndBeforeTheCommand() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "exec.start=echo one",
            "-J",
            "exec.start=echo two; echo three",
            "/jails/base",
            "/bin/echo",
            "four");
    assertThat(outcome).isEqualTo(new Outcome(0, "one\ntwo\nthree\nfour\n", ""));
  }

  @Test
  void aCommandOfTheStartThatFailsEndsTheJailWithItsStatus() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "exec.start=true",
            "-J",
            "exec.start=sh -c 'exit 5'",
            "/jails/base",
            "/bin/echo",
            "never");
    assertThat(outcome.status()).isEqualTo(5);
    assertThat(outcome.said())
        .contains("exec.start command 2 \"sh -c 'exit 5'\" failed")
        .doesNotContain("never");
  }

  @Test
  void aCommandThatTakesTooLongIsEndedAndSaid() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "exec.start=sleep 60",
            "-J",
            "exec.timeout=1",
            "/jails/base",
            "/bin/echo",
            "never");
    assertThat(outcome.said())
        .contains("exec.start command 1 \"sleep 60\" took longer than 1 s")
        .doesNotContain("never");
  }

  @Test
  void aDaemonOfTheStartIsNotWaitedForNorKilledByTheLimit() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "exec.start=daemon sleep 30",
            "-J",
            "exec.timeout=1",
            "/jails/base",
            "/bin/sh",
            "-c",
            "sleep 2; pgrep sleep >/dev/null && echo there");
    assertThat(outcome.stdout()).isEqualTo("there\n");
  }

  // ---- hooks

  @Test
  void hooksRunInTheOrderOfJail8() {
    host.sh("rm -f /tmp/order");
    String[] arguments = {
      "run",
      "-J",
      "exec.prepare=echo prepare >>/tmp/order",
      "-J",
      "exec.prestart=echo prestart >>/tmp/order",
      "-J",
      "exec.created=echo created >>/tmp/order",
      "-J",
      "exec.poststop=echo poststop >>/tmp/order",
      "-J",
      "exec.release=echo release >>/tmp/order",
      "-J",
      "ip4.addr=lo0|10.77.0.1",
      "/jails/base",
      "/bin/true"
    };
    assertThat(host.gaol(arguments).status()).isZero();
    assertThat(host.sh("cat /tmp/order").stdout().lines())
        .containsExactly("prepare", "prestart", "created", "poststop", "release");
  }

  @Test
  void whatPrestartMadePoststopTakesAwayAlsoWhenTheStartFails() {
    host.sh("rm -rf /tmp/made");
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "exec.prestart=mkdir /tmp/made",
            "-J",
            "exec.poststop=rmdir /tmp/made",
            "-J",
            "exec.created=false",
            "/jails/base",
            "/bin/true");
    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.stderr()).contains("exec.created", "false", "exit status 1");
    assertThat(host.sh("test -e /tmp/made").status()).isEqualTo(1);
  }

  @Test
  void theDirectoryAndTheNameOfTheJailAreInTheEnvironmentOfHooks() {
    Outcome outcome =
        host.gaol(
            "run",
            "-n",
            "called",
            "-J",
            "exec.prestart=echo \"$JNAME at $JPATH\"",
            "/jails/base",
            "/bin/true");
    assertThat(outcome.stderr()).contains("called").contains(" at /jails/base");
  }

  // ---- addresses and interfaces

  @Test
  void anAddressIsAnAliasForAsLongAsTheJailIsThere() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "ip4.addr=lo0|10.77.0.2/24",
            "-J",
            "exec.created=ifconfig lo0 inet",
            "/jails/base",
            "/sbin/ifconfig",
            "lo0");
    assertThat(outcome.said()).contains("inet 10.77.0.2 netmask 0xffffff00");
    assertThat(host.sh("ifconfig lo0").stdout()).doesNotContain("10.77.0.2");
  }

  @Test
  void anAliasThatWasThereStays() {
    host.sh("ifconfig lo0 inet 10.77.0.3/32 alias");
    try {
      assertThat(
              host.gaol("run", "-J", "ip4.addr=lo0|10.77.0.3", "/jails/base", "/bin/true").status())
          .isZero();
      assertThat(host.sh("ifconfig lo0").stdout()).contains("10.77.0.3");
    } finally {
      host.sh("ifconfig lo0 inet 10.77.0.3/32 -alias");
    }
  }

  @Test
  void anInterfaceThatIsHandedInComesBack() {
    String pair = host.sh("ifconfig epair create").stdout().strip();
    String other = pair.replaceFirst("a$", "b");
    try {
      Outcome outcome =
          host.gaol(
              "run",
              "-J",
              "vnet",
              "-J",
              "vnet.interface=" + other,
              "/jails/base",
              "/sbin/ifconfig",
              "-l");
      assertThat(outcome.stdout()).startsWith("lo0 ").endsWith(" " + other + "\n");
      assertThat(host.sh("ifconfig -l").stdout()).contains(pair, other);
    } finally {
      host.sh("ifconfig " + pair + " destroy");
    }
  }

  // ---- mounts and limits

  @Test
  void whatIsMountedIsSeenAndUnmounted() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "mount=tmpfs /jails/base/tmp tmpfs rw 0 0",
            "-J",
            "mount.devfs",
            "-J",
            "exec.created=mount -p | grep /jails/base/",
            "/jails/base",
            "/bin/sh",
            "-c",
            "echo x >/tmp/file && ls /dev/null /dev/mem");
    assertThat(outcome.said())
        .contains("/jails/base/tmp", "/jails/base/dev", "/dev/null")
        .doesNotContain("\n/dev/mem");
    assertThat(host.sh("ls /jails/base/tmp").stdout()).isEmpty();
  }

  @Test
  void whatAJailMountsItselfIsUnmountedWithIt() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "mount=tmpfs /jails/base/tmp tmpfs rw 0 0",
            "-J",
            "allow.mount",
            "-J",
            "allow.mount.tmpfs",
            "-J",
            "enforce_statfs=1",
            "/jails/base",
            "/bin/sh",
            "-c",
            "mkdir /tmp/one && mount -t tmpfs tmpfs /tmp/one && mkdir /tmp/one/two"
                + " && mount -t tmpfs tmpfs /tmp/one/two && echo mounted");
    assertThat(outcome).isEqualTo(new Outcome(0, "mounted\n", ""));
    assertThat(host.sh("mount -p | grep -c /jails/base/tmp").stdout()).isEqualTo("0\n");
  }

  @Test
  void nothingIsMountedToANameThatMountCannotTellFromTwo() {
    Outcome outcome =
        host.gaol(
            "run",
            "-J",
            "mount=tmpfs /jails/base/tmp/a\\040b tmpfs rw 0 0",
            "/jails/base",
            "/bin/sh",
            "-c",
            "echo ran");
    assertThat(outcome.said())
        .contains("\"/jails/base/tmp/a b\" has a blank in it")
        .doesNotContain("ran");
    assertThat(outcome.status()).isEqualTo(125);
  }

  @Test
  void limitsHoldAndGo() {
    Assumptions.assumeTrue(host.accounts(), "nothing is accounted");
    Path job =
        host.file(
            "limits.nomad.hcl",
            Jobs.batch(
                "limits",
                Jobs.shell("ulimit -n; rctl 2>&1")
                    + """
                    Rctl {
                      Openfiles {
                        Action = "deny"
                        Amount = "64"
                        Per    = "process"
                      }
                    }
                    """));
    Outcome outcome = host.gaol("job", "run", job.toString());
    assertThat(outcome.said()).contains("t | rctl: ").contains("Operation not permitted");
    assertThat(host.sh("rctl").stdout()).isEmpty();
  }

  // ---- jobs

  @Test
  void aTaskWithoutARootSeesTheHostsSystem() {
    Path job =
        host.file(
            "hello.nomad.hcl",
            """
            job "hello" {
              type = "batch"
              group "g" {
                restart {
                  attempts = 0
                  mode     = "fail"
                }
                task "t" {
                  driver = "jail-task-driver"
                  config {
                    command = "/bin/sh"
                    args    = ["-c", "echo $NOMAD_TASK_NAME; ls -d /alloc /local /secrets; touch /bin/x"]
                  }
                }
              }
            }
            """);
    Outcome outcome = host.gaol("job", "run", job.toString());
    assertThat(outcome.said())
        .contains("t | t\n", "t | /alloc\n", "t | /local\n", "t | /secrets\n")
        .contains("Read-only file system");
  }

  @Test
  void aPersistentJailStaysUntilItIsStopped() throws IOException, InterruptedException {
    Path job = persistent("stays");
    Process running = host.start("job", "run", job.toString());
    try {
      host.until("jls -n name | grep -q stays");
      Thread.sleep(2000);
      assertThat(running.isAlive()).isTrue();
      assertThat(host.gaol("job", "stop", "stays").status()).isZero();
    } finally {
      running.destroy();
      running.waitFor();
    }
  }

  @Test
  void whatAKilledGaolLeavesIsTakenAwayByTheNext() throws IOException, InterruptedException {
    Path job = persistent("orphan");
    Process running = host.start("job", "run", job.toString());
    host.until("jls -n name | grep -q orphan");
    FreeBsd.killGaol(running);
    assertThat(host.sh("jls -n name").stdout()).contains("orphan");
    assertThat(host.gaol("job", "stop", "orphan").status()).isZero();
    assertThat(host.sh("jls -n name").stdout()).doesNotContain("orphan");
  }

  private static Path persistent(String name) {
    return host.file(
        name + ".nomad.hcl",
        """
        job "%s" {
          group "g" {
            task "%s" {
              driver = "jail-task-driver"
              config {
                Path    = "/jails/base"
                Persist = true
              }
            }
          }
        }
        """
            .formatted(name, name));
  }

  @Test
  void aVariableThatIsGivenGoesBeforeTheUsers() {
    Outcome outcome =
        host.gaol(
            "run",
            "-e",
            "PATH=/bin:/mine",
            "-e",
            "HOME=/h",
            "/jails/base",
            "/bin/sh",
            "-c",
            "echo $PATH $HOME $USER; env | grep -c KEPT; pwd");
    assertThat(outcome.stdout()).isEqualTo("/bin:/mine /h root\n0\n/root\n");
  }

  // ---- what cannot be

  @Test
  void whatTheReleaseDoesNotKnowIsRefusedByName() {
    Outcome outcome = host.gaol("run", "-J", "nosuch=1", "/jails/base", "/bin/true");
    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.stderr()).contains("nosuch");
  }

  @Test
  void aJailThatTheKernelRefusesIsToldInItsWords() {
    host.sh("jail -c name=taken path=/ persist ip4.addr=10.77.0.9,10.77.0.10");
    try {
      Outcome outcome = host.gaol("run", "-J", "ip4.addr=10.77.0.9", "/jails/base", "/bin/true");
      assertThat(outcome.status()).isEqualTo(125);
      assertThat(outcome.stderr()).contains("IPv4 addresses clash");
    } finally {
      host.sh("jail -r taken");
    }
  }
}
