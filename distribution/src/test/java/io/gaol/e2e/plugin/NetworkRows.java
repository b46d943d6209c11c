package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.MappingCase.output;
import static io.gaol.e2e.plugin.MappingCase.row;
import static io.gaol.e2e.plugin.MappingCase.with;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command;
import io.gaol.testing.host.DriverTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cases of {@link LinuxMappingIT}: addresses and network stacks. */
final class NetworkRows {
  private NetworkRows() {}

  /** Greets whoever connects to port 9999 of any address. */
  private static final String GREET =
      """
      exec perl -MSocket -e '
      socket(S,2,1,0); setsockopt(S,1,2,1); bind(S,sockaddr_in(9999,INADDR_ANY)) or die; listen(S,5);
      $|=1; print qq(ready\\n); while (accept(C,S)) { print C qq(hello\\n); close C }'
      """;

  /** What answers at an address and port 9999, seen by a command of the host. */
  private static String greeting(List<String> prefix, String address) {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(
        List.of(
            "perl",
            "-MIO::Socket::IP",
            "-e",
            "$s = IO::Socket::IP->new(PeerHost => $ARGV[0], PeerPort => 9999, Timeout => 5) or print(q(none)), exit; print scalar <$s>",
            address));
    return new Command(words, Path.of("/"), Map.of()).run().stdout().strip();
  }

  private static MappingCase.Check answers(
      String script, List<String> prefix, String address, String expected) {
    return (at, config) -> {
      DriverTask task = at.task(with(config, shell(script))).start();
      task.logs().awaitStdout("ready");
      assertThat(
              greeting(
                  prefix.stream().map(word -> word.replace("@T@", at.token())).toList(), address))
          .isEqualTo(expected);
      task.destroy();
    };
  }

  private static String bind(String address) {
    return "perl -MSocket -e 'socket(S,2,1,0); print bind(S,sockaddr_in(9998,inet_aton(q(%s)))) ? q(bound) : $!+0'"
        .formatted(address);
  }

