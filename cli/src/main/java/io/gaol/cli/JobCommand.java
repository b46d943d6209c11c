package io.gaol.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import io.gaol.cli.job.HostVolumes;
import io.gaol.cli.job.JobException;
import io.gaol.cli.job.JobFormatter;
import io.gaol.cli.job.JobRunner;
import io.gaol.cli.job.JobValidator;
import io.gaol.cli.job.Rehearsal;
import io.gaol.cli.language.JobInput;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private final Rehearsal rehearsal;

  JobCommand(Terminal terminal, Rehearsal rehearsal) {
    this.terminal = terminal;
    this.rehearsal = rehearsal;
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

    List<Path> systemDirectories() {
      return systemDirectories;
    }
  }

  /** The options of those that read a job file. */
  static final class JobFile {
    @Parameters(paramLabel = "FILE", description = "The job file; - is standard input.")
    private String file;

    @Mixin private Language language;

    @Option(
        names = {"-volume", "--volume"},
        paramLabel = "NAME=PATH[:ro]",
        description =
            "A file or directory of this host that the job may use as a host volume; with :ro to"
                + " read only.")
    private Map<String, String> volumes = new LinkedHashMap<>();

    JobInput input() {
      return language.input(file);
    }
  }

  /** The options that say how job files are to be understood. */
  static final class Language {
    @Option(
        names = {"-var", "--var"},
        paramLabel = "NAME=VALUE",
        description =
            "The value of a variable that the file declares. Of a list or another composed value"
                + " it is an HCL expression.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
        names = {"-var-file", "--var-file"},
        paramLabel = "FILE",
        description = "A file with values of variables, in HCL or JSON; the last one counts.")
    private List<Path> variableFiles = new ArrayList<>();

    @Option(
        names = "--allow-files",
        description = "Let functions of the job read files that are not below its folder.")
    private boolean allowFiles;

    @Option(
        names = {"-json", "--json-job"},
        description =
            "The job is in JSON as \"nomad job run -output\" prints it; usually that is seen.")
    private boolean apiJson;

    JobInput input(String file) {
      return new JobInput(file, variables, variableFiles, System.getenv(), allowFiles, apiJson);
    }
  }

  private JobRunner runner(Common common, Map<String, String> volumes) throws JobException {
    rehearsal.await();
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
        int status = runner.run(job.input());
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
      System.out.print(runner(common, job.volumes).plan(job.input(), json));
      System.out.flush();
      return 0;
    } catch (JobException wrong) {
      return tell(wrong);
    }
  }

  @Command(
      name = "validate",
      description = {
        "Say what is wrong with job files: all of it at once, without looking at this host.",
        "Exit status: 1 if one is not valid."
      })
  int validate(
      @Mixin Language language,
      @Parameters(
              paramLabel = "FILE",
              arity = "1..*",
              description = "Job files; - is standard input.")
          List<String> files,
      @Option(names = "--json", description = "Print it as JSON.") boolean json) {
    rehearsal.await();
    JobValidator validator = new JobValidator();
    List<JobValidator.Report> reports =
        files.stream().map(file -> validator.validate(language.input(file))).toList();
    if (json) {
      JsonArray all = new JsonArray();
      reports.forEach(report -> all.add(report.json()));
      System.out.println(
          new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all));
    } else {
      reports.forEach(this::tell);
    }
    System.out.flush();
    return reports.stream().allMatch(JobValidator.Report::isValid) ? 0 : Main.FAILED;
  }

  private void tell(JobValidator.Report report) {
    report.errors().forEach(error -> terminal.note(error.text()));
    report.warnings().forEach(warning -> terminal.note("warning: " + warning.text()));
    report.clusterOnly().forEach(note -> terminal.note("note: " + note.text()));
    int errors = report.errors().size();
    System.out.println(
        report.file()
            + ": "
            + (errors == 0 ? "valid" : errors == 1 ? "1 error" : errors + " errors"));
  }

  @Command(
      name = "fmt",
      description = {
        "Put the white space of job files in order, as \"nomad fmt\" does.",
        "Exit status: 1 if a file cannot be formatted, or with -check if one is not in order."
      })
  int format(
      @Parameters(
              paramLabel = "FILE",
              arity = "0..*",
              description =
                  "Files, or folders whose *.nomad and *.hcl are meant; - is standard input"
                      + " (default: this folder).")
          List<String> names,
      @Option(
              names = {"-check", "--check"},
              description = "Write nothing; say by the exit status whether all is in order.")
          boolean check,
      @Option(
              names = {"-write", "--write"},
              arity = "0..1",
              defaultValue = "true",
              fallbackValue = "true",
              description =
                  "Whether files are written (default: true); otherwise they are printed.")
          boolean write,
      @Option(
              names = {"-list", "--list"},
              arity = "0..1",
              defaultValue = "true",
              fallbackValue = "true",
              description = "Whether the names of files that were not in order are printed.")
          boolean list,
      @Option(
              names = {"-recursive", "--recursive"},
              description = "Take the folders in folders, too.")
          boolean recursive) {
    boolean failed = false;
    boolean disorder = false;
    for (String name : names == null || names.isEmpty() ? List.of(".") : names) {
      try {
        if (name.equals("-")) {
          JobFormatter.Formatted formatted =
              JobFormatter.format("<standard input>", System.in.readAllBytes());
          disorder |= formatted.changed();
          if (!check) {
            System.out.print(formatted.text());
          }
          continue;
        }
        for (Path file : JobFormatter.files(Path.of(name), recursive)) {
          try {
            JobFormatter.Formatted formatted = JobFormatter.format(file);
            disorder |= formatted.changed();
            if (formatted.changed() && list) {
              System.out.println(formatted.name());
            }
            if (formatted.changed() && write && !check) {
              JobFormatter.write(file, formatted.text());
            } else if (!write && !check) {
              System.out.print(formatted.text());
            }
          } catch (JobException wrong) {
            tell(wrong);
            failed = true;
          }
        }
      } catch (JobException wrong) {
        tell(wrong);
        failed = true;
      } catch (IOException failure) {
        terminal.note("standard input cannot be read: " + failure.getMessage());
        failed = true;
      }
    }
    System.out.flush();
    return failed || (check && disorder) ? Main.FAILED : 0;
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
