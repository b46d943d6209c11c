package io.gaol.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.gaol.cli.job.JobException;
import io.gaol.engine.HostCheck;
import io.gaol.engine.Readiness;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code gaol doctor}: whether this host can make jails, and what to do where it cannot. */
final class DoctorCommand {
  private static final String GAP = "  ";

  private final Terminal terminal;

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  CommandSpec spec() {
    HostOptions host = new HostOptions();
    OptionSpec json = Commands.flag("Print JSON.", "--json");
    CommandSpec command =
        Commands.action(
            "doctor",
            () -> examine(host, Commands.isGiven(json)),
            "Say whether jails can be made on this host, what they can have, and what to do about"
                + " each thing that is missing.",
            "It needs no root, but sees less without. Exit status: 1 if no jail can be made;"
                + " warnings do not count.");
    return host.addHostTo(command).addOption(json);
  }

  private int examine(HostOptions host, boolean json) throws InterruptedException {
    try {
      Readiness readiness = host.platform().examine();
      System.out.print(json ? json(readiness) : table(readiness.checks()));
      System.out.flush();
      return readiness.supported() && readiness.problems().isEmpty() ? 0 : Main.FAILED;
    } catch (JobException wrong) {
      wrong.messages().forEach(terminal::note);
      return Main.FAILED;
    }
  }

  /** A line each, in columns; the last one has no end. */
  static String table(List<HostCheck> checks) {
    int what = checks.stream().mapToInt(check -> check.what().length()).max().orElse(0);
    int state = checks.stream().mapToInt(check -> word(check).length()).max().orElse(0);
    int found =
        checks.stream()
            .filter(check -> !check.fix().isEmpty())
            .mapToInt(check -> check.found().length())
            .max()
            .orElse(0);
    StringBuilder table = new StringBuilder();
    for (HostCheck check : checks) {
      String line =
          padded(check.what(), what)
              + GAP
              + padded(word(check), state)
              + GAP
              + (check.fix().isEmpty()
                  ? check.found()
                  : padded(check.found(), found) + GAP + check.fix());
      table.append(line.stripTrailing()).append('\n');
    }
    return table.toString();
  }

  private static String word(HostCheck check) {
    return check.state().name().toLowerCase(Locale.ROOT);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String json(Readiness readiness) {
    JsonArray checks = new JsonArray();
    for (HostCheck check : readiness.checks()) {
      JsonObject one = new JsonObject();
      one.addProperty("what", check.what());
      one.addProperty("state", word(check));
      one.addProperty("found", check.found());
      one.addProperty("fix", check.fix());
      checks.add(one);
    }
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(checks)
        + "\n";
  }
}
