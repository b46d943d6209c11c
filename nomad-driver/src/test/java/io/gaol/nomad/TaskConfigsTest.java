package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.nomad.proto.driver.AllocatedCpuResources;
import io.gaol.nomad.proto.driver.AllocatedMemoryResources;
import io.gaol.nomad.proto.driver.AllocatedTaskResources;
import io.gaol.nomad.proto.driver.DNSConfig;
import io.gaol.nomad.proto.driver.Device;
import io.gaol.nomad.proto.driver.LinuxResources;
import io.gaol.nomad.proto.driver.Mount;
import io.gaol.nomad.proto.driver.NetworkIsolationSpec;
import io.gaol.nomad.proto.driver.PortMapping;
import io.gaol.nomad.proto.driver.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TaskConfigsTest {
  private static io.gaol.nomad.proto.driver.TaskConfig.Builder task() {
    return Plugin.task("id", Map.of());
  }

  private static TaskConfig read(io.gaol.nomad.proto.driver.TaskConfig.Builder message)
      throws DriverException {
    return TaskConfigs.task(message.build(), Map.of());
  }

  private static void assertRefused(
      io.gaol.nomad.proto.driver.TaskConfig.Builder message, String problem) {
    assertThatThrownBy(() -> read(message))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining(problem);
  }

  private static TaskResources memory(long most) throws DriverException {
    return read(task()
            .setResources(
                Resources.newBuilder()
                    .setAllocatedResources(
                        AllocatedTaskResources.newBuilder()
                            .setMemory(
                                AllocatedMemoryResources.newBuilder()
                                    .setMemoryMb(64)
                                    .setMemoryMaxMb(most)))))
        .resources();
  }

  @Test
  void whatAnAgentDoesNotSayIsEmpty() throws Exception {
    TaskConfig task = read(task());
    assertThat(task.user()).isEmpty();
    assertThat(task.network()).isEmpty();
    assertThat(task.dns()).isEmpty();
    assertThat(task.resources())
        .isEqualTo(new TaskResources(0, 0, OptionalLong.empty(), List.of(), List.of(), ""));
    assertThat(task.taskDirectory()).isEqualTo(Path.of("/alloc/web"));
  }

  @Test
  void whatAnAgentSaysIsAllThere() throws Exception {
    TaskConfig task =
        read(
            task()
                .setJobId("j")
                .setJobName("job")
                .setNamespace("ns")
                .setTaskGroupName("g")
                .setAllocId("a")
                .setNodeName("n")
                .setNodeId("ni")
                .setUser("nobody")
                .putEnv("A", "b")
                .putDeviceEnv("D", "e")
                .addMounts(
                    Mount.newBuilder()
                        .setHostPath("/data")
                        .setTaskPath("data")
                        .setReadonly(true)
                        .setPropagationMode("private"))
                .addDevices(
                    Device.newBuilder()
                        .setHostPath("/dev/null")
                        .setTaskPath("/dev/x")
                        .setCgroupPermissions("rw"))
                .setNetworkIsolationSpec(
                    NetworkIsolationSpec.newBuilder()
                        .setMode(NetworkIsolationSpec.NetworkIsolationMode.GROUP)
                        .setPath("/run/netns/x"))
                .setDns(DNSConfig.newBuilder().addServers("1.1.1.1").addOptions("ndots:2"))
                .setResources(
                    Resources.newBuilder()
                        .setAllocatedResources(
                            AllocatedTaskResources.newBuilder()
                                .setCpu(AllocatedCpuResources.newBuilder().setCpuShares(500)))
                        .setLinuxResources(
                            LinuxResources.newBuilder()
                                .setCpusetCpus("0,2-3")
                                .setCpusetCgroup("/nomad"))
                        .addPorts(
                            PortMapping.newBuilder()
                                .setLabel("http")
                                .setValue(20_000)
                                .setTo(80)
                                .setHostIp("10.0.0.1"))
                        .addPorts(PortMapping.newBuilder().setLabel("same").setValue(20_001))));
    assertThat(task.job()).isEqualTo(new TaskConfig.Job("j", "job", "ns", "g"));
    assertThat(task.allocation())
        .isEqualTo(new TaskConfig.Allocation("a", Path.of("/alloc"), "n", "ni"));
    assertThat(task.user()).contains("nobody");
    assertThat(task.environment()).isEqualTo(Map.of("A", "b"));
    assertThat(task.deviceEnvironment()).isEqualTo(Map.of("D", "e"));
    assertThat(task.mounts())
        .containsExactly(new TaskConfig.Mount(Path.of("/data"), "data", true, "private"));
    assertThat(task.devices())
        .containsExactly(new TaskConfig.Device(Path.of("/dev/null"), "/dev/x", "rw"));
    assertThat(task.network().orElseThrow().path()).isEqualTo("/run/netns/x");
    assertThat(task.dns())
        .contains(new TaskConfig.Dns(List.of("1.1.1.1"), List.of(), List.of("ndots:2")));
    assertThat(task.resources().cpuMegahertz()).isEqualTo(500);
    assertThat(task.resources().cores()).containsExactly(0, 2, 3);
    assertThat(task.resources().cgroup()).isEqualTo("/nomad");
    assertThat(task.resources().ports())
        .containsExactly(
            new TaskResources.Port("http", 20_000, 80, "10.0.0.1"),
            new TaskResources.Port("same", 20_001, 20_001, ""));
  }

  @Test
  void memoryHasALimitOfItsOwnOrNone() throws Exception {
    assertThat(memory(0).memoryMaxMebibytes()).isEmpty();
    assertThat(memory(128).memoryMaxMebibytes()).hasValue(128);
    assertThat(memory(-1).memoryMaxMebibytes()).hasValue(TaskResources.NO_LIMIT);
    assertThatThrownBy(() -> memory(-2)).hasMessage("memory_max_mb is -2");
  }

  @Test
  void whatIsNoSetOfProcessorsIsRefused() throws Exception {
    assertThat(TaskConfigs.cores("")).isEmpty();
    assertThat(TaskConfigs.cores("5")).containsExactly(5);
    for (String wrong : List.of("a", "3-2", "1,", "1--2", "0-99999", "4294967296", "-1")) {
      assertThatThrownBy(() -> TaskConfigs.cores(wrong))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("is neither a number nor a range");
    }
  }

  @Test
  void aPathThatIsNotAbsoluteIsRefusedByName() {
    assertRefused(task().setAllocDir(""), "alloc_dir must be absolute");
    assertRefused(task().setStderrPath("x"), "stderr_path must be absolute, but is \"x\"");
    assertRefused(task().setStdoutPath("/a\0b"), "stdout_path is no path");
    assertRefused(
        task().addMounts(Mount.newBuilder().setHostPath("x").setTaskPath("/x")),
        "the host_path of a mount must be absolute");
    assertRefused(
        task().addMounts(Mount.newBuilder().setHostPath("/x")),
        "the task_path of a mount is empty");
    assertRefused(
        task().addDevices(Device.newBuilder().setHostPath("x")),
        "the host_path of a device must be absolute");
  }

  @Test
  void aNameThatLeadsElsewhereIsRefused() {
    for (String name : List.of("", ".", "..", "a/b", "a\0b")) {
      assertRefused(task().setName(name), "name");
    }
  }
}
