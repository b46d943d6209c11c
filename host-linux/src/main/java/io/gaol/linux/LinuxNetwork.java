package io.gaol.linux;

import io.gaol.engine.Digest;
import io.gaol.engine.Step;
import io.gaol.jail.InterfaceName;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.IpVersion;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailName;
import io.gaol.jail.JailNetwork;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.linux.NetworkFacts.Lookup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * What Linux makes of a jail's network.
 *
 * <p>A jail with addresses has a network namespace of its own, and in it one end of a pair of
 * virtual interfaces, veth(4), which has the addresses and no others. The host routes each address
 * to the other end, and answers for it on the interface that the job names: ip-neighbour(8) {@code
 * proxy}. So the jail can neither bind nor send from any other address, and is reached from the
 * host and from the network. Frames whose source is another address are dropped at the host's end:
 * {@link SourceFilter}.
 *
 * <p>A jail with {@code vnet} has an empty network namespace, and the interfaces that are moved in.
 *
 * @param name the jail's
 * @param stack whose network it is
 * @param network what was asked for
 * @param addresses all of the jail's, those of {@code ip_hostname} too, the primary ones first
 * @param parameters of the jail
 * @param facts of the host
 * @param task the task's directory
 */
record LinuxNetwork(
    JailName name,
    Stack stack,
    JailNetwork network,
    List<JailAddress> addresses,
    JailParameters parameters,
    NetworkFacts facts,
    Path task) {

  /** Begins what the host's end of a jail's link is called for people: ip-link(8) {@code alias}. */
  static final String ALIAS = "gaol jail ";

  /** Where the owner of each network namespace is written down: a link to its task's directory. */
  private static final Path OWNERS = LinuxPlaces.SHARED.resolve("networks");

  /** Where ip-netns(8) keeps the namespaces that have a name. */
  private static final Path NAMESPACES = Path.of("/run/netns");

  /** No two ends meet another pair: the same for every jail. */
  private static final String HOST_MAC = "02:67:61:6f:6c:01";

  private static final String JAIL_MAC = "02:67:61:6f:6c:02";

  /** The jail's router: RFC 3927 and RFC 4291 addresses that mean nothing beyond the link. */
  private static final String ROUTER4 = "169.254.1.1";

  private static final String ROUTER6 = "fe80::1";

  /** Behind ip-rule(8)'s {@code local}, and before whatever an operator has. */
  private static final int RULE_PREFERENCE = 1000;

  /** Tables of the kernel's own: default, main, local. */
  private static final int FIRST_RESERVED_TABLE = 253;

  private static final int LAST_RESERVED_TABLE = 255;

  /** Words behind an address that change nothing for it here, with how many values each has. */
  private static final Map<String, Integer> WORDS_WITHOUT_EFFECT =
      Map.of("up", 0, "no_dad", 0, "-deprecated", 0, "broadcast", 1);

  /** Whose network a jail has. */
  enum Stack {
    /** The host's: {@code ip4 = inherit}. */
    HOST,
    /** One without any interface but its loopback. */
    NONE,
    /** One with the jail's addresses. */
    ROUTED,
    /** One that the jail manages: {@code vnet = new}. */
    OWN
  }

  /** Copies. */
  LinuxNetwork {
    addresses = List.copyOf(addresses);
  }

  /**
   * The network of a jail.
   *
   * @param problems takes why it cannot be
   * @param notes takes what a person should know
   * @return empty if it cannot be
   */
  static Optional<LinuxNetwork> of(
      JailSpec spec, NetworkFacts facts, Path task, List<String> problems, List<String> notes) {
    JailParameters parameters = spec.parameters();
    JailNetwork network;
    try {
      network =
          JailNetwork.of(
              parameters,
              parameter ->
                  parameters
                      .provenance(parameter)
                      .map(JailParameters.Provenance::written)
                      .orElse(parameter));
    } catch (InvalidValueException invalid) {
      problems.addAll(invalid.problems());
      return Optional.empty();
    }
    List<JailAddress> addresses = addresses(parameters, network, facts.looked());
    LinuxNetwork planned =
        new LinuxNetwork(
            spec.name(),
            stack(parameters, network, addresses),
            network,
            addresses,
            parameters,
            facts,
            task);
    int before = problems.size();
    planned.check(problems);
    if (problems.size() > before) {
      return Optional.empty();
    }
    planned.note(notes);
    return Optional.of(planned);
  }

  /** The jail's addresses, with those that its host name was found to have. */
  static List<JailAddress> addresses(
      JailParameters parameters, JailNetwork network, Optional<Lookup> looked) {
    List<JailAddress> all = new ArrayList<>();
    for (IpVersion version : IpVersion.values()) {
      List<JailAddress> given = version == IpVersion.V4 ? network.ip4() : network.ip6();
      all.addAll(given);
      String policy = parameters.value(policy(version)).orElse("new");
      if (policy.equals("new")) {
        looked.map(Lookup::addresses).orElse(List.of()).stream()
            .filter(found -> version.canonical(found).isPresent())
            .filter(found -> given.stream().noneMatch(own -> own.address().equals(found)))
            .map(
                found ->
                    new JailAddress(
                        version, Optional.empty(), found, OptionalInt.empty(), List.of()))
            .forEach(all::add);
      }
    }
    return all;
  }

  private static Stack stack(
      JailParameters parameters, JailNetwork network, List<JailAddress> addresses) {
    if (network.ownStack()) {
      return Stack.OWN;
    }
    if (is(parameters, "ip4", "inherit")) {
      return Stack.HOST;
    }
    return addresses.isEmpty() ? Stack.NONE : Stack.ROUTED;
  }

  private static String policy(IpVersion version) {
    return version == IpVersion.V4 ? "ip4" : "ip6";
  }

  private static boolean is(JailParameters parameters, String name, String value) {
    return parameters.value(name).filter(value::equals).isPresent();
  }

  private List<JailAddress> of(IpVersion version) {
    return addresses.stream().filter(address -> address.version() == version).toList();
  }

  private boolean has(IpVersion version) {
    return !of(version).isEmpty();
  }

  /** Where the host answers for an address; empty if nowhere. */
  private Optional<InterfaceName> lan(JailAddress address) {
    return address
        .interfaceName()
        .or(network::aliasInterface)
        // Nobody asks on the loopback.
        .filter(name -> !name.value().equals("lo"));
  }

  // ---- what is wrong

  private void check(List<String> problems) {
    checkMixture(problems);
    checkLookup(problems);
    checkFib(problems);
    if (stack == Stack.ROUTED || stack == Stack.OWN) {
      checkTools(problems);
    }
    if (stack == Stack.ROUTED) {
      addresses.forEach(address -> checkAddress(address, problems));
      if (has(IpVersion.V6)) {
        checkIp6(problems);
      }
    }
    checkInterfaces(problems);
  }

  private void checkMixture(List<String> problems) {
    boolean inherits4 = is(parameters, "ip4", "inherit");
    if (is(parameters, "ip6", "inherit") && !inherits4) {
      problems.add(
          "ip6 = \"inherit\" without ip4 = \"inherit\" cannot be had on Linux: an IPv6 socket"
              + " reaches IPv4 addresses too; set both, or neither");
    }
    if (inherits4 && has(IpVersion.V6)) {
      problems.add(
          "ip4 = \"inherit\" and ip6.addr cannot be had together on Linux: one network namespace is"
              + " either the host's or the jail's own; give it addresses of both versions, or"
              + " none");
    }
  }

  private void checkLookup(List<String> problems) {
    if (!network.resolvesHostName() || stack == Stack.OWN) {
      return;
    }
    String hostName = parameters.value("host.hostname").orElse("");
    facts
        .looked()
        .ifPresent(
            looked -> {
              if (looked.failure().isPresent()) {
                problems.add(
                    "ip_hostname: \""
                        + hostName
                        + "\" cannot be resolved: "
                        + looked.failure().get()
                        + "; add it to /etc/hosts or to the name server, or write the address as"
                        + " ip4.addr");
              }
            });
  }

  private void checkFib(List<String> problems) {
    int table = network.fib().orElse(0);
    if (table == 0) {
      return;
    }
    if (stack == Stack.HOST || stack == Stack.NONE) {
      problems.add(
          "exec.fib = \""
              + table
              + "\" cannot be had on Linux for a jail "
              + (stack == Stack.HOST ? "with the host's network" : "without a network")
              + ": a routing table is chosen for what comes from a jail's own interface; give the"
              + " jail an address (ip4.addr), or vnet = \"new\"");
    } else if (table >= FIRST_RESERVED_TABLE && table <= LAST_RESERVED_TABLE) {
      problems.add(
          "exec.fib = \""
              + table
              + "\" cannot be had on Linux: its tables 253 to 255 are default, main and local; use"
              + " another number, or leave it out for main");
    } else if (stack == Stack.ROUTED && facts.ip().isPresent() && !facts.routingTable()) {
      problems.add(
          "exec.fib = \""
              + table
              + "\": the routing table "
              + table
              + " has no route; add one (ip route add default via ... table "
              + table
              + ")");
    }
  }

  private void checkTools(List<String> problems) {
    if (facts.ip().isEmpty() || (stack == Stack.ROUTED && facts.tc().isEmpty())) {
      problems.add(
          (facts.ip().isEmpty() ? "ip" : "tc")
              + " is not installed, and a jail's own network needs it: apt-get install iproute2");
    }
  }

  private void checkAddress(JailAddress address, List<String> problems) {
    String parameter = address.version().addressParameter();
    String given = parameter + " = \"" + address + "\"";
    Optional.ofNullable(facts.holders().get(address.address()))
        .ifPresent(
            holder ->
                problems.add(
                    given
                        + " cannot be had: "
                        + address.address()
                        + " is "
                        + holder
                        + ", and on Linux an address has one owner; choose another"));
    String meaning = special(address);
    if (!meaning.isEmpty()) {
      problems.add(
          given
              + " cannot be had on Linux: "
              + meaning
              + "; choose an address of the network that the jail is reached from");
    }
    List<String> words = new ArrayList<>(address.parameters());
    while (!words.isEmpty()) {
      String word = words.removeFirst();
      Integer values = WORDS_WITHOUT_EFFECT.get(word);
      if (values == null) {
        problems.add(
            given
                + " cannot be had on Linux: \""
                + word
                + "\" is for ifconfig(8), and the address is not put on an interface of the host"
                + " here but routed to the jail; leave it out");
        return;
      }
      words = words.subList(Math.min(values, words.size()), words.size());
    }
  }

  /** Addresses that no route of the host can lead to a jail. */
  private static String special(JailAddress address) {
    String text = address.address();
    if (address.version() == IpVersion.V4) {
      int first = Integer.parseInt(text.substring(0, text.indexOf('.')));
      return first == 127
          ? "127.0.0.0/8 is each network namespace's own, and the jail has it already"
          : first == 0 || first >= 224 ? "it is no address of a single host" : "";
    }
    return text.equals("::1")
        ? "::1 is each network namespace's own, and the jail has it already"
        : text.matches("fe[89ab][0-9a-f]:.*")
            ? "a link-local address belongs to one interface, and that is the jail's own"
            : text.startsWith("ff") && text.indexOf(':') == 4
                ? "it is no address of a single host"
                : "";
  }

  private void checkIp6(List<String> problems) {
    if (!facts.ip6()) {
      problems.add(
          "ip6.addr: this host has no IPv6 (net.ipv6.conf.all.disable_ipv6): leave the addresses"
              + " out, or switch it on");
      return;
    }
    if (!facts.forwardsIp6()) {
      problems.add(
          "ip6.addr needs a host that forwards IPv6, which concerns all of it and is not changed"
              + " for a jail: sysctl -w net.ipv6.conf.all.forwarding=1 (an interface that learns"
              + " its routes from router advertisements needs"
              + " net.ipv6.conf.<interface>.accept_ra=2 then)");
    }
    for (InterfaceName lan : lans(IpVersion.V6)) {
      NetworkFacts.InterfaceFacts there = facts.interfaces().get(lan);
      if (facts.forwardsIp6() && there != null && !there.forwardsIp6()) {
        problems.add(
            "ip6.addr needs an interface that forwards IPv6: sysctl -w net.ipv6.conf."
                + lan
                + ".forwarding=1");
      }
    }
  }

  private List<InterfaceName> lans(IpVersion version) {
    return of(version).stream().flatMap(address -> lan(address).stream()).distinct().toList();
  }

  private void checkInterfaces(List<String> problems) {
    Map<InterfaceName, String> wanted = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    network.handedIn().forEach(name -> wanted.put(name, "vnet.interface"));
    if (stack == Stack.ROUTED) {
      for (JailAddress address : addresses) {
        address
            .interfaceName()
            .ifPresent(name -> wanted.put(name, address.version().addressParameter()));
      }
      network.aliasInterface().ifPresent(name -> wanted.put(name, "interface"));
    }
    wanted.forEach((name, parameter) -> checkInterface(name, parameter, problems));
  }

  private void checkInterface(InterfaceName name, String parameter, List<String> problems) {
    if (!name.value().matches("[A-Za-z0-9_.@+-]*[A-Za-z0-9_@+-]")
        || Set.of("all", "default").contains(name.value())) {
      problems.add(parameter + ": \"" + name + "\" is not the name of an interface on Linux");
      return;
    }
    if (parameter.equals("vnet.interface") && name.value().equals("lo")) {
      problems.add(
          "vnet.interface: the loopback cannot be moved, and a jail with vnet has one of its own:"
              + " leave it out");
    } else if (!facts.interfaces().containsKey(name) && !mayBeMade(parameter)) {
      problems.add(
          parameter
              + ": the host has no interface \""
              + name
              + "\" (ip link shows those it has)"
              + (parameter.equals("vnet.interface")
                  ? "; one that exec.prestart makes is found"
                  : "; one that exec.prepare makes is found"));
    }
  }

  /** Whether a command of the host runs before the interface is needed, and may make it. */
  private boolean mayBeMade(String parameter) {
    return !parameters.values("exec.prepare").isEmpty()
        || (parameter.equals("vnet.interface")
            && !(parameters.values("exec.prestart").isEmpty()
                && parameters.values("exec.created").isEmpty()));
  }

  // ---- what a person should know

  private void note(List<String> notes) {
    if (stack == Stack.NONE) {
      if (parameters.value("ip4").isEmpty() && parameters.value("ip6").isEmpty()) {
        notes.add("no network: neither ip4 nor ip6 is set (ip4 = \"inherit\" shares the host's)");
      } else if (is(parameters, "ip4", "new") || is(parameters, "ip6", "new")) {
        notes.add("no network: \"new\" without an address is no address (set ip4.addr)");
      }
    }
    if (network.resolvesHostName() && facts.looked().isPresent()) {
      notes.add(
          "ip_hostname: "
              + parameters.value("host.hostname").orElse("")
              + " is "
              + String.join(", ", facts.looked().get().addresses()));
    }
    if (stack == Stack.ROUTED) {
      List<String> hostOnly =
          addresses.stream()
              .filter(address -> lan(address).isEmpty())
              .map(JailAddress::address)
              .toList();
      if (!hostOnly.isEmpty()) {
        notes.add(
            String.join(", ", hostOnly)
                + ": no interface is named (em1|"
                + hostOnly.getFirst()
                + ", or interface), so the host alone reaches it, and whom it routes for");
      }
    }
  }

  // ---- what the jail is given

  /** What of sockets the jail may use. */
  Set<Allowance> allowances() {
    Set<Allowance> allowed = EnumSet.noneOf(Allowance.class);
    if (stack == Stack.OWN) {
      allowed.add(Allowance.VNET);
    }
    if (is(parameters, "ip4", "inherit") || has(IpVersion.V4)) {
      allowed.add(Allowance.INET4);
    }
    if (is(parameters, "ip6", "inherit") || has(IpVersion.V6)) {
      allowed.add(Allowance.INET6);
    }
    return allowed;
  }

  /** Whether the jail has no network namespace but the host's. */
  boolean isTheHosts() {
    return stack == Stack.HOST;
  }

  /** The jail's network namespace; empty if the runtime makes one, or the jail has the host's. */
  Optional<Path> namespace() {
    return stack == Stack.ROUTED || stack == Stack.OWN
        ? Optional.of(NAMESPACES.resolve(namespaceName()))
        : Optional.empty();
  }

  /** Sysctls of the jail's own network namespace. */
  Map<String, String> sysctls() {
    if (namespace().isEmpty()) {
      return Map.of();
    }
    boolean raw = stack == Stack.OWN || parameters.flag("allow.raw_sockets").orElse(false);
    return new TreeMap<>(
        Map.of(
            // allow.reserved_ports: a capability says who may.
            "net.ipv4.ip_unprivileged_port_start",
            "1024",
            // ping(8) of a jail's users.
            "net.ipv4.ping_group_range",
            raw ? "0 2147483647" : "1 0"));
  }

  // ---- steps

  private String namespaceName() {
    return "gaol-" + name;
  }

  /** The host's end; the name is as long as an interface's may be. */
  String link() {
    return "gl-" + Digest.of(name.value(), 12);
  }

  /** Where jail(8) makes its aliases: after {@code exec.prepare}. */
  List<Step> aliases() {
    if (stack != Stack.ROUTED) {
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    for (InterfaceName lan : lans(IpVersion.V4)) {
      steps.add(share("ipv4/conf/" + lan + "/forwarding"));
    }
    for (InterfaceName lan : lans(IpVersion.V6)) {
      steps.add(share("ipv6/conf/" + lan + "/proxy_ndp"));
    }
    steps.add(
        new Step.Make(
            "network namespace "
                + namespaceName()
                + " with "
                + String.join(", ", addresses.stream().map(JailAddress::address).toList()),
            script(CLAIM + routedLink()),
            script(OURS + removeLink() + REMOVE)));
    return steps;
  }

  private Step share(String sysctl) {
    return new Step.ShareValue(Path.of("/proc/sys/net", sysctl), "1", facts.namespace());
  }

  /** What comes with the jail itself: after {@code exec.prestart}. */
  List<Step> creation() {
    if (stack != Stack.OWN) {
      return List.of();
    }
    StringBuilder make = new StringBuilder(CLAIM);
    make.append("ip -n \"$ns\" link set lo up\n");
    int table = network.fib().orElse(0);
    if (table != 0) {
      for (String version : List.of("-4", "-6")) {
        make.append(
            "ip -n \"$ns\" %s rule add lookup %d pref %d\n".formatted(version, table, 1000));
      }
    }
    return List.of(
        new Step.Make(
            "network namespace " + namespaceName(),
            script(make.toString()),
            script(OURS + REMOVE)));
  }

  /** Where jail(8) hands interfaces in: after {@code exec.created}. */
  List<Step> handingIn() {
    List<Step> steps = new ArrayList<>();
    for (InterfaceName name : network.handedIn()) {
      String what = "interface " + name + " in " + namespaceName();
      steps.add(
          new Step.Make(what, script(HAND_IN, name.value()), script(TAKE_BACK, name.value())));
    }
    return steps;
  }

  private List<String> script(String text, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                text,
                "gaol",
                namespaceName(),
                OWNERS.toString(),
                task.toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /**
   * Makes the namespace. Who makes it is written down first: a link is there at once with all that
   * it says, or not at all, and tells whose the namespace is whenever a crash comes.
   */
  private static final String CLAIM =
      """
      set -e
      ns=$1 owner=$2/$1 task=$3
      [ -d "$2" ] || (umask 077 && mkdir -p "$2")
      ln -sn "$task" "$owner" 2>/dev/null || {
        echo "the network namespace $ns is that of $(readlink "$owner") already" >&2
        exit 1
      }
      ip netns add "$ns"
      """;

  private static final String OURS =
      """
      ns=$1 owner=$2/$1 task=$3
      [ "$(readlink "$owner")" = "$task" ] || exit 0
      """;

  private static final String REMOVE =
      """
      if [ -e "/run/netns/$ns" ]; then
        ip netns del "$ns" || exit 1
      fi
      rm -f "$owner"
      """;

  /** One batch of ip(8) for the host's end, one for the jail's, one of tc(8). */
  private String routedLink() {
    String link = link();
    StringBuilder script = new StringBuilder();
    script.append("held=$(ip -o address show)\n");
    addresses.forEach(
        address ->
            script.append(
                """
                case $held in
                  *" %1$s/"*) echo "%1$s is an address of the host meanwhile" >&2; exit 1 ;;
                esac
                """
                    .formatted(address.address())));
    script.append("ip -batch - <<'END' || {\n");
    hostEnd().forEach(line -> script.append(line).append('\n'));
    script.append("END\n");
    addresses.forEach(
        address ->
            script.append(
                """
                  route=$(%s)
                  case $route in
                    ''|*' dev %s '*) ;;
                    *) echo "%s is another's meanwhile: $route" >&2 ;;
                  esac
                """
                    .formatted(showRoute(address), link, address.address())));
    script.append("  exit 1\n}\n");
    boolean both = facts.ip6();
    if (has(IpVersion.V4)) {
      script.append("echo 1 >/proc/sys/net/ipv4/conf/").append(link).append("/forwarding\n");
      script.append("echo 1 >/proc/sys/net/ipv4/conf/").append(link).append("/rp_filter\n");
    }
    if (has(IpVersion.V6)) {
      script.append("echo 1 >/proc/sys/net/ipv6/conf/").append(link).append("/forwarding\n");
    }
    script.append(
        """
        tc -batch - <<'END'
        qdisc add dev %1$s clsact
        filter add dev %1$s ingress protocol all bpf direct-action bytecode "%2$s"
        END
        """
            .formatted(link, SourceFilter.bytecode(addresses)));
    rules().forEach(rule -> script.append(rule).append('\n'));
    script.append("ip -n \"$ns\" -batch - <<'END'\n");
    jailEnd(both).forEach(line -> script.append(line).append('\n'));
    return script.append("END\n").toString();
  }

  private static String showRoute(JailAddress address) {
    return "ip "
        + (address.version() == IpVersion.V4 ? "-4" : "-6")
        + " -o route show exact "
        + address.address();
  }

  /** A route that is there already refuses: no two jails have one address. */
  private List<String> hostEnd() {
    String link = link();
    List<String> lines = new ArrayList<>();
    lines.add(
        "link add %s address %s type veth peer name eth0 address %s netns %s"
            .formatted(link, HOST_MAC, JAIL_MAC, namespaceName()));
    lines.add(
        "link set %s alias \"%s%s\"%s up"
            .formatted(link, ALIAS, name, facts.ip6() ? " addrgenmode none" : ""));
    for (JailAddress address : addresses) {
      String text = address.address();
      lines.add("neigh add %s lladdr %s dev %s nud permanent".formatted(text, JAIL_MAC, link));
      lines.add("route add %s/%d dev %s".formatted(text, address.version().bits(), link));
    }
    for (JailAddress address : addresses) {
      lan(address)
          .ifPresent(lan -> lines.add("neigh add proxy " + address.address() + " dev " + lan));
    }
    return lines;
  }

  private List<String> jailEnd(boolean ip6) {
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    lines.add("link set eth0" + (ip6 ? " addrgenmode none" : "") + " up");
    for (JailAddress address : addresses) {
      lines.add(
          "address add %s/%d dev eth0%s"
              .formatted(
                  address.address(),
                  address.version().bits(),
                  address.version() == IpVersion.V6 ? " nodad" : ""));
    }
    for (IpVersion version : IpVersion.values()) {
      if (!has(version)) {
        continue;
      }
      String router = version == IpVersion.V4 ? ROUTER4 : ROUTER6;
      boolean selects = parameters.flag(policy(version) + ".saddrsel").orElse(true);
      lines.add("neigh add %s lladdr %s dev eth0 nud permanent".formatted(router, HOST_MAC));
      lines.add(
          "route add default via "
              + router
              + " dev eth0 onlink"
              + (selects ? "" : " src " + of(version).getFirst().address()));
    }
    return lines;
  }

  /** FreeBSD asks one table alone. */
  private List<String> rules() {
    List<String> rules = new ArrayList<>();
    int table = network.fib().orElse(0);
    if (table != 0) {
      for (String version : versions()) {
        rules.add(
            "ip %s rule add iif %s lookup %d pref %d"
                .formatted(version, link(), table, RULE_PREFERENCE));
        rules.add(
            "ip %s rule add iif %s unreachable pref %d"
                .formatted(version, link(), RULE_PREFERENCE + 1));
      }
    }
    return rules;
  }

  private List<String> versions() {
    List<String> versions = new ArrayList<>();
    if (has(IpVersion.V4)) {
      versions.add("-4");
    }
    if (has(IpVersion.V6)) {
      versions.add("-6");
    }
    return versions;
  }

  /**
   * With the host's end its routes go, and the other end. Where the address is routed elsewhere
   * now, the host answers for another jail.
   */
  private String removeLink() {
    String link = link();
    StringBuilder script = new StringBuilder();
    for (JailAddress address : addresses) {
      lan(address)
          .ifPresent(
              lan ->
                  script.append(
                      """
                      case $(%4$s) in
                        ''|*' dev %3$s '*) ip neigh del proxy %1$s dev %2$s 2>/dev/null ;;
                      esac
                      """
                          .formatted(address.address(), lan, link, showRoute(address))));
    }
    if (network.fib().orElse(0) != 0) {
      for (String version : versions()) {
        script.append(
            "while ip %s rule del iif %s 2>/dev/null; do :; done\n".formatted(version, link));
      }
    }
    script.append(
        """
        if [ -e /proc/sys/net/ipv4/conf/%1$s ]; then
          ip link del %1$s || exit 1
        fi
        """
            .formatted(link));
    return script.toString();
  }

  /**
   * Moves an interface in. A file says that we do, and then which number it has there: that is what
   * the task cannot change.
   */
  private static final String HAND_IN =
      """
      set -e
      ns=$1 file=$3/interface-$4 name=$4
      : >"$file"
      ip link set dev "$name" netns "$ns" || {
        echo "a bridge, a loopback and some tunnels cannot be moved, and the rest only from the host" >&2
        exit 1
      }
      line=$(ip -n "$ns" -o link show dev "$name")
      echo "${line%%:*}" >"$file.new"
      mv "$file.new" "$file"
      """;

  /**
   * Moves it back, whatever it is called by now: down and without an address, as the kernel leaves
   * it. A task may have given another interface the name by which ip(8) means a number.
   */
  private static final String TAKE_BACK =
      """
      ns=$1 file=$3/interface-$4 name=$4
      [ -e "$file" ] || exit 0
      inside=
      if [ -e "/run/netns/$ns" ]; then
        index=
        read -r index <"$file"
        if [ -z "$index" ]; then
          # Nothing has run in the namespace yet.
          ip -n "$ns" link show dev "$name" >/dev/null 2>&1 && inside=$name
        elif ip -n "$ns" -o link show | grep -q "^$index: "; then
          inside=if$index
          line=$(ip -n "$ns" -o link show dev "$inside" 2>/dev/null)
          other=${line%%:*}
          if [ -n "$other" ] && [ "$other" != "$index" ]; then
            ip -n "$ns" link property del dev "$inside" altname "$inside" 2>/dev/null || {
              ip -n "$ns" link set dev "$inside" down
              ip -n "$ns" link set dev "$inside" name "moved$other"
            }
          fi
        fi
      fi
      if [ -n "$inside" ]; then
        ip -n "$ns" link set dev "$inside" down
        ip -n "$ns" link set dev "$inside" netns $$ name "$name" || {
          # Better under another name than gone with the namespace.
          ip -n "$ns" link set dev "$inside" netns $$ name gaol%d || exit 1
          rm -f "$file"
          echo "the host has another $name by now, so this one is the last gaolN of ip link" >&2
          exit 1
        }
      fi
      rm -f "$file"
      """;
}
