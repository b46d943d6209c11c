package io.gaol.testing.host;

import com.google.protobuf.ByteString;
import io.gaol.nomad.proto.driver.AllocatedCpuResources;
import io.gaol.nomad.proto.driver.AllocatedMemoryResources;
import io.gaol.nomad.proto.driver.AllocatedTaskResources;
import io.gaol.nomad.proto.driver.LinuxResources;
import io.gaol.nomad.proto.driver.Resources;
import io.gaol.nomad.proto.driver.TaskConfig;
import io.gaol.nomad.proto.driver.TaskHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The directory of an allocation of one task, as an agent makes it for a driver that makes its own
 * root ({@code fs_isolation} IMAGE). Unlike an agent's on Linux, {@code secrets} and {@code
 * private} are plain directories, as on FreeBSD.
 *
 * @param id of the allocation
 * @param path its directory
 * @param task the task's name
 */
public record AllocationDirectory(String id, Path path, String task) {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int MEMORY_MEBIBYTES = 64;
  private static final int SHARES_MEGAHERTZ = 100;
  private static final AtomicInteger STARTS = new AtomicInteger();

  /**
   * Makes the directory.
   *
   * @param parent the agent's {@code alloc_dir}
   * @param task the name of its task
   */
  public static AllocationDirectory make(Path parent, String task) {
    String id = UUID.randomUUID().toString();
    AllocationDirectory allocation = new AllocationDirectory(id, parent.resolve(id), task);
    try {
      Files.createDirectories(parent);
      mode(Files.createDirectories(allocation.path), 0755);
      for (Path shared :
          List.of(
              allocation.shared(),
              allocation.logs(),
              allocation.shared().resolve("tmp"),
              allocation.shared().resolve("data"),
              allocation.taskDirectory(),
              allocation.taskDirectory().resolve("local"),
              allocation.taskDirectory().resolve("secrets"),
              allocation.taskDirectory().resolve("private"))) {
        mode(Files.createDirectory(shared), 0777);
        giveToNobody(shared);
      }
      Path temporary = Files.createDirectory(allocation.taskDirectory().resolve("tmp"));
      giveToNobody(temporary);
      mode(temporary, 01777);
      return allocation;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void mode(Path directory, int mode) throws IOException {
    Files.setAttribute(directory, "unix:mode", mode);
  }

  /** As root, an agent gives what all tasks may write to {@code nobody}, with its group. */
  private static void giveToNobody(Path directory) throws IOException {
    if (!System.getProperty("user.name").equals("root")) {
      return;
    }
    var users = directory.getFileSystem().getUserPrincipalLookupService();
    try {
      UserPrincipal nobody = users.lookupPrincipalByName("nobody");
      Files.setOwner(directory, nobody);
      Files.getFileAttributeView(directory, PosixFileAttributeView.class)
          .setGroup(users.lookupPrincipalByGroupName("nogroup"));
    } catch (UserPrincipalNotFoundException none) {
      // Then it stays root's.
    }
  }

  /** What all tasks of the group share: {@code NOMAD_ALLOC_DIR}. */
  public Path shared() {
    return path.resolve("alloc");
  }

  /** Where the pipes are. */
  public Path logs() {
    return shared().resolve("logs");
  }

  /** The task's own. */
  public Path taskDirectory() {
    return path.resolve(task);
  }

  /** Makes the pipes of the task's output, and begins to read them. */
  public TaskLogs startLogs() {
    return TaskLogs.start(logs(), task);
  }

  /**
   * The task as an agent hands it over; each call has an id of its own, as each start has.
   *
   * @param config {@link ConfigSpec#encode}
   * @param logs {@link #startLogs}
   */
  public TaskConfig.Builder taskConfig(ByteString config, TaskLogs logs) {
    return TaskConfig.newBuilder()
        .setId(String.format(Locale.ROOT, "%s/%s/%08x", id, task, STARTS.incrementAndGet()))
        .setName(task)
        .setMsgpackDriverConfig(config)
        .putAllEnv(environment())
        .setResources(resources(MEMORY_MEBIBYTES, SHARES_MEGAHERTZ))
        .setAllocDir(path.toString())
        .setStdoutPath(logs.stdoutPath().toString())
        .setStderrPath(logs.stderrPath().toString())
        .setTaskGroupName("group")
        .setJobName("job-of-" + task)
        .setJobId("job-of-" + task)
        .setAllocId(id)
        .setNamespace("default")
        .setNodeName("node")
        .setNodeId("5f7c6d2e-0000-4000-8000-000000000001");
  }

  private Map<String, String> environment() {
    return Map.of(
        "NOMAD_ALLOC_DIR",
        "/alloc",
        "NOMAD_TASK_DIR",
        "/local",
        "NOMAD_SECRETS_DIR",
        "/secrets",
        "NOMAD_ALLOC_ID",
        id,
        "NOMAD_TASK_NAME",
        task,
        "NOMAD_GROUP_NAME",
        "group",
        "NOMAD_JOB_NAME",
        "job-of-" + task,
        "NOMAD_MEMORY_LIMIT",
        Integer.toString(MEMORY_MEBIBYTES),
        "NOMAD_CPU_LIMIT",
        Integer.toString(SHARES_MEGAHERTZ));
  }

  /** What a task may use. */
  public static Resources resources(int memoryMebibytes, int sharesMegahertz) {
    return Resources.newBuilder()
        .setAllocatedResources(
            AllocatedTaskResources.newBuilder()
                .setCpu(AllocatedCpuResources.newBuilder().setCpuShares(sharesMegahertz))
                .setMemory(AllocatedMemoryResources.newBuilder().setMemoryMb(memoryMebibytes)))
        .setLinuxResources(
            LinuxResources.newBuilder()
                .setCpuShares(sharesMegahertz)
                .setMemoryLimitBytes((long) memoryMebibytes * MEBIBYTE)
                .setPercentTicks(sharesMegahertz / 10_000.0))
        .build();
  }

  /** A handle as an agent has it that was started again: it does not keep the driver's config. */
  public static TaskHandle persisted(TaskHandle handle) {
    return handle.toBuilder()
        .setConfig(handle.getConfig().toBuilder().clearMsgpackDriverConfig())
        .build();
  }
}
