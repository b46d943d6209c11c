package io.gaol.freebsd;

import io.gaol.engine.PlanRefusedException;
import io.gaol.jail.Availability;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailNetwork;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Spelling;
import io.gaol.jail.conf.JailConf;
import io.gaol.jail.conf.JailConfException;
import io.gaol.jail.conf.JailConfWriter;
import io.gaol.jail.conf.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What jail(8) is told of a jail: the kernel's parameters, and that it stays. */
final class KernelParameters {
  /** Those that we give in our own way. */
  private static final Set<String> OWN = Set.of("name", "path", "persist", "ip4.addr", "ip6.addr");

  private static final String MOUNT = "allow.mount.";

  private static final Place PLACE = new Place(FreeBsdPlaces.CONF, 1, 1);

  private KernelParameters() {}

  /** Looks for what this host's kernel cannot do. */
  static void examine(
      JailSpec spec, FreeBsdFacts facts, List<String> problems, List<String> notes) {
    FreeBsdSystem system = facts.system();
    for (String name : spec.parameters().names()) {
      Optional<Availability> availability =
          JailParameterCatalogue.find(name).map(JailParameter::availability);
      if (!isKernels(name) && !availability.orElseThrow().in(system.release())) {
        problems.add(
            name
                + ": this host is FreeBSD "
                + system.release()
                + ", and jail(8) has it since "
                + availability.get());
      }
    }
    missing(spec.parameters(), system)
        .forEach(
            (name, module) -> {
              if (!comesWith(name, module, facts)) {
                problems.add(unknown(name, module, system));
              }
            });
    if (spec.parameters().value("vnet").filter("new"::equals).isPresent() && !system.vimage()) {
      problems.add(
          "vnet needs a kernel with VIMAGE, which this one has not (GENERIC has it since 12.0)");
    }
    if (spec.parameters().value("name").isPresent()) {
      problems.add(
          "name: a jail is called as its task, with the allocation's id behind it, so that no two"
              + " are called the same; leave it out");
    }
    if (spec.parameters().value("jid").isPresent()) {
      notes.add(
          "jid: a start is refused as long as another jail, or one that is dying, has that number");
    } else if (spec.parameters().flag("allow.dying").orElse(false)) {
      notes.add(
          "allow.dying: each start has a name of its own, so that no dying jail is in its way");
    }
  }

  private static boolean isKernels(String name) {
    return JailParameterCatalogue.find(name)
        .map(found -> found.kind() == JailParameter.Kind.KERNEL)
        .orElse(true);
  }

  /**
   * The parameters that the kernel does not list, each with the module that would bring it: as
   * libjail finds modules (jailparam_init(3)), and of those too for which it tries none.
   *
   * @return the module is empty where no module has it
   */
  static Map<String, String> missing(JailParameters parameters, FreeBsdSystem system) {
    Map<String, String> missing = new LinkedHashMap<>();
    for (String name : parameters.names()) {
      if (isKernels(name) && !OWN.contains(name) && !system.knows(name)) {
        missing.put(name, module(name));
      }
    }
    return missing;
  }

  private static String module(String name) {
    return name.startsWith(MOUNT)
        ? name.substring(MOUNT.length())
        : JailParameterCatalogue.find(name)
            .flatMap(found -> found.availability().module())
            .orElse("");
  }

  private static boolean comesWith(String name, String module, FreeBsdFacts facts) {
    return facts.modules().contains(module)
        && JailParameterCatalogue.find(name)
            .filter(found -> found.availability().in(facts.system().release()))
            .isPresent();
  }

  /** The modules to load first, each once. */
  static List<String> modules(JailSpec spec, FreeBsdFacts facts) {
    return missing(spec.parameters(), facts.system()).values().stream().distinct().toList();
  }

  /** What the kernel lists decides; what would bring it is said. */
  private static String unknown(String name, String module, FreeBsdSystem system) {
    Optional<Availability> availability =
        JailParameterCatalogue.find(name).map(JailParameter::availability);
    boolean old = availability.filter(since -> !since.in(system.release())).isPresent();
    String remedy;
    if (old) {
      remedy = "FreeBSD has it since " + availability.get();
    } else if (module.isEmpty()) {
      remedy = "a kernel that is built with it would have it";
    } else {
      remedy =
          "the module "
              + module
              + " would bring it, and there is no "
              + module
              + ".ko in "
              + system.modulePath().stream().map(Path::toString).collect(Collectors.joining(", "))
              + ": install it there, or load it (kldload)";
    }
    List<String> known =
        system.parameters().stream().map(listed -> listed.replaceFirst("\\.$", "")).toList();
    return name
        + ": the kernel of this host, FreeBSD "
        + system.release()
        + ", has no such parameter (sysctl security.jail.param); "
        + remedy
        + "."
        + Spelling.suggestion(name, known);
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
      if (isKernels(name) && !OWN.contains(name)) {
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
