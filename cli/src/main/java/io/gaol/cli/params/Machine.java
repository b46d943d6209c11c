package io.gaol.cli.params;

import io.gaol.jail.ByValue;
import io.gaol.jail.FreeBsdRelease;
import io.gaol.jail.JailParameter;
import io.gaol.jail.LinuxVerdict;
import java.util.Objects;
import java.util.Optional;

/**
 * The host that a person asks on.
 *
 * @param system its name, such as {@code Linux}
 * @param release what {@code uname -r} says
 */
public record Machine(String system, String release) {
  /** Checks. */
  public Machine {
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(release, "release");
  }

  /** Whether a jail here may have a parameter with some value, and what to know of it. */
  String support(JailParameter parameter) {
    if (parameter.settable() == JailParameter.Settable.NEVER) {
      return "it can only be read";
    }
    return switch (system) {
      case "Linux" -> linux(parameter.linux());
      case "FreeBSD" -> freeBsd(parameter);
      default -> "no jails run on " + system;
    };
  }

  private String freeBsd(JailParameter parameter) {
    Optional<FreeBsdRelease> here = FreeBsdRelease.parse(release);
    boolean known = here.map(parameter.availability()::in).orElse(true);
    return (known ? "yes" : "no: FreeBSD " + release + " does not know it")
        + parameter
            .availability()
            .module()
            .filter(module -> known)
            .map(module -> ", when the module " + module + " is loaded")
            .orElse("");
  }

  /** What Linux makes of every value, in one line. */
  static String linux(ByValue<LinuxVerdict> realisation) {
    String otherwise = say(realisation.otherwise());
    StringBuilder text = new StringBuilder();
    realisation
        .particular()
        .forEach(
            (value, verdict) -> {
              String particular = say(verdict);
              if (!particular.equals(otherwise)) {
                text.append("\"").append(value).append("\": ").append(particular).append("; ");
              }
            });
    if (!text.isEmpty()) {
      text.append("any other: ");
    }
    return text.append(otherwise).toString();
  }

  private static String say(LinuxVerdict verdict) {
    return switch (verdict) {
      case LinuxVerdict.Native _ -> "as on FreeBSD";
      case LinuxVerdict.Emulated(String _, String difference) ->
          "with a difference (" + difference + ")";
      case LinuxVerdict.AlreadySo(String why) -> "already so (" + why + ")";
      case LinuxVerdict.Refused(String reason) -> "refused (" + reason + ")";
    };
  }
}
