package io.gaol.driver.plugin;

import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailAddress;
import io.gaol.jail.JailNetwork;
import io.gaol.jail.JailSpec;
import io.gaol.nomad.StartedTask;
import io.gaol.nomad.TaskConfig;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a task is reached: at its jail's own address, where it has one. */
final class Networks {
  private Networks() {}

  /**
   * What services of the task are registered with. A jail with the host's addresses is reached at
   * those: the agent knows them.
   */
  static Optional<StartedTask.Network> of(JailSpec spec, TaskConfig task) {
    return address(spec)
        .map(
            address ->
                new StartedTask.Network(
                    address,
                    task.resources().ports().stream()
                        .collect(
                            Collectors.toMap(
                                port -> port.label(),
                                port -> port.task() == 0 ? port.host() : port.task(),
                                (first, _) -> first)),
                    true));
  }

  private static Optional<String> address(JailSpec spec) {
    try {
      JailNetwork network = JailNetwork.of(spec.parameters(), UnaryOperator.identity());
      return Stream.of(network.ip4(), network.ip6())
          .flatMap(List::stream)
          .findFirst()
          .map(JailAddress::address);
    } catch (InvalidValueException refusedBefore) {
      return Optional.empty();
    }
  }
}
