package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jails with a network stack of their own: vnet, and interfaces that are handed in. */
@RequiresLinuxRoot
class VnetIT {
  @RegisterExtension private final Workplace work = new Workplace();

  @AutoClose private final Lan lan = Lan.open();

  private GaolJob job(String config) {
    return lan.on(work.job(JobText.jail(config)));
  }

  private void stop(String name, Running running) {
    Outcome stop = lan.on(work.gaolJob("stop", name)).run();
    assertThat(stop.status()).as(stop.stderr()).isZero();
    running.await();
  }

  /** A pair e0a, on the host, and e0b, to be handed in. */
  private String pair() {
    assertThat(lan.onHost("ip link add e0a type veth peer name e0b && ip link set e0a up").status())
        .isZero();
    assertThat(lan.onHost("ip address add 10.77.0.1/24 dev e0a").status()).isZero();
    // Without an address that comes with the carrier.
    lan.onHost("echo 1 >/proc/sys/net/ipv6/conf/e0a/disable_ipv6");
    return lan.everything();
  }

  /** An interface of the host in a line; empty if it is not there. */
  private String link(String name) {
    return lan.onHost("ip -o link show dev " + name + " 2>/dev/null").stdout();
  }

  private void assertIsBack(String name) {
    assertThat(link(name)).contains(name).contains("state DOWN").doesNotContain(",UP");
    assertThat(lan.onHost("ip -o address show dev " + name).stdout()).isEmpty();
  }

  // ---- the job that was asked for

  /** The seed's job; ip(8) stands where it has jib, and a script where it has rc. */
  private String seed(Path root) {
    return """
        job "vnet-jail" {
          type = "service"
          group "vnet-jail" {
            restart {
              attempts = 0
              mode     = "fail"
            }
            task "test01" {
              driver = "jail-task-driver"
              config {
                Path           = "%1$s"
                Host_hostname  = "nomad00"
                Exec_clean     = true
                Exec_start     = "sh /etc/rc"
                Exec_stop      = "sh /etc/rc.shutdown"
                Mount_devfs    = true
                Exec_prestart  = ["echo trying to start >>%1$s.trace", "sh -e %1$s.jib addm"]
                Exec_poststart = "echo jail has started >>%1$s.trace"
                Exec_prestop   = "echo shutting down jail >>%1$s.trace"
                Exec_poststop  = ["echo has shut down jail >>%1$s.trace", "sh -e %1$s.jib destroy"]
                Vnet           = true
                Vnet_nic       = "e0b_loghost"
                Persist        = true
              }
            }
          }
        }
        """
        .formatted(root);
  }

  @Test
  void theSeedsVnetJailHasItsInterfaceAndGivesItBackBeforePoststop() throws IOException {
    Path root =
        SmallRoot.make(
            work.directory().resolve("root"),
            "/bin/sh",
            "/bin/busybox",
            "/usr/sbin/ip",
            "/bin/sleep");
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
    Files.writeString(
        root.resolve("etc/rc"),
        """
        ip link set e0b_loghost up
        ip addr add 10.77.0.2/24 dev e0b_loghost
        ip route add default via 10.77.0.1
        busybox mkdir -p /www
        echo vnet >/www/index.html
        busybox httpd -p 0.0.0.0:80 -h /www
        """);
    Files.writeString(root.resolve("etc/rc.shutdown"), "busybox touch /www/was-shut-down\n");
    Files.writeString(
        Path.of(root + ".jib"),
        """
        case $1 in
          addm)
            ip link add br0 type bridge
            ip addr add 10.77.0.1/24 dev br0
            ip link set br0 up
            ip link add e0a_loghost type veth peer name e0b_loghost
            ip link set e0a_loghost master br0 up ;;
          destroy)
            # It is back: a pair goes with either end.
            ip link show dev e0b_loghost
            ip link del e0b_loghost
            ip link del br0 ;;
        esac
        """);
    Running running =
        lan.on(work.job(seed(root))).start().awaitLine("gaol: vnet-jail.test01: started");
    Workplace.await("the server", () -> lan.hostGets("http://10.77.0.2/").equals("vnet\n"));
    assertThat(link("e0b_loghost")).isEmpty();

    stop("vnet-jail", running);

    assertThat(Files.readAllLines(Path.of(root + ".trace")))
        .containsExactly(
            "trying to start", "jail has started", "shutting down jail", "has shut down jail");
    assertThat(root.resolve("www/was-shut-down")).exists();
    assertThat(running.stderr()).doesNotContain("failed");
    lan.assertNothingIsLeft();
  }

