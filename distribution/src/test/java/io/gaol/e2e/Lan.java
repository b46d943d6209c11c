package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A host with an interface {@code em1} and a network behind it, in two network namespaces of their
 * own: what a test changes there, the machine does not notice. The host is 192.168.1.1 and fd01::1
 * there, the other machine 192.168.1.50 and fd01::50.
 */
public final class Lan implements AutoCloseable {
  /** What is looked at to see whether anything has changed. */
  private static final String EVERYTHING =
      """
      ip -o link show | sed 's/ state [A-Z]*//'
      ip -o address show | sed 's/ valid_lft.*//'
      for version in -4 -6; do
        ip "$version" rule show
        ip "$version" route show table all | sed 's/ expires [^ ]*//; s/ pref .*//'
        ip "$version" neigh show proxy
      done
      for key in ipv4/conf/em1/forwarding ipv4/ip_forward ipv4/conf/all/forwarding \\
        ipv4/conf/em1/proxy_arp ipv6/conf/em1/proxy_ndp ipv6/conf/em1/forwarding; do
        echo "$key $(cat "/proc/sys/net/$key")"
      done
      """;

  private final String token = UUID.randomUUID().toString().substring(0, 8);
  private final String host = "gaolt-h-" + token;
  private final String other = "gaolt-l-" + token;
  private final String before;

  private Lan() {
    must("ip", "netns", "add", host);
    must("ip", "netns", "add", other);
    must("ip", "-n", host, "link", "set", "lo", "up");
    must("ip", "-n", other, "link", "set", "lo", "up");
    must(
        "ip", "-n", host, "link", "add", "em1", "type", "veth", "peer", "name", "lan0", "netns",
        other);
    must("ip", "-n", host, "address", "add", "192.168.1.1/24", "dev", "em1");
    must("ip", "-n", host, "address", "add", "fd01::1/64", "dev", "em1", "nodad");
    must("ip", "-n", other, "address", "add", "192.168.1.50/24", "dev", "lan0");
    must("ip", "-n", other, "address", "add", "fd01::50/64", "dev", "lan0", "nodad");
    // Nobody else is there to have an address already: without this it takes a second or two.
    onHost("echo 0 >/proc/sys/net/ipv6/conf/em1/accept_dad");
    onOther("echo 0 >/proc/sys/net/ipv6/conf/lan0/accept_dad");
    must("ip", "-n", host, "link", "set", "em1", "up");
    must("ip", "-n", other, "link", "set", "lan0", "up");
    // Link-local addresses come a moment later.
    Workplace.await(
        "em1 has all its addresses",
        () ->
            onHost("ip -6 address show dev em1").stdout().contains("scope link")
                && !onHost("ip -6 address show dev em1").stdout().contains("tentative"));
    before = everything();
  }

  /** Makes them. */
  public static Lan open() {
    return new Lan();
  }

  /** A part of the names of what the test makes. */
  public String token() {
    return token;
  }

  /** What runs a command on the host: the first words of it. */
  public String[] host() {
    return inside(host);
  }

  /** The name of the host's network namespace. */
  public String hostName() {
    return host;
  }

  private static String[] inside(String namespace) {
    // Not ip-netns(8) exec, which hides the machine's control groups.
    return new String[] {"nsenter", "--net=/run/netns/" + namespace};
  }

  /** A gaol that runs on the host. */
  public GaolJob on(GaolJob job) {
    return job.behind(host());
  }

  /** Runs a script on the host. */
  public Outcome onHost(String script) {
    return run(inside(host), "/bin/sh", "-c", script);
  }

  /** Runs a script on the other machine. */
  public Outcome onOther(String script) {
    return run(inside(other), "/bin/sh", "-c", script);
  }

  /** What the host gets of a URL; empty if nothing. */
  public String hostGets(String url) {
    return onHost("curl -s -g -m 10 '" + url + "'").stdout();
  }

  /** What the other machine gets of a URL; empty if nothing. */
  public String otherGets(String url) {
    return onOther("curl -s -g -m 10 '" + url + "'").stdout();
  }

  /** All that there is of the host's network, a line each. */
  public String everything() {
    return onHost(EVERYTHING).stdout();
  }

  /** Takes for granted what the host has now, where a test changes it. */
  public String everythingBefore() {
    return before;
  }

  /** Fails unless the host's network is as it was at first; what goes by itself has some time. */
  public void assertNothingIsLeft() {
    assertNothingIsLeft(before);
  }

  /** Fails unless the host's network is as it was then. */
  public void assertNothingIsLeft(String then) {
    Workplace.within(Duration.ofSeconds(10), () -> everything().equals(then));
    assertThat(everything()).isEqualTo(then);
  }

  private static Outcome run(String[] first, String... words) {
    List<String> all = new ArrayList<>(Stream.of(first).skip(1).toList());
    all.addAll(List.of(words));
    return Command.of(Path.of("/usr/bin", first[0]), all.toArray(String[]::new)).run();
  }

  private static void must(String... words) {
    Outcome outcome = run(new String[] {"env"}, words);
    assertThat(outcome.status()).as(String.join(" ", words) + outcome.stderr()).isZero();
  }

  @Override
  public void close() {
    for (String namespace : List.of(host, other)) {
      run(new String[] {"env"}, "ip", "netns", "del", namespace);
    }
  }
}
