package io.gaol.testing.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.freebsd.FreeBsd.Outcome;
import io.gaol.testing.freebsd.FreeBsd.Running;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jobs of the documents that Gaol was asked for in, as they stand there, on a FreeBSD host. */
class FreeBsdSeedsIT {
  private static final String ROOT = "/zroot/iocage/jails/myjail/root";

  @AutoClose private static FreeBsd host;

  /** Whether there is something to tidy up. */
  private static boolean spoilt;

  @BeforeAll
  static void open() {
    host = FreeBsd.open();
    // Adds files to the host, and a root where the documents have one.
    Assumptions.assumeTrue(
        host.sh("[ ! -e /zroot/iocage ] && [ ! -e /echo ] && ! ifconfig em1 && ! jls | grep /")
                .status()
            == 0,
        "the machine has what these tests would make, or jails of its own");
    spoilt = true;
    Outcome made =
        host.sh(
            """
            set -e
            for name in dev etc root tmp; do mkdir -p %1$s/$name; done
            mkdir -p /var/tmp
            rm -f /var/tmp/vnet-example
            # Where there is a lib64 the rest of lib is in usr.
            mkdir -p /usr/local/bin
            for part in bin sbin usr $([ -e /lib64 ] || echo lib libexec); do
              [ -d /$part ] || continue
              mkdir %1$s/$part
              mount_nullfs -o ro /$part %1$s/$part
            done
            [ ! -e /lib64 ] || ln -s usr/lib64 %1$s/lib64
            [ ! -e /lib64 ] || ln -s usr/lib %1$s/lib
            for file in passwd group pwd.db spwd.db login.conf login.conf.db; do
              [ ! -e /etc/$file ] || cp /etc/$file %1$s/etc/
            done
            echo 'echo rc ran; daemon sleep 4720' >%1$s/etc/rc
            echo 'echo rc.shutdown ran' >%1$s/etc/rc.shutdown
            mkdir /echo
            cat >/echo/http-echo <<'SCRIPT'
            #!/bin/sh
            [ "$*" = "-listen :9999 -text hello" ] || exit 64
            while :; do printf 'HTTP/1.0 200 OK\\r\\n\\r\\nhello\\n' | nc -N -l 192.168.1.102 9999 >/dev/null; done
            SCRIPT
            chmod 755 /echo/http-echo
            mount_nullfs -o ro /echo %1$s/usr/local/bin
            for name in jailether em1; do
              pair=$(ifconfig epair create)
              ifconfig "$pair" name $name
            done
            """
                .formatted(ROOT));
    assertThat(made.status()).as("%s", made).isZero();
    host.remember();
  }

  @AfterAll
  static void leaveTheMachineAsItWas() {
    if (spoilt) {
      host.sh(
          """
          ifconfig em1 destroy
          ifconfig jailether destroy
          umount %1$s/usr/local/bin
          for part in bin sbin usr lib libexec; do umount %1$s/$part; done
          # rm(1) would empty what is still mounted.
          mount -p | grep -q /zroot/iocage || rm -rf /zroot/iocage
          rmdir /zroot
          rm -rf /echo /var/tmp/vnet-example
          """
              .formatted(ROOT));
    }
  }

  @AfterEach
  void nothingIsLeft() {
    // jib(8)'s bridge is shared: it stays by its design.
    host.sh("ifconfig jailetherbridge destroy; ifconfig em1bridge destroy");
    assertThat(host.changes()).isEmpty();
  }

  private static String seed(String name) {
    return FreeBsd.REPOSITORY.resolve("examples/seeds/" + name + ".nomad.hcl").toString();
  }

  @Test
  void theBasicJailPersistsUntilItIsStopped() throws IOException, InterruptedException {
    Process running = host.start("job", "run", seed("basic-jail"));
    try {
      host.until("jls -n name | grep -q test");
      assertThat(host.sh("ps -J $(jls name)").status()).isEqualTo(1);
      Outcome stopped = host.gaol("job", "stop", "test");
      assertThat(stopped.status()).as("%s", stopped).isZero();
    } finally {
      running.destroy();
      running.waitFor();
    }
  }

