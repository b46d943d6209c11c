package io.gaol.cli.params;

import io.gaol.jail.ByValue;
import io.gaol.jail.JailParameter;
import io.gaol.jail.LinuxVerdict;
import io.gaol.jail.ParameterGroup;
import java.util.List;
import java.util.stream.Collectors;

/** What Linux makes of jails, as a page: the catalogue's verdicts, value by value. Pure. */
public final class LinuxReference {
  /** The command that writes the page anew. */
  public static final String COMMAND = "./gaol params --linux > docs/linux.md";

  private LinuxReference() {}

  /** The page. */
  public static String markdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Jails on Linux

            Made of the catalogue by `%s`; do not edit. A job that was written for FreeBSD does the same on
            Linux, or is told why not, before anything is made.

            | verdict | what it means |
            |---|---|
            | done | as on FreeBSD, by the means in the next column |
            | near | done, with a difference that the plan and the start of each task tell |
            | already so | nothing to do: every jail on Linux is so |
            | refused | the task is not started; the text says why, and what to do instead |

            What is left out is as on FreeBSD but for two: without `allow.set_hostname` a jail on FreeBSD may
            change its host name, and here it may not; without `enforce_statfs`, which is 2 there, it sees the
            mounts of its own jail here, as with 1.
            """
                .formatted(COMMAND));
    for (ParameterGroup group : ParameterGroup.values()) {
      page.append("\n## ").append(group.title()).append("\n\n");
      table(page, List.of("parameter", "value", "verdict", "by what", "difference, or reason"));
      ParameterReference.all().stream()
          .filter(parameter -> parameter.group() == group)
          .filter(parameter -> parameter.settable() != JailParameter.Settable.NEVER)
          .forEach(parameter -> rows(page, parameter));
    }
    return page.toString();
  }

  private static void table(StringBuilder page, List<String> titles) {
    row(page, titles);
    page.append("|---".repeat(titles.size())).append("|\n");
  }

  private static void rows(StringBuilder page, JailParameter parameter) {
    ByValue<LinuxVerdict> verdicts = parameter.linux();
    String name = "`" + parameter.name() + "`";
    verdicts
        .particular()
        .forEach((value, verdict) -> row(page, cells(name, "`" + value + "`", verdict)));
    String others = verdicts.particular().isEmpty() ? "any" : "any other";
    row(page, cells(name, others, verdicts.otherwise()));
  }

  private static List<String> cells(String name, String value, LinuxVerdict verdict) {
    return switch (verdict) {
      case LinuxVerdict.Native(String how) -> List.of(name, value, "done", how, "");
      case LinuxVerdict.Emulated(String how, String difference) ->
          List.of(name, value, "near", how, difference);
      case LinuxVerdict.AlreadySo(String why) -> List.of(name, value, "already so", "", why);
      case LinuxVerdict.NotBuilt(String what, String way) ->
          List.of(name, value, "refused", way, what + " is not built yet");
      case LinuxVerdict.Refused(String reason) -> List.of(name, value, "refused", "", reason);
    };
  }

  private static void row(StringBuilder page, List<String> cells) {
    page.append(
        cells.stream()
            .map(cell -> cell.replace("|", "\\|").replace("<", "&lt;"))
            .collect(Collectors.joining(" | ", "| ", " |\n")));
  }
}
