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
import net.jqwik.api.Example;
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
    assertThat(PlanPrinter.text(plan, new FakeHost())).doesNotContain("s3cr3t");
    assertThat(plan.toString()).doesNotContain("s3cr3t");
    // Five places: owed, run, run when started, prestop, stop.
    for (String name : command.environment().variables().keySet()) {
      assertThat(json.split("\"" + name + "\"", -1)).hasSize(6);
    }
  }

  @Example
  void theTextSaysWhatEachStepRunsAndHowAllIsUndone() {
    JailName web = new JailName("web");
    Command hook =
        new Command(
            "exec.poststop",
            "clean up",
            List.of("chroot", "/", "clean", "up"),
            Where.HOST,
            Optional.empty(),
            false,
            Environment.EMPTY);
    Plan plan =
        new Plan(
            web,
            List.of(
                new Step.Owe("exec.poststop", List.of(hook)),
                new Step.MakeDirectory(
                    Path.of("/a"), 0755, Step.MakeDirectory.Removal.WITH_CONTENTS),
                new Step.MakeDirectory(
                    Path.of("/a/b"), 0755, Step.MakeDirectory.Removal.WITH_CONTENTS),
                new Step.Make(
                    "alias",
                    List.of("there?"),
                    false,
                    List.of("add", "it's"),
                    new Undo.Unmake("alias", List.of("there?"), List.of("drop"))),
                new Step.Mount("nullfs", "/x", Path.of("/a/b"), List.of("ro", "nosuid")),
                Step.WriteFile.shown(Path.of("/t/jail.conf"), "web {\n}\n", 0600),
                new Step.WriteFile(Path.of("/t/spec.json"), "{}", 0600),
                new Step.Supervise(
                    new Supervised(
                        List.of("run"), Path.of("/dev/null"), Path.of("/dev/null"), "echo no"))),
            List.of(),
            List.of(hook),
            List.of(),
            "SIGTERM",
            Duration.ofSeconds(5),
            List.of("a note"));
    assertThat(PlanPrinter.text(plan, new FakeHost()))
        .isEqualTo(
            """
            jail web
              note: a note
              start
                 1. owe 1 exec.poststop for the end
                 2. make directory /a
                 3. make directory /a/b
                 4. make alias
                    unless: $ 'there?'
                    $ add 'it'\\''s'
                 5. mount nullfs on /a/b [ro, nosuid]
                    $ mount -t nullfs -o ro,nosuid /x /a/b
                 6. write /t/jail.conf
                    | web {
                    | }
                 7. write /t/spec.json (2 characters)
                 8. create the jail: run
              stop, on the host first
                 1. run exec.poststop on the host: clean up
                    $ chroot / clean up
              then SIGTERM to every process, 5 s to end, SIGKILL to what is left
              then undone, where the start has made it, and the task's files removed
                 1. remove jail web
                    $ remove web
                 2. unmount /a/b
                    $ umount /a/b
                 3. remove alias
                    if: $ 'there?'
                    $ drop
                 4. remove directory /a
                 5. run exec.poststop on the host: clean up
                    $ chroot / clean up
            """);
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
            false,
            List.of("a \"b\"", command.text()),
            List.of(command, command, command),
            List.of(command),
            List.of(command, command),
            "SIGUSR1",
            Duration.ofMillis(1500));
    assertThat(StopOrder.fromJson(order.toJson())).isEqualTo(order);
  }
}
