package io.gaol.linux;

import io.gaol.jail.InterfaceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was found on the host that a jail's network depends on.
 *
 * @param ip ip(8)
 * @param tc tc(8)
 * @param namespace what the kernel calls the network namespace that this program is in
 * @param interfaces those that the jail names and that are there
 * @param holders addresses that the jail wants, and who has them
 * @param ip6 whether the kernel has IPv6
 * @param forwardsIp6 whether the host forwards IPv6: {@code net.ipv6.conf.all.forwarding}
 * @param looked what the jail's host name was found to be; empty if nobody asked
 * @param routingTable whether the routing table that the jail asks for has a route
 */
record NetworkFacts(
    Optional<Path> ip,
    Optional<Path> tc,
    String namespace,
    Map<InterfaceName, InterfaceFacts> interfaces,
    Map<String, String> holders,
    boolean ip6,
    boolean forwardsIp6,
    Optional<Lookup> looked,
    boolean routingTable) {

  /** For a jail that has no network of its own: nobody looked. */
  static final NetworkFacts UNUSED =
      new NetworkFacts(
          Optional.empty(),
          Optional.empty(),
          "",
          Map.of(),
          Map.of(),
          false,
          false,
          Optional.empty(),
          false);

  /** Checks and copies. */
  NetworkFacts {
    Objects.requireNonNull(ip, "ip");
    Objects.requireNonNull(tc, "tc");
    Objects.requireNonNull(namespace, "namespace");
    interfaces = Map.copyOf(interfaces);
    holders = Map.copyOf(holders);
    Objects.requireNonNull(looked, "looked");
  }

  /**
   * An interface of the host.
   *
   * @param forwardsIp6 {@code net.ipv6.conf.<interface>.forwarding}
   */
  record InterfaceFacts(boolean forwardsIp6) {}

  /**
   * What a host name was found to be.
   *
   * @param addresses canonical, of both versions, in the order of the answer
   * @param failure why there are none
   */
  record Lookup(List<String> addresses, Optional<String> failure) {
    /** Copies. */
    Lookup {
      addresses = List.copyOf(addresses);
      Objects.requireNonNull(failure, "failure");
    }
  }
}
