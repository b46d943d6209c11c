package io.gaol.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import io.gaol.cli.job.HostVolumes;
import io.gaol.cli.job.JobException;
import io.gaol.cli.job.JobFormatter;
import io.gaol.cli.job.JobRunner;
import io.gaol.cli.job.JobValidator;
import io.gaol.cli.job.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code gaol job}: Nomad's job files, without Nomad. */
final class JobCommand {
  private final Terminal terminal;
  private final Rehearsal rehearsal;

  JobCommand(Terminal terminal, Rehearsal rehearsal) {
    this.terminal = terminal;
    this.rehearsal = rehearsal;
  }

  CommandSpec spec() {
    return Commands.group(
        "job",
        "Run Nomad job files on this host, without Nomad.",
        format(),
        plan(),
        run(),
        stop(),
        validate());
  }

  private JobRunner runner(HostOptions host, Map<String, String> volumes) throws JobException {
    rehearsal.await();
    return new JobRunner(
        host.jobHost(),
        host.stateDirectory(),
        host.systemDirectories(),
        HostVolumes.of(volumes),
        host.limitsWithoutRacct(),
        terminal);
  }

  private int tell(JobException wrong) {
    wrong.messages().forEach(terminal::note);
    return Main.FAILED;
  }

  private CommandSpec run() {
    HostOptions host = new HostOptions();
    JobFileOptions job = new JobFileOptions();
    CommandSpec command =
        Commands.action(
            "run",
            () -> run(host, job),
            "Run a job to its end. Ctrl-C stops it, a second one kills it.",
            "Exit status: 0, or that of the first task that failed.");
    return job.addTo(host.addLimitsTo(host.addTo(command)));
  }

  private int run(HostOptions host, JobFileOptions job) throws InterruptedException {
    try {
      JobRunner runner = runner(host, job.volumes());
      try (Interruptions interruptions = new Interruptions(runner, terminal)) {
        int status = runner.run(job.input());
        return interruptions.status().orElse(status);
      }
    } catch (JobException wrong) {
      return tell(wrong);
    }
  }

  private CommandSpec plan() {
    HostOptions host = HostOptions.forPlanning();
    JobFileOptions job = new JobFileOptions();
    OptionSpec json = Commands.flag("Print it as JSON.", "--json");
    CommandSpec command =
        Commands.action(
            "plan",
            () -> plan(host, job, Commands.isGiven(json)),
            "Print what running a job would do, and do nothing.");
    return job.addTo(host.addLimitsTo(host.addTo(command))).addOption(json);
  }

  private int plan(HostOptions host, JobFileOptions job, boolean json) {
    try {
      terminal.print(runner(host, job.volumes()).plan(job.input(), json));
      return 0;
    } catch (JobException wrong) {
      return tell(wrong);
    }
  }

  private CommandSpec validate() {
    LanguageOptions language = new LanguageOptions();
    PositionalParamSpec files =
        Commands.operands("0..*", true, "FILE", "Job files; - is standard input.");
    OptionSpec json = Commands.flag("Print it as JSON.", "--json");
    CommandSpec command =
        Commands.action(
            "validate",
            () -> validate(language, Commands.values(files), Commands.isGiven(json)),
            "Say what is wrong with job files: all of it at once, without looking at this host.",
            "Exit status: 1 if one is not valid.");
    return language.addTo(command).addPositional(files).addOption(json);
  }

  private int validate(LanguageOptions language, List<String> files, boolean json) {
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

  private CommandSpec format() {
    PositionalParamSpec names =
        Commands.operands(
            "0..*",
            false,
            "FILE",
            "Files, or folders whose *.nomad and *.hcl are meant; - is standard input"
                + " (default: this folder).");
    OptionSpec check =
        Commands.flag(
            "Write nothing; say by the exit status whether all is in order.", "-check", "--check");
    OptionSpec write =
        flagByDefault(
            "Whether files are written (default: true); otherwise they are printed.",
            "-write",
            "--write");
    OptionSpec list =
        flagByDefault(
            "Whether the names of files that were not in order are printed.", "-list", "--list");
    OptionSpec recursive =
        Commands.flag("Take the folders in folders, too.", "-recursive", "--recursive");
    return Commands.action(
            "fmt",
            () ->
                format(
                    Commands.values(names),
                    Commands.isGiven(check),
                    Commands.isGiven(write),
                    Commands.isGiven(list),
                    Commands.isGiven(recursive)),
            "Put the white space of job files in order, as \"nomad fmt\" does.",
            "Exit status: 1 if a file cannot be formatted, or with -check if one is not in order.")
        .addPositional(names)
        .addOption(check)
        .addOption(write)
        .addOption(list)
        .addOption(recursive);
  }

  private static OptionSpec flagByDefault(String description, String... names) {
    return OptionSpec.builder(names)
        .type(boolean.class)
        .arity("0..1")
        .defaultValue("true")
        .fallbackValue("true")
        .paramLabel("true|false")
        .description(description)
        .build();
  }

  private int format(
      List<String> names, boolean check, boolean write, boolean list, boolean recursive) {
    boolean failed = false;
    boolean disorder = false;
    for (String name : names.isEmpty() ? List.of(".") : names) {
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

  private CommandSpec stop() {
    HostOptions host = new HostOptions();
    PositionalParamSpec name = Commands.operand("NAME", "The job's name.");
    CommandSpec command =
        Commands.action(
            "stop",
            () -> stop(host, name.getValue()),
            "Stop a job, or remove what is left of one whose gaol was killed.");
    return host.addTo(command).addPositional(name);
  }

  private int stop(HostOptions host, String name) throws InterruptedException {
    try {
      runner(host, Map.of()).stop(name);
      return 0;
    } catch (JobException wrong) {
      return tell(wrong);
    }
  }
}
