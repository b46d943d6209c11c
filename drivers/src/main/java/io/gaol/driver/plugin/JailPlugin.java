package io.gaol.driver.plugin;

import io.gaol.driver.ConfigException;
import io.gaol.driver.ConfigProblem;
import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.JailTaskDriverOptions;
import io.gaol.driver.SignalName;
import io.gaol.driver.TaskRequest;
import io.gaol.engine.Exit;
import io.gaol.engine.LinklessPath;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Platform;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.engine.TaskContext;
import io.gaol.engine.TaskStart;
import io.gaol.engine.Usage;
import io.gaol.goplugin.PluginLog;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Spelling;
import io.gaol.nomad.Capabilities;
import io.gaol.nomad.DriverException;
import io.gaol.nomad.DriverInfo;
import io.gaol.nomad.DriverState;
import io.gaol.nomad.ExecStreams;
import io.gaol.nomad.Fingerprint;
import io.gaol.nomad.Listener;
import io.gaol.nomad.PluginConfig;
import io.gaol.nomad.StartedTask;
import io.gaol.nomad.TaskConfig;
import io.gaol.nomad.TaskDriver;
import io.gaol.nomad.TaskEvent;
import io.gaol.nomad.TaskExit;
import io.gaol.nomad.TaskNotFoundException;
import io.gaol.nomad.TaskStatus;
import io.gaol.nomad.TaskUsage;
import io.gaol.nomad.config.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** {@code jail-task-driver} as a Nomad agent calls it: tasks in jails of this host. */
public final class JailPlugin implements TaskDriver {
  /** How long a task has to end that was killed for the agent to destroy it. */
  private static final Duration AT_ONCE = Duration.ZERO;

  /** The least that a prestop or stop command may take whose parameters set it no limit. */
  private static final Duration LEAST_FOR_STOP_COMMANDS = Duration.ofSeconds(5);

  /** What a task gets where a start is planned; each stop brings its own. */
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

  private final String version;
  private final Function<Optional<String>, Platform> platforms;
  private final PluginLog log;
  private final Events events = new Events();
  private final Map<String, LiveTask> tasks = new ConcurrentHashMap<>();
  private final Map<JailName, LiveTask.About> about = new ConcurrentHashMap<>();
  private final Set<String> beingMade = ConcurrentHashMap.newKeySet();

  /** What jails are made on, from the first configuration on. */
  private volatile Optional<Platform> platform = Optional.empty();

  private volatile Optional<Workshop> workshop = Optional.empty();

  /**
   * The driver.
   *
   * @param version of the plugin
   * @param platforms what jails are made on, by the {@code host} of the configuration: {@link
   *     io.gaol.driver.Platforms#ofThisHost}
   * @param log gets what happens to tasks too
   */
  JailPlugin(String version, Function<Optional<String>, Platform> platforms, PluginLog log) {
    this.version = Objects.requireNonNull(version, "version");
    this.platforms = Objects.requireNonNull(platforms, "platforms");
    this.log = Objects.requireNonNull(log, "log");
  }

  /** Knows all parameters, for which most processes of a plugin have no use: an agent ends them. */
  private static final class Reader {
    static final JailTaskDriver INSTANCE = new JailTaskDriver();
  }

  private static JailTaskDriver reader() {
    return Reader.INSTANCE;
  }

  // ---- what it is

  @Override
  public DriverInfo info() {
    return new DriverInfo(JailTaskDriver.NAME, version);
  }

  @Override
  public Schema.Fields configSchema() {
    return JailTaskDriverOptions.schema();
  }

  @Override
  public Schema.Fields taskConfigSchema() {
    return reader().schema();
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(Capabilities.FileSystemIsolation.IMAGE);
  }

  @Override
  public void configure(PluginConfig config) throws DriverException {
    JailTaskDriverOptions options;
    try {
      options = JailTaskDriverOptions.of(config.config());
    } catch (ConfigException wrong) {
      throw new DriverException(inOneLine(wrong.problems()), wrong);
    }
    if (!config.validation()) {
      open(options);
    }
  }

