package io.gaol.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.gaol.e2e.Command;
import io.gaol.e2e.Leftovers;
import io.gaol.e2e.Workplace;
import io.gaol.nomad.proto.driver.DriverGrpc.DriverBlockingStub;
import io.gaol.nomad.proto.driver.DriverGrpc.DriverStub;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskConfigSchemaRequest;
import io.gaol.testing.host.AgentStart;
import io.gaol.testing.host.AllocationDirectory;
import io.gaol.testing.host.ConfigSpec;
import io.gaol.testing.host.DriverTask;
import io.gaol.testing.host.Plugin;
import io.gaol.testing.host.PluginCommand;
import io.gaol.testing.host.PluginHostException;
import io.gaol.testing.host.TaskLogs;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where a test drives the plugin: a state directory, allocations, and a folder for temporary files,
 * all its own. When the test ends its tasks are destroyed and its plugins ended as an agent does
 * it, and nothing may be left on the machine, or it fails.
 */
final class Stage implements BeforeEachCallback, AfterEachCallback {
  /** On a busy machine anything can take long; only what hangs takes this long. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Path PLUGIN = Command.GAOL_HOME.resolve("plugins/jail-task-driver");

  /** What ends by itself has this long to be gone. */
  private static final Duration GONE = Duration.ofSeconds(15);

