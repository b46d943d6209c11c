package io.gaol.cli;

import io.gaol.cli.job.Rehearsal;
import io.gaol.driver.GaolVersion;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Where the {@code gaol} command begins, and where its parts are put together. */
public final class Main {
  /** The exit status of what could not be done. */
  static final int FAILED = 1;

  /** The commands of {@code gaol job} that have to understand one. */
  private static final Set<String> JOB_READERS = Set.of("run", "plan", "validate");

  private Main() {}

  /** Runs the command, and exits with its status. */
  public static void main(String[] arguments) {
    boolean readsJob =
        arguments.length > 2 && arguments[0].equals("job") && JOB_READERS.contains(arguments[1]);
    Rehearsal rehearsal = readsJob ? Rehearsal.begin() : Rehearsal.none();
    // What gaol has no use for, and picocli would look for in all jars: options of these types, and
    // Groovy.
    System.setProperty("picocli.disable.closures", "true");
    System.setProperty("picocli.converters.excludes", "java\\.(sql|time)\\..*");
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    boolean coloured =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
            && System.getenv("NO_COLOR") == null;
    Terminal terminal = new Terminal(out, err, coloured);
    CommandSpec gaol =
        Commands.group(
            "gaol",
            "Runs tasks in jails: Nomad's job files, on FreeBSD and Linux.",
            new JobCommand(terminal, rehearsal).spec(),
            new ParamsCommand(terminal).spec(),
            Commands.withVersion(new RunCommand(terminal).spec(), "gaol " + GaolVersion.VALUE),
            new UsageCommand(terminal).spec(),
            new DoctorCommand(terminal).spec(),
            new ConvertCommand(terminal).spec());
    int status =
        new CommandLine(Commands.withVersion(gaol, "gaol " + GaolVersion.VALUE)).execute(arguments);
    out.flush();
    err.flush();
    // At once: nothing that goes on in the background is worth waiting for.
    Runtime.getRuntime().halt(status);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
