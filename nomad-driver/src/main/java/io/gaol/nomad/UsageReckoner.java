package io.gaol.nomad;

import io.gaol.nomad.proto.driver.CPUUsage;
import io.gaol.nomad.proto.driver.MemoryUsage;
import io.gaol.nomad.proto.driver.TaskResourceUsage;
import io.gaol.nomad.proto.driver.TaskStats;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Reckons what an agent is told of a task's use: of processors it is use per time, so it takes two
 * moments. Of the first moment only what needs no second is told. What was not measured is not
 * among the measured fields.
 */
final class UsageReckoner {
  /** Of one processor; none if the agent does not tell. */
  private final Optional<Double> megahertz;

  private Optional<TaskUsage> last = Optional.empty();

  /**
   * For a node.
   *
   * @param node whose processors' speed counts; empty if it is not known
   */
  UsageReckoner(Optional<PluginConfig.Node> node) {
    this.megahertz =
        node.filter(known -> known.cores() > 0 && known.megahertz() > 0)
            .map(known -> (double) known.megahertz() / known.cores());
  }

  /** What is to be told of a moment, with what was used since the one before. */
  TaskStats next(String taskId, TaskUsage usage) {
    Optional<TaskUsage> before = last;
    last = Optional.of(usage);
    TaskStats.Builder stats =
        TaskStats.newBuilder()
            .setId(taskId)
            .setTimestamp(Messages.timestamp(usage.time()))
            .setAggResourceUsage(
                resources(
                    before.map(TaskUsage::cpu), usage.cpu(), usage.memory(), since(before, usage)));
    usage
        .processes()
        .forEach(
            (number, process) ->
                stats.putResourceUsageByPid(
                    number.toString(),
                    resources(
                        before
                            .map(earlier -> earlier.processes().get(number))
                            .map(TaskUsage.ProcessUsage::cpu),
                        process.cpu(),
                        process.memory(),
                        since(before, usage))));
    return stats.build();
  }

  private static Duration since(Optional<TaskUsage> before, TaskUsage usage) {
    return before
        .map(earlier -> Duration.between(earlier.time(), usage.time()))
        .orElse(Duration.ZERO);
  }

  private TaskResourceUsage resources(
      Optional<TaskUsage.Cpu> before, TaskUsage.Cpu cpu, TaskUsage.Memory memory, Duration time) {
    return TaskResourceUsage.newBuilder()
        .setCpu(cpu(before, cpu, time))
        .setMemory(memory(memory))
        .build();
  }

  private CPUUsage cpu(Optional<TaskUsage.Cpu> before, TaskUsage.Cpu cpu, Duration time) {
    CPUUsage.Builder message = CPUUsage.newBuilder();
    percent(before.flatMap(TaskUsage.Cpu::system), cpu.system(), time)
        .ifPresent(
            percent ->
                message.setSystemMode(percent).addMeasuredFields(CPUUsage.Fields.SYSTEM_MODE));
    percent(before.flatMap(TaskUsage.Cpu::user), cpu.user(), time)
        .ifPresent(
            percent -> message.setUserMode(percent).addMeasuredFields(CPUUsage.Fields.USER_MODE));
    percent(before.flatMap(UsageReckoner::total), total(cpu), time)
        .ifPresent(
            percent -> {
              message.setPercent(percent).addMeasuredFields(CPUUsage.Fields.PERCENT);
              megahertz.ifPresent(
                  speed ->
                      message
                          .setTotalTicks(percent / 100 * speed)
                          .addMeasuredFields(CPUUsage.Fields.TOTAL_TICKS));
            });
    cpu.throttledPeriods()
        .ifPresent(
            periods ->
                message
                    .setThrottledPeriods(periods)
                    .addMeasuredFields(CPUUsage.Fields.THROTTLED_PERIODS));
    cpu.throttledTime()
        .ifPresent(
            throttled ->
                message
                    .setThrottledTime(throttled.toNanos())
                    .addMeasuredFields(CPUUsage.Fields.THROTTLED_TIME));
    return message.build();
  }

  private static Optional<Duration> total(TaskUsage.Cpu cpu) {
    return cpu.total()
        .or(() -> cpu.user().flatMap(user -> cpu.system().map(system -> user.plus(system))));
  }

  /** Nothing if a clock went back, or a count did: then they are not of the same run. */
  private static Optional<Double> percent(
      Optional<Duration> before, Optional<Duration> now, Duration time) {
    if (before.isEmpty() || now.isEmpty() || !time.isPositive()) {
      return Optional.empty();
    }
    Duration used = now.get().minus(before.get());
    return used.isNegative()
        ? Optional.empty()
        : Optional.of(100.0 * used.toNanos() / time.toNanos());
  }

  private static MemoryUsage memory(TaskUsage.Memory memory) {
    MemoryUsage.Builder message = MemoryUsage.newBuilder();
    measured(message, MemoryUsage.Fields.RSS, memory.rss(), message::setRss);
    measured(message, MemoryUsage.Fields.CACHE, memory.cache(), message::setCache);
    measured(message, MemoryUsage.Fields.SWAP, memory.swap(), message::setSwap);
    measured(message, MemoryUsage.Fields.USAGE, memory.usage(), message::setUsage);
    measured(message, MemoryUsage.Fields.MAX_USAGE, memory.maxUsage(), message::setMaxUsage);
    measured(
        message, MemoryUsage.Fields.KERNEL_USAGE, memory.kernelUsage(), message::setKernelUsage);
    measured(
        message,
        MemoryUsage.Fields.KERNEL_MAX_USAGE,
        memory.kernelMaxUsage(),
        message::setKernelMaxUsage);
    return message.build();
  }

  private static void measured(
      MemoryUsage.Builder message,
      MemoryUsage.Fields field,
      OptionalLong value,
      LongConsumer setter) {
    value.ifPresent(
        bytes -> {
          setter.accept(bytes);
          message.addMeasuredFields(field);
        });
  }
}
