package io.gaol.cli.job;

import io.gaol.cli.language.JobInput;
import io.gaol.cli.language.JobText;
import io.gaol.cli.language.Secrets;
import io.gaol.hcl.Block;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Scope;
import io.gaol.hcl.SourceRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a job file. References that only a running task can answer ({@code ${NOMAD_TASK_DIR}},
 * {@code ${meta.x}}) stay in the texts, as Nomad leaves them to its clients.
 */
final class JobParser {
  private static final long DEFAULT_CPU = 100;
  private static final long DEFAULT_MEMORY = 300;
  private static final Duration DEFAULT_KILL_TIMEOUT = Duration.ofSeconds(5);

  private final List<Diagnostic> problems = new ArrayList<>();
  private final Set<String> needsCluster = new LinkedHashSet<>();

  private JobParser() {}

  /**
   * What is to be said of a job file.
   *
   * @param job what it asks for; empty if there are errors
   * @param errors what is wrong, in the order of the text
   * @param warnings what may not be meant as it is written
   * @param clusterOnly where what stands that means something to a cluster only
   * @param secrets the texts that must not be shown
   */
  record Examined(
      Optional<Job> job,
      List<Diagnostic> errors,
      List<Diagnostic> warnings,
      Map<String, SourceRange> clusterOnly,
      Secrets secrets) {

    /**
     * The job.
     *
     * @throws JobException with all that is wrong, each with its place
     */
    Job require() throws JobException {
      if (job.isEmpty()) {
        throw new JobException(
            errors.stream().map(Diagnostic::render).map(secrets::redact).toList());
      }
      return job.get();
    }
  }

  /**
   * Reads a job file.
   *
   * @throws JobException with all that is wrong, each with its place
   */
  static Job parse(JobInput input) throws JobException {
    return examine(input).require();
  }

  /**
   * Reads a job file, and tells all there is to tell of it.
   *
   * @throws JobException if there is no such file, or it cannot be read
   */
  static Examined examine(JobInput input) throws JobException {
    return examine(text(input));
  }

  /** Tells all there is to tell of a job file that was read. */
  static Examined examine(JobText text) {
    JobParser parser = new JobParser();
    parser.needsCluster.addAll(text.problems().clusterOnly().keySet());
    Optional<Job> job = text.job().map(parser::job);
    List<Diagnostic> errors = new ArrayList<>(text.problems().errors());
    // What is missing because it was wrong is not missing.
    List<Diagnostic> warnings = new ArrayList<>(text.problems().warnings());
    parser.problems.stream()
        .filter(problem -> !text.problems().isIncomplete(problem.range()))
        .forEach(
            problem ->
                (problem.severity() == Diagnostic.Severity.WARNING ? warnings : errors)
                    .add(problem));
    return new Examined(
        errors.isEmpty() ? job : Optional.empty(),
        errors.stream().sorted(JobParser::inOrderOfTheText).distinct().toList(),
        warnings,
        text.problems().clusterOnly(),
        text.secrets());
  }

  private static int inOrderOfTheText(Diagnostic first, Diagnostic second) {
    return first.range().source().equals(second.range().source())
        ? Integer.compare(first.range().startOffset(), second.range().startOffset())
        : 0;
  }

  private static JobText text(JobInput input) throws JobException {
    try {
      return JobText.read(input);
    } catch (JobText.UnreadableException unreadable) {
      throw new JobException(unreadable.getMessage());
    }
  }

  // ---- job

  private Job job(Block block) {
    BodyReader reader = new BodyReader(block.body(), Scope.empty(), problems);
    String label = block.labels().getFirst().name();
    String type = reader.text("type").orElse("service");
    Map<String, String> meta = reader.texts("meta");
    List<Job.Constraint> constraints = constraints(reader);
    List<Job.Group> groups = new ArrayList<>();
    for (Block groupBlock : block.body().blocks("group")) {
      groups.add(group(reader, groupBlock, type, meta));
    }
    if (groups.isEmpty()) {
      reader.problem(block.typeRange(), "The job has no group", "Write group \"name\" { ... }.");
    }
    return new Job(
        reader.text("id").orElse(label),
        type,
        reader.list("datacenters").stream()
            .findFirst()
            .filter(name -> !name.equals("*"))
            .orElse("dc1"),
        reader.text("region").orElse("global"),
        reader.text("namespace").orElse("default"),
        meta,
        constraints,
        groups,
        List.copyOf(needsCluster));
  }