  // ---- what it may do inside

  @Test
  void aJailManagesItsOwnStackAsRootDoes() {
    Outcome outcome =
        job("Vnet = true\n"
                + JobText.shell(
                    """
                    set -e
                    ip -o link show | wc -l
                    ping -c 1 -W 5 127.0.0.1 >/dev/null && echo loopback
                    ip link add br7 type bridge && ip addr add 10.7.0.1/24 dev br7
                    ip link set br7 up && ip route add 10.8.0.0/16 via 10.7.0.2 onlink dev br7
                    ip route show | wc -l
                    ping -c 1 -W 5 10.7.0.1 >/dev/null && echo address
                    perl -MSocket=:all -e 'socket(S, 17, SOCK_RAW, 768) or die $!; print qq(packet\\n)'
                    perl -MSocket=:all -e 'socket(S, AF_INET, SOCK_RAW, 1) or die $!; print qq(raw\\n)'
                    """))
            .run();
    assertThat(outcome.stdout().lines())
        .as(outcome.stderr())
        .containsExactly(
            "task | 1",
            "task | loopback",
            "task | 2",
            "task | address",
            "task | packet",
            "task | raw");
    lan.assertNothingIsLeft();
  }

  @Test
  void aJailSeesNothingOfTheHostsStackAndCannotLeaveItsOwn() {
    Outcome outcome =
        job("Vnet = true\n"
                + JobText.shell(
                    "ip -o link show | grep -c em1;"
                        + " echo 1 2>/dev/null >/proc/sys/net/ipv4/ip_forward || echo read-only;"
                        + " nsenter --net=/proc/1/ns/net true 2>/dev/null || echo no"))
            .run();
    assertThat(outcome.stdout().lines())
        .containsExactly("task | 0", "task | read-only", "task | no");
    lan.assertNothingIsLeft();
  }

  // ---- handed in and back

  @Test
  void anInterfaceIsThereWhenTheFirstCommandRunsAndBackAtTheEnd() {
    String before = pair();
    Outcome outcome =
        job("Vnet = true\nVnet_nic = \"e0b\"\n"
                + JobText.shell(
                    "ip addr add 10.77.0.2/24 dev e0b; ip link set e0b up;"
                        + " until ping -c 1 -W 1 10.77.0.1 >/dev/null; do :; done; echo reached"))
            .run();
    assertThat(outcome.stdout()).as(outcome.stderr()).isEqualTo("task | reached\n");
    assertIsBack("e0b");
    lan.assertNothingIsLeft(before);
  }

  @Test
  void execCreatedRunsBeforeAnInterfaceIsHandedIn() {
    String before = pair();
    Path trace = work.directory().resolve("trace");
    Outcome outcome =
        job("Vnet = true\nVnet_nic = \"e0b\"\n"
                + "Exec_created = \"ip link show dev e0b >"
                + trace
                + "\"\n"
                + JobText.shell("ip -o link show dev e0b | wc -l"))
            .run();
    assertThat(outcome.stdout()).as(outcome.stderr()).isEqualTo("task | 1\n");
    assertThat(trace).content().contains("e0b");
    lan.assertNothingIsLeft(before);
  }

  @Test
  void whateverATaskDidToItsNameAnInterfaceComesBackUnderItsOwn() {
    String before = pair();
    lan.onHost("ip link add f0a type veth peer name f0b");
    String both = lan.everything();
    Outcome outcome =
        job("Vnet = true\nVnet_nic = [\"e0b\", \"f0b\"]\n"
                + JobText.shell(
                    // Each under the name that stands for the other's number.
                    "number() { ip -o link show dev $1 | cut -d : -f 1; };"
                        + " e=$(number e0b) f=$(number f0b);"
                        + " ip link set e0b name if$f && ip link set f0b name if$e &&"
                        + " ip addr add 10.77.0.2/24 dev if$f && ip link set if$f up &&"
                        + " ip link add decoy type bridge && ip link set decoy name e0b && echo done"))
            .run();
    assertThat(outcome.stdout()).as(outcome.stderr()).isEqualTo("task | done\n");
    assertIsBack("e0b");
    assertIsBack("f0b");
    assertThat(lan.onHost("ip -o link show dev e0b").stdout()).contains("e0b@e0a");
    lan.assertNothingIsLeft(both);
    assertThat(both).isNotEqualTo(before);
  }

