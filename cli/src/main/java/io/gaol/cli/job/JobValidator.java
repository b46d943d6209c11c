package io.gaol.cli.job;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.gaol.cli.language.JobInput;
import io.gaol.cli.language.JobText;
import io.gaol.cli.language.Secrets;
import io.gaol.driver.Platforms;
import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Position;
import io.gaol.hcl.SourceRange;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says what is wrong with job files, without looking at this host or running anything. */
public final class JobValidator {
  private final JobPlanner planner;

  /** A validator. */
  public JobValidator() {
    this.planner = ofAnyHost();
  }

  /** Plans for no host in particular. */
  static JobPlanner ofAnyHost() {
    // Which one does not matter: no plan is made.
    JobHost host = JobHost.running(Platforms.named("linux"));
    return new JobPlanner(
        host,
        host.platform().jails(host.platform().defaultStateDirectory()),
        JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES,
        new HostVolumes(Map.of()),
        LimitsWithoutRacct.REFUSE);
  }

  /**
   * What is to be said of one file.
   *
   * @param file its name
   * @param errors what is wrong; the job is valid if there is nothing
   * @param warnings what may not be meant as it is written
   * @param clusterOnly what means something to a cluster only
   */
  public record Report(
      String file, List<Remark> errors, List<Remark> warnings, List<Remark> clusterOnly) {

    /** Whether the job can be run. */
    public boolean isValid() {
      return errors.isEmpty();
    }

    /** For programs. */
    public JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("file", file);
      json.addProperty("valid", isValid());
      json.add("errors", json(errors));
      json.add("warnings", json(warnings));
      json.add("cluster_only", json(clusterOnly));
      return json;
    }

    private static JsonArray json(List<Remark> remarks) {
      JsonArray array = new JsonArray();
      remarks.forEach(remark -> array.add(remark.json()));
      return array;
    }
  }

  /**
   * One remark.
   *
   * @param text all of it, with the line of the file that it is about
   * @param file where; empty if it is about no place
   * @param line where, from 1; 0 if it is about no place
   * @param column where, from 1; 0 if it is about no place
   * @param message what, in one line
   */
  public record Remark(String text, String file, int line, int column, String message) {
    static Remark of(Diagnostic diagnostic, Secrets secrets) {
      Position start = diagnostic.range().start();
      return new Remark(
          secrets.redact(diagnostic.render()),
          diagnostic.range().source().name(),
          start.line(),
          start.column(),
          secrets.redact(diagnostic.message()));
    }

    static Remark of(String message) {
      return new Remark(message, "", 0, 0, message);
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      if (line > 0) {
        json.addProperty("file", file);
        json.addProperty("line", line);
        json.addProperty("column", column);
      }
      json.addProperty("message", message);
      return json;
    }
  }

  /** Looks at one file. */
  public Report validate(JobInput input) {
    try {
      return report(input.file(), JobParser.examine(input));
    } catch (JobException unreadable) {
      return new Report(
          input.file(),
          unreadable.messages().stream().map(Remark::of).toList(),
          List.of(),
          List.of());
    }
  }

  /** Looks at a file whose content is known; the input has its name. */
  Report validate(JobInput input, byte[] content) {
    return report(input.file(), JobParser.examine(JobText.of(input, content)));
  }

  private Report report(String file, JobParser.Examined examined) {
    Secrets secrets = examined.secrets();
    List<Remark> errors = new ArrayList<>();
    examined.errors().forEach(error -> errors.add(Remark.of(error, secrets)));
    examined.job().ifPresent(job -> configs(job, secrets, errors));
    return new Report(
        file,
        errors.stream().distinct().toList(),
        examined.warnings().stream().map(warning -> Remark.of(warning, secrets)).toList(),
        examined.clusterOnly().entrySet().stream().map(JobValidator::clusterOnly).toList());
  }

  private static Remark clusterOnly(Map.Entry<String, SourceRange> key) {
    Position start = key.getValue().start();
    String place = key.getValue().source().name() + ":" + start.line() + ":" + start.column();
    String message = key.getKey() + " needs a cluster, and has no effect here";
    return new Remark(
        place + ": " + message,
        key.getValue().source().name(),
        start.line(),
        start.column(),
        message);
  }

  private void configs(Job job, Secrets secrets, List<Remark> errors) {
    for (Job.Group group : job.groups()) {
      Allocation allocation = Allocation.example(Path.of("/var/lib/gaol/allocations"), group, 0, 0);
      for (int number = 0; number < group.tasks().size(); number++) {
        Job.TaskSpec task = group.tasks().get(number);
        try {
          planner.check(new JobPlanner.Placed(job, group, task, allocation, number));
        } catch (JobException wrong) {
          if (wrong.diagnostics().isEmpty()) {
            wrong.messages().forEach(text -> errors.add(Remark.of(secrets.redact(text))));
          }
          wrong.diagnostics().forEach(problem -> errors.add(Remark.of(problem, secrets)));
        }
      }
    }
  }
}
