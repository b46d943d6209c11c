package io.gaol.linux;

import io.gaol.jail.Assignment;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.LinuxVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What Linux makes of jail(8)'s parameters: of each what the catalogue says ({@link
 * io.gaol.jail.LinuxVerdict}), and of those that cannot be had together. Nothing is dropped in
 * silence: a parameter that the catalogue does not have is refused.
 */
final class LinuxSupport {

  private LinuxSupport() {}

  /**
   * What a person must know of the parameters.
   *
   * @param problems why the jail cannot be
   * @param notes where it will differ from jail(8)'s
   */
  record Findings(List<String> problems, List<String> notes) {}

  static Findings examine(JailParameters parameters) {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String name : parameters.names()) {
      for (String value : parameters.values(name)) {
        switch (verdict(name, value)) {
          case LinuxVerdict.Native n -> {
            // Nothing to tell.
          }
          case LinuxVerdict.AlreadySo a -> {
            // Nothing to tell either.
          }
          case LinuxVerdict.Emulated(String how, String difference) -> {
            if (isAskedFor(parameters, name)) {
              notes.add(name + ": " + difference);
            }
          }
          case LinuxVerdict.Refused(String reason) -> problems.add(refusal(name, value, reason));
        }
      }
    }
    examineTogether(parameters, problems);
    return new Findings(problems, notes.stream().distinct().toList());
  }

  /** What only the host's facts tell. */
  static List<String> problems(JailParameters parameters, LinuxFacts.JailFacts jail) {
    String release = jail.asked().release();
    List<String> problems = new ArrayList<>();
    for (String name : List.of("osrelease", "linux.osrelease")) {
      parameters
          .value(name)
          .filter(asked -> !asked.equals(release))
          .ifPresent(
              asked ->
                  problems.add(
                      refusal(
                          name,
                          asked,
                          "a jail cannot show another release than the kernel's, "
                              + release
                              + "; leave it out")));
    }
    return problems;
  }

  /** A default that comes near only is nothing to be told at every start. */
  private static boolean isAskedFor(JailParameters parameters, String name) {
    return parameters
        .provenance(name)
        .filter(provenance -> provenance.origin() == Assignment.Origin.DEFAULT)
        .isEmpty();
  }

  private static LinuxVerdict verdict(String name, String value) {
    return JailParameterCatalogue.find(name)
        .map(parameter -> parameter.linux().of(value))
        .orElseGet(() -> new LinuxVerdict.Refused("no such thing is known here"));
  }

  private static String refusal(String name, String value, String reason) {
    return name + " = \"" + value + "\" cannot be had on Linux: " + reason;
  }

  private static void examineTogether(JailParameters parameters, List<String> problems) {
    boolean inheritsHost = parameters.value("host").filter("inherit"::equals).isPresent();
    for (String own : List.of("hostname", "domainname", "hostuuid", "hostid")) {
      if (inheritsHost && parameters.value("host." + own).isPresent()) {
        problems.add("host = \"inherit\" and host." + own + " exclude each other: drop one");
      }
    }
    problems.addAll(HostIdentity.problems(parameters));
    problems.addAll(mountsInTheJail(parameters));
    Set<String> sysv = Set.of("sysvmsg", "sysvsem", "sysvshm");
    boolean inherited =
        sysv.stream().anyMatch(p -> parameters.value(p).filter("inherit"::equals).isPresent())
            || parameters.flag("allow.sysvipc").orElse(false);
    boolean own =
        sysv.stream().anyMatch(p -> parameters.value(p).filter("new"::equals).isPresent());
    if (inherited && own) {
      problems.add(
          "sysvmsg, sysvsem and sysvshm cannot be \"new\" and \"inherit\" side by side on Linux:"
              + " one namespace holds all three");
    }
  }

  /**
   * With {@code enforce_statfs} below 2 a jail of FreeBSD may mount what it is allowed to; with 2,
   * the default, it may not, whatever it is allowed.
   */
  private static List<String> mountsInTheJail(JailParameters parameters) {
    boolean effective =
        parameters.number("enforce_statfs").filter(visible -> visible < 2).isPresent();
    return parameters.names().stream()
        .filter(name -> name.equals("allow.mount") || name.startsWith("allow.mount."))
        .filter(name -> effective && parameters.flag(name).orElse(false))
        .map(
            name ->
                refusal(
                    name,
                    "true",
                    "with enforce_statfs below 2 the jail would mount file systems itself, which"
                        + " needs CAP_SYS_ADMIN, and that is no longer a jail; have them mounted by"
                        + " Mount or Mount_fstab"))
        .toList();
  }
}
