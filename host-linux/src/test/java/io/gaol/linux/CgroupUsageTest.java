package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupUsageTest {
  @TempDir Path root;

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void aGroupOfVersion2IsReadFromItsFiles() throws IOException {
    Path group = root.resolve("gaol-web");
    write(
        group.resolve("cpu.stat"),
        """
        usage_usec 2500000
        user_usec 1500000
        system_usec 1000000
        nr_periods 9
        nr_throttled 3
        throttled_usec 7
        """);
    write(group.resolve("memory.stat"), "anon 4096\nfile 8192\nkernel 1024\n");
    write(group.resolve("memory.current"), "20480\n");
    write(group.resolve("memory.peak"), "40960\n");
    write(group.resolve("memory.swap.current"), "512\n");
    write(group.resolve("cgroup.procs"), "");
    Usage usage = CgroupUsage.of(new CgroupLayout.Unified(root), "gaol-web").orElseThrow();
    assertThat(usage)
        .isEqualTo(
            new Usage(
                usage.time(),
                new Usage.Cpu(
                    Optional.of(Duration.ofMillis(2500)),
                    Optional.of(Duration.ofMillis(1500)),
                    Optional.of(Duration.ofMillis(1000)),
                    OptionalLong.of(3),
                    Optional.of(Duration.ofNanos(7000))),
                new Usage.Memory(
                    OptionalLong.of(4096),
                    OptionalLong.of(8192),
                    OptionalLong.of(512),
                    OptionalLong.of(20480),
                    OptionalLong.of(40960),
                    OptionalLong.of(1024),
                    OptionalLong.empty()),
                Map.of()));
  }

  @Test
  void onVersion2HowOftenACeilingHeldIsCountedInTheRuntimesGroup() throws IOException {
    write(root.resolve("g/cpu.stat"), "usage_usec 9\nnr_throttled 0\nthrottled_usec 0\n");
    write(root.resolve("g/task/cpu.stat"), "usage_usec 8\nnr_throttled 4\nthrottled_usec 5\n");

    Usage.Cpu cpu = CgroupUsage.of(new CgroupLayout.Unified(root), "g").orElseThrow().cpu();

    assertThat(cpu.total()).contains(Duration.ofNanos(9000));
    assertThat(cpu.throttledPeriods()).hasValue(4);
    assertThat(cpu.throttledTime()).contains(Duration.ofNanos(5000));
  }

  @Test
  void aGroupOfVersion1IsReadFromTheHierarchiesOfItsControllers() throws IOException {
    write(root.resolve("cpuacct/g/cpuacct.usage"), "3000000000\n");
    write(root.resolve("cpuacct/g/cpuacct.stat"), "user 200\nsystem 100\n");
    write(root.resolve("cpu/g/cpu.stat"), "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n");
    write(
        root.resolve("memory/g/memory.stat"),
        "rss 1\ntotal_rss 4096\ntotal_cache 100\ntotal_swap 0\n");
    write(root.resolve("memory/g/memory.usage_in_bytes"), "5000\n");
    write(root.resolve("memory/g/memory.max_usage_in_bytes"), "6000\n");
    write(root.resolve("memory/g/memory.kmem.usage_in_bytes"), "700\n");
    write(root.resolve("memory/g/memory.kmem.max_usage_in_bytes"), "800\n");
    CgroupLayout layout =
        new CgroupLayout.Legacy(
            Map.of(
                "cpuacct", root.resolve("cpuacct"),
                "cpu", root.resolve("cpu"),
                "memory", root.resolve("memory")),
            Optional.empty());
    Usage usage = CgroupUsage.of(layout, "g").orElseThrow();
    assertThat(usage.cpu())
        .isEqualTo(
            new Usage.Cpu(
                Optional.of(Duration.ofSeconds(3)),
                Optional.of(Duration.ofSeconds(2)),
                Optional.of(Duration.ofSeconds(1)),
                OptionalLong.of(0),
                Optional.of(Duration.ZERO)));
    assertThat(usage.memory())
        .isEqualTo(
            new Usage.Memory(
                OptionalLong.of(4096),
                OptionalLong.of(100),
                OptionalLong.of(0),
                OptionalLong.of(5000),
                OptionalLong.of(6000),
                OptionalLong.of(700),
                OptionalLong.of(800)));
  }

  @Test
  void aGroupThatIsNotThereHasNoUse() throws IOException {
    assertThat(CgroupUsage.of(new CgroupLayout.Unified(root), "gaol-web")).isEmpty();
    assertThat(
            CgroupUsage.of(
                new CgroupLayout.Legacy(Map.of("memory", root), Optional.empty()), "gaol-web"))
        .isEmpty();
  }

  @Test
  void whatAKernelDoesNotMeasureIsEmptyAndADamagedNumberToo() throws IOException {
    Path group = root.resolve("gaol-web");
    write(group.resolve("memory.current"), "max\n");
    write(group.resolve("cpu.stat"), "usage_usec x\n\n");
    Usage usage = CgroupUsage.of(new CgroupLayout.Unified(root), "gaol-web").orElseThrow();
    assertThat(usage.memory().usage()).isEmpty();
    assertThat(usage.memory().maxUsage()).isEmpty();
    assertThat(usage.cpu().total()).isEmpty();
    assertThat(usage.processes()).isEmpty();
  }

  @Test
  void eachProcessOfAGroupAndOfTheGroupsInItIsMeasured() throws IOException {
    Path group = root.resolve("gaol-web");
    long self = ProcessHandle.current().pid();
    write(group.resolve("cgroup.procs"), "");
    write(group.resolve("task/cgroup.procs"), self + "\n999999999\n");
    Usage usage = CgroupUsage.of(new CgroupLayout.Unified(root), "gaol-web").orElseThrow();
    assertThat(usage.processes()).containsOnlyKeys(self);
    assertThat(usage.processes().get(self).memory().rss().orElseThrow()).isGreaterThan(1 << 20);
    assertThat(usage.processes().get(self).cpu().total().orElseThrow()).isPositive();
  }
}
