package io.gaol.cli.params;

import io.gaol.jail.ByValue;
import io.gaol.jail.JailParameter;
import io.gaol.jail.LinuxVerdict;
import io.gaol.jail.ParameterGroup;
import io.gaol.linux.RctlOnLinux;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What Linux makes of jails, as a page: the catalogue's verdicts, value by value, and the table of
 * rctl(8)'s resources. Pure.
 */
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

            Made of the tables that Gaol itself works by, with `%s`; do not edit. A job that was written for FreeBSD does the same on
            Linux, or is told why not, before anything is made.

            | verdict | what it means |
            |---|---|
            | done | as on FreeBSD, by the means in the next column |
            | near | done, with a difference that the plan and the start of each task tell |
            | already so | nothing to do: every jail on Linux is so |
            | refused | the task is not started; the text says why, and what to do instead |

            What is left out is as on FreeBSD but for two, which a plan tells: without `allow.set_hostname` a
            jail on FreeBSD may change its host name, and here it may not; without `enforce_statfs`, which is 2
            there, it sees the mounts of its own jail here, as with 1.
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
    page.append("\n## Resources of rctl(8)\n\n");
    RctlOnLinux.general().forEach(line -> page.append("* ").append(line).append("\n"));
    page.append("\n");
    table(
        page,
        List.of(
            "resource",
            "of each process",
            "of the jail, cgroup v2",
            "of the jail, cgroup v1",
            "measured by",
            "difference"));
    RctlOnLinux.rows()
        .forEach(
            row ->
                row(
                    page,
                    List.of(
                        "`" + row.resource() + "`",
                        row.perProcess(),
                        row.perJailV2(),
                        row.perJailV1(),
                        row.measured(),
                        row.difference())));
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
