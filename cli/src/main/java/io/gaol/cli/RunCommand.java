package io.gaol.cli;

import io.gaol.cli.job.JailRequest;
import io.gaol.cli.job.JailRunner;
import io.gaol.cli.job.JobException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaol run}: one command in a jail, in the foreground. */
@Command(
    name = "run",
    description = {
      "Run a command in a jail of its own, in the foreground.",
      "Its output is passed through. Ctrl-C stops it, a second one kills it; nothing is left.",
      "Exit status: the command's, 128 + n where signal n ended it; 125 where it could not be run."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  /** As docker(1) and podman(1): what goes wrong before the command is told from its own end. */
  private static final int NOT_RUN = 125;

  private final Terminal terminal;

  @Mixin private JobCommand.Common common;

  @Option(
      names = {"-J", "--jailparam"},
      paramLabel = "PARAM[=VALUE]",
      description = {
        "A parameter of jail(8), in any spelling: allow.raw_sockets, mount.nodevfs,",
        "host.hostname=web. May be repeated. \"gaol params\" explains them."
      })
  private List<String> parameters = new ArrayList<>();

  @Option(
      names = {"-n", "--name"},
      paramLabel = "NAME",
      description = "The jail's name (default: twelve random digits).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER",
      description = "Who runs the command (default: root); -J exec.jail_user goes before it.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "A variable of the command's environment. May be repeated.")
  private Map<String, String> environment = new LinkedHashMap<>();

  @Parameters(
      index = "0",
      paramLabel = "ROOT",
      description =
          "A directory, which becomes the jail's root; or host: the host's own system, read-only,"
              + " with a private writable part.")
  private String root;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "What runs, with its arguments; no shell sees it.")
  private List<String> command = new ArrayList<>();

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      String system = System.getProperty("os.name");
      if (!system.equals("Linux")) {
        throw new JobException("jails do not run on " + system + " yet: only on Linux");
      }
      JailRequest request =
          new JailRequest(name, root, command, parameters, user, environment, System.getenv());
      JailRunner runner =
          new JailRunner(common.stateDirectory(), common.systemDirectories(), terminal);
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
