package io.gaol.e2e.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.gaol.e2e.Command;
import io.gaol.e2e.Leftovers;
import io.gaol.e2e.Proc;
import io.gaol.e2e.Workplace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * A Nomad agent, server and client in one, with Gaol's plugin: of a data directory of its own, and
 * of 127.0.0.1 alone. It runs jobs for all tests of a class; after the last one, nothing of any job
 * may be left on the machine.
 *
 * <pre>{@code
 * @RegisterExtension static final NomadAgent AGENT = new NomadAgent();
 *
 * Allocation allocation = AGENT.run("output").awaitEnd();
 * }</pre>
 */
final class NomadAgent
    implements BeforeAllCallback,
        AfterAllCallback,
        AfterEachCallback,
        TestExecutionExceptionHandler {
  static final String DRIVER = "jail-task-driver";

  private static final Path PLUGIN = Command.GAOL_HOME.resolve("plugins").resolve(DRIVER);
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final int CGROUP_DEPTH = 4;
  private static final int SHORT_ID = 8;

  /** What ends by itself has this long to be gone. */
  private static final Duration GONE = Duration.ofSeconds(15);

  private static final int LOG_LINES = 40;

  private final Set<String> jobs = new LinkedHashSet<>();
  private final Set<String> allocationIds = new TreeSet<>();
  private final Set<Path> cgroupsBefore = new TreeSet<>();
  private NomadProgram program;
  private Path directory;
  private Process process;
  private NomadApi api;
  private int submitted;
  private boolean failed;

  // ---- its life

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    program = NomadProgram.onPath().orElseThrow();
    cgroupsBefore.addAll(nomadsCgroups());
    // Not below JUnit's own: a path of a Unix socket in it must fit into 108 bytes.
    directory = Files.createTempDirectory(Path.of("/tmp"), "gaol-");
    // Tasks are not root, and what they may see of it is theirs to see.
    Files.setAttribute(directory, "unix:mode", 0755);
    Files.createSymbolicLink(
        Files.createDirectory(directory.resolve("plugins")).resolve(DRIVER), PLUGIN);
    Files.createDirectory(writableVolume());
    Files.createDirectory(readOnlyVolume());
    Files.createDirectory(roots());
    List<Integer> ports = freePorts();
    Files.writeString(configuration(), configuration(ports));
    api = new NomadApi(ports.getFirst());
    try {
      start();
    } catch (AssertionError e) {
      failed = true;
      cleanUp();
      throw e;
    }
  }

  /** Ports that nobody listens at: HTTP, RPC and Serf. */
  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket http = socket();
        ServerSocket rpc = socket();
        ServerSocket serf = socket()) {
      return List.of(http.getLocalPort(), rpc.getLocalPort(), serf.getLocalPort());
    }
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private String configuration(List<Integer> ports) {
    return """
    name                 = "gaol-test"
    data_dir             = "@DIRECTORY@/data"
    plugin_dir           = "@DIRECTORY@/plugins"
    bind_addr            = "127.0.0.1"
    log_level            = "DEBUG"
    disable_update_check = true
    leave_on_interrupt   = false
    leave_on_terminate   = false
    ports {
      http = @HTTP@
      rpc  = @RPC@
      serf = @SERF@
    }
    advertise {
      http = "127.0.0.1"
      rpc  = "127.0.0.1"
      serf = "127.0.0.1"
    }
    server {
      enabled          = true
      bootstrap_expect = 1
      raft_multiplier  = 1
    }
    client {
      enabled           = true
      network_interface = "lo"
      gc_disk_usage_threshold  = 99
      gc_inode_usage_threshold = 99
      options {
        "driver.allowlist"      = "jail-task-driver"
        "fingerprint.denylist"  = "env_aws,env_gce,env_azure,env_digitalocean,consul,vault"
      }
      host_volume "writable" {
        path = "@DIRECTORY@/writable"
      }
      host_volume "read-only" {
        path      = "@DIRECTORY@/read-only"
        read_only = true
      }
    }
    consul {
      auto_advertise   = false
      server_auto_join = false
      client_auto_join = false
    }
    telemetry {
      publish_allocation_metrics = true
    }
    plugin "jail-task-driver" {
      config {
        state_dir    = "@DIRECTORY@/state"
        allow_params = ["safe", "network"]
        allow_roots  = ["@DIRECTORY@/roots"]
      }
    }
    """
        .replace("@DIRECTORY@", directory.toString())
        .replace("@HTTP@", ports.get(0).toString())
        .replace("@RPC@", ports.get(1).toString())
        .replace("@SERF@", ports.get(2).toString());
  }

  /** Starts it, and waits until it can run jobs. */
  void start() {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  program.file().toString(), "agent", "-config", configuration().toString())
              .directory(directory.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log().toFile()));
      // By this all that it starts is known.
      builder.environment().put("GAOL_TEST_AGENT", directory.toString());
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Waiting.forThe(
        "the driver to be healthy",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the agent ended:\n" + logOf("==>", "[ERROR]", "[WARN]"));
          }
          return Optional.of(true).filter(wanted -> canRunJobs());
        },
        () -> logOf("[ERROR]", "[WARN]", DRIVER, "driver_mgr"));
  }

  private boolean canRunJobs() {
    if (!api.answers()) {
      return false;
    }
    return node()
        .filter(node -> node.get("Status").getAsString().equals("ready"))
        .map(node -> node.getAsJsonObject("Drivers").get(DRIVER))
        .map(driver -> driver.getAsJsonObject().get("Healthy").getAsBoolean())
        .orElse(false);
  }

  /** Sends it a signal that ends it, such as {@code TERM}, and waits until it has ended. */
  void stop(String signal) {
    signal(process.pid(), signal);
    awaitEndOfProcess();
  }

  private void awaitEndOfProcess() {
    try {
      if (!process.waitFor(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the agent did not end:\n" + lastOfLog());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  static void signal(long pid, String signal) {
    Command.of(Path.of("/bin/kill"), "-s", signal, Long.toString(pid)).run();
  }

  /** The process of Gaol's plugin that it uses; empty while there is none. */
  Optional<Long> plugin() {
    // Its parent may be an agent of before.
    return processes().stream()
        .filter(pid -> Proc.read(pid, "environ").contains("NOMAD_PLUGIN_MAGIC_COOKIE="))
        .filter(pid -> Proc.read(pid, "cmdline").contains(Command.GAOL_HOME.toString()))
        .findFirst();
  }

  // ---- what it has

  NomadProgram program() {
    return program;
  }

  NomadApi api() {
    return api;
  }

  /** The one node, itself, with all its attributes; empty until it is registered. */
  Optional<JsonObject> node() {
    for (JsonElement node : api.get("/v1/nodes").getAsJsonArray()) {
      String id = node.getAsJsonObject().get("ID").getAsString();
      return Optional.of(api.get("/v1/node/" + id).getAsJsonObject());
    }
    return Optional.empty();
  }

  /** Where the folders of its allocations are. */
  Path allocations() {
    return directory.resolve("data/alloc");
  }

  /** What jobs know as the volume "writable". */
  Path writableVolume() {
    return directory.resolve("writable");
  }

  /** What jobs know as the volume "read-only". */
  Path readOnlyVolume() {
    return directory.resolve("read-only");
  }

  /** Where jobs may have roots of their own. */
  Path roots() {
    return directory.resolve("roots");
  }

  /** Where the plugin keeps what it knows. */
  private Path stateDirectory() {
    return directory.resolve("state");
  }

  private Path configuration() {
    return directory.resolve("agent.hcl");
  }

  private Path log() {
    return directory.resolve("agent.log");
  }

  /** Writes a file that is removed with the agent. */
  Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- jobs

  /** Submits a job of this package's resources, and gives its one allocation. */
  Allocation run(String name) {
    return run(name, Map.of());
  }

  /**
   * Submits a job of this package's resources, and gives its one allocation.
   *
   * @param values what stands in its text for {@code @NAME@}, by name
   */
  Allocation run(String name, Map<String, Object> values) {
    return submit(resource(name, values));
  }

  /** Submits a job of this package's resources, and gives its allocations, so many. */
  List<Allocation> runAll(String name, int count) {
    return submit(resource(name, Map.of()), count);
  }

  /** Submits a job, and gives its one allocation. */
  Allocation submit(String text) {
    return submit(text, 1).getFirst();
  }

  private List<Allocation> submit(String text, int count) {
    String job = register(text);
    return Waiting.forThe(
        count + " allocations of " + job,
        () -> Optional.of(allocationsOf(job)).filter(all -> all.size() == count),
        () -> api.get("/v1/job/" + job + "/evaluations").toString());
  }

  private static String resource(String name, Map<String, Object> values) {
    String text;
    try (InputStream stream = NomadAgent.class.getResourceAsStream(name + ".nomad.hcl")) {
      text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Map.Entry<String, Object> value : values.entrySet()) {
      text = text.replace("@" + value.getKey() + "@", value.getValue().toString());
    }
    return text;
  }

  /**
   * Submits a job.
   *
   * @return its id
   */
  private String register(String text) {
    JsonObject source = new JsonObject();
    source.addProperty("JobHCL", text);
    source.addProperty("Canonicalize", true);
    JsonObject request = new JsonObject();
    JsonObject job = api.put("/v1/jobs/parse", source).getAsJsonObject();
    request.add("Job", job);
    // Of its own: what a job of the same file left is not taken for its.
    submitted++;
    String id = job.get("ID").getAsString() + "-" + submitted;
    job.addProperty("ID", id);
    jobs.add(id);
    api.put("/v1/jobs", request);
    return id;
  }

  private List<Allocation> allocationsOf(String job) {
    List<Allocation> allocations = new ArrayList<>();
    for (JsonElement allocation : api.get("/v1/job/" + job + "/allocations").getAsJsonArray()) {
      String id = allocation.getAsJsonObject().get("ID").getAsString();
      allocationIds.add(id);
      allocations.add(new Allocation(this, id));
    }
    return allocations;
  }

  /** {@code nomad job stop}, and waits until nothing of it runs. */
  void stopJob(Allocation allocation) {
    api.delete("/v1/job/" + allocation.json().get("JobID").getAsString());
    allocation.awaitEnd();
  }

  // ---- after a test

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (failure instanceof TestAbortedException) {
      throw failure;
    }
    failed = true;
    throw new AssertionError(failure + "\n\nThe agent's log ends so:\n" + lastOfLog(), failure);
  }

  /** Without what an agent says all the time. */
  private String lastOfLog() {
    return logOf("[ERROR]", "[WARN]", "[INFO]", "==>", DRIVER);
  }

  /** The last lines of its log that have one of these texts. */
  private String logOf(String... texts) {
    try {
      List<String> lines =
          Files.readString(log(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> List.of(texts).stream().anyMatch(line::contains))
              .toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  /** Ends the test's jobs: the next test finds a machine that does nothing. */
  @Override
  public void afterEach(ExtensionContext context) {
    if (!process.isAlive()) {
      start();
    }
    for (String job : jobs) {
      List<Allocation> allocations = allocationsOf(job);
      api.delete("/v1/job/" + job);
      allocations.forEach(
          allocation -> Waiting.until("the end of " + allocation.id(), allocation::isOver));
    }
    jobs.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    try {
      if (!failed) {
        api.put("/v1/system/gc", new JsonObject());
        Waiting.until(
            "all allocations to be removed", () -> Leftovers.entries(allocations()).isEmpty());
        stop("TERM");
        assertNothingIsLeft();
      }
    } finally {
      cleanUp();
    }
  }

  // ---- what is left

  /** Fails if anything of a job is on the machine. */
  private void assertNothingIsLeft() {
    Workplace.within(GONE, () -> left().isEmpty());
    assertThat(left()).as("what is left\n" + lastOfLog()).isEmpty();
  }

  /** What is on the machine of its jobs, in words. */
  List<String> left() {
    List<String> left = new ArrayList<>();
    for (long pid : processes()) {
      left.add("process " + pid + ": " + Proc.read(pid, "cmdline").replace('\0', ' ').strip());
    }
    mounts().forEach(mount -> left.add("mount " + mount));
    cgroups().forEach(cgroup -> left.add("cgroup " + cgroup));
    for (String folder : List.of("tasks", "allocations", "crun")) {
      Leftovers.entries(stateDirectory().resolve(folder)).forEach(file -> left.add("file " + file));
    }
    return left;
  }

  /** All that the agent started, and all of its tasks. */
  private List<Long> processes() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != ProcessHandle.current().pid())
        .filter(this::isOurs)
        .toList();
  }

  private boolean isOurs(long pid) {
    String environment = Proc.read(pid, "environ");
    return environment.contains(directory.toString())
        || Proc.read(pid, "cmdline").contains(directory.toString())
        || allocationIds.stream().anyMatch(id -> environment.contains("NOMAD_ALLOC_ID=" + id));
  }

  /** What is mounted in its folder, the last first. */
  private List<String> mounts() {
    return Leftovers.mountsBelow(directory);
  }

  /** The cgroups of its allocations, the innermost first. */
  private List<Path> cgroups() {
    List<String> shortIds = allocationIds.stream().map(id -> id.substring(0, SHORT_ID)).toList();
    return folders(CGROUPS, CGROUP_DEPTH).stream()
        .filter(
            cgroup ->
                shortIds.stream()
                    .anyMatch(id -> CGROUPS.relativize(cgroup).toString().contains(id)))
        .toList();
  }

  /** The cgroups that a Nomad agent makes for itself, and leaves; the innermost first. */
  private static List<Path> nomadsCgroups() {
    return folders(CGROUPS, 3).stream()
        .filter(cgroup -> CGROUPS.relativize(cgroup).toString().matches("[^/]+/nomad(/.*)?"))
        .toList();
  }

  private static List<Path> folders(Path top, int depth) {
    List<Path> found = new ArrayList<>();
    for (Path entry : Leftovers.entries(top)) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        if (depth > 1) {
          found.addAll(folders(entry, depth - 1));
        }
        found.add(entry);
      }
    }
    return found;
  }

  /** Removes whatever is left; where a test failed that can be a lot. */
  private void cleanUp() throws IOException {
    if (process != null) {
      // An agent that is killed first cannot start anything anew.
      process.destroyForcibly();
    }
    Workplace.within(
        GONE,
        () -> {
          processes()
              .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
          return processes().isEmpty();
        });
    for (String mount : mounts()) {
      Command.of(Path.of("/bin/umount"), "-l", mount).run();
    }
    for (Path cgroup : cgroups()) {
      Files.deleteIfExists(cgroup);
    }
    for (Path cgroup : nomadsCgroups()) {
      if (!cgroupsBefore.contains(cgroup)) {
        Files.deleteIfExists(cgroup);
      }
    }
    api.close();
    if (mounts().isEmpty()) {
      Leftovers.delete(directory);
    }
  }
}
