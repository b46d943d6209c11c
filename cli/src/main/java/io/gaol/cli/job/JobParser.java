package io.gaol.cli.job;

import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Hcl;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Scope;
import io.gaol.hcl.Traversal;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
  private static final Set<String> LATE_ROOTS = Set.of("env", "meta", "node", "attr", "device");
  private static final Set<String> TYPES = Set.of("service", "batch", "system", "sysbatch");
  private static final Set<String> JOB_KEYS =
      Set.of(
          "id",
          "name",
          "type",
          "datacenters",
          "region",
          "namespace",
          "meta",
          "constraint",
          "group");
  private static final Set<String> JOB_CLUSTER_KEYS =
      Set.of(
          "priority",
          "node_pool",
          "all_at_once",
          "affinity",
          "spread",
          "update",
          "migrate",
          "reschedule",
          "periodic",
          "parameterized",
          "multiregion",
          "vault",
          "consul",
          "consul_token",
          "vault_token",
          "ui",
          "version_tag");
  private static final Set<String> GROUP_KEYS =
      Set.of("count", "restart", "meta", "constraint", "volume", "shutdown_delay", "task");
  private static final Set<String> GROUP_CLUSTER_KEYS =
      Set.of(
          "affinity",
          "spread",
          "ephemeral_disk",
          "network",
          "service",
          "update",
          "migrate",
          "reschedule",
          "disconnect",
          "max_client_disconnect",
          "stop_after_client_disconnect",
          "prevent_reschedule_on_lost",
          "consul",
          "vault",
          "scaling");
  private static final Set<String> TASK_KEYS =
      Set.of(
          "driver",
          "config",
          "env",
          "user",
          "meta",
          "resources",
          "kill_timeout",
          "kill_signal",
          "restart",
          "lifecycle",
          "leader",
          "shutdown_delay",
          "constraint",
          "artifact",
          "template",
          "volume_mount",
          "logs");
  private static final Set<String> TASK_CLUSTER_KEYS =
      Set.of(
          "affinity",
          "service",
          "vault",
          "consul",
          "identity",
          "scaling",
          "csi_plugin",
          "kind",
          "action");
  private static final Set<String> TASK_LATER_KEYS =
      Set.of("dispatch_payload", "secret", "schedule");
  private static final Set<String> RESOURCE_KEYS = Set.of("cpu", "cores", "memory", "memory_max");
  private static final Set<String> RESOURCE_CLUSTER_KEYS =
      Set.of("disk", "network", "iops", "numa", "secrets");
  private static final Set<String> RESOURCE_LATER_KEYS = Set.of("device");

  private static final long DEFAULT_CPU = 100;
  private static final long DEFAULT_MEMORY = 300;
  private static final Duration DEFAULT_KILL_TIMEOUT = Duration.ofSeconds(5);

  private final Map<String, String> variables;
  private final List<Diagnostic> problems = new ArrayList<>();
  private final Set<String> needsCluster = new LinkedHashSet<>();

  private JobParser(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * Reads a job file.
   *
   * @param file the file, or {@code -} for standard input
   * @param variables values of {@code var.*}, as {@code -var} gives them
   * @throws JobException with all that is wrong, each with its place
   */
  static Job parse(String file, Map<String, String> variables) throws JobException {
    byte[] bytes = read(file);
    try {
      return new JobParser(variables).parse(Hcl.parse(file, bytes));
    } catch (HclException wrong) {
      throw new JobException(wrong.diagnostics().stream().map(Diagnostic::render).toList());
    }
  }

  private static byte[] read(String file) throws JobException {
    try {
      if (file.equals("-")) {
        return System.in.readAllBytes();
      }
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new JobException("the job file " + file + " is a directory: name a file in it");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException missing) {
      throw new JobException("the job file " + file + " does not exist");
    } catch (AccessDeniedException denied) {
      throw new JobException(
          "the job file "
              + file
              + " cannot be read: permission denied (chmod, or run as its owner)");
    } catch (IOException failure) {
      throw new JobException("the job file " + file + " cannot be read: " + failure.getMessage());
    }
  }

  private Job parse(Body file) {
    Scope scope = scope(file);
    BodyReader reader = new BodyReader(file, scope, problems);
    reader.sort("job file", Set.of("job", "variable"), Set.of(), Set.of("locals"));
    Optional<Block> block = reader.block("job");
    if (block.isEmpty()) {
      reader.problem(file.range(), "There is no job in this file", "Write job \"name\" { ... }.");
    }
    Job job = block.map(found -> job(reader, found)).orElse(null);
    if (!problems.isEmpty()) {
      throw new HclException(problems);
    }
    return job;
  }

  // ---- variables

  private Scope scope(Body file) {
    Map<String, Value> values = new HashMap<>();
    Set<String> declared = new HashSet<>();
    for (Block block : file.blocks("variable")) {
      BodyReader reader = new BodyReader(block.body(), Scope.empty(), problems);
      reader.sort(
          "variable",
          Set.of("type", "default", "description"),
          Set.of(),
          Set.of("validation", "sensitive"));
      String name = reader.label(block);
      declared.add(name);
      if (variables.containsKey(name)) {
        values.put(name, Value.of(variables.get(name)));
      } else if (block.body().attributes().containsKey("default")) {
        values.put(name, reader.value("default").orElse(Value.ofNull()));
      } else {
        reader.problem(
            block.range(),
            "The variable \"" + name + "\" has no value",
            "Give it one with -var " + name + "=VALUE, or a default.");
      }
    }
    for (String name : variables.keySet()) {
      if (!declared.contains(name)) {
        problems.add(
            Diagnostic.error(
                file.range(),
                "-var " + name + ": this file declares no variable \"" + name + "\"",
                Spelling.suggestion(name, declared).strip()));
      }
    }
    return new Scope(Map.of("var", Value.of(values)), Map.of(), JobParser::late);
  }

  private static Optional<Value> late(Traversal reference, String sourceText) {
    boolean isLate = LATE_ROOTS.contains(reference.root()) || reference.root().startsWith("NOMAD_");
    return isLate ? Optional.of(Value.of(reference.asInterpolation())) : Optional.empty();
  }

  // ---- job

  private Job job(BodyReader file, Block block) {
    BodyReader reader = file.of(block);
    needsCluster.addAll(reader.sort("job", JOB_KEYS, JOB_CLUSTER_KEYS, Set.of()));
    String label = file.label(block);
    String type = reader.text("type").orElse("service");
    if (!TYPES.contains(type)) {
      reader.problem(
          block.body().attributes().get("type").expression().range(),
          "A job's type is \"service\", \"batch\", \"system\" or \"sysbatch\"",
          Spelling.suggestion(type, TYPES).strip());
    }
    Optional<Value> datacenters = reader.value("datacenters");
    if (datacenters.isPresent()) {
      needsCluster.add("datacenters");
    }
    Map<String, String> meta = reader.texts("meta");
    List<Job.Constraint> constraints = constraints(reader);
    List<Job.Group> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Block groupBlock : block.body().blocks("group")) {
      groups.add(group(reader, groupBlock, type, meta, names));
    }
    if (groups.isEmpty()) {
      reader.problem(block.typeRange(), "The job has no group", "Write group \"name\" { ... }.");
    }
    return new Job(
        reader.text("id").orElse(label),
        type,
        datacenters.flatMap(JobParser::firstText).orElse("dc1"),
        reader.text("region").orElse("global"),
        reader.text("namespace").orElse("default"),
        meta,
        constraints,
        groups,
        List.copyOf(needsCluster));
  }

  private static Optional<String> firstText(Value value) {
    return value instanceof Value.Tuple(List<Value> elements)
        ? elements.stream()
            .findFirst()
            .flatMap(BodyReader::scalarText)
            .filter(dc -> !dc.equals("*"))
        : Optional.empty();
  }

  private Job.Group group(
      BodyReader parent, Block block, String type, Map<String, String> jobMeta, Set<String> names) {
    BodyReader reader = parent.of(block);
    needsCluster.addAll(reader.sort("group", GROUP_KEYS, GROUP_CLUSTER_KEYS, Set.of()));
    String name = uniqueLabel(parent, block, names);
    Map<String, String> meta = new HashMap<>(jobMeta);
    meta.putAll(reader.texts("meta"));
    Job.RestartPolicy restart = restart(reader, Job.RestartPolicy.defaultOf(type));
    List<Job.Constraint> constraints = constraints(reader);
    Map<String, Job.VolumeRequest> volumes = VolumeReader.requests(reader, type);
    List<Job.TaskSpec> tasks = new ArrayList<>();
    Set<String> taskNames = new HashSet<>();
    for (Block taskBlock : block.body().blocks("task")) {
      tasks.add(task(reader, taskBlock, meta, restart, volumes.keySet(), taskNames));
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

  private static String uniqueLabel(BodyReader parent, Block block, Set<String> names) {
    String name = parent.label(block);
    if (!names.add(name)) {
      parent.problem(
          block.labels().getFirst().range(),
          "There is a " + block.type() + " \"" + name + "\" already",
          "Give each a name of its own.");
    }
    return name;
  }

  private Job.RestartPolicy restart(BodyReader parent, Job.RestartPolicy otherwise) {
    Optional<Block> block = parent.block("restart");
    if (block.isEmpty()) {
      return otherwise;
    }
    BodyReader reader = parent.of(block.get());
    reader.sort(
        "restart block",
        Set.of("attempts", "interval", "delay", "mode", "render_templates"),
        Set.of(),
        Set.of());
    Optional<String> mode = reader.text("mode");
    if (mode.isPresent() && !Set.of("fail", "delay").contains(mode.get())) {
      reader.problem(
          block.get().body().attributes().get("mode").expression().range(),
          "A restart mode is \"fail\" or \"delay\"",
          "");
    }
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
      Set<String> volumes,
      Set<String> names) {
    BodyReader reader = parent.of(block);
    needsCluster.addAll(reader.sort("task", TASK_KEYS, TASK_CLUSTER_KEYS, TASK_LATER_KEYS));
    String name = uniqueLabel(parent, block, names);
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
        config(reader, block),
        reader.texts("env"),
        reader.text("user").filter(user -> !user.isEmpty()),
        meta,
        resources(reader),
        SignalName.read(reader, "kill_signal"),
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

  private static Job.Config config(BodyReader reader, Block task) {
    Optional<Block> block = reader.block("config");
    if (block.isPresent()) {
      return reader.of(block.get()).config();
    }
    if (task.body().attributes().containsKey("config")) {
      reader.problem(
          task.body().attributes().get("config").nameRange(),
          "config is a block",
          "Write config { ... } without an equals sign.");
    }
    return new Job.Config(Map.of(), Map.of());
  }

  private Job.ResourceSpec resources(BodyReader parent) {
    Optional<Block> block = parent.block("resources");
    if (block.isEmpty()) {
      return new Job.ResourceSpec(
          OptionalLong.of(DEFAULT_CPU), OptionalInt.empty(), DEFAULT_MEMORY, OptionalLong.empty());
    }
    BodyReader reader = parent.of(block.get());
    needsCluster.addAll(
        reader.sort("resources block", RESOURCE_KEYS, RESOURCE_CLUSTER_KEYS, RESOURCE_LATER_KEYS));
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
