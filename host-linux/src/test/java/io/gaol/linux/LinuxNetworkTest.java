package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Step;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.InterfaceName;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Resources;
import io.gaol.linux.NetworkFacts.InterfaceFacts;
import io.gaol.linux.NetworkFacts.Lookup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinuxNetworkTest {
  private static final Path TASK = Path.of("/state/tasks/web-1a2b");
  private static final String LINK = "gl-c81b423e5fae";

  private JailParameters parameters = JailParameters.NONE;
  private final Map<InterfaceName, InterfaceFacts> interfaces = new HashMap<>();
  private Map<String, String> holders = Map.of();
  private boolean ip6 = true;
  private boolean forwardsIp6 = true;
  private boolean routingTable = true;
  private boolean installed = true;
  private Optional<Lookup> looked = Optional.empty();
  private final List<String> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  LinuxNetworkTest() {
    there("em1");
  }

  private void there(String name) {
    interfaces.put(new InterfaceName(name), new InterfaceFacts(true));
  }

  private void set(String name, String... values) {
    parameters = parameters.with(name, List.of(values));
  }

  private Optional<LinuxNetwork> plan() {
    Optional<Path> tool = installed ? Optional.of(Path.of("/sbin/ip")) : Optional.empty();
    JailSpec spec =
        new JailSpec(
            new JailName("web-1a2b"),
            parameters,
            List.of("/bin/true"),
            Environment.EMPTY,
            Optional.empty(),
            "/",
            new JailSpec.Root.Directory(Path.of("/srv/web")),
            List.of(),
            List.of(),
            Resources.UNLIMITED,
            List.of(),
            false,
            CapabilityChanges.NONE);
    return LinuxNetwork.of(
        spec,
        new NetworkFacts(
            tool, tool, "net:[1]", interfaces, holders, ip6, forwardsIp6, looked, routingTable),
        TASK,
        problems,
        notes);
  }

  private LinuxNetwork network() {
    Optional<LinuxNetwork> network = plan();
    assertThat(problems).isEmpty();
    return network.orElseThrow();
  }

  private List<String> refusals() {
    assertThat(plan()).isEmpty();
    return problems;
  }

  private static Step.Make made(List<Step> steps) {
    return (Step.Make) steps.getLast();
  }

  /** The text of a step's script, without what claims the namespace. */
  private static String text(List<String> script) {
    assertThat(script.subList(0, 2)).containsExactly("/bin/sh", "-c");
    assertThat(script.subList(3, 7))
        .containsExactly("gaol", "gaol-web-1a2b", "/run/gaol/networks", TASK.toString());
    return script.get(2);
  }

  // ---- whose network

  @ParameterizedTest
  @CsvSource({
    "'', '', NONE, ''",
    "disable, disable, NONE, ''",
    "new, new, NONE, ''",
    "inherit, '', HOST, INET4",
    "inherit, disable, HOST, INET4",
    "inherit, new, HOST, INET4",
    "inherit, inherit, HOST, 'INET4, INET6'"
  })
  void withoutAddressesAJailHasTheHostsNetworkOrNone(
      String ip4, String ip6Policy, LinuxNetwork.Stack stack, String allowances) {
    if (!ip4.isEmpty()) {
      set("ip4", ip4);
    }
    if (!ip6Policy.isEmpty()) {
      set("ip6", ip6Policy);
    }
    LinuxNetwork network = network();
    assertThat(network.stack()).isEqualTo(stack);
    assertThat(String.join(", ", network.allowances().stream().map(Enum::name).toList()))
        .isEqualTo(allowances);
    assertThat(network.namespace()).isEmpty();
    assertThat(network.sysctls()).isEmpty();
    assertThat(network.aliases()).isEmpty();
    assertThat(network.creation()).isEmpty();
    assertThat(network.handingIn()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ip4.addr, em1|10.0.0.5, INET4",
    "ip4.addr, 10.0.0.5, INET4",
    "ip6.addr, em1|fd00::5/64, INET6"
  })
  void anAddressMakesANetworkOfItsVersionAlone(String name, String value, Allowance allowance) {
    set(name, value);
    LinuxNetwork network = network();
    assertThat(network.stack()).isEqualTo(LinuxNetwork.Stack.ROUTED);
    assertThat(network.allowances()).containsExactly(allowance);
    assertThat(network.namespace()).contains(Path.of("/run/netns/gaol-web-1a2b"));
    assertThat(network.isTheHosts()).isFalse();
  }

  @Test
  void rawSocketsOpenPingToUsersAndNothingElseDoes() {
    set("ip4.addr", "10.0.0.5");
    assertThat(network().sysctls())
        .containsEntry("net.ipv4.ping_group_range", "1 0")
        .containsEntry("net.ipv4.ip_unprivileged_port_start", "1024");
    set("allow.raw_sockets", "true");
    assertThat(network().sysctls()).containsEntry("net.ipv4.ping_group_range", "0 2147483647");
  }

  // ---- the link

  @Test
  void anAddressIsRoutedToTheJailAndAnsweredForOnItsInterface() {
    set("ip4.addr", "em1|192.168.1.102/24");
    List<Step> steps = network().aliases();

    assertThat(steps.getFirst())
        .isEqualTo(
            new Step.ShareValue(Path.of("/proc/sys/net/ipv4/conf/em1/forwarding"), "1", "net:[1]"));
    assertThat(steps).hasSize(2);
    String make = text(made(steps).make());
    assertThat(make)
        .contains(
            """
            ln -sn "$task" "$owner" 2>/dev/null || {
            """,
            """
            ip netns add "$ns"
            held=$(ip -o address show)
            case $held in
              *" 192.168.1.102/"*) echo "192.168.1.102 is an address of the host meanwhile" >&2; exit 1 ;;
            esac
            ip -batch - <<'END' || {
            link add LINK address 02:67:61:6f:6c:01 type veth peer name eth0 address 02:67:61:6f:6c:02 netns gaol-web-1a2b
            link set LINK alias "gaol jail web-1a2b" addrgenmode none up
            neigh add 192.168.1.102 lladdr 02:67:61:6f:6c:02 dev LINK nud permanent
            route add 192.168.1.102/32 dev LINK
            neigh add proxy 192.168.1.102 dev em1
            END
            """
                .replace("LINK", LINK),
            """
            echo 1 >/proc/sys/net/ipv4/conf/LINK/forwarding
            echo 1 >/proc/sys/net/ipv4/conf/LINK/rp_filter
            tc -batch - <<'END'
            qdisc add dev LINK clsact
            """
                .replace("LINK", LINK))
        .endsWith(
            """
            ip -n "$ns" -batch - <<'END'
            link set lo up
            link set eth0 addrgenmode none up
            address add 192.168.1.102/32 dev eth0
            neigh add 169.254.1.1 lladdr 02:67:61:6f:6c:01 dev eth0 nud permanent
            route add default via 169.254.1.1 dev eth0 onlink
            END
            """)
        .doesNotContain("ipv6", "rule add");
    assertThat(text(made(steps).undo().remove()))
        .isEqualTo(
            """
            ns=$1 owner=$2/$1 task=$3
            [ "$(readlink "$owner")" = "$task" ] || exit 0
            case $(ip -4 -o route show exact 192.168.1.102) in
              ''|*' dev LINK '*) ip neigh del proxy 192.168.1.102 dev em1 2>/dev/null ;;
            esac
            if [ -e /proc/sys/net/ipv4/conf/LINK ]; then
              ip link del LINK || exit 1
            fi
            if [ -e "/run/netns/$ns" ]; then
              ip netns del "$ns" || exit 1
            fi
            rm -f "$owner"
            """
                .replace("LINK", LINK));
  }

  @Test
  void severalAddressesShareALinkAndEachItsInterfacesValue() {
    there("em2");
    set("ip4.addr", "em1|10.0.0.5", "10.0.1.5");
    set("ip6.addr", "em2|fd00::5");
    set("interface", "em2");
    List<Step> steps = network().aliases();
    assertThat(steps.subList(0, steps.size() - 1))
        .extracting(step -> ((Step.ShareValue) step).path().toString())
        .containsExactly(
            "/proc/sys/net/ipv4/conf/em1/forwarding",
            "/proc/sys/net/ipv4/conf/em2/forwarding",
            "/proc/sys/net/ipv6/conf/em2/proxy_ndp");
    assertThat(text(made(steps).make()))
        .contains(
            "neigh add proxy 10.0.0.5 dev em1\n",
            "neigh add proxy 10.0.1.5 dev em2\n",
            "neigh add proxy fd00::5 dev em2\n",
            "address add 10.0.0.5/32 dev eth0\naddress add 10.0.1.5/32 dev eth0\n",
            "address add fd00::5/128 dev eth0 nodad\n",
            "route add default via fe80::1 dev eth0 onlink\n");
  }

  @Test
  void withoutAnInterfaceNothingOfTheHostsIsChangedAndAPersonIsTold() {
    set("ip4.addr", "10.0.0.5");
    List<Step> steps = network().aliases();
    assertThat(steps).hasSize(1);
    assertThat(text(made(steps).make())).doesNotContain("proxy");
    assertThat(notes)
        .containsExactly(
            "10.0.0.5: no interface is named (em1|10.0.0.5, or interface), so the host alone"
                + " reaches it, and whom it routes for");
  }

  @Test
  void withoutSourceSelectionThePrimaryAddressIsTheSource() {
    set("ip4.addr", "10.0.0.5", "10.0.0.6");
    set("ip6.addr", "fd00::5", "fd00::6");
    set("ip4.saddrsel", "false");
    assertThat(text(made(network().aliases()).make()))
        .contains(
            "route add default via 169.254.1.1 dev eth0 onlink src 10.0.0.5\n",
            "route add default via fe80::1 dev eth0 onlink\n");
  }

  @Test
  void aRoutingTableIsAskedAloneForWhatComesFromTheJail() {
    set("ip4.addr", "10.0.0.5");
    set("exec.fib", "7");
    Step.Make made = made(network().aliases());
    assertThat(text(made.make()))
        .contains(
            "ip -4 rule add iif " + LINK + " lookup 7 pref 1000\n",
            "ip -4 rule add iif " + LINK + " unreachable pref 1001\n")
        .doesNotContain("-6 rule");
    assertThat(text(made.undo().remove()))
        .contains("while ip -4 rule del iif " + LINK + " 2>/dev/null; do :; done\n");
  }

  @Test
  void aKernelWithoutIpv6IsNotAskedAboutIt() {
    ip6 = false;
    set("ip4.addr", "10.0.0.5");
    assertThat(text(made(network().aliases()).make())).doesNotContain("addrgenmode", "ipv6");
  }

  // ---- a host name's addresses

  @Test
  void whatAHostNameIsIsAddedBehindTheAddressesAndTold() {
    set("ip4.addr", "10.0.0.5");
    set("host.hostname", "db.example");
    set("ip_hostname", "true");
    set("ip6", "disable");
    looked = Optional.of(new Lookup(List.of("10.0.0.9", "10.0.0.5", "fd00::9"), Optional.empty()));
    assertThat(network().addresses())
        .extracting(Object::toString)
        .containsExactly("10.0.0.5", "10.0.0.9");
    assertThat(notes).contains("ip_hostname: db.example is 10.0.0.9, 10.0.0.5, fd00::9");
  }

  @Test
  void aHostNameWithoutAnAddressIsRefused() {
    set("host.hostname", "db.example");
    set("ip_hostname", "true");
    looked = Optional.of(new Lookup(List.of(), Optional.of("nobody knows it")));
    assertThat(refusals())
        .containsExactly(
            "ip_hostname: \"db.example\" cannot be resolved: nobody knows it; add it to /etc/hosts"
                + " or to the name server, or write the address as ip4.addr");
  }

  // ---- vnet

  @Test
  void aStackOfItsOwnIsANamespaceWithItsLoopback() {
    there("e0b");
    set("vnet", "new");
    set("vnet.interface", "e0b");
    LinuxNetwork network = network();
    assertThat(network.allowances()).containsExactly(Allowance.VNET);
    assertThat(network.aliases()).isEmpty();
    assertThat(text(made(network.creation()).make()))
        .endsWith("ip netns add \"$ns\"\nip -n \"$ns\" link set lo up\n");
    Step.Make handedIn = made(network.handingIn());
    assertThat(text(handedIn.make())).contains("ip link set dev \"$name\" netns \"$ns\"");
    assertThat(handedIn.make()).endsWith("e0b");
    assertThat(handedIn.undo().remove()).endsWith("e0b");
  }

  @Test
  void anInterfaceThatACommandOfTheHostMakesIsNotLookedFor() {
    set("vnet", "new");
    set("vnet.interface", "e0b");
    assertThat(refusals())
        .containsExactly(
            "vnet.interface: the host has no interface \"e0b\" (ip link shows those it has); one"
                + " that exec.prestart makes is found");
    problems.clear();
    set("exec.prestart", "jib addm");
    assertThat(network().handingIn()).hasSize(1);
  }

  // ---- refusals

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "ip4.addr=em9|10.0.0.5#"
            + " ip4.addr: the host has no interface \"em9\" (ip link shows those it has); one that"
            + " exec.prepare makes is found",
        "ip4.addr=all|10.0.0.5# ip4.addr: \"all\" is not the name of an interface on Linux",
        "ip4.addr=..|10.0.0.5# ip4.addr: \"..\" is not the name of an interface on Linux",
        "ip4.addr=$(x)|10.0.0.5# ip4.addr: \"$(x)\" is not the name of an interface on Linux",
        "ip4.addr=127.0.0.2#"
            + " ip4.addr = \"127.0.0.2\" cannot be had on Linux: 127.0.0.0/8 is each network"
            + " namespace's own, and the jail has it already; choose an address of the network"
            + " that the jail is reached from",
        "ip4.addr=em1|224.0.0.1#"
            + " ip4.addr = \"em1|224.0.0.1\" cannot be had on Linux: it is no address of a single"
            + " host; choose an address of the network that the jail is reached from",
        "ip6.addr=fe80::5#"
            + " ip6.addr = \"fe80::5\" cannot be had on Linux: a link-local address belongs to one"
            + " interface, and that is the jail's own; choose an address of the network that the"
            + " jail is reached from",
        "ip4.addr=em1|10.0.0.5 vhid 1#"
            + " ip4.addr = \"em1|10.0.0.5 vhid 1\" cannot be had on Linux: \"vhid\" is for"
            + " ifconfig(8), and the address is not put on an interface of the host here but"
            + " routed to the jail; leave it out",
        "exec.fib=3#"
            + " exec.fib = \"3\" cannot be had on Linux for a jail without a network: a routing"
            + " table is chosen for what comes from a jail's own interface; give the jail an"
            + " address (ip4.addr), or vnet = \"new\"",
        "exec.fib=3&ip4=inherit#"
            + " exec.fib = \"3\" cannot be had on Linux for a jail with the host's network: a"
            + " routing table is chosen for what comes from a jail's own interface; give the jail"
            + " an address (ip4.addr), or vnet = \"new\"",
        "exec.fib=254&ip4.addr=10.0.0.5#"
            + " exec.fib = \"254\" cannot be had on Linux: its tables 253 to 255 are default, main"
            + " and local; use another number, or leave it out for main",
        "ip4=inherit&ip6.addr=fd00::5#"
            + " ip4 = \"inherit\" and ip6.addr cannot be had together on Linux: one network"
            + " namespace is either the host's or the jail's own; give it addresses of both"
            + " versions, or none",
        "ip6=inherit&ip4.addr=10.0.0.5#"
            + " ip6 = \"inherit\" without ip4 = \"inherit\" cannot be had on Linux: an IPv6 socket"
            + " reaches IPv4 addresses too; set both, or neither",
        "vnet=new&ip4.addr=10.0.0.5#"
            + " ip4.addr: a jail with vnet has a network stack of its own, where it sets its"
            + " addresses itself: the kernel takes no restriction beside it",
        "vnet=new&vnet.interface=lo#"
            + " vnet.interface: the loopback cannot be moved, and a jail with vnet has one of its"
            + " own: leave it out",
        "vnet.interface=em1#"
            + " vnet.interface: an interface can be moved only into a jail with vnet = \"new\""
      })
  void whatCannotBeIsRefusedByName(String asked, String reason) {
    for (String one : asked.split("&")) {
      set(one.split("=")[0], one.split("=")[1]);
    }
    assertThat(refusals()).containsExactly(reason);
  }

  @Test
  void anAddressThatSomebodyHasIsRefusedWithWhoHasIt() {
    holders = Map.of("10.0.0.5", "that of another jail, db (its link is gl-0)");
    set("ip4.addr", "em1|10.0.0.5");
    assertThat(refusals())
        .containsExactly(
            "ip4.addr = \"em1|10.0.0.5\" cannot be had: 10.0.0.5 is that of another jail, db (its"
                + " link is gl-0), and on Linux an address has one owner; choose another");
  }

  @Test
  void ipv6NeedsAHostThatForwardsAndNobodySwitchesThatOnForAJail() {
    forwardsIp6 = false;
    set("ip6.addr", "em1|fd00::5");
    assertThat(refusals().getFirst())
        .contains("sysctl -w net.ipv6.conf.all.forwarding=1", "accept_ra=2");
    problems.clear();
    forwardsIp6 = true;
    interfaces.put(new InterfaceName("em1"), new InterfaceFacts(false));
    assertThat(refusals())
        .containsExactly(
            "ip6.addr needs an interface that forwards IPv6: sysctl -w"
                + " net.ipv6.conf.em1.forwarding=1");
    problems.clear();
    ip6 = false;
    assertThat(refusals().getFirst()).contains("net.ipv6.conf.all.disable_ipv6");
  }

  @Test
  void aRoutingTableWithoutARouteIsRefused() {
    routingTable = false;
    set("ip4.addr", "10.0.0.5");
    set("exec.fib", "7");
    assertThat(refusals())
        .containsExactly(
            "exec.fib = \"7\": the routing table 7 has no route; add one (ip route add default via"
                + " ... table 7)");
  }

  @Test
  void withoutItsToolsNoNetworkIsMade() {
    installed = false;
    set("ip4.addr", "10.0.0.5");
    assertThat(refusals())
        .containsExactly(
            "ip is not installed, and a jail's own network needs it: apt-get install iproute2");
  }
}
