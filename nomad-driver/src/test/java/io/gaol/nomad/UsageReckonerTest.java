package io.gaol.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.nomad.proto.driver.CPUUsage;
import io.gaol.nomad.proto.driver.MemoryUsage;
import io.gaol.nomad.proto.driver.TaskStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class UsageReckonerTest {
  private static final PluginConfig.Node NODE = new PluginConfig.Node(0, 0, 4, 8000);
  private static final Instant START = Instant.ofEpochSecond(1000);

  private static TaskUsage usage(long second, TaskUsage.Cpu cpu) {
    return new TaskUsage(
        START.plusSeconds(second),
        cpu,
        TaskUsage.Memory.UNKNOWN,
        Map.of(42L, new TaskUsage.ProcessUsage(cpu, TaskUsage.Memory.UNKNOWN)));
  }

  private static TaskUsage.Cpu times(long user, long system) {
    return new TaskUsage.Cpu(
        Optional.empty(),
        Optional.of(Duration.ofSeconds(user)),
        Optional.of(Duration.ofSeconds(system)),
        OptionalLong.of(3),
        Optional.of(Duration.ofMillis(5)));
  }

  private static CPUUsage cpu(TaskStats stats) {
    return stats.getAggResourceUsage().getCpu();
  }

  @Test
  void percentAndTicksAreOfTheTimeBetweenTwoMoments() {
    UsageReckoner reckoner = new UsageReckoner(Optional.of(NODE));
    CPUUsage first = cpu(reckoner.next("id", usage(0, times(100, 50))));
    assertThat(first.getMeasuredFieldsList())
        .containsExactly(CPUUsage.Fields.THROTTLED_PERIODS, CPUUsage.Fields.THROTTLED_TIME);

    TaskStats second = reckoner.next("id", usage(10, times(112, 53)));
    CPUUsage cpu = cpu(second);
    assertThat(cpu.getUserMode()).isEqualTo(120.0);
    assertThat(cpu.getSystemMode()).isEqualTo(30.0);
    assertThat(cpu.getPercent()).isEqualTo(150.0);
    assertThat(cpu.getTotalTicks()).isEqualTo(3000.0);
    assertThat(cpu.getThrottledPeriods()).isEqualTo(3);
    assertThat(cpu.getThrottledTime()).isEqualTo(5_000_000);
    assertThat(cpu.getMeasuredFieldsList()).hasSize(6);
    assertThat(second.getResourceUsageByPidOrThrow("42").getCpu()).isEqualTo(cpu);
    assertThat(second.getTimestamp().getSeconds()).isEqualTo(1010);
  }

  @Test
  void withoutTheSpeedOfProcessorsThereAreNoTicks() {
    UsageReckoner reckoner = new UsageReckoner(Optional.of(new PluginConfig.Node(0, 0, 0, 0)));
    var _ = reckoner.next("id", usage(0, times(0, 0)));
    CPUUsage cpu = cpu(reckoner.next("id", usage(1, times(1, 0))));
    assertThat(cpu.getPercent()).isEqualTo(100.0);
    assertThat(cpu.getTotalTicks()).isZero();
    assertThat(cpu.getMeasuredFieldsList()).doesNotContain(CPUUsage.Fields.TOTAL_TICKS);
  }

  @Test
  void aClockOrACountThatGoesBackIsNotMeasured() {
    UsageReckoner reckoner = new UsageReckoner(Optional.of(NODE));
    var _ = reckoner.next("id", usage(10, times(5, 5)));
    assertThat(cpu(reckoner.next("id", usage(5, times(6, 6)))).getMeasuredFieldsList())
        .doesNotContain(CPUUsage.Fields.PERCENT);
    assertThat(cpu(reckoner.next("id", usage(20, times(0, 0)))).getMeasuredFieldsList())
        .doesNotContain(CPUUsage.Fields.PERCENT, CPUUsage.Fields.USER_MODE);
  }

  @Test
  void ofMemoryOnlyWhatWasMeasuredIsMarkedAndAZeroCounts() {
    TaskUsage.Memory none = TaskUsage.Memory.UNKNOWN;
    TaskUsage.Memory memory =
        new TaskUsage.Memory(
            OptionalLong.of(5),
            none.cache(),
            OptionalLong.of(0),
            OptionalLong.of(7),
            none.maxUsage(),
            none.kernelUsage(),
            none.kernelMaxUsage());
    TaskStats stats =
        new UsageReckoner(Optional.empty())
            .next("id", new TaskUsage(START, TaskUsage.Cpu.UNKNOWN, memory, Map.of()));
    MemoryUsage message = stats.getAggResourceUsage().getMemory();
    assertThat(message.getRss()).isEqualTo(5);
    assertThat(message.getUsage()).isEqualTo(7);
    assertThat(message.getMeasuredFieldsList())
        .containsExactly(MemoryUsage.Fields.RSS, MemoryUsage.Fields.SWAP, MemoryUsage.Fields.USAGE);
  }
}