  private final List<Plugin> plugins = new ArrayList<>();
  private final List<DriverTask> tasks = new ArrayList<>();
  private final List<TaskLogs> logs = new ArrayList<>();
  private final String token = "t" + UUID.randomUUID().toString().substring(0, 7);
  private Path directory;
  private Path state;
  private AgentStart agent;
  private boolean somethingKilled;
  private List<String> behind = List.of();

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    // Not below JUnit's own: the path of a Unix socket in it must fit into 108 bytes.
    directory = Files.createTempDirectory(Path.of("/tmp"), "gaol-");
    Files.setAttribute(directory, "unix:mode", 0755);
    Files.createDirectory(temporary());
    state = directory.resolve("state");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    try {
      if (context.getExecutionException().isEmpty()) {
        end();
        assertNothingIsLeft();
      }
    } finally {
      cleanUp();
    }
  }

  // ---- places

  /** A folder for the test, removed after it. */
  Path directory() {
    return directory;
  }

  /** The plugin's {@code state_dir}. */
  Path state() {
    return state;
  }

  /** Where the plugin puts what is temporary: its socket. */
  Path temporary() {
    return directory.resolve("tmp");
  }

  /** From now on the state directory is there. */
  void moveStateTo(Path newState) {
    state = newState;
  }

  /** In the name of each task, jail and cgroup of this test. */
  String token() {
    return token;
  }

  // ---- the plugin

  /** How the plugin is started. */
  PluginCommand command() {
    PluginCommand command =
        behind.isEmpty()
            ? PluginCommand.of(PLUGIN)
            : PluginCommand.of(
                Path.of("/usr/bin", behind.getFirst()),
                Stream.concat(behind.stream().skip(1), Stream.of(PLUGIN.toString()))
                    .toArray(String[]::new));
    return command.with("TMPDIR", temporary());
  }

  /** From now on a plugin is started by another program, which becomes it. */
  void startBehind(String... program) {
    behind = List.of(program);
  }

  /** A plugin that nobody has configured. */
  Plugin launch() {
    Plugin plugin = command().launch();
    plugins.add(plugin);
    return plugin;
  }

  /** What the operator's config is, with more in it. */
  Map<String, Object> options(Map<String, ?> more) {
    Map<String, Object> options = new HashMap<>(more);
    options.put("state_dir", state.toString());
    return options;
  }

  /** Starts an agent's part; from now on its plugin is the one that is called. */
  AgentStart startAgent(Map<String, ?> moreOptions) {
    agent = AgentStart.of(command(), options(moreOptions), PATIENCE);
    plugins.add(agent.plugin());
    return agent;
  }

  /** An agent's plugin, launched once: what is told of the launches before is tested elsewhere. */
  AgentStart startPlugin(Map<String, ?> moreOptions) {
    agent = AgentStart.again(command(), options(moreOptions));
    plugins.add(agent.plugin());
    return agent;
  }

  /** The agent that was started last; its plugin is started now if none was. */
  AgentStart agent() {
    return agent == null ? startPlugin(Map.of()) : agent;
  }

  /** The plugin is found again by another agent, after the first has crashed. */
  AgentStart reattach() {
    Plugin old = agent().plugin();
    old.abandon();
    agent = agent().with(Plugin.reattach(old.socket(), old.pid()));
    plugins.add(agent.plugin());
    return agent;
  }

  /** The plugin dies, and the agent starts another. */
  AgentStart killPluginAndStartAnother() {
    killPlugin();
    return startPlugin(Map.of());
  }

  /** SIGKILL. */
  void killPlugin() {
    somethingKilled = true;
    agent().plugin().killHard();
  }

  /** The driver that is called. */
  DriverBlockingStub driver() {
    return driver(agent().plugin());
  }

  /** The same of a plugin; what hangs fails. */
  static DriverBlockingStub driver(Plugin plugin) {
    return plugin.driver().withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** The driver; calls return at once. */
  DriverStub driverAsync() {
    return agent().plugin().driverAsync();
  }

  // ---- tasks

  /** The config of a task that runs a script of sh(1). */
  static Map<String, Object> shell(String script) {
    return Map.of("command", "/bin/sh", "args", List.of("-c", script));
  }

  /** A task's config as the agent sends it. */
  ByteString encode(Map<String, ?> config) {
    return ConfigSpec.encode(
        driver().taskConfigSchema(TaskConfigSchemaRequest.getDefaultInstance()).getSpec(), config);
  }

  /** A task that is not started yet. */
  DriverTask task(Map<String, ?> config) {
    return task(config, task -> task);
  }

  /** A task that is not started yet, of which the agent says more. */
  DriverTask task(Map<String, ?> config, UnaryOperator<TaskConfig.Builder> more) {
    AllocationDirectory allocation =
        AllocationDirectory.make(directory.resolve("allocations"), token);
    TaskLogs itsLogs = allocation.startLogs();
    logs.add(itsLogs);
    DriverTask task =
        new DriverTask(
            () -> agent().plugin(),
            allocation,
            itsLogs,
            more.apply(allocation.taskConfig(encode(config), itsLogs)).build());
    tasks.add(task);
    return task;
  }

  /** A task that runs a script. */
  DriverTask start(String script) {
    return task(shell(script)).start();
  }

  /** A task that runs until it is stopped, and has said so. */
  DriverTask startSleeper() {
    DriverTask task = start("echo ready; exec sleep 1000");
    task.logs().awaitStdout("ready");
    return task;
  }

  // ---- errors

  /** How a call is refused; what is no answer to a client but the end of a plugin is not taken. */
  static Status refusal(ThrowingCallable call) {
    StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(refused).as("it was not refused").isNotNull();
    assertThat(refused.getStatus().getCode())
        .as("by %s an agent would think that the plugin has gone", refused.getStatus())
        .isNotIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.DEADLINE_EXCEEDED);
    assertThat(refused.getStatus().getDescription())
        .as("of %s", refused.getStatus())
        .isNotBlank()
        .doesNotContain("Exception", "\tat ");
    return refused.getStatus();
  }

  // ---- what is left

  /** Destroys all tasks, and ends the plugins as an agent does. */
  void end() {
    if (agent != null && agent.plugin().isAlive()) {
      tasks.forEach(DriverTask::destroy);
      agent.plugin().kill(PATIENCE);
    }
    for (Plugin plugin : plugins) {
      if (plugin.isAlive()) {
        plugin.kill(PATIENCE);
      }
      plugin.close();
    }
    logs.forEach(TaskLogs::close);
  }

  void assertNothingIsLeft() {
    if (!settles(() -> left().isEmpty())) {
      assertThat(left()).as("what is left").isEmpty();
    }
  }

  /** What has just been killed is gone a moment later. */
  private static boolean settles(BooleanSupplier condition) {
    return Workplace.within(GONE, condition);
  }

  /** What is on the machine of this test, in words. */
  List<String> left() {
    List<String> left = new ArrayList<>();
    for (long process : processes()) {
      left.add("process " + process + ": " + commandLine(process));
    }
    mounts().forEach(mount -> left.add("mount " + mount));
    cgroups().forEach(cgroup -> left.add("cgroup " + cgroup));
    for (String folder : List.of("tasks", "claims", "allocations", "crun")) {
      Leftovers.entries(state.resolve(folder)).stream()
          // The lock of all claims stays.
          .filter(file -> !file.endsWith("claims/lock"))
          .forEach(file -> left.add("file " + file));
    }
    if (!somethingKilled) {
      Leftovers.entries(temporary()).forEach(file -> left.add("temporary file " + file));
    }
    return left;
  }

  /** Processes that have the test's folder in their environment or words, or are in its cgroups. */
  List<Long> processes() {
    List<Long> found = new ArrayList<>();
    for (Path process : Leftovers.entries(Path.of("/proc"))) {
      String name = process.getFileName().toString();
      if (name.matches("[0-9]+")
          && (Leftovers.contents(process.resolve("environ")).contains(directory.toString())
              || Leftovers.contents(process.resolve("cmdline")).contains(directory.toString())
              || Leftovers.contents(process.resolve("cgroup")).contains(token))) {
        found.add(Long.valueOf(name));
      }
    }
    found.remove(ProcessHandle.current().pid());
    return found;
  }

  /** What a process was started with. */
  static String commandLine(long process) {
    return Leftovers.contents(Path.of("/proc/" + process + "/cmdline")).replace('\0', ' ').strip();
  }

  /** What is mounted in the test's folder, the last first. */
  List<String> mounts() {
    return Leftovers.mountsBelow(directory).stream()
        .filter(target -> !target.equals(directory + "/disk"))
        .toList();
  }

  /** The cgroups of the test's tasks, the innermost first. */
  private List<Path> cgroups() {
    return Leftovers.cgroups(name -> name.contains(token));
  }

  /** Runs a program of the host that must succeed. */
  static void must(String... words) {
    Command.Outcome outcome = new Command(List.of(words), Path.of("/"), Map.of()).run();
    assertThat(outcome.status()).as("%s: %s", List.of(words), outcome.stderr()).isZero();
  }

  /** Waits for what must come at some time. */
  static void await(String what, BooleanSupplier condition) {
    Workplace.await(what, condition);
  }

  /** Removes whatever is left; where a test failed that can be a lot. */
  private void cleanUp() throws IOException {
    for (Plugin plugin : plugins) {
      try {
        plugin.close();
      } catch (PluginHostException alreadyTold) {
        // By the end of a test that did not fail before.
      }
    }
    settles(
        () -> {
          processes()
              .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
          return processes().isEmpty();
        });
    logs.forEach(TaskLogs::close);
    for (String mount : mounts()) {
      Command.of(Path.of("/bin/umount"), "-l", mount).run();
    }
    Command.of(Path.of("/bin/umount"), "-l", directory + "/disk").run();
    for (Path cgroup : cgroups()) {
      Files.deleteIfExists(cgroup);
    }
    if (mounts().isEmpty()) {
      Leftovers.delete(directory);
    }
  }
}