  private Job.Group group(
      BodyReader parent, Block block, String type, Map<String, String> jobMeta) {
    BodyReader reader = parent.of(block);
    String name = block.labels().getFirst().name();
    Map<String, String> meta = new HashMap<>(jobMeta);
    meta.putAll(reader.texts("meta"));
    Job.RestartPolicy restart = restart(reader, Job.RestartPolicy.defaultOf(type));
    List<Job.Constraint> constraints = constraints(reader);
    Map<String, Job.VolumeRequest> volumes = VolumeReader.requests(reader, type);
    List<Job.TaskSpec> tasks = new ArrayList<>();
    for (Block taskBlock : block.body().blocks("task")) {
      tasks.add(task(reader, taskBlock, meta, restart, volumes.keySet()));
    }
    if (tasks.isEmpty()) {
      reader.problem(block.typeRange(), "The group has no task", "Write task \"name\" { ... }.");
    }
    LifecycleReader.check(reader, name, block.typeRange(), tasks);
    int count = reader.count("count", 0).orElse(1);
    return new Job.Group(
        name,
        count,
        meta,
        constraints,
        volumes,
        reader.duration("shutdown_delay").orElse(Duration.ZERO),
        tasks);
  }

  private List<Job.Constraint> constraints(BodyReader reader) {
    List<Job.Constraint> constraints = ConstraintReader.read(reader);
    constraints.stream()
        .map(Job.Constraint::operator)
        .filter(Job.Constraint.Operator::needsCluster)
        .forEach(operator -> needsCluster.add("constraint " + operator.symbol()));
    return constraints;
  }

  private Job.RestartPolicy restart(BodyReader parent, Job.RestartPolicy otherwise) {
    Optional<Block> block = parent.block("restart");
    if (block.isEmpty()) {
      return otherwise;
    }
    BodyReader reader = parent.of(block.get());
    Optional<String> mode = reader.text("mode");
    return new Job.RestartPolicy(
        reader.count("attempts", 0).orElse(otherwise.attempts()),
        reader.duration("interval").orElse(otherwise.interval()),
        reader.duration("delay").orElse(otherwise.delay()),
        mode.map("delay"::equals).orElse(otherwise.delays()),
        reader.flag("render_templates").orElse(otherwise.rendersTemplates()));
  }

  // ---- task

  private Job.TaskSpec task(
      BodyReader parent,
      Block block,
      Map<String, String> groupMeta,
      Job.RestartPolicy groupRestart,
      Set<String> volumes) {
    BodyReader reader = parent.of(block);
    String name = block.labels().getFirst().name();
    Optional<String> driver = reader.text("driver");
    if (driver.isEmpty()) {
      reader.problem(
          block.typeRange(),
          "The task \"" + name + "\" has no driver",
          "Write driver = \"jail-task-driver\" or driver = \"exec\".");
    }
    Map<String, String> meta = new HashMap<>(groupMeta);
    meta.putAll(reader.texts("meta"));
    return new Job.TaskSpec(
        name,
        driver.orElse(""),
        config(reader),
        reader.texts("env"),
        reader.text("user").filter(user -> !user.isEmpty()),
        meta,
        resources(reader),
        Signals.read(reader, "kill_signal"),
        reader.duration("kill_timeout").orElse(DEFAULT_KILL_TIMEOUT),
        restart(reader, groupRestart),
        LifecycleReader.read(reader),
        reader.flag("leader").orElse(false),
        reader.duration("shutdown_delay").orElse(Duration.ZERO),
        ConstraintReader.readOfTask(reader),
        ArtifactReader.read(reader),
        TemplateReader.read(reader),
        VolumeReader.mounts(reader, volumes),
        LogsReader.read(reader),
        block.range());
  }

  private static Job.Config config(BodyReader task) {
    return task.block("config")
        .map(block -> task.of(block).config())
        .orElse(new Job.Config(Map.of(), Map.of()));
  }

  private Job.ResourceSpec resources(BodyReader parent) {
    Optional<Block> block = parent.block("resources");
    if (block.isEmpty()) {
      return new Job.ResourceSpec(
          OptionalLong.of(DEFAULT_CPU), OptionalInt.empty(), DEFAULT_MEMORY, OptionalLong.empty());
    }
    BodyReader reader = parent.of(block.get());
    Optional<Long> cpu = reader.number("cpu", 1);
    Optional<Integer> cores = reader.count("cores", 1);
    if (cpu.isPresent() && cores.isPresent()) {
      reader.problem(
          block.get().body().attributes().get("cores").nameRange(),
          "cpu and cores exclude each other",
          "Keep one.");
    }
    long memory = reader.number("memory", 10).orElse(DEFAULT_MEMORY);
    Optional<Long> memoryMax = reader.number("memory_max", -1).filter(most -> most != 0);
    if (memoryMax.isPresent() && memoryMax.get() > 0 && memoryMax.get() < memory) {
      reader.problem(
          block.get().body().attributes().get("memory_max").expression().range(),
          "memory_max is less than memory, " + memory,
          "It is the limit, memory is what is set aside.");
    }
    return new Job.ResourceSpec(
        cores.isPresent() ? OptionalLong.empty() : OptionalLong.of(cpu.orElse(DEFAULT_CPU)),
        cores.map(OptionalInt::of).orElse(OptionalInt.empty()),
        memory,
        memoryMax.map(OptionalLong::of).orElse(OptionalLong.empty()));
  }
}
