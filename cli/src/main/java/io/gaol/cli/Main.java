package io.gaol.cli;

import io.gaol.cli.job.Rehearsal;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where the {@code gaol} command begins, and where its parts are put together. */
@Command(
    name = "gaol",
    description = "Runs tasks in jails: Nomad's job files, on FreeBSD and Linux.",
    mixinStandardHelpOptions = true,
    version = "gaol " + Main.VERSION,
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  static final String VERSION = "0.1.0-SNAPSHOT";

  /** The exit status of what could not be done. */
  static final int FAILED = 1;

  private Main() {}

  /** Runs the command, and exits with its status. */
  public static void main(String[] arguments) {
    boolean readsJob = arguments.length > 1 && arguments[0].equals("job");
    Rehearsal rehearsal = readsJob ? Rehearsal.begin() : Rehearsal.none();
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    boolean coloured =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
            && System.getenv("NO_COLOR") == null;
    CommandLine command = new CommandLine(new Main());
    Terminal terminal = new Terminal(out, err, coloured);
    command.addSubcommand(new JobCommand(terminal, rehearsal));
    command.addSubcommand(new ParamsCommand(terminal));
    // What stands behind the root is the command's own, also where it looks like a flag.
    command.addSubcommand(new CommandLine(new RunCommand(terminal)).setStopAtPositional(true));
    command.addSubcommand(new ConvertCommand(terminal));
    int status = command.execute(arguments);
    out.flush();
    err.flush();
    // At once: nothing that goes on in the background is worth waiting for.
    Runtime.getRuntime().halt(status);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
