package io.gaol.cli;

import com.google.gson.GsonBuilder;
import io.gaol.cli.params.LinuxReference;
import io.gaol.cli.params.Machine;
import io.gaol.cli.params.ParameterReference;
import io.gaol.driver.Platforms;
import io.gaol.jail.Assignment;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.JailParameter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code gaol params}: what jail(8)'s parameters are, and what this host makes of them. */
final class ParamsCommand {
  private final Terminal terminal;

  ParamsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  CommandSpec spec() {
    PositionalParamSpec pattern =
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .type(String.class)
            .paramLabel("PATTERN")
            .description("A name, or a part of some; * is any text (default: all).")
            .build();
    OptionSpec json = Commands.flag("Print JSON.", "--json");
    OptionSpec markdown =
        Commands.flag("Print the reference page, of all parameters.", "--markdown");
    OptionSpec linux = Commands.flag("Print the page of what Linux makes of each.", "--linux");
    return Commands.action(
            "params",
            () -> {
              if (Commands.isGiven(markdown)) {
                return print(ParameterReference.markdown());
              }
              if (Commands.isGiven(linux)) {
                return print(LinuxReference.markdown());
              }
              return explain(Commands.<String>value(pattern).orElse("*"), Commands.isGiven(json));
            },
            "Explain jail(8)'s parameters, in any spelling.",
            "Exit status: 1 if there is no such parameter.")
        .addPositional(pattern)
        .addOption(json)
        .addOption(markdown)
        .addOption(linux);
  }

  private static int print(String page) {
    System.out.print(page);
    return 0;
  }

  private int explain(String pattern, boolean json) {
    List<JailParameter> found = ParameterReference.matching(pattern);
    if (found.isEmpty()) {
      terminal.note(
          AssignmentReader.ofCatalogue().unknown(pattern, Assignment.Source.COMMAND_LINE));
      return Main.FAILED;
    }
    Machine machine = machine();
    if (json) {
      System.out.println(
          new GsonBuilder()
              .disableHtmlEscaping()
              .setPrettyPrinting()
              .create()
              .toJson(ParameterReference.json(found, machine)));
    } else if (found.size() == 1) {
      System.out.print(ParameterReference.explain(found.getFirst(), machine));
    } else {
      System.out.print(ParameterReference.list(found));
    }
    return 0;
  }

  /** A Java of Linux that runs on FreeBSD does not know the release. */
  private static Machine machine() {
    String system = System.getProperty("os.name");
    try {
      String platform = Platforms.ofThisHost(Optional.empty()).name();
      return platform.equals("freebsd") && !system.equals("FreeBSD")
          ? new Machine("FreeBSD", "")
          : new Machine(system, System.getProperty("os.version"));
    } catch (IllegalArgumentException noJailsHere) {
      return new Machine(system, System.getProperty("os.version"));
    }
  }
}
