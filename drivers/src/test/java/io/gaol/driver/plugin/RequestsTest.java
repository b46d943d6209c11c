package io.gaol.driver.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.driver.TaskRequest;
import io.gaol.jail.BindMount;
import io.gaol.jail.Bytes;
import io.gaol.jail.HostDevice;
import io.gaol.jail.JailName;
import io.gaol.nomad.DriverException;
import io.gaol.nomad.NetworkIsolation;
import io.gaol.nomad.TaskConfig;
import io.gaol.nomad.TaskResources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final JailName JAIL = new JailName("web-1");

  private static TaskConfig task(
      TaskResources resources,
      List<TaskConfig.Mount> mounts,
      List<TaskConfig.Device> devices,
      Optional<NetworkIsolation> network,
      Optional<TaskConfig.Dns> dns) {
    return new TaskConfig(
        "id",
        "web",
        new TaskConfig.Job("job", "job", "default", "group"),
        new TaskConfig.Allocation("alloc", Path.of("/allocs/alloc"), "", ""),
        Map.of("command", "/bin/true"),
        Map.of("A", "1"),
        Map.of(),
        Optional.of("www"),
        Path.of("/out"),
        Path.of("/err"),
        resources,
        mounts,
        devices,
        network,
        dns);
  }

  private static TaskResources resources(long memory, OptionalLong most, long cpu) {
    return new TaskResources(cpu, memory, most, List.of(2, 3), List.of(), "");
  }

  private static TaskRequest of(TaskConfig task) throws DriverException {
    return Requests.of(task, JAIL, List.of(Path.of("/bin")));
  }

  private static TaskConfig with(TaskResources resources) {
    return task(resources, List.of(), List.of(), Optional.empty(), Optional.empty());
  }

  private static TaskConfig with(TaskConfig.Mount mount) {
    return task(
        resources(1, OptionalLong.empty(), 1),
        List.of(mount),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aTasksDirectoriesAreThoseOfItsAllocation() throws DriverException {
    TaskRequest request = of(with(resources(1, OptionalLong.empty(), 1)));
    assertThat(request.taskDirectory()).isEqualTo(Path.of("/allocs/alloc/web"));
    assertThat(request.allocDirectory()).isEqualTo(Path.of("/allocs/alloc/alloc"));
    assertThat(request.user()).contains("www");
    assertThat(request.environment().variables()).isEqualTo(Map.of("A", "1"));
    assertThat(request.systemDirectories()).containsExactly(Path.of("/bin"));
  }

  @Test
  void memoryIsTheLimitAndMemoryMaxIsWhereItIsGiven() throws DriverException {
    assertThat(of(with(resources(300, OptionalLong.empty(), 0))).resources())
        .satisfies(
            limits -> {
              assertThat(limits.memory()).contains(Bytes.ofMebibytes(300));
              assertThat(limits.memoryReservation()).isEmpty();
              assertThat(limits.cpuShares()).isEmpty();
              assertThat(limits.cores()).containsExactly(2, 3);
            });
    assertThat(of(with(resources(300, OptionalLong.of(500), 100))).resources())
        .satisfies(
            limits -> {
              assertThat(limits.memory()).contains(Bytes.ofMebibytes(500));
              assertThat(limits.memoryReservation()).contains(Bytes.ofMebibytes(300));
              assertThat(limits.cpuShares()).hasValue(100);
            });
    assertThat(of(with(resources(300, OptionalLong.of(TaskResources.NO_LIMIT), 100))).resources())
        .satisfies(
            limits -> {
              assertThat(limits.memory()).isEmpty();
              assertThat(limits.memoryReservation()).contains(Bytes.ofMebibytes(300));
            });
  }

  @Test
  void aVolumesDestinationMayBeRelativeToTheRoot() throws DriverException {
    assertThat(of(with(new TaskConfig.Mount(Path.of("/srv"), "data/x", true, "private"))).volumes())
        .containsExactly(new BindMount(Path.of("/srv"), Path.of("/data/x"), true));
  }

  @Test
  void aVolumesDestinationDoesNotLeaveTheRoot() throws DriverException {
    assertThat(of(with(new TaskConfig.Mount(Path.of("/srv"), "../../etc", false, ""))).volumes())
        .containsExactly(new BindMount(Path.of("/srv"), Path.of("/etc"), false));
  }

  @Test
  void mountsThatWouldSpreadAreRefusedByName() {
    assertThatThrownBy(
            () -> of(with(new TaskConfig.Mount(Path.of("/srv"), "/data", false, "bidirectional"))))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("the volume at /data has propagation_mode = \"bidirectional\"");
  }

  @Test
  void devicesAreHandedOn() throws DriverException {
    TaskConfig task =
        task(
            resources(1, OptionalLong.empty(), 1),
            List.of(),
            List.of(new TaskConfig.Device(Path.of("/dev/null"), "/dev/gpu", "rw")),
            Optional.empty(),
            Optional.empty());
    assertThat(of(task).devices())
        .containsExactly(new HostDevice(Path.of("/dev/null"), Path.of("/dev/gpu"), "rw"));
  }

  @Test
  void whatNoJailOfOursHasIsRefusedAndNotLeftOutInSilence() {
    TaskResources some = resources(1, OptionalLong.empty(), 1);
    NetworkIsolation bridge =
        new NetworkIsolation(
            NetworkIsolation.Mode.GROUP, "/run/netns/x", Map.of(), Optional.empty());
    assertThatThrownBy(
            () -> of(task(some, List.of(), List.of(), Optional.of(bridge), Optional.empty())))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("network mode is not supported");
    TaskConfig.Dns dns = new TaskConfig.Dns(List.of("1.1.1.1"), List.of(), List.of());
    assertThatThrownBy(
            () -> of(task(some, List.of(), List.of(), Optional.empty(), Optional.of(dns))))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("dns block");
  }

  @Test
  void aVariableThatNoProcessCanHaveIsRefusedByName() {
    TaskConfig task =
        new TaskConfig(
            "id",
            "web",
            new TaskConfig.Job("job", "job", "default", "group"),
            new TaskConfig.Allocation("alloc", Path.of("/allocs/alloc"), "", ""),
            Map.of(),
            Map.of("A", "1\0"),
            Map.of(),
            Optional.empty(),
            Path.of("/out"),
            Path.of("/err"),
            resources(1, OptionalLong.empty(), 1),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    assertThatThrownBy(() -> of(task))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("environment variable A may not hold a NUL");
  }
}
