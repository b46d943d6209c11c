package io.gaol.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The kinds of commands, options and operands that {@code gaol} has, by picocli's programmatic API.
 * Its annotations would be read by reflection at each start, which takes longer than most of what
 * is started.
 */
final class Commands {
  private Commands() {}

  /**
   * A command that does something.
   *
   * @param action gives the exit status
   * @param description a line each
   */
  static CommandSpec action(String name, Callable<Integer> action, String... description) {
    return described(CommandSpec.wrapWithoutInspection(action), name, description);
  }

  /** A command that only has others, each under its own name. */
  static CommandSpec group(String name, String description, CommandSpec... commands) {
    CommandSpec group = described(CommandSpec.create(), name, description);
    group.usageMessage().synopsisSubcommandLabel("COMMAND");
    for (CommandSpec command : commands) {
      group.addSubcommand(command.name(), command);
    }
    return group;
  }

  private static CommandSpec described(CommandSpec command, String name, String... description) {
    command.usageMessage().description(description);
    return command
        .name(name)
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build());
  }

  /** Adds the option that prints a version. */
  static CommandSpec withVersion(CommandSpec command, String version) {
    return command
        .version(version)
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }

  /** An option without a value. */
  static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names).type(boolean.class).description(description).build();
  }

  /** An option with a value, given at most once. */
  static OptionSpec option(Class<?> type, String label, String description, String... names) {
    return OptionSpec.builder(names).type(type).paramLabel(label).description(description).build();
  }

  /** An option that may be repeated, to build on. */
  static OptionSpec.Builder options(Class<?> type, String label, String... names) {
    return OptionSpec.builder(names).type(List.class).auxiliaryTypes(type).paramLabel(label);
  }

  /** An option {@code NAME=VALUE} that may be repeated. */
  static OptionSpec pairs(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(Map.class)
        .auxiliaryTypes(String.class, String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** An operand that has to be there. */
  static PositionalParamSpec operand(String label, String description) {
    return PositionalParamSpec.builder()
        .index("0")
        .required(true)
        .type(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /**
   * All operands from one on.
   *
   * @param range of their places, from 0 on
   * @param required whether there has to be one
   */
  static PositionalParamSpec operands(
      String range, boolean required, String label, String description) {
    return PositionalParamSpec.builder()
        .index(range)
        .arity(required ? "1..*" : "0..*")
        .required(required)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  // ---- what was given

  /** Whether a flag was given. */
  static boolean isGiven(OptionSpec flag) {
    return Boolean.TRUE.equals(flag.getValue());
  }

  /** The value of an option or operand; empty if it was not given. */
  static <T> Optional<T> value(ArgSpec of) {
    return Optional.ofNullable(of.getValue());
  }

  /** The values of an option that may be repeated, or of operands; empty if none was given. */
  static <T> List<T> values(ArgSpec of) {
    List<T> given = of.getValue();
    return given == null ? List.of() : List.copyOf(given);
  }

  /** The pairs of {@link #pairs}, in order; empty if none was given. */
  static Map<String, String> map(OptionSpec pairs) {
    Map<String, String> given = pairs.getValue();
    return given == null ? Map.of() : given;
  }
}
