package io.gaol.freebsd;

import io.gaol.engine.PlanRefusedException;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailNetwork;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.conf.JailConf;
import io.gaol.jail.conf.JailConfException;
import io.gaol.jail.conf.JailConfWriter;
import io.gaol.jail.conf.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What jail(8) is told of a jail: the kernel's parameters, and that it stays. */
final class KernelParameters {
  /** Those that we give in our own way. */
  private static final Set<String> OWN =
      Set.of("jid", "name", "path", "persist", "ip4.addr", "ip6.addr");

  private static final Place PLACE = new Place(FreeBsdPlaces.CONF, 1, 1);

  private KernelParameters() {}

  /** Looks for what this host's kernel cannot do. */
  static void examine(
      JailSpec spec, FreeBsdFacts facts, List<String> problems, List<String> notes) {
    FreeBsdSystem system = facts.system();
    for (String name : spec.parameters().names()) {
      Optional<JailParameter> parameter = JailParameterCatalogue.find(name);
      if (parameter.isEmpty()) {
        continue;
      }
      if (!parameter.get().availability().in(system.release())) {
        problems.add(
            name
                + ": this host is FreeBSD "
                + system.release()
                + ", and the parameter is there since "
                + parameter.get().availability());
      }
    }
    if (spec.parameters().value("vnet").filter("new"::equals).isPresent() && !system.vimage()) {
      problems.add(
          "vnet needs a kernel with VIMAGE, which this one has not (GENERIC has it since 12.0)");
    }
    if (spec.parameters().value("jid").isPresent()) {
      problems.add(
          "jid: a number that is asked for may be taken by any other jail at any time; leave it"
              + " out, jails are called by their names");
    }
    if (spec.parameters().flag("allow.dying").orElse(false)) {
      notes.add(
          "allow.dying: each start has a name of its own, so that no dying jail is in its way");
    }
  }

  /** What this host adds to what was asked for. */
  static Map<String, String> ofHost(JailSpec spec) {
    Map<String, String> added = new LinkedHashMap<>();
    JailParameters parameters = spec.parameters();
    boolean ownHost = parameters.value("host").filter("inherit"::equals).isEmpty();
    if (ownHost && parameters.value("host.hostname").isEmpty()) {
      added.put("host.hostname", spec.name().value());
    }
    if (spec.sharesIpc()) {
      for (String name : List.of("sysvmsg", "sysvsem", "sysvshm")) {
        if (parameters.value(name).isEmpty()) {
          added.put(name, "inherit");
        }
      }
    }
    return added;
  }

  /**
   * The jail.conf(5) of a jail.
   *
   * @throws PlanRefusedException if a value cannot be written
   */
  static String conf(JailSpec spec, FreeBsdFacts facts, JailNetwork network)
      throws PlanRefusedException {
    List<JailConf.Parameter> written = new ArrayList<>();
    written.add(parameter("path", List.of(facts.root().toString())));
    // What holds the jail is not in it, and what ends it says when.
    written.add(parameter("persist", List.of("true")));
    written.add(parameter("stop.timeout", List.of("0")));
    ofHost(spec).forEach((name, value) -> written.add(parameter(name, List.of(value))));
    JailParameters parameters = spec.parameters();
    for (String name : parameters.names()) {
      boolean kernels =
          JailParameterCatalogue.find(name)
              .filter(found -> found.kind() == JailParameter.Kind.KERNEL)
              .filter(found -> found.settable() != JailParameter.Settable.NEVER)
              .isPresent();
      if (kernels && !OWN.contains(name)) {
        written.add(parameter(name, parameters.values(name)));
      }
    }
    addresses("ip4.addr", network.ip4(), facts, written);
    addresses("ip6.addr", network.ip6(), facts, written);
    try {
      return JailConfWriter.write(List.of(new JailConf.Jail(spec.name().value(), written, PLACE)));
    } catch (JailConfException wrong) {
      throw new PlanRefusedException(
          wrong.problems().stream().map(problem -> problem.message()).toList());
    }
  }

  /** The kernel gets the bare addresses. */
  private static void addresses(
      String name, List<JailAddress> asked, FreeBsdFacts facts, List<JailConf.Parameter> written) {
    List<String> all = new ArrayList<>();
    asked.forEach(address -> all.add(address.address()));
    facts.resolved().stream()
        .filter(address -> address.version().addressParameter().equals(name))
        .map(JailAddress::address)
        .filter(address -> !all.contains(address))
        .forEach(all::add);
    if (!all.isEmpty()) {
      written.add(parameter(name, all));
    }
  }

  private static JailConf.Parameter parameter(String name, List<String> values) {
    return new JailConf.Parameter(name, values, PLACE);
  }
}
