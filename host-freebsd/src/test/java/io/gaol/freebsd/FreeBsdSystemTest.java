package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.engine.HostCheck;
import io.gaol.engine.HostCheck.State;
import io.gaol.jail.FreeBsdRelease;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FreeBsdSystemTest {
  /** What a kernel of 12.2 lists that has no module but those of GENERIC. */
  static final Set<String> PARAMETERS_OF_12_2 =
      Set.of(
          ("sysvshm. sysvsem. sysvmsg. allow.mount.nullfs allow.mount.devfs allow.mount.fdescfs"
                  + " allow.mount.tmpfs allow.mount.procfs allow.mount. allow.read_msgbuf"
                  + " allow.reserved_ports allow.mlock allow.socket_af allow.quotas allow.chflags"
                  + " allow.raw_sockets allow.sysvipc allow.set_hostname ip6.saddrsel ip6.addr ip6."
                  + " ip4.saddrsel ip4.addr ip4. cpuset.id host.hostid host.hostuuid"
                  + " host.domainname host.hostname host. children.max children.cur dying vnet"
                  + " persist devfs_ruleset enforce_statfs osrelease osreldate securelevel path name"
                  + " parent jid")
              .split(" "));

  private static FreeBsdSystem read(String... lines) throws IOException {
    return FreeBsdSystem.read(String.join("\n", lines) + "\n");
  }

  /** One that is as it should be, but for what other lines say. */
  private static FreeBsdSystem usual(String... others) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "0",
                "kern.osrelease: 12.2-RELEASE",
                "kern.racct.enable: 1",
                "kern.features.vimage: 1",
                "security.jail.jailed: 0",
                "kern.boottime: { sec = 1795438459, usec = 105499 } Mon Nov 23 12:54:19 2026",
                "kern.module_path: /boot/kernel;/boot/modules;/boot/dtb;/boot/dtb/overlays"));
    for (String other : others) {
      if (other.matches("[0-9]+")) {
        lines.set(0, other);
      } else {
        lines.removeIf(line -> line.startsWith(other.replaceFirst(":.*", ":")));
        if (!other.endsWith(":")) {
          lines.add(other);
        }
      }
    }
    return read(lines.toArray(String[]::new));
  }

  /** What a 12.2 printed that has a pool, and no Linux emulation. */
  private static final String EQUIPMENT =
      """
      == modules
      Id Refs Address                Size Name
       1    4 0xffffffff80200000   af9118 kernel (/boot/kernel/kernel)
      \tContains modules:
      \t\tId Name
      \t\t 2 if_epair
      \t\t 3 if_bridge
      \t\t 4 nullfs
      \t\t 5 netgraph/ng_eiface
      \t\t 6 pf
       2    1 0xffffffff8291d000   5b7c88 zfs.ko (/boot/kernel/zfs.ko)
      \tContains modules:
      \t\tId Name
      \t\t 9 zfsctrl
      == rulesets
      1
      2
      3
      4
      == pf
      Status: Enabled for 0 days 00:00:08           Debug: Urgent

      State Table                          Total             Rate
      == pools
      tank
      zroot
      == ifconfig
      ifconfig: illegal option -- j
      usage: ifconfig [-f type:format] interface address_family
      == route
      route: option requires an argument -- j
      route: usage: route [-46dnqtv] command [[modifiers] args]
      == interfaces
      vtnet0: flags=8863<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0 mtu 1500
      \toptions=80028<VLAN_MTU,JUMBO_MTU,LINKSTATE>
      \tether 52:54:00:12:34:56
      \tinet 10.0.2.15 netmask 0xffffff00 broadcast 10.0.2.255
      lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 mtu 16384
      \tinet6 ::1 prefixlen 128
      \tinet6 fe80::1%lo0 prefixlen 64 scopeid 0x2
      \tinet 127.0.0.1 netmask 0xff000000
      """;

  private static FreeBsdEquipment equipment(String output) {
    return FreeBsdEquipment.read(output, Set.of("tmpfs", "zfs"), Set.of(1, 2, 3, 4, 5));
  }

  private static Map<String, HostCheck> checks(FreeBsdSystem system, FreeBsdEquipment equipment) {
    return FreeBsdReadiness.checks(system, equipment).stream()
        .collect(Collectors.toMap(HostCheck::what, Function.identity()));
  }

  @Test
  void aHostWithAllThatIsNeededIsReadyAndWhatItLacksHasAFix() throws IOException {
    Map<String, HostCheck> checks = checks(usual(), equipment(EQUIPMENT));
    assertThat(HostCheck.problems(List.copyOf(checks.values()))).isEmpty();
    assertThat(checks.get("release").found()).isEqualTo("FreeBSD 12.2");
    assertThat(checks.get("devfs rulesets").found()).isEqualTo("1,2,3,4 in the kernel");
    assertThat(checks.get("nullfs").found()).isEqualTo("in the kernel");
    assertThat(checks.get("ng_eiface").found()).isEqualTo("in the kernel");
    assertThat(checks.get("tmpfs").found()).isEqualTo("comes when it is needed");
    assertThat(checks.get("ZFS pools").found()).isEqualTo("tank zroot");
    assertThat(checks.get("pf").found()).isEqualTo("filters");
    assertThat(checks.get("interfaces").found())
        .isEqualTo("vtnet0 (10.0.2.15), lo0 (::1 fe80::1 127.0.0.1)");
    assertThat(checks.get("route -j").state()).isEqualTo(State.OK);
    assertThat(checks.values())
        .filteredOn(check -> check.state() == State.WARNING)
        .extracting(HostCheck::what)
        .containsExactlyInAnyOrder("procfs", "fdescfs", "ng_bridge", "linux", "ifconfig -j");
    assertThat(checks.values())
        .allSatisfy(
            check -> assertThat(check.fix().isEmpty()).isEqualTo(check.state() == State.OK));
  }

  @Test
  void withoutAccountingVimageAndRulesetsJailsCanStillBeMade() throws IOException {
    FreeBsdSystem system = usual("kern.racct.enable: 0", "kern.features.vimage:");
    Map<String, HostCheck> checks =
        checks(system, equipment("== rulesets\n== pf\npfctl: /dev/pf: No such file\n"));
    assertThat(FreeBsdReadiness.problems(system)).isEmpty();
    assertThat(checks.get("limits (racct)"))
        .isEqualTo(
            HostCheck.warning(
                "limits (racct)",
                "kern.racct.enable=0: no limits of rctl(8), and figures from ps(1) alone",
                "add kern.racct.enable=1 to /boot/loader.conf and boot again"));
    assertThat(checks.get("VIMAGE").state()).isEqualTo(State.WARNING);
    assertThat(checks.get("VIMAGE").fix()).contains("options VIMAGE");
    assertThat(checks.get("devfs rulesets").found())
        .startsWith("none in the kernel; a jail with devfs loads its own");
    assertThat(checks.get("pf").found()).startsWith("not loaded");
    assertThat(checks.get("ZFS pools").fix()).startsWith("sysrc zfs_enable=YES");
    assertThat(checks(usual("kern.racct.enable:"), equipment("")).get("limits (racct)").fix())
        .contains("options RACCT and RCTL");
  }

  @Test
  void withoutRootInAJailOrWithoutJail8NoneCanBeMade() throws IOException {
    assertThat(FreeBsdReadiness.problems(usual("1001")))
        .containsExactly("jails need root: run gaol as root");
    assertThat(FreeBsdReadiness.problems(usual("security.jail.jailed: 1")))
        .singleElement()
        .asString()
        .endsWith("run gaol on the host");
    assertThat(FreeBsdReadiness.problems(usual("absent /usr/sbin/jail", "absent /usr/sbin/jexec")))
        .singleElement()
        .asString()
        .startsWith("/usr/sbin/jail, /usr/sbin/jexec are not there")
        .contains("pkg install FreeBSD-jail");
    Map<String, HostCheck> checks =
        checks(
            usual("1001"),
            equipment(
                """
                == modules
                \t\t 6 pf
                == rulesets
                devfs rule: ioctl DEVFSIO_SGETNEXT: Operation not permitted
                == pf
                pfctl: /dev/pf: Permission denied
                """));
    assertThat(checks.get("devfs rulesets").found()).isEqualTo("cannot be looked at without root");
    assertThat(checks.get("pf").fix()).isEqualTo("run gaol doctor as root");
  }

  @Test
  void jobsCanBeConstrainedOnWhatAHostHas() throws IOException {
    assertThat(FreeBsdReadiness.attributes(usual(), equipment(EQUIPMENT)))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("release", "12.2"),
                Map.entry("racct", "true"),
                Map.entry("vnet", "true"),
                Map.entry("epair", "true"),
                Map.entry("bridge", "true"),
                Map.entry("netgraph", "false"),
                Map.entry("nullfs", "true"),
                Map.entry("tmpfs", "true"),
                Map.entry("linux", "false"),
                Map.entry("pf", "true"),
                Map.entry("zfs", "true"),
                Map.entry("zfs_pools", "tank,zroot"),
                Map.entry("devfs_rulesets", "1,2,3,4,5"),
                Map.entry("ifconfig_jail", "false"),
                Map.entry("route_jail", "true")));
  }

  @Test
  void whatIdAndSysctlPrintTellsWhatAHostIs() throws IOException {
    FreeBsdSystem system =
        FreeBsdSystem.read(
            """
            0
            kern.osrelease: 12.2-RELEASE
            kern.racct.enable: 1
            kern.features.vimage: 1
            security.jail.jailed: 0
            kern.boottime: { sec = 1795438459, usec = 105499 } Mon Nov 23 12:54:19 2026
            security.jail.param.sysvshm.
            security.jail.param.allow.raw_sockets
            """);
    assertThat(system.modulePath())
        .containsExactly(Path.of("/boot/kernel"), Path.of("/boot/modules"));
    assertThat(system.release()).isEqualTo(new FreeBsdRelease(12, 2));
    assertThat(system.administrator()).isTrue();
    assertThat(system.jailed()).isFalse();
    assertThat(system.vimage()).isTrue();
    assertThat(system.racct()).contains(true);
    assertThat(system.parameters()).containsExactlyInAnyOrder("sysvshm.", "allow.raw_sockets");
    assertThat(system.boot()).isEqualTo(1795438459L);
  }

  @Test
  void aKernelWithoutRacctOrVimageLeavesTheirLinesOut() throws IOException {
    FreeBsdSystem system =
        FreeBsdSystem.read(
            """
            1001
            kern.osrelease: 14.3-RELEASE
            security.jail.jailed: 1
            kern.boottime: { sec = 5, usec = 0 } Thu Jan  1 00:00:05 1970
            """);
    assertThat(system.racct()).isEqualTo(Optional.empty());
    assertThat(system.vimage()).isFalse();
    assertThat(system.administrator()).isFalse();
    assertThat(FreeBsdReadiness.problems(system))
        .hasSize(2)
        .anySatisfy(problem -> assertThat(problem).contains("root"))
        .anySatisfy(problem -> assertThat(problem).contains("a jail itself"));
  }

  @Test
  void whatIsNoFreeBsdIsSaidToBeNone() {
    assertThatThrownBy(
            () -> FreeBsdSystem.read("0\nsysctl: cannot stat /proc/sys/kern/osrelease\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("this is no FreeBSD")
        .hasMessageContaining("--host freebsd:14.3")
        .hasMessageContaining("cannot stat");
  }
}