  static List<MappingCase> network() {
    String em = "em@T@";
    String one = em + "|10.201.7.102/24";
    List<String> lan = List.of("ip", "netns", "exec", "lan@T@");
    return List.of(
        row("ip4", "left out is no IPv4").prints("perl -e 'socket(S,2,1,0) or print $!+0'", "97"),
        row("ip6", "left out is no IPv6").prints("perl -e 'socket(S,10,1,0) or print $!+0'", "97"),
        row("ip4", "disable", "Ip4", "disable")
            .prints("perl -e 'socket(S,2,1,0) or print $!+0'", "97"),
        row("ip6", "disable beside ip4 inherit", "Ip4", "inherit", "Ip6", "disable")
            .prints(
                "perl -e 'socket(S,10,1,0) or print $!+0; socket(S,2,1,0) and print q( and IPv4)'",
                "97 and IPv4"),
        row("ip4", "inherit is the host's stack", "Ip4", "inherit", "Ip6", "inherit")
            .prints("ls -d /proc/sys/net/ipv4/conf/em@T@ | grep -c em", "1"),
        row("ip6", "inherit without ip4", "Ip4", "disable", "Ip6", "inherit")
            .isRefused("ip6 = \"inherit\" without ip4"),
        row("ip4", "new without an address has none", "Ip4", "new")
            .prints("perl -e 'socket(S,2,1,0) or print $!+0'", "97"),
        row("ip4", "new beside ip6 inherit", "Ip4", "new", "Ip4_addr", one, "Ip6", "inherit")
            .isRefused("ip6"),
        row("ip4.addr", "is the jail's own", "Ip4_addr", one).prints(bind("10.201.7.102"), "bound"),
        row("ip4.addr", "no other address can be had", "Ip4_addr", one)
            .prints(bind("10.201.7.1"), "99"),
        row("ip4.addr", "answers on the LAN, bound to all addresses", "Ip4_addr", one)
            .checkedBy(answers(GREET, lan, "10.201.7.102", "hello")),
        row("ip4.addr", "answers the host", "Ip4_addr", one)
            .checkedBy(answers(GREET, List.of(), "10.201.7.102", "hello")),
        row("ip4.addr", "is not at the host's own addresses", "Ip4_addr", one)
            .checkedBy(answers(GREET, List.of(), "127.0.0.1", "none")),
        row("ip4.addr", "several", "Ip4_addr", List.of(one, em + "|10.201.7.103/32"))
            .prints(bind("10.201.7.102") + ";" + bind("10.201.7.103"), "boundbound"),
        row("ip4.addr", "of an interface that is not there", "Ip4_addr", "em9@T@|10.201.7.102/24")
            .isRefused("em9@T@"),
        row("ip4.addr", "that the host itself has", "Ip4_addr", em + "|10.201.7.1/24")
            .isRefused("10.201.7.1"),
        row("ip4.addr", "with words for ifconfig(8)", "Ip4_addr", one + " vhid 1")
            .isRefused("vhid"),
        row(
                "interface",
                "is where an address without one goes",
                "Nic",
                em,
                "Ip4_addr",
                "10.201.7.102/24")
            .checkedBy(answers(GREET, lan, "10.201.7.102", "hello")),
        row(
                "ip4.saddrsel",
                "false is always the primary address",
                "Ip4_addr",
                List.of(one, em + "|10.201.7.103/32"),
                "Ip4_saddrsel",
                false)
            .prints(
                "perl -MIO::Socket::IP -e '$s = IO::Socket::IP->new(PeerHost => q(10.201.7.2), PeerPort => 9, Proto => q(udp)); print $s->sockhost'",
                "10.201.7.102"),
        row("ip4.saddrsel", "true is the kernel's choice", "Ip4_addr", one, "Ip4_saddrsel", true)
            .prints("echo runs", "runs"),
        row(
                "ip6.addr",
                "needs forwarding of IPv6, which is the host's",
                "Ip6_addr",
                em + "|fd00:201::7/64")
            .isRefused("net.ipv6.conf.all.forwarding"),
        row(
                "ip6.saddrsel",
                "has no effect without an address",
                "Ip4",
                "inherit",
                "Ip6_saddrsel",
                true)
            .prints("echo runs", "runs"),
        row(
                "ip_hostname",
                "adds the name's addresses",
                "Ip_hostname",
                true,
                "Host_hostname",
                "localhost",
                "Nic",
                em)
            .isRefused("127.0.0.1"),
        row("exec.fib", "is a table of the host for this jail", "Ip4_addr", one, "Exec_fib", 17)
            .checkedBy(
                (at, config) -> {
                  DriverTask task = at.task(with(config, shell("echo ready; sleep 1000"))).start();
                  task.logs().awaitStdout("ready");
                  assertThat(Command.of(Path.of("/usr/sbin/ip"), "rule").run().stdout())
                      .contains("lookup 17");
                  task.destroy();
                  assertThat(Command.of(Path.of("/usr/sbin/ip"), "rule").run().stdout())
                      .doesNotContain("lookup 17");
                }),
        row("exec.fib", "in the host's stack", "Ip4", "inherit", "Exec_fib", 17)
            .isRefused("exec.fib"),
        row("vnet", "new is a stack of its own", "Vnet", true)
            .prints(
                "ls /sys/class/net; ip link add d0 type dummy 2>/dev/null || ip link add v0 type veth peer name v1; ip addr add 10.9.9.9/24 dev lo && "
                    + bind("10.9.9.9"),
                "lo\nbound"),
        row("vnet", "new has raw and packet sockets", "Vnet", true)
            .prints(
                "perl -e 'socket(S,2,3,1) and print q(raw); socket(S,17,3,0x300) and print q( packet)'",
                "raw packet"),
        row("vnet", "new beside ip4", "Vnet", true, "Ip4", "inherit")
            .isRefused("Vnet = \"new\" contradict"),
        row("vnet", "inherit", "Vnet", "inherit", "Ip4", "inherit")
            .prints("ls -d /proc/sys/net/ipv4/conf/em@T@ | grep -c em", "1"),
        row("vnet.interface", "is moved in, and comes back", "Vnet", true, "Vnet_nic", "vn@T@")
            .checkedBy(
                (at, config) -> {
                  assertThat(
                          output(
                              at,
                              with(config, shell("ip -o link show vn" + at.token() + " | wc -l"))))
                      .isEqualTo("1\n");
                  assertThat(Path.of("/sys/class/net/vn" + at.token())).exists();
                }),
        row("vnet.interface", "that is not there", "Vnet", true, "Vnet_nic", "vx@T@")
            .isRefused("vx@T@"),
        row("vnet.interface", "without vnet", "Vnet_nic", em).isRefused("vnet"));
  }
}
