package io.gaol.cli;

import io.gaol.cli.job.HostVolumes;
import io.gaol.cli.job.JobException;
import io.gaol.cli.job.JobRunner;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaol job}: Nomad's job files, without Nomad. */
@Command(
    name = "job",
    description = "Run Nomad job files on this host, without Nomad.",
    synopsisSubcommandLabel = "COMMAND")
final class JobCommand {
  private final Terminal terminal;

  JobCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Options of every subcommand. */
  static final class Common {
    @Option(
        names = "--state-dir",
        paramLabel = "DIRECTORY",
        description =
            "Where tasks and their files are (default: $GAOL_STATE_DIR, or /var/lib/gaol on Linux"
                + " and /var/db/gaol on FreeBSD).")
    private Path stateDirectory;

    Path stateDirectory() {
      if (stateDirectory != null) {
        return stateDirectory;
      }
      String given = System.getenv("GAOL_STATE_DIR");
      if (given != null && !given.isEmpty()) {
        return Path.of(given);
      }
      return Path.of(
          System.getProperty("os.name").equals("FreeBSD") ? "/var/db/gaol" : "/var/lib/gaol");
    }

    @Option(
        names = "--chroot-env",
        split = ",",
        paramLabel = "DIRECTORY",
        description =
            "Directories of the host that a task without a Path sees read-only (default:"
                + " /bin, /etc, /lib, /lib32, /lib64, /run/resolvconf, /run/systemd/resolve,"
                + " /sbin, /usr).")
    private List<Path> systemDirectories = JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES;
  }

  /** The options of those that read a job file. */
  static final class JobFile {
    @Parameters(paramLabel = "FILE", description = "The job file; - is standard input.")
    private String file;

    @Option(
        names = {"-var", "--var"},
        paramLabel = "NAME=VALUE",
        description = "The value of a variable that the file declares.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
        names = {"-volume", "--volume"},
        paramLabel = "NAME=PATH[:ro]",
        description =
            "A file or directory of this host that the job may use as a host volume; with :ro to"
                + " read only.")
    private Map<String, String> volumes = new LinkedHashMap<>();
  }

  private JobRunner runner(Common common, Map<String, String> volumes) throws JobException {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      throw new JobException("jobs do not run on " + system + " yet: only on Linux");
    }
    return new JobRunner(
        common.stateDirectory(), common.systemDirectories, HostVolumes.of(volumes), terminal);
  }

  private int tell(JobException wrong) {
    wrong.messages().forEach(terminal::note);
    return Main.FAILED;
  }

  @Command(
      name = "run",
      description = {
        "Run a job to its end. Ctrl-C stops it, a second one kills it.",
        "Exit status: 0, or that of the first task that failed."
      })
  int run(@Mixin Common common, @Mixin JobFile job) throws InterruptedException {
    try {
      JobRunner runner = runner(common, job.volumes);
      try (Interruptions interruptions = new Interruptions(runner, terminal)) {
        int status = runner.run(job.file, job.variables);
        return interruptions.status().orElse(status);
      }
    } catch (JobException wrong) {
      return tell(wrong);
    }
  }

  @Command(name = "plan", description = "Print what running a job would do, and do nothing.")
  int plan(
      @Mixin Common common,
      @Mixin JobFile job,
      @Option(names = "--json", description = "Print it as JSON.") boolean json) {
    try {
      System.out.print(runner(common, job.volumes).plan(job.file, job.variables, json));
      System.out.flush();
      return 0;
    } catch (JobException wrong) {
      return tell(wrong);
    }
  }

  @Command(
      name = "stop",
      description = "Stop a job, or remove what is left of one whose gaol was killed.")
  int stop(
      @Mixin Common common,
      @Parameters(paramLabel = "NAME", description = "The job's name.") String name)
      throws InterruptedException {
    try {
      runner(common, Map.of()).stop(name);
      return 0;
    } catch (JobException wrong) {
      return tell(wrong);
    }
  }
}
