package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Command.Where;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class PlanPrinterTest {

  /** A command whose variables' values are found nowhere else. */
  @Provide
  Arbitrary<Command> secretive() {
    Arbitrary<Map<String, String>> variables =
        Arbitraries.maps(
                Arbitraries.strings().withCharRange('A', 'Z').ofMinLength(3).ofMaxLength(8),
                Samples.texts().map(text -> "s3cr3t" + text))
            .ofMinSize(1)
            .ofMaxSize(3);
    return Combinators.combine(variables, Arbitraries.of(Where.class), Samples.texts())
        .as(
            (values, where, argument) ->
                new Command(
                    "exec.some",
                    "do " + argument,
                    List.of("do", argument),
                    where,
                    Optional.of(Duration.ofSeconds(3)),
                    false,
                    new Environment(values)));
  }

  private static Plan planWithEverywhere(Command command) {
    return new Plan(
        new JailName("web"),
        List.of(
            new Step.Owe("exec.poststop", List.of(command)),
            new Step.Run(command),
            new Step.WriteFile(
                Path.of("/config.json"), command.environment().variables().toString(), 0600),
            new Step.Supervise(
                new Supervised(
                    List.of("runtime"), Path.of("/dev/null"), Path.of("/dev/null"), "echo no"))),
        List.of(new Step.Run(command)),
        List.of(command),
        List.of(command),
        "SIGTERM",
        Duration.ofSeconds(5),
        List.of());
  }

  @Property(tries = 50)
  void noValueOfAVariableIsPrintedAndEveryNameIs(@ForAll("secretive") Command command) {
    Plan plan = planWithEverywhere(command);
    String json = PlanPrinter.json(plan);
    assertThat(json).doesNotContain("s3cr3t");
    assertThat(PlanPrinter.text(plan)).doesNotContain("s3cr3t");
    assertThat(plan.toString()).doesNotContain("s3cr3t");
    // Five places: owed, run, run when started, prestop, stop.
    for (String name : command.environment().variables().keySet()) {
      assertThat(json.split("\"" + name + "\"", -1)).hasSize(6);
    }
  }

  @Property(tries = 50)
  void theJsonHoldsArgumentsAsTheyAre(@ForAll("secretive") Command command) {
    assertThat(
            Json.parse(PlanPrinter.json(planWithEverywhere(command)))
                .getAsJsonArray("prestop")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("arguments")
                .get(1)
                .getAsString())
        .isEqualTo(command.arguments().get(1));
  }

  @Property(tries = 50)
  void aStopOrderIsReadAsItWasWritten(@ForAll("secretive") Command command) {
    StopOrder order =
        new StopOrder(
            false, List.of(command), List.of(command, command), "SIGUSR1", Duration.ofMillis(1500));
    assertThat(StopOrder.fromJson(order.toJson())).isEqualTo(order);
  }
}