  private synchronized void open(JailTaskDriverOptions options) throws DriverException {
    Platform host = chosen(options.host());
    if (workshop.isPresent() && workshop.get().isFor(options, host)) {
      workshop = Optional.of(workshop.get().with(options));
      return;
    }
    try {
      workshop = Optional.of(Workshop.open(options, host, this::happened));
      platform = Optional.of(host);
      Thread.ofVirtual().name("orphans").start(() -> removeOrphans(options.recoveryWindow()));
    } catch (IOException failure) {
      throw new DriverException(failure.getMessage(), failure);
    }
  }

  /**
   * The platform of a configuration. What was made on one can be seen and undone on no other, so a
   * process keeps to its first.
   */
  private Platform chosen(Optional<String> host) throws DriverException {
    Platform asked;
    try {
      asked = platforms.apply(host);
    } catch (IllegalArgumentException none) {
      throw new DriverException(none.getMessage(), none);
    }
    if (platform.isEmpty()) {
      return asked;
    }
    if (!platform.get().name().equals(asked.name())) {
      throw new DriverException(
          "host is "
              + platform.get().name()
              + " for this process of the plugin, and cannot become "
              + asked.name()
              + ": stop its tasks, and restart the agent");
    }
    return platform.get();
  }

  /**
   * Removes what is left of tasks that ended while there was no plugin, and that the agent has not
   * asked for since: it had given them up before.
   */
  private void removeOrphans(Duration recoveryWindow) {
    try {
      Workshop place = workshop();
      List<JailName> ended = place.endedWithoutPlugin();
      if (!ended.isEmpty()) {
        Thread.sleep(recoveryWindow);
      }
      for (JailName jail : ended) {
        // A hook that one owes may hang.
        Thread.ofVirtual().name("orphan-" + jail).start(() -> removeOrphan(place, jail));
      }
    } catch (IOException | DriverException failure) {
      log.warn("what old tasks left cannot be looked for", "error", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeOrphan(Workshop place, JailName jail) {
    try {
      Optional<Task> orphan =
          about.containsKey(jail) ? Optional.empty() : place.engine().recover(jail);
      if (orphan.isEmpty()) {
        return;
      }
      if (place.engine().isAlive(jail)) {
        // It was only about to start when we looked.
        orphan.get().leave();
        return;
      }
      log.info("removing what is left of a task that nobody asked for", "jail", jail.value());
      orphan.get().await();
      orphan.get().destroy();
    } catch (IOException | RuntimeException failure) {
      log.warn("what an old task left cannot be removed", "jail", jail.value(), "error", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Workshop workshop() throws DriverException {
    return workshop.orElseThrow(
        () -> new DriverException("the plugin has no configuration yet: SetConfig comes first"));
  }

  @Override
  public void fingerprint(Listener<Fingerprint> fingerprints) throws InterruptedException {
    Platform host = platform.orElseGet(() -> platforms.apply(Optional.empty()));
    new Fingerprinter(JailTaskDriver.NAME, version, host).run(fingerprints);
  }

  // ---- events

  @Override
  public void taskEvents(Listener<TaskEvent> listener) throws InterruptedException {
    events.handTo(listener);
  }

  /** What the engine says happened; the agent itself says that a task has started. */
  private void happened(io.gaol.engine.TaskEvent event) {
    if (event.kind() == io.gaol.engine.TaskEvent.Kind.LIMIT) {
      log.info(event.message(), "jail", event.jail().value());
    } else if (event.kind() == io.gaol.engine.TaskEvent.Kind.WARNING) {
      log.warn(event.message(), "jail", event.jail().value());
    } else {
      log.debug(event.message(), "jail", event.jail().value());
    }
    if (event.kind() != io.gaol.engine.TaskEvent.Kind.STARTED) {
      tell(event.jail(), event.message());
    }
  }

  private void tell(JailName jail, String message) {
    LiveTask.About whose = about.get(jail);
    if (whose != null) {
      events.tell(
          new TaskEvent(
              whose.id(),
              whose.allocation(),
              whose.name(),
              Instant.now(),
              message,
              Map.of("jail", jail.value())));
    }
  }

  // ---- start

  @Override
  public StartedTask startTask(TaskConfig config) throws DriverException, InterruptedException {
    String id = config.id();
    if (!beingMade.add(id)) {
      throw new DriverException("task with ID \"" + id + "\" is being started");
    }
    try {
      if (tasks.containsKey(id)) {
        throw new DriverException("task with ID \"" + id + "\" already started");
      }
      LiveTask task = start(config);
      return new StartedTask(task.state(), task.network());
    } finally {
      beingMade.remove(id);
    }
  }

  private LiveTask start(TaskConfig config) throws DriverException, InterruptedException {
    Workshop place = workshop();
    JailName jail = TaskId.jail(config.id());
    LinklessPath stdout = Requests.stream(config, config.stdout());
    LinklessPath stderr = Requests.stream(config, config.stderr());
    List<LinklessPath> streams = List.of(stdout, stderr);
    LiveTask.About whose = LiveTask.About.of(config);
    about.put(jail, whose);
    boolean started = false;
    try {
      TaskRequest request = Requests.of(config, jail, place.options().systemDirectories());
      JailSpec spec = new JailTaskDriver(place.jails()::otherParameters).spec(request);
      List<ConfigProblem> refusals =
          JailTaskDriverOptions.refusals(place.options().policy(), request, spec);
      if (!refusals.isEmpty()) {
        throw new DriverException(inOneLine(refusals));
      }
      spec = place.options().devfsRulesets().applied(spec);
      TaskContext context =
          TaskContext.of(stdout, stderr, reader().defaultKillSignal(), KILL_TIMEOUT)
              .with(place.options().limitsWithoutRacct());
      Path allocation = config.allocation().directory();
      Plan plan;
      Task task;
      // What an earlier start left has them open until it is removed.
      try (HeldStreams _ = HeldStreams.of(place.engine().has(jail) ? streams : List.of())) {
        Optional<Task> earlier = earlier(place, jail);
        if (earlier.isPresent()) {
          plan = place.jails().plan(spec, context, allocation, Platform.Contents.THERE);
          task = earlier.get();
        } else {
          try (TaskStart start =
              place.engine().begin(jail, place.owner(config.allocation().id()))) {
            plan = place.jails().plan(spec, context, allocation, Platform.Contents.THERE);
            task = start.carryOut(plan);
          }
        }
      }
      started = true;
      plan.notes().forEach(note -> tell(jail, note));
      LiveTask live = new LiveTask(whose, task, Instant.now(), Networks.of(spec, config));
      tasks.put(config.id(), live);
      return live;
    } catch (ConfigException wrong) {
      throw new DriverException(inOneLine(wrong.problems()), wrong);
    } catch (PlanRefusedException refused) {
      throw new DriverException(String.join("; ", refused.problems()), refused);
    } catch (StepFailedException failed) {
      // A hook, a disk, a host that is busy: what fails now may do later.
      throw DriverException.recoverable(failed.getMessage(), failed);
    } catch (IOException failure) {
      throw DriverException.recoverable(
          "this host cannot be looked at: " + failure.getMessage(), failure);
    } finally {
      if (!started) {
        about.remove(jail);
        // Somebody waits for a task to open them, and would wait for seconds: he finds their end.
        HeldStreams.of(streams).close();
      }
    }
  }

  /**
   * The task of an earlier start with the same id: an agent starts a task a second time when the
   * plugin dies before it has answered. If the first start got as far as the task, it is the task;
   * what it left half done is removed.
   */
  private static Optional<Task> earlier(Workshop place, JailName jail)
      throws IOException, DriverException, InterruptedException {
    Optional<Task> earlier = place.engine().recover(jail);
    if (earlier.filter(Task::isEnding).isPresent()) {
      earlier.get().await();
    }
    if (earlier.isEmpty() || isKnown(earlier.get())) {
      return earlier;
    }
    List<String> left;
    try {
      left = earlier.get().destroy();
    } catch (IOException | RuntimeException | InterruptedException failure) {
      earlier.get().leave();
      throw failure;
    }
    if (!left.isEmpty()) {
      throw DriverException.recoverable(
          "what an earlier start of the task left could not be removed: " + String.join("; ", left),
          null);
    }
    return Optional.empty();
  }

  /** Whether it runs, or ended in a way that somebody recorded. */
  private static boolean isKnown(Task task) {
    return task.exit().flatMap(Exit::status).isPresent() || task.exit().isEmpty();
  }

  private static String inOneLine(List<ConfigProblem> problems) {
    return String.join("; ", problems.stream().map(ConfigProblem::message).toList());
  }

  // ---- recovery

  @Override
  public void recoverTask(TaskConfig config, DriverState driverState)
      throws DriverException, InterruptedException {
    String id = config.id();
    if (!beingMade.add(id)) {
      throw new DriverException("task with ID \"" + id + "\" is being started");
    }
    try {
      Instant started = LiveTask.started(driverState);
      LiveTask.About whose = LiveTask.About.of(config);
      LiveTask known = tasks.get(id);
      if (known == null) {
        recover(config, started);
      } else {
        // One that was stopped before has neither its name nor its time.
        about.put(known.task().name(), whose);
        tasks.put(id, new LiveTask(whose, known.task(), started, known.network()));
      }
    } finally {
      beingMade.remove(id);
    }
  }

  private void recover(TaskConfig config, Instant started)
      throws DriverException, InterruptedException {
    JailName jail = TaskId.jail(config.id());
    LiveTask.About whose = LiveTask.About.of(config);
    about.put(jail, whose);
    Optional<Task> task = Optional.empty();
    try {
      task = workshop().engine().recover(jail);
    } catch (IOException failure) {
      throw new DriverException(
          "the task's jail " + jail + " cannot be taken over: " + failure.getMessage(), failure);
    } finally {
      if (task.isEmpty()) {
        about.remove(jail);
      }
    }
    tasks.put(
        config.id(),
        new LiveTask(
            whose,
            task.orElseThrow(
                () ->
                    new DriverException(
                        "the task's jail "
                            + jail
                            + " is not there any more, or another program has it")),
            started,
            Optional.empty()));
  }

  // ---- end

  private LiveTask task(String id) throws TaskNotFoundException {
    LiveTask task = tasks.get(id);
    if (task == null) {
      throw new TaskNotFoundException(id);
    }
    return task;
  }

  private Task running(String id) throws DriverException {
    Task task = task(id).task();
    if (task.exit().isPresent()) {
      throw new DriverException("the task has ended: " + task.exit().get().describe());
    }
    return task;
  }

  @Override
  public TaskExit awaitTask(String id) throws DriverException, InterruptedException {
    return Answers.exit(task(id).task().await());
  }

  @Override
  public void stopTask(String id, Duration timeout, Optional<String> signal)
      throws DriverException, InterruptedException {
    Optional<String> asked = signal.filter(text -> !text.isEmpty());
    if (asked.isPresent() && SignalName.find(asked.get()).isEmpty()) {
      throw new DriverException(
          "error unknown signal given for shutdown: " + asked.get() + suggestion(asked.get()));
    }
    stop(
        knownOrAdopted(id).orElseThrow(() -> new TaskNotFoundException(id)).task(),
        asked.flatMap(SignalName::find).orElseGet(reader()::defaultKillSignal),
        timeout);
  }

  private static String suggestion(String signal) {
    return "." + Spelling.suggestion(SignalName.written(signal), SignalName.ALL);
  }

  private static void stop(Task task, String signal, Duration timeout) throws InterruptedException {
    Duration most =
        timeout.compareTo(LEAST_FOR_STOP_COMMANDS) > 0 ? timeout : LEAST_FOR_STOP_COMMANDS;
    task.stop(signal, timeout, Optional.of(most));
  }

  @Override
  public void destroyTask(String id, boolean force) throws DriverException, InterruptedException {
    JailName jail = TaskId.jail(id);
    try {
      Optional<LiveTask> live = knownOrAdopted(id);
      if (live.isEmpty()) {
        refuseIfAnothers(jail);
        return;
      }
      synchronized (live.get()) {
        // Another call may have destroyed it meanwhile.
        if (live.get().equals(tasks.get(id))) {
          destroy(live.get().task(), force);
          tasks.remove(id);
        }
      }
    } catch (IOException failure) {
      throw new DriverException(
          "the task's jail " + jail + " cannot be removed: " + failure.getMessage(), failure);
    }
    about.remove(jail);
  }

  /**
   * A task, also one that an earlier process of the plugin started and that nobody has asked us to
   * recover: an agent ends what it cannot recover.
   */
  private Optional<LiveTask> knownOrAdopted(String id)
      throws DriverException, InterruptedException {
    LiveTask known = tasks.get(id);
    if (known != null || !beingMade.add(id)) {
      return Optional.ofNullable(known);
    }
    try {
      Optional<Task> found = workshop().engine().recover(TaskId.jail(id));
      found.ifPresent(
          task ->
              tasks.put(
                  id,
                  new LiveTask(
                      new LiveTask.About(id, "", ""), task, Instant.now(), Optional.empty())));
      return Optional.ofNullable(tasks.get(id));
    } catch (IOException failure) {
      throw new DriverException(
          "the task's jail " + TaskId.jail(id) + " cannot be taken over: " + failure.getMessage(),
          failure);
    } finally {
      beingMade.remove(id);
    }
  }

  /** What another program has would run on, beside its successor. */
  private void refuseIfAnothers(JailName jail) throws DriverException, IOException {
    if (workshop().engine().isAlive(jail)) {
      throw new DriverException(
          "the task's jail "
              + jail
              + " runs, and another process has it ("
              + workshop().owner(jail)
              + "): end that one, and it can be destroyed");
    }
  }

  private void destroy(Task task, boolean force)
      throws DriverException, IOException, InterruptedException {
    if (task.exit().isEmpty()) {
      if (!force) {
        throw new DriverException("cannot destroy running task");
      }
      stop(task, reader().defaultKillSignal(), AT_ONCE);
    }
    List<String> left = task.destroy();
    if (!left.isEmpty()) {
      tell(task.name(), "left behind: " + String.join("; ", left));
    }
  }

  @Override
  public void signalTask(String id, String signal) throws DriverException, InterruptedException {
    Optional<String> known = SignalName.find(signal);
    if (known.isEmpty()) {
      throw new DriverException("\"" + signal + "\" is no signal" + suggestion(signal));
    }
    try {
      running(id).signal(known.get());
    } catch (IOException failure) {
      throw new DriverException(
          "cannot send " + known.get() + ": " + failure.getMessage(), failure);
    }
  }

  // ---- questions

  @Override
  public TaskStatus inspectTask(String id) throws DriverException {
    LiveTask live = task(id);
    Task task = live.task();
    Optional<Exit> exit = task.exit();
    try {
      Map<String, String> attributes = new TreeMap<>();
      attributes.put("jail", task.name().value());
      attributes.put("directory", task.directory().path().toString());
      task.firstProcess().ifPresent(pid -> attributes.put("pid", pid.toString()));
      return new TaskStatus(
          live.about().name(),
          exit.isPresent() ? TaskStatus.State.EXITED : TaskStatus.State.RUNNING,
          live.started(),
          exit.isPresent() ? task.ended().or(() -> Optional.of(Instant.now())) : Optional.empty(),
          exit.map(Answers::exit),
          attributes,
          live.network());
    } catch (IOException failure) {
      throw new DriverException(
          "the task's jail cannot be looked at: " + failure.getMessage(), failure);
    }
  }

  @Override
  public Optional<TaskUsage> taskUsage(String id) throws DriverException {
    Task task = task(id).task();
    if (task.exit().isPresent()) {
      return Optional.empty();
    }
    try {
      Optional<Usage> usage = task.usage();
      return usage.map(Answers::usage);
    } catch (IOException failure) {
      throw new DriverException(
          "what the task has used cannot be read: " + failure.getMessage(), failure);
    }
  }

  @Override
  public TaskExit exec(String id, List<String> command, boolean terminal, ExecStreams streams)
      throws DriverException, InterruptedException {
    if (terminal) {
      throw new DriverException(
          "commands in a jail have no terminal yet: run it without (nomad alloc exec -t=false)");
    }
    if (command.isEmpty()) {
      throw new DriverException("error cmd must have at least one value");
    }
    Task task = running(id);
    try {
      return TaskExit.of(task.exec(command, streams.stdin(), streams.stdout(), streams.stderr()));
    } catch (IOException failure) {
      throw new DriverException(
          "the command could not be run in the jail: " + failure.getMessage(), failure);
    }
  }
}
