package io.gaol.cli.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All functions that a template can name. */
final class Functions {
  private static final List<String> CONSUL =
      List.of(
          "byKey",
          "byMeta",
          "byPort",
          "byTag",
          "caLeaf",
          "caRoots",
          "connect",
          "datacenters",
          "explode",
          "exportedServices",
          "key",
          "keyExists",
          "keyOrDefault",
          "ls",
          "node",
          "nodes",
          "partitions",
          "peerings",
          "safeLs",
          "safeTree",
          "service",
          "services",
          "tree");
  private static final List<String> VAULT = List.of("pkiCert", "secret", "secrets");
  private static final List<String> NOMAD =
      List.of(
          "nomadService",
          "nomadServices",
          "nomadVar",
          "nomadVarExists",
          "nomadVarList",
          "nomadVarListSafe");
  private static final List<String> DEBUGGING =
      List.of("spew_dump", "spew_printf", "spew_sdump", "spew_sprintf");

  /** By name; after the lists that it is made of. */
  static final Map<String, Function> ALL = all();

  private Functions() {}

  private static Map<String, Function> all() {
    Map<String, Function> all = new HashMap<>();
    LanguageFunctions.ALL.forEach(function -> all.put(function.name(), function));
    TextFunctions.ALL.forEach(function -> all.put(function.name(), function));
    DataFunctions.ALL.forEach(function -> all.put(function.name(), function));
    MathFunctions.ALL.forEach(function -> all.put(function.name(), function));
    SprigFunctions.ALL.forEach(function -> all.put(function.name(), function));
    refuse(all, CONSUL, "It asks Consul, and a job that runs without a cluster has none.");
    refuse(all, VAULT, "It asks Vault, and a job that runs without a cluster has none.");
    refuse(all, NOMAD, "It asks a Nomad server, and a job that runs without a cluster has none.");
    refuse(
        all, DEBUGGING, "It prints values as Go keeps them; use printf \"%#v\" or toJSONPretty.");
    refuse(
        all,
        List.of("plugin"),
        "It would run a program on the host as root; Nomad does not allow it either unless told so.");
    refuse(
        all,
        List.of("writeToFile"),
        "It would write to the host as root; Nomad does not allow it either unless told so.");
    refuse(all, List.of("sockaddr"), "It asks for the host's interfaces in a language of its own.");
    SprigFunctions.MISSING.forEach(
        name -> all.put(name, Function.refused(name, "This function of sprig is not supported.")));
    return Map.copyOf(all);
  }

  private static void refuse(Map<String, Function> all, List<String> names, String why) {
    names.forEach(name -> all.put(name, Function.refused(name, why)));
  }
}
