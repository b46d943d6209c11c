package io.gaol.cli.job;

import io.gaol.driver.ConfigException;
import io.gaol.driver.ExecDriver;
import io.gaol.driver.JailDriver;
import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.TaskRequest;
import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.engine.LinklessPath;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Platform;
import io.gaol.engine.Platform.Contents;
import io.gaol.engine.TaskContext;
import io.gaol.hcl.Diagnostic;
import io.gaol.jail.BindMount;
import io.gaol.jail.Bytes;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Resources;
import io.gaol.jail.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Plans the tasks of a job on this host. */
final class JobPlanner {
  private final Platform.Jails jails;
  private final List<JailDriver> drivers;
  private final List<Path> systemDirectories;
  private final HostVolumes volumes;
  private final JobHost host;
  private final Map<String, String> node;
  private final LimitsWithoutRacct limits;

  /**
   * A planner.
   *
   * @param host that the job is for
   * @param jails of that host
   * @param systemDirectories of the host, for tasks without a root of their own
   * @param volumes what the host lends
   * @param limits what becomes of those that a FreeBSD cannot hold
   */
  JobPlanner(
      JobHost host,
      Platform.Jails jails,
      List<Path> systemDirectories,
      HostVolumes volumes,
      LimitsWithoutRacct limits) {
    this.host = host;
    this.limits = limits;
    this.jails = jails;
    this.drivers = List.of(new JailTaskDriver(jails::otherParameters), new ExecDriver());
    this.volumes = volumes;
    this.systemDirectories = List.copyOf(systemDirectories);
    this.node = host.attributes();
  }

  /**
   * A task of an allocation.
   *
   * @param allocation where it runs
   * @param number its place in the group
   */
  record Placed(Job job, Job.Group group, Job.TaskSpec task, Allocation allocation, int number) {
    Path stdout() {
      return allocation.fifo(number, "stdout");
    }

    Path stderr() {
      return allocation.fifo(number, "stderr");
    }

    /**
     * What tells its jail from all others. Names that differ can give one jail's name: "a.b" and
     * "a/b".
     */
    String unique() {
      String id = allocation.shortId();
      String name = JailName.of(task.name(), id).value();
      boolean taken =
          name.equals(allocation.name().value())
              || group.tasks().stream()
                  .limit(number)
                  .anyMatch(other -> JailName.of(other.name(), id).value().equals(name));
      return taken ? id + "-t" + number : id;
    }

    /** What a person calls it: with the group and the number where there are several. */
    String title() {
      String title = task.name();
      if (job.groups().size() > 1 || (group.tasks().size() == 1 && !group.name().equals(title))) {
        title = group.name() + "." + title;
      }
      return group.count() > 1 ? title + "[" + allocation.index() + "]" : title;
    }
  }

  /** {@link io.gaol.engine.Host#noDevices} of this host. */
  List<String> noDevices() {
    return jails.host().noDevices();
  }

  /** What a job asks of its host that this one does not meet, each with its place. */
  List<String> unmetConstraints(Job job) {
    Map<String, String> known = new HashMap<>(node);
    known.putIfAbsent("node.datacenter", job.datacenter());
    known.putIfAbsent("node.region", job.region());
    ConstraintCheck check = new ConstraintCheck(known);
    List<String> unmet = new ArrayList<>(check.unmet(job.constraints()));
    for (Job.Group group : job.groups()) {
      unmet.addAll(check.unmet(group.constraints()));
      group.tasks().forEach(task -> unmet.addAll(check.unmet(task.constraints())));
    }
    return unmet;
  }

  /**
   * Whether what a task runs may come to be only after the job was planned: it fetches it, or
   * another task makes it before it starts.
   */
  static boolean isProvisional(Placed placed) {
    return !placed.task().artifacts().isEmpty()
        || !placed.task().templates().isEmpty()
        || placed.group().tasks().stream().anyMatch(task -> task.lifecycle().isPresent());
  }

  /**
   * The artifacts of a task.
   *
   * @throws JobException if one could never be fetched, with its place
   */
  TaskArtifacts artifacts(Placed placed) throws JobException {
    Job.TaskSpec task = placed.task();
    NomadVariables variables = variables(placed);
    Optional<String> user =
        user(task, variables).or(() -> driverOf(task).flatMap(JailDriver::defaultUser));
    return TaskArtifacts.of(placed, variables, user);
  }

  /**
   * The templates of a task.
   *
   * @throws JobException if one could never be rendered, with its place
   */
  TaskTemplates templates(Placed placed) throws JobException {
    return TaskTemplates.of(placed, variables(placed));
  }

  private NomadVariables variables(Placed placed) {
    return NomadVariables.of(
        placed.job(), placed.group(), placed.task(), placed.allocation(), node);
  }

  /**
   * Plans the first start of a task, before the job runs.
   *
   * @throws JobException with all that is wrong, each with its place
   */
  Plan plan(Placed placed) throws JobException {
    artifacts(placed);
    templates(placed);
    return plan(
        placed,
        0,
        firstVariables(placed),
        isProvisional(placed) ? Contents.TO_COME : Contents.THERE);
  }

  /** The variables that are known before the templates are rendered, which may bring more. */
  private NomadVariables firstVariables(Placed placed) {
    boolean moreToCome = placed.task().templates().stream().anyMatch(Job.Template::environment);
    return moreToCome ? variables(placed).lenient() : variables(placed);
  }

  /**
   * Plans one start of a task, right before it.
   *
   * @param start how many starts went before
   * @param more variables that its templates made
   * @throws JobException with all that is wrong, each with its place
   */
  Plan plan(Placed placed, int start, Map<String, String> more) throws JobException {
    return plan(placed, start, variables(placed).plus(more), Contents.THERE);
  }

