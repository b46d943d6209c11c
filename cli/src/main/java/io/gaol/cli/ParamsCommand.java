package io.gaol.cli;

import com.google.gson.GsonBuilder;
import io.gaol.cli.params.Machine;
import io.gaol.cli.params.ParameterReference;
import io.gaol.jail.Assignment;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.JailParameter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaol params}: what jail(8)'s parameters are, and what this host makes of them. */
@Command(
    name = "params",
    description = {
      "Explain jail(8)'s parameters, in any spelling.",
      "Exit status: 1 if there is no such parameter."
    })
final class ParamsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "PATTERN",
      arity = "0..1",
      description = "A name, or a part of some; * is any text (default: all).")
  private String pattern = "*";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--markdown", description = "Print the reference page, of all parameters.")
  private boolean markdown;

  ParamsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (markdown) {
      System.out.print(ParameterReference.markdown());
      return 0;
    }
    List<JailParameter> found = ParameterReference.matching(pattern);
    if (found.isEmpty()) {
      terminal.note(
          AssignmentReader.ofCatalogue().unknown(pattern, Assignment.Source.COMMAND_LINE));
      return Main.FAILED;
    }
    Machine machine = new Machine(System.getProperty("os.name"), System.getProperty("os.version"));
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
}