  @Test
  void theJailWithItsOwnNetworkHasTheInterfaceThatItsHookMade()
      throws IOException, InterruptedException {
    Process running = host.start("job", "run", seed("vnet-example"));
    try {
      host.until("jexec $(jls name) ifconfig -l | grep -q e0b_loghost");
      assertThat(host.sh("ifconfig -l").stdout()).contains("e0a_loghost").doesNotContain("e0b_");
      host.until("grep -q 'rc ran' /var/tmp/vnet-example");
      assertThat(host.sh("jexec $(jls name) hostname").stdout()).isEqualTo("mwl.io\n");
      Outcome stopped = host.gaol("job", "stop", "vnet-example");
      assertThat(stopped.status()).as("%s", stopped).isZero();
    } finally {
      running.destroy();
      running.waitFor();
    }
    assertThat(host.sh("ifconfig -l").stdout()).doesNotContain("_loghost");
  }

  @Test
  void theWebServerAnswersAtItsAddressAndHasItsLimits() throws IOException, InterruptedException {
    Assumptions.assumeTrue(host.accounts(), "nothing is accounted");
    Process running = host.start("job", "run", seed("http-echo"));
    try {
      host.until("echo x | nc -N -w 1 192.168.1.102 9999 | grep -q hello");
      assertThat(host.sh("ifconfig em1").stdout())
          .contains("inet 192.168.1.102 netmask 0xffffffff");
      assertThat(host.sh("rctl").stdout())
          .contains("vmemoryuse:deny=1073741824/process", "openfiles:deny=500");
      Outcome stopped = host.gaol("job", "stop", "http-echo");
      assertThat(stopped.status()).as("%s", stopped).isZero();
    } finally {
      running.destroy();
      running.waitFor();
    }
    assertThat(host.sh("ifconfig em1; rctl").stdout()).doesNotContain("192.168.1.102", "deny");
  }

  @Test
  void aSleepingTaskOfTheExecDriverRunsWithTheHostsSystem()
      throws IOException, InterruptedException {
    Process running = host.start("job", "run", seed("exec-sleep"));
    try {
      host.until("ps -ax -o jid= -o command= | grep -v '^ *0 ' | grep -q sleep");
      assertThat(host.gaol("job", "stop", "exec-sleep").status()).isZero();
    } finally {
      running.destroy();
      running.waitFor();
    }
  }

  @Test
  void theExampleOfTheManualOfJailsRunsToo() throws InterruptedException {
    try (Running running = host.begin("job", "run", seed("vnet-jail"))) {
      running.until("started");
      host.until("jexec $(jls name) ifconfig -l | grep -q e0b_loghost");
      Outcome stopped = host.gaol("job", "stop", "vnet-jail");
      assertThat(stopped.status()).as("%s", stopped).isZero();
    }
    assertThat(host.sh("ifconfig -l").stdout()).doesNotContain("_loghost");
  }

  @Test
  void aProgramThatNobodyPutThereIsNamed() {
    Outcome outcome = host.gaol("job", "run", seed("exec-my-binary"));
    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.said()).contains("my-binary");
  }

  @Test
  void theCapabilitiesOfLinuxAreRefusedByName() {
    for (String job : new String[] {"exec-cap-add", "exec-cap-drop"}) {
      Outcome outcome = host.gaol("job", "run", seed(job));
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.said()).contains("FreeBSD has no such capabilities");
    }
  }

  @Test
  void pingNeedsRawSocketsAndGetsThemWhenTheyAreAllowed() {
    Outcome allowed =
        host.gaol("run", "-J", "allow.raw_sockets", ROOT, "ping", "-c", "1", "127.0.0.1");
    assertThat(allowed.stdout())
        .contains(
            "PING 127.0.0.1 (127.0.0.1): 56 data bytes", "64 bytes from 127.0.0.1: icmp_seq=0");
    assertThat(allowed.status()).isZero();
    Outcome refused = host.gaol("run", ROOT, "ping", "-c", "1", "127.0.0.1");
    assertThat(refused.status()).isNotZero();
    assertThat(refused.stderr()).contains("Operation not permitted");
  }
}
