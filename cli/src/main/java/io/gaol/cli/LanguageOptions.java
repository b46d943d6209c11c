package io.gaol.cli;

import io.gaol.cli.language.JobInput;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say how job files are to be understood. */
final class LanguageOptions {
  private final OptionSpec variables =
      Commands.pairs(
          "NAME=VALUE",
          "The value of a variable that the file declares. Of a list or another composed value"
              + " it is an HCL expression.",
          "-var",
          "--var");
  private final OptionSpec variableFiles =
      Commands.options(Path.class, "FILE", "-var-file", "--var-file")
          .description("A file with values of variables, in HCL or JSON; the last one counts.")
          .build();
  private final OptionSpec allowFiles =
      Commands.flag(
          "Let functions of the job read files that are not below its folder.", "--allow-files");
  private final OptionSpec apiJson =
      Commands.flag(
          "The job is in JSON as \"nomad job run -output\" prints it; usually that is seen.",
          "-json",
          "--json-job");

  CommandSpec addTo(CommandSpec command) {
    return command
        .addOption(variables)
        .addOption(variableFiles)
        .addOption(allowFiles)
        .addOption(apiJson);
  }

  JobInput input(String file) {
    return new JobInput(
        file,
        Commands.map(variables),
        Commands.values(variableFiles),
        System.getenv(),
        Commands.isGiven(allowFiles),
        Commands.isGiven(apiJson));
  }
}