  @Test
  void whereItsNameIsTakenMeanwhileAnInterfaceComesBackUnderAnotherAndAPersonIsTold() {
    pair();
    Running running =
        job("Vnet = true\nVnet_nic = \"e0b\"\n" + JobText.shell("echo ready; sleep 1000"))
            .start()
            .awaitLine("task | ready");
    assertThat(lan.onHost("ip link add e0b type bridge").status()).isZero();
    lan.on(work.gaolJob("stop", "job")).run();
    Outcome outcome = running.await();
    assertThat(outcome.stderr()).contains("the host has another e0b by now");
    assertThat(lan.onHost("ip -o link show type veth").stdout()).containsPattern("gaol\\d+@e0a");
  }

  @ParameterizedTest
  @CsvSource({"gaol", "all"})
  void anInterfaceComesBackAfterEveryoneWasKilled(String who) {
    String before = pair();
    Running running =
        job("Vnet = true\nVnet_nic = \"e0b\"\n"
                + JobText.shell("ip link set e0b name mine; echo ready; sleep 1000"))
            .start()
            .awaitLine("task | ready");
    running.signal("KILL");
    running.await();
    if (who.equals("all")) {
      work.processes()
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
    assertThat(link("e0b")).isEmpty();
    Outcome stop = lan.on(work.gaolJob("stop", "job")).run();
    assertThat(stop.status()).as(stop.stderr()).isZero();
    assertIsBack("e0b");
    lan.assertNothingIsLeft(before);
  }

  @Test
  void aStartThatFailsGivesItsInterfaceBack() {
    String before = pair();
    Outcome outcome =
        job("Vnet = true\nVnet_nic = [\"e0b\", \"nowhere\"]\nExec_prestart = \"true\"\n"
                + JobText.shell("true"))
            .run();
    assertThat(outcome.stderr())
        .contains("cannot make interface nowhere in gaol-task-", "Cannot find device \"nowhere\"");
    assertThat(outcome.status()).isEqualTo(1);
    assertIsBack("e0b");
    lan.assertNothingIsLeft(before);
  }

  // ---- refusals

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "Vnet_nic = \"em1\" # Vnet_nic needs vnet = \"new\"",
        "Vnet = true; Vnet_nic = \"em9\" # vnet.interface: the host has no interface \"em9\"",
        "Vnet = true; Vnet_nic = \"lo\" # the loopback cannot be moved",
        "Vnet = true; Ip4_addr = \"10.0.0.1\" # contradict each other",
        "Vnet = true; Exec_fib = 254 # its tables 253 to 255 are default, main and local"
      })
  void whatCannotBeIsRefusedBeforeAnythingRuns(String config, String reason) {
    Outcome outcome = job(config.replace("; ", "\n") + "\n" + JobText.shell("true")).run();
    assertThat(outcome.stderr()).contains(reason);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(work.left()).isEmpty();
    lan.assertNothingIsLeft();
  }

  @Test
  void anInterfaceThatCannotBeMovedIsNamedAndNothingIsLeft() {
    lan.onHost("ip link add br5 type bridge");
    String before = lan.everything();
    Outcome outcome = job("Vnet = true\nVnet_nic = \"br5\"\n" + JobText.shell("true")).run();
    assertThat(outcome.stderr())
        .contains("cannot make interface br5 in gaol-task-", "cannot be moved");
    assertThat(outcome.status()).isEqualTo(1);
    lan.assertNothingIsLeft(before);
  }

  @Test
  void aRoutingTableOfItsOwnStackIsAskedFirst() {
    Outcome outcome =
        job("Vnet = true\nExec_fib = 7\n"
                + JobText.shell(
                    "ip rule show | grep -c 'lookup 7'; ip -6 rule show | grep -c 'lookup 7'"))
            .run();
    assertThat(outcome.stdout()).as(outcome.stderr()).isEqualTo("task | 1\ntask | 1\n");
    assertThat(List.of(outcome.status())).containsExactly(0);
  }
}