  private Plan plan(Placed placed, int start, NomadVariables variables, Contents contents)
      throws JobException {
    Job.TaskSpec task = placed.task();
    JailDriver driver = driver(task);
    Allocation allocation = placed.allocation();
    List<BindMount> mounts = volumes.mounts(placed.group(), task, allocation.index(), variables);
    try {
      TaskContext context =
          new TaskContext(
              withoutLinks(allocation, placed.stdout()),
              withoutLinks(allocation, placed.stderr()),
              task.killSignal().orElse(driver.defaultKillSignal()),
              task.killTimeout(),
              limits);
      JailSpec spec = spec(placed, driver, start, variables, mounts);
      return jails.plan(spec, context, allocation.directory(), contents);
    } catch (PlanRefusedException refused) {
      throw new JobException(
          refused.problems().stream()
              .map(problem -> "task \"" + task.name() + "\": " + problem)
              .toList());
    } catch (IOException failure) {
      throw new JobException(
          "task \""
              + task.name()
              + "\": this host cannot be looked at: "
              + (failure.getClass().equals(IOException.class) ? failure.getMessage() : failure));
    }
  }

  /** Where the output goes; of a recorded host no links are known. */
  private Path withoutLinks(Allocation allocation, Path fifo) throws IOException {
    return host.recorded().isPresent()
        ? fifo
        : new LinklessPath(allocation.directory(), fifo).real();
  }

  /**
   * Looks at a task's config as its driver does, and at nothing of this host.
   *
   * @return what it asks for, with what depends on the host as if it were this one
   * @throws JobException with all that is wrong, each with its place
   */
  JailSpec check(Placed placed) throws JobException {
    templates(placed);
    NomadVariables variables = firstVariables(placed).ofAnyHost();
    return spec(placed, driver(placed.task()), 0, variables, List.of());
  }

  private JailSpec spec(
      Placed placed, JailDriver driver, int start, NomadVariables variables, List<BindMount> mounts)
      throws JobException {
    Job.TaskSpec task = placed.task();
    TaskConfig.Read config = TaskConfig.read(task, driver, variables);
    List<Diagnostic> problems = new ArrayList<>(config.problems());
    if (config.values().isPresent()) {
      try {
        JailSpec spec =
            driver.spec(request(placed, config.values().get(), start, variables, mounts));
        if (problems.isEmpty()) {
          return spec;
        }
      } catch (ConfigException wrong) {
        problems.addAll(TaskConfig.diagnostics(task, wrong.problems()));
      }
    }
    problems.sort(Comparator.comparingInt(problem -> problem.range().startOffset()));
    throw JobException.of(problems);
  }

  private TaskRequest request(
      Placed placed,
      Map<String, Object> config,
      int start,
      NomadVariables variables,
      List<BindMount> mounts)
      throws JobException {
    Job.TaskSpec task = placed.task();
    Allocation allocation = placed.allocation();
    String unique = placed.unique() + (start == 0 ? "" : "-" + start);
    return new TaskRequest(
        JailName.of(task.name(), unique),
        config,
        environment(task, variables),
        user(task, variables),
        allocation.taskDirectory(placed.number(), task.name()),
        allocation.shared(),
        systemDirectories,
        mounts,
        List.of(),
        resources(task.resources()));
  }

  private Optional<JailDriver> driverOf(Job.TaskSpec task) {
    return drivers.stream().filter(driver -> driver.name().equals(task.driver())).findFirst();
  }

  private JailDriver driver(Job.TaskSpec task) throws JobException {
    Optional<JailDriver> driver = driverOf(task);
    if (driver.isEmpty()) {
      List<String> names = drivers.stream().map(JailDriver::name).toList();
      throw JobException.of(
          List.of(
              Diagnostic.error(
                  task.range(),
                  "There is no driver \"" + task.driver() + "\" here",
                  "There are "
                      + String.join(" and ", names)
                      + "."
                      + Spelling.suggestion(task.driver(), names))));
    }
    return driver.get();
  }

  private static Environment environment(Job.TaskSpec task, NomadVariables variables)
      throws JobException {
    try {
      return new Environment(variables.environment());
    } catch (IllegalArgumentException wrong) {
      throw new JobException(Diagnostic.error(task.range(), wrong.getMessage(), "").render());
    }
  }

  private static Optional<String> user(Job.TaskSpec task, NomadVariables variables)
      throws JobException {
    if (task.user().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(variables.resolve(task.user().get()));
    } catch (NomadVariables.UnknownReferenceException unknown) {
      throw new JobException(
          Diagnostic.error(task.range(), "user: " + unknown.getMessage(), "").render());
    }
  }

  /** Nomad's memory, memory_max, cpu and cores: memory_max is the limit where it is given. */
  private static Resources resources(Job.ResourceSpec spec) {
    Bytes memory = Bytes.ofMebibytes(spec.memory());
    boolean unlimited = spec.memoryMax().isPresent() && spec.memoryMax().getAsLong() < 0;
    Optional<Bytes> limit =
        unlimited
            ? Optional.empty()
            : Optional.of(
                spec.memoryMax().isPresent()
                    ? Bytes.ofMebibytes(spec.memoryMax().getAsLong())
                    : memory);
    return new Resources(
        limit,
        spec.memoryMax().isPresent() ? Optional.of(memory) : Optional.empty(),
        spec.cpu(),
        IntStream.range(0, spec.cores().orElse(0)).boxed().toList(),
        OptionalLong.empty());
  }
}
