package io.gaol.linux;

import io.gaol.engine.Programs;
import io.gaol.jail.InterfaceName;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.IpVersion;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailNetwork;
import io.gaol.jail.JailSpec;
import io.gaol.linux.NetworkFacts.InterfaceFacts;
import io.gaol.linux.NetworkFacts.Lookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Looks at the host's network, as far as a jail has to do with it, and changes nothing. A jail that
 * has no network of its own costs nothing here.
 */
final class NetworkProbe {
  private static final Path SYSCTL = Path.of("/proc/sys/net");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private NetworkProbe() {}

  static NetworkFacts probe(JailSpec spec) throws IOException {
    JailNetwork network;
    try {
      network = JailNetwork.of(spec.parameters(), UnaryOperator.identity());
    } catch (InvalidValueException toldByThePlanner) {
      return NetworkFacts.UNUSED;
    }
    if (!isUsed(network)) {
      return NetworkFacts.UNUSED;
    }
    Optional<Lookup> looked =
        network.resolvesHostName()
            ? spec.parameters().value("host.hostname").map(NetworkProbe::lookUp)
            : Optional.empty();
    Optional<Path> ip = LinuxProbe.program("ip");
    Set<InterfaceName> names = new LinkedHashSet<>(network.handedIn());
    network.aliasInterface().ifPresent(names::add);
    Set<String> addresses = new LinkedHashSet<>();
    for (JailAddress address : LinuxNetwork.addresses(spec.parameters(), network, looked)) {
      address.interfaceName().ifPresent(names::add);
      addresses.add(address.address());
    }
    return new NetworkFacts(
        ip,
        LinuxProbe.program("tc"),
        Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString(),
        interfaces(names),
        holders(addresses, ip),
        Files.exists(Path.of("/proc/net/if_inet6"))
            && !isOn(SYSCTL.resolve("ipv6/conf/all/disable_ipv6")),
        isOn(SYSCTL.resolve("ipv6/conf/all/forwarding")),
        looked,
        ip.isPresent()
            && network.fib().isPresent()
            && hasRoute(ip.get(), network.fib().getAsInt()));
  }

  private static boolean isUsed(JailNetwork network) {
    return network.ownStack()
        || network.resolvesHostName()
        || !network.ip4().isEmpty()
        || !network.ip6().isEmpty();
  }

  private static boolean isOn(Path sysctl) {
    try {
      return !Files.readString(sysctl).strip().equals("0");
    } catch (IOException absent) {
      return false;
    }
  }

  private static Lookup lookUp(String hostName) {
    try {
      List<String> found = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(hostName)) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        Stream.of(IpVersion.V4, IpVersion.V6)
            .flatMap(version -> version.canonical(text).stream())
            .forEach(found::add);
      }
      return new Lookup(found.stream().distinct().toList(), Optional.empty());
    } catch (UnknownHostException unknown) {
      return new Lookup(List.of(), Optional.of("this host finds no address of that name"));
    }
  }

  /** By /proc: what is mounted at /sys may be another network namespace's. */
  private static Map<InterfaceName, InterfaceFacts> interfaces(Set<InterfaceName> names)
      throws IOException {
    Map<InterfaceName, InterfaceFacts> there = new HashMap<>();
    if (names.isEmpty()) {
      return there;
    }
    List<String> known =
        Files.readAllLines(Path.of("/proc/net/dev")).stream()
            .map(line -> line.replaceFirst(":.*", "").strip())
            .toList();
    for (InterfaceName name : names) {
      if (known.contains(name.value())) {
        there.put(
            name,
            new InterfaceFacts(
                isOn(SYSCTL.resolve("ipv6/conf").resolve(name.value()).resolve("forwarding"))));
      }
    }
    return there;
  }

  private static Map<String, String> holders(Set<String> addresses, Optional<Path> ip)
      throws IOException {
    Map<String, String> holders = new HashMap<>();
    if (addresses.isEmpty()) {
      return holders;
    }
    Map<String, String> routes = hostRoutes();
    List<String> proxies =
        ip.map(program -> output(program, "-4 neigh show proxy; $0 -6 neigh show proxy")).stream()
            .flatMap(String::lines)
            .toList();
    for (String address : addresses) {
      NetworkInterface held = NetworkInterface.getByInetAddress(InetAddress.getByName(address));
      Optional<String> proxy =
          proxies.stream().filter(line -> line.startsWith(address + " ")).findFirst();
      if (held != null) {
        holders.put(address, "an address of the host's interface " + held.getName());
      } else if (routes.containsKey(address)) {
        holders.put(address, ownerOfRoute(routes.get(address), ip));
      } else if (proxy.isPresent()) {
        holders.put(
            address,
            "one that the host answers for already (ip neigh: " + proxy.get().strip() + ")");
      }
    }
    return holders;
  }

  /** Addresses that a route of their own leads to, and its interface: proc_pid_net(5). */
  private static Map<String, String> hostRoutes() throws IOException {
    Map<String, String> routes = new HashMap<>();
    for (String line : lines(Path.of("/proc/net/route"))) {
      String[] fields = line.split("\\s+");
      if (fields.length > 7 && fields[7].equals("FFFFFFFF")) {
        routes.put(littleEndian(fields[1]), fields[0]);
      }
    }
    for (String line : lines(Path.of("/proc/net/ipv6_route"))) {
      String[] fields = line.split("\\s+");
      if (fields.length > 9 && fields[1].equals("80")) {
        String groups = fields[0].replaceAll("(....)(?=.)", "$1:");
        IpVersion.V6
            .canonical(groups)
            .ifPresent(address -> routes.put(address, fields[fields.length - 1]));
      }
    }
    return routes;
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static String littleEndian(String hex) {
    long number = Long.parseLong(hex, 16);
    return (number & 0xff)
        + "."
        + (number >> 8 & 0xff)
        + "."
        + (number >> 16 & 0xff)
        + "."
        + (number >> 24 & 0xff);
  }

  private static String ownerOfRoute(String device, Optional<Path> ip) {
    String alias =
        ip.map(program -> output(program, "-o link show dev '" + device + "'")).orElse("");
    int at = alias.indexOf(LinuxNetwork.ALIAS);
    return at < 0
        ? "routed to " + device + " already"
        : "that of another jail, "
            + alias.substring(at + LinuxNetwork.ALIAS.length()).strip()
            + " (its link is "
            + device
            + ")";
  }

  private static boolean hasRoute(Path ip, int table) {
    return !output(ip, "-4 route show table " + table + "; $0 -6 route show table " + table)
        .isBlank();
  }

  /** What ip(8) says; nothing where it cannot be run. */
  private static String output(Path ip, String arguments) {
    try {
      return Programs.run(
              Path.of("/tmp"),
              Arrays.asList("/bin/sh", "-c", "exec 2>/dev/null; $0 " + arguments, ip.toString()),
              Map.of(),
              Optional.of(LIMIT))
          .output();
    } catch (IOException cannot) {
      return "";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
