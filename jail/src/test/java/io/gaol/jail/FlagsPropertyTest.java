package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What was understood is understood again, whatever way it is written down. */
class FlagsPropertyTest {
  private static final List<String> TEXTS =
      List.of(
          "a",
          "0",
          "em0",
          "10.0.0.1",
          "em0|192.168.1.5/24",
          "fd00::1",
          "/jails/web",
          "tmpfs /jails/web/tmp tmpfs rw 0 0",
          "echo 'a b' | cat > /x; $y = \"ü\"",
          "a=b",
          "=",
          "no",
          "x\\ny\tz",
          "12.2-RELEASE",
          "00000000-1111-2222-3333-444444444444");

  /** A parameter with a value that its type has. */
  record Given(JailParameter parameter, String value) {}

  @Provide
  Arbitrary<List<Given>> given() {
    List<JailParameter> settable =
        JailParameterCatalogue.all().stream()
            .filter(parameter -> parameter.settable() != JailParameter.Settable.NEVER)
            .toList();
    return Combinators.combine(Arbitraries.of(settable), texts())
        .as(FlagsPropertyTest::fitting)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.of(TEXTS),
        Arbitraries.strings().ofMinLength(1).ofMaxLength(40),
        Arbitraries.integers().between(-2, 70_000).map(String::valueOf));
  }

  private static Given fitting(JailParameter parameter, String text) {
    List<String> candidates =
        new ArrayList<>(List.of(text, text.length() % 2 == 0 ? "true" : "false", "inherit", "1"));
    candidates.addAll(TEXTS);
    return new Given(
        parameter,
        candidates.stream()
            .filter(candidate -> candidate.indexOf('\0') < 0)
            .filter(c -> parameter.type().read(c) instanceof ParameterType.Reading.Value)
            .findFirst()
            .orElse("1"));
  }

  private static Optional<JailParameters> read(List<Assignment> assignments) {
    return AssignmentReader.ofCatalogue().read(assignments)
            instanceof AssignmentReading.Accepted(JailParameters parameters)
        ? Optional.of(parameters)
        : Optional.empty();
  }

  @Property(tries = 5_000, maxDiscardRatio = 20)
  void parametersWrittenAsFlagsAreReadAsTheyWere(@ForAll("given") List<Given> all) {
    List<Assignment> assignments = new ArrayList<>();
    for (Given given : all) {
      assignments.add(
          Assignment.of(given.parameter().name(), given.value(), "", Assignment.Source.JAIL_CONF));
    }
    Optional<JailParameters> parameters = read(assignments);
    Assume.that(parameters.isPresent());

    List<Assignment> flags =
        parameters.get().flags().stream().map(flag -> Assignment.parse(flag, "")).toList();

    assertThat(read(flags)).isEqualTo(parameters);
  }
}
