package io.gaol.cli;

import io.gaol.cli.language.JobInput;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The operand and options of the commands that carry out a job file. */
final class JobFileOptions {
  private final PositionalParamSpec file =
      Commands.operand("FILE", "The job file; - is standard input.");
  private final OptionSpec volumes =
      Commands.pairs(
          "NAME=PATH[:ro]",
          "A file or directory of this host that the job may use as a host volume; with :ro to"
              + " read only.",
          "-volume",
          "--volume");
  private final LanguageOptions language = new LanguageOptions();

  CommandSpec addTo(CommandSpec command) {
    return language.addTo(command.addPositional(file).addOption(volumes));
  }

  JobInput input() {
    return language.input(file.getValue());
  }

  Map<String, String> volumes() {
    return Commands.map(volumes);
  }
}
