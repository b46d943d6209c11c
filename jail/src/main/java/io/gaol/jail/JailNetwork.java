package io.gaol.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a jail's parameters say about its network, read and checked together.
 *
 * @param ownStack whether it has a network stack of its own: {@code vnet}
 * @param ip4 addresses of {@code ip4.addr}, the first is the primary one
 * @param ip6 addresses of {@code ip6.addr}
 * @param aliasInterface where addresses without an interface become aliases: {@code interface}
 * @param handedIn interfaces that are moved into the jail: {@code vnet.interface}
 * @param resolvesHostName whether the addresses of {@code host.hostname} are added: {@code
 *     ip_hostname}
 * @param fib the routing table of its commands: {@code exec.fib}
 */
public record JailNetwork(
    boolean ownStack,
    List<JailAddress> ip4,
    List<JailAddress> ip6,
    Optional<InterfaceName> aliasInterface,
    List<InterfaceName> handedIn,
    boolean resolvesHostName,
    OptionalInt fib) {
  /** {@code security.jail.jail_max_af_ips}: the most addresses of one version. */
  private static final int MOST_ADDRESSES = 255;

  /** Copies. */
  public JailNetwork {
    ip4 = List.copyOf(ip4);
    ip6 = List.copyOf(ip6);
    handedIn = List.copyOf(handedIn);
  }

  /**
   * The network of parameters.
   *
   * @param writtenAs jail(8)'s name of a parameter to the spelling that its author used, for
   *     messages
   * @throws InvalidValueException with all that is wrong
   */
  public static JailNetwork of(JailParameters parameters, UnaryOperator<String> writtenAs) {
    return new Reader(parameters, writtenAs).read();
  }

  /** Reads parameters and collects what is wrong with them. */
  private static final class Reader {
    private final JailParameters parameters;
    private final UnaryOperator<String> writtenAs;
    private final List<String> problems = new ArrayList<>();

    Reader(JailParameters parameters, UnaryOperator<String> writtenAs) {
      this.parameters = parameters;
      this.writtenAs = writtenAs;
    }

    JailNetwork read() {
      JailNetwork network =
          new JailNetwork(
              parameters.value("vnet").equals(Optional.of("new")),
              addresses(IpVersion.V4),
              addresses(IpVersion.V6),
              names("interface").stream().findFirst(),
              names("vnet.interface"),
              parameters.flag("ip_hostname").orElse(false),
              fib());
      check(network);
      InvalidValueException.throwIfAny(problems.stream().distinct().toList());
      return network;
    }

    private List<JailAddress> addresses(IpVersion version) {
      return readAll(version.addressParameter(), value -> JailAddress.parseAll(version, value));
    }

    /** Since FreeBSD 15.0 several have commas between them. */
    private List<InterfaceName> names(String parameter) {
      return readAll(
          parameter, value -> Arrays.stream(value.split(",", -1)).map(InterfaceName::new).toList());
    }

    private <T> List<T> readAll(String parameter, Function<String, List<T>> read) {
      List<T> all = new ArrayList<>();
      for (String value : parameters.values(parameter)) {
        try {
          all.addAll(read.apply(value));
        } catch (InvalidValueException invalid) {
          invalid.problems().forEach(problem -> problem(parameter, problem));
        }
      }
      return all;
    }

    /** Its range is the parameter's own. */
    private OptionalInt fib() {
      return parameters
          .number("exec.fib")
          .map(number -> OptionalInt.of(Math.toIntExact(number)))
          .orElse(OptionalInt.empty());
    }

    private void check(JailNetwork network) {
      checkAddresses(IpVersion.V4, network.ip4(), network.aliasInterface());
      checkAddresses(IpVersion.V6, network.ip6(), network.aliasInterface());
      if (network.ownStack()) {
        for (String restriction : List.of("ip4", "ip4.addr", "ip6", "ip6.addr", "ip_hostname")) {
          if (isSet(restriction)) {
            problem(
                restriction,
                "a jail with "
                    + writtenAs.apply("vnet")
                    + " has a network stack of its own, where it sets its addresses itself: the"
                    + " kernel takes no restriction beside it");
          }
        }
      } else if (!network.handedIn().isEmpty()) {
        problem(
            "vnet.interface",
            "an interface can be moved only into a jail with "
                + writtenAs.apply("vnet")
                + " = \"new\"");
      }
      duplicates(network.handedIn())
          .forEach(name -> problem("vnet.interface", "\"" + name + "\" is there twice"));
      if (network.resolvesHostName() && parameters.value("host.hostname").isEmpty()) {
        problem("ip_hostname", "there is no " + writtenAs.apply("host.hostname") + " to resolve");
      }
    }

    private void checkAddresses(
        IpVersion version, List<JailAddress> addresses, Optional<InterfaceName> aliasInterface) {
      String parameter = version.addressParameter();
      duplicates(addresses.stream().map(JailAddress::address).toList())
          .forEach(
              address -> problem(parameter, address + " is there twice, which the kernel refuses"));
      if (addresses.size() > MOST_ADDRESSES) {
        problem(
            parameter,
            "a jail has at most "
                + MOST_ADDRESSES
                + " addresses, but "
                + addresses.size()
                + " are given");
      }
      String policy = version == IpVersion.V4 ? "ip4" : "ip6";
      Optional<String> given = parameters.value(policy).filter(value -> !value.equals("new"));
      if (!addresses.isEmpty() && given.isPresent()) {
        problem(
            parameter,
            "addresses restrict the jail to them, which "
                + writtenAs.apply(policy)
                + " = \""
                + given.get()
                + "\" contradicts: keep one");
      }
      for (JailAddress address : addresses) {
        if (!address.parameters().isEmpty()
            && address.interfaceName().isEmpty()
            && aliasInterface.isEmpty()) {
          problem(
              parameter,
              "\""
                  + address
                  + "\": \""
                  + String.join(" ", address.parameters())
                  + "\" is for an interface, and there is none: write em0|"
                  + address
                  + ", or set "
                  + writtenAs.apply("interface"));
        }
      }
    }

    private boolean isSet(String parameter) {
      List<String> values = parameters.values(parameter);
      return !values.isEmpty() && !values.equals(List.of("false"));
    }

    private static <T> List<T> duplicates(List<T> all) {
      return all.stream()
          .filter(one -> all.indexOf(one) != all.lastIndexOf(one))
          .distinct()
          .toList();
    }

    private void problem(String parameter, String problem) {
      problems.add(writtenAs.apply(parameter) + ": " + problem);
    }
  }
}
