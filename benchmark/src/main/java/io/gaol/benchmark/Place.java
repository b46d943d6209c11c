package io.gaol.benchmark;

import io.gaol.driver.ConfigException;
import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.TaskRequest;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.Programs;
import io.gaol.engine.TaskContext;
import io.gaol.jail.Bytes;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Resources;
import io.gaol.linux.LinuxFacts;
import io.gaol.linux.LinuxPlaces;
import io.gaol.linux.LinuxPlanner;
import io.gaol.linux.LinuxProbe;
import io.gaol.nomad.proto.driver.AllocatedMemoryResources;
import io.gaol.nomad.proto.driver.AllocatedTaskResources;
import io.gaol.nomad.proto.driver.LinuxResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Directories like those that Nomad gives an allocation with one task, and plans for tasks in it.
 */
final class Place {
  /** The name of the task, and of its directory. */
  static final String TASK = "task";

  private static final int MEBIBYTES = 64;
  private static final Bytes MEMORY = Bytes.ofMebibytes(MEBIBYTES);

  private final LinuxPlaces places;
  private final Path directory;

  private Place(LinuxPlaces places, Path directory) {
    this.places = places;
    this.directory = directory;
  }

  /** Makes the directories and the FIFOs. */
  static Place make(LinuxPlaces places, String name) throws IOException, InterruptedException {
    Path state = Files.createDirectories(places.state()).toRealPath();
    Place place = new Place(places, state.resolve(name));
    for (String part :
        List.of("alloc/logs", "task/local", "task/private", "task/secrets", "task/tmp")) {
      Files.createDirectories(place.directory.resolve(part));
    }
    // As an allocation directory has it, whatever the umask.
    Files.setPosixFilePermissions(place.task(), PosixFilePermissions.fromString("rwxrwxrwx"));
    Programs.Result made =
        Programs.run(
            Path.of("/tmp"),
            List.of("mkfifo", place.stdout().toString(), place.stderr().toString()));
    if (!made.successful()) {
      throw new IOException("mkfifo: " + made.describe());
    }
    return place;
  }

  Path directory() {
    return directory;
  }

  private Path task() {
    return directory.resolve(TASK);
  }

  Path stdout() {
    return directory.resolve("alloc/logs/stdout.fifo");
  }

  Path stderr() {
    return directory.resolve("alloc/logs/stderr.fifo");
  }

  /** What the driver makes of a job's task: default root, memory limit, seccomp. */
  JailSpec spec(JailName name, String program, String... arguments) throws ConfigException {
    return new JailTaskDriver()
        .spec(request(name, Map.of("command", program, "args", List.of(arguments))));
  }

  /** A job's task with its config, as the driver is given it. */
  TaskRequest request(JailName name, Map<String, Object> config) {
    return new TaskRequest(
        name,
        config,
        Environment.EMPTY,
        Optional.empty(),
        task(),
        directory.resolve("alloc"),
        JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES,
        List.of(),
        List.of(),
        new Resources(
            Optional.of(MEMORY),
            Optional.empty(),
            // No CPU weight: a plan has it one group further down than the bare runtime,
            // where on a busy machine it weighs differently.
            OptionalLong.empty(),
            List.of(),
            OptionalLong.empty()));
  }

  /** The same limits as {@link #request} has, as an agent tells them. */
  io.gaol.nomad.proto.driver.Resources agentResources() {
    return io.gaol.nomad.proto.driver.Resources.newBuilder()
        .setAllocatedResources(
            AllocatedTaskResources.newBuilder()
                .setMemory(AllocatedMemoryResources.newBuilder().setMemoryMb(MEBIBYTES)))
        .setLinuxResources(LinuxResources.newBuilder().setMemoryLimitBytes(MEMORY.count()))
        .build();
  }

  LinuxFacts probe(JailSpec spec) throws IOException {
    return LinuxProbe.probe(spec, directory);
  }

  Plan plan(JailSpec spec, LinuxFacts facts) throws PlanRefusedException {
    TaskContext context = new TaskContext(stdout(), stderr(), "SIGTERM", Duration.ofSeconds(5));
    return new LinuxPlanner(places).plan(spec, facts, context);
  }
}
