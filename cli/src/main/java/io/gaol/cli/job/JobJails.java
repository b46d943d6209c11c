package io.gaol.cli.job;

import io.gaol.cli.language.JobInput;
import io.gaol.cli.language.JobText;
import io.gaol.hcl.Expression;
import io.gaol.hcl.Hcl;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Position;
import io.gaol.hcl.Scope;
import io.gaol.hcl.Value;
import io.gaol.jail.JailSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The jails that the tasks of a job ask for, for those who want them without Nomad.
 *
 * @param jails one for each task of the {@code jail-task-driver}, in order
 * @param notCarried what of the job is in none of them; each whole
 */
public record JobJails(List<TaskJail> jails, List<String> notCarried) {
  private static final String DRIVER = "jail-task-driver";

  /** Copies. */
  public JobJails {
    jails = List.copyOf(jails);
    notCarried = List.copyOf(notCarried);
  }

  /**
   * A task's jail.
   *
   * @param name the task's, with its group's if another task has the same
   * @param file where the task is
   * @param line where the task is
   * @param column where the task is
   * @param spec what its config asks for
   * @param killTimeout how long it has to end
   * @param notCarried what of the task is not in {@code spec}'s parameters, command and user
   */
  public record TaskJail(
      String name,
      String file,
      int line,
      int column,
      JailSpec spec,
      Duration killTimeout,
      List<String> notCarried) {
    /** Copies. */
    public TaskJail {
      notCarried = List.copyOf(notCarried);
    }
  }

  /**
   * Reads a job file.
   *
   * @param bytes what is in it
   * @throws JobException with all that is wrong, each with its place
   */
  public static JobJails read(JobInput input, byte[] bytes) throws JobException {
    Job job = JobParser.examine(JobText.of(input, bytes)).require();
    JobPlanner planner = JobValidator.ofAnyHost();
    List<String> notCarried = new ArrayList<>();
    job.needsCluster().forEach(key -> notCarried.add(key + ": it needs a cluster"));
    Map<String, Integer> names = new HashMap<>();
    job.groups()
        .forEach(group -> group.tasks().forEach(task -> names.merge(task.name(), 1, Integer::sum)));
    List<TaskJail> jails = new ArrayList<>();
    for (Job.Group group : job.groups()) {
      group(group, notCarried);
      Allocation allocation = Allocation.example(Path.of("/var/lib/gaol/allocations"), group, 0, 0);
      for (int number = 0; number < group.tasks().size(); number++) {
        Job.TaskSpec task = group.tasks().get(number);
        JailSpec spec = planner.check(new JobPlanner.Placed(job, group, task, allocation, number));
        if (!task.driver().equals(DRIVER)) {
          notCarried.add("the task " + task.name() + ": its driver is " + task.driver());
          continue;
        }
        Position start = task.range().start();
        jails.add(
            new TaskJail(
                names.get(task.name()) == 1 ? task.name() : group.name() + "-" + task.name(),
                task.range().source().name(),
                start.line(),
                start.column(),
                spec,
                task.killTimeout(),
                lost(job, task, spec)));
      }
    }
    return new JobJails(jails, notCarried);
  }

  private static void group(Job.Group group, List<String> notCarried) {
    if (group.count() != 1) {
      notCarried.add(
          "count = " + group.count() + " of the group " + group.name() + ": a jail is one");
    }
    if (!group.volumes().isEmpty()) {
      notCarried.add("volume of the group " + group.name());
    }
    if (group.shutdownDelay().isPositive()) {
      notCarried.add("shutdown_delay of the group " + group.name());
    }
  }

  private static List<String> lost(Job job, Job.TaskSpec task, JailSpec spec) {
    List<String> lost = new ArrayList<>();
    spec.rctlRules()
        .forEach(
            rule ->
                lost.add("Rctl: put jail:" + task.name() + ":" + rule + " into /etc/rctl.conf"));
    if (!task.env().isEmpty()) {
      lost.add("env: " + String.join(", ", new TreeSet<>(task.env().keySet())));
    }
    Job.ResourceSpec resources = task.resources();
    lost.add(
        "resources: the limit of "
            + resources.memoryMax().orElse(resources.memory())
            + " MiB of memory"
            + (resources.cores().isPresent()
                ? ", and " + resources.cores().getAsInt() + " cores"
                : ""));
    lost(
        lost,
        "kill_signal",
        task.killSignal().filter(signal -> !signal.equals("SIGTERM")).isPresent());
    lost(lost, "restart", !task.restart().equals(Job.RestartPolicy.defaultOf(job.type())));
    lost(lost, "lifecycle", task.lifecycle().isPresent());
    lost(lost, "leader", task.leader());
    lost(lost, "shutdown_delay", task.shutdownDelay().isPositive());
    lost(lost, "constraint", !task.constraints().isEmpty());
    lost(lost, "artifact", !task.artifacts().isEmpty());
    lost(lost, "template", !task.templates().isEmpty());
    lost(lost, "volume_mount", !task.volumeMounts().isEmpty());
    lost(lost, "meta", !task.meta().isEmpty());
    lost(lost, "logs", task.logs().disabled());
    references(task)
        .forEach(
            reference ->
                lost.add("${" + reference + "}: its value of this moment stands in its place"));
    return lost;
  }

  private static void lost(List<String> lost, String key, boolean given) {
    if (given) {
      lost.add(key);
    }
  }

  /** What a client would put into the config's texts. */
  private static Set<String> references(Job.TaskSpec task) {
    Set<String> references = new TreeSet<>();
    task.config().values().values().forEach(value -> references(value, references));
    return references;
  }

  private static void references(Value value, Set<String> references) {
    switch (value) {
      case Value.Text(String text) -> {
        try {
          Expression template = Hcl.parseTemplate("config", text);
          template.evaluate(
              Scope.empty()
                  .withUnresolved(
                      (reference, source) -> {
                        references.add(source.strip());
                        return Optional.of(Value.of(""));
                      }));
        } catch (HclException wrong) {
          // The driver's reading has told of it, or a function got an empty text here.
        }
      }
      case Value.Sequence sequence ->
          sequence.elements().forEach(element -> references(element, references));
      case Value.Mapping mapping ->
          mapping.entries().values().forEach(entry -> references(entry, references));
      default -> {
        // No text.
      }
    }
  }
}
