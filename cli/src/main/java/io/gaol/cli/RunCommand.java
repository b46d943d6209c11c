package io.gaol.cli;

import io.gaol.cli.job.JailRequest;
import io.gaol.cli.job.JailRunner;
import io.gaol.cli.job.JobException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code gaol run}: one command in a jail, in the foreground. */
final class RunCommand {
  /** As docker(1) and podman(1): what goes wrong before the command is told from its own end. */
  private static final int NOT_RUN = 125;

  private final Terminal terminal;
  private final HostOptions host = new HostOptions();
  private final OptionSpec parameters =
      Commands.options(String.class, "PARAM[=VALUE]", "-J", "--jailparam")
          .description(
              "A parameter of jail(8), in any spelling: allow.raw_sockets, mount.nodevfs,",
              "host.hostname=web. May be repeated. \"gaol params\" explains them.")
          .build();
  private final OptionSpec name =
      Commands.option(
          String.class, "NAME", "The jail's name (default: twelve random digits).", "-n", "--name");
  private final OptionSpec user =
      Commands.option(
          String.class,
          "USER",
          "Who runs the command (default: root); -J exec.jail_user goes before it.",
          "-u",
          "--user");
  private final OptionSpec environment =
      Commands.pairs(
          "NAME=VALUE", "A variable of the command's environment. May be repeated.", "-e", "--env");
  private final PositionalParamSpec root =
      Commands.operand(
          "ROOT",
          "A directory, which becomes the jail's root; or host: the host's own system, read-only,"
              + " with a private writable part.");
  private final PositionalParamSpec command =
      Commands.operands(
          "1..*", false, "COMMAND", "What runs, with its arguments; no shell sees it.");

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  CommandSpec spec() {
    CommandSpec spec =
        Commands.action(
            "run",
            this::run,
            "Run a command in a jail of its own, in the foreground.",
            "Its output is passed through. Ctrl-C stops it, a second one kills it; nothing is"
                + " left.",
            "Exit status: the command's, 128 + n where signal n ended it; 125 where it could not be"
                + " run.");
    // What stands behind the root is the command's own, also where it looks like a flag.
    spec.parser().stopAtPositional(true);
    return host.addTo(spec)
        .addOption(parameters)
        .addOption(name)
        .addOption(user)
        .addOption(environment)
        .addPositional(root)
        .addPositional(command);
  }

  private int run() throws InterruptedException {
    try {
      JailRequest request =
          new JailRequest(
              Commands.value(name),
              root.getValue(),
              Commands.values(command),
              Commands.values(parameters),
              Commands.value(user),
              Commands.map(environment),
              System.getenv());
      JailRunner runner =
          new JailRunner(
              host.platform(), host.stateDirectory(), host.systemDirectories(), terminal);
      try (Interruptions interruptions = new Interruptions(runner, terminal)) {
        int status = runner.run(request, output(FileDescriptor.out), output(FileDescriptor.err));
        return interruptions.status().orElse(status);
      }
    } catch (JobException wrong) {
      wrong.messages().forEach(terminal::note);
      return NOT_RUN;
    }
  }

  /** Not System.out, which does not tell when nobody reads any more. */
  private static OutputStream output(FileDescriptor descriptor) {
    return new FileOutputStream(descriptor);
  }
}
