package io.gaol.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.job.JobException;
import io.gaol.cli.job.JobJails;
import io.gaol.cli.language.JobInput;
import io.gaol.jail.Assignment;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.AssignmentReading;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.ParameterType;
import io.gaol.jail.RctlAction;
import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlSubject;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a spec asks for is asked for again by the job that is written of it. */
class SpecThroughJobPropertyTest {
  private static final List<String> TEXTS =
      List.of(
          "a",
          "0",
          "em0",
          "10.0.0.1",
          "em0|192.168.1.5/24 vhid 1",
          "fd00::1",
          "/jails/web",
          "tmpfs /jails/web/tmp tmpfs rw 0 0",
          "echo 'a b' | cat > /x; $y = \"ü\" ${z} $${z} %{if} %%{",
          "x\\ny\tz\r\n",
          "12.2-RELEASE",
          "00000000-1111-2222-3333-444444444444");

  /** A parameter with a value that its type has. */
  record Given(JailParameter parameter, String value) {}

  @Provide
  Arbitrary<List<Given>> parameters() {
    // The name is the task's, and of Path there is always one.
    List<JailParameter> settable =
        JailParameterCatalogue.all().stream()
            .filter(parameter -> parameter.settable() != JailParameter.Settable.NEVER)
            .filter(parameter -> parameter.addsTo().isEmpty())
            .filter(parameter -> !List.of("name", "path").contains(parameter.name()))
            .toList();
    return Combinators.combine(Arbitraries.of(settable), texts())
        .as(SpecThroughJobPropertyTest::fitting)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  private static Given fitting(JailParameter parameter, String text) {
    List<String> candidates =
        new ArrayList<>(List.of(text, text.length() % 2 == 0 ? "true" : "false", "inherit", "1"));
    candidates.addAll(TEXTS);
    return new Given(
        parameter,
        candidates.stream()
            .filter(c -> parameter.type().read(c) instanceof ParameterType.Reading.Value)
            .findFirst()
            .orElse("1"));
  }

  @Provide
  Arbitrary<String> texts() {
    // HCL joins letters and their accents, and no operating system's text holds NUL.
    return Arbitraries.oneOf(
            Arbitraries.of(TEXTS),
            Arbitraries.strings().ofMinLength(1).ofMaxLength(40),
            Arbitraries.strings().withChars("$%{}~\"\\'\n\t #;=x").ofMinLength(1).ofMaxLength(20),
            Arbitraries.integers().between(-2, 70_000).map(String::valueOf))
        .filter(text -> text.indexOf('\0') < 0 && !text.startsWith("\ufeff"))
        .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text))
        .map(text -> Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  @Provide
  Arbitrary<List<RctlRule>> rules() {
    return Combinators.combine(
            Arbitraries.of(RctlResource.class),
            Arbitraries.of(RctlAction.class),
            Arbitraries.longs().between(0, 1L << 40),
            Arbitraries.of(RctlSubject.class))
        .as(SpecThroughJobPropertyTest::rule)
        .list()
        .ofMaxSize(4)
        .map(rules -> withoutContradictions(rules.stream().flatMap(Optional::stream).toList()));
  }

  /** A job with two amounts for the same is refused: the first of them stays. */
  private static List<RctlRule> withoutContradictions(List<RctlRule> rules) {
    Map<List<Object>, RctlRule> kept = new LinkedHashMap<>();
    for (RctlRule rule : rules) {
      kept.putIfAbsent(List.of(rule.resource(), rule.action(), rule.per()), rule);
    }
    return List.copyOf(kept.values());
  }

  private static Optional<RctlRule> rule(
      RctlResource resource, RctlAction action, long amount, RctlSubject per) {
    try {
      return Optional.of(new RctlRule(resource, action, amount, per));
    } catch (InvalidValueException refusedByTheKernel) {
      return Optional.empty();
    }
  }

  @Property(tries = 2_000, maxDiscardRatio = 20, edgeCases = EdgeCasesMode.NONE)
  void aSpecWrittenAsAJobIsReadAsItWas(
      @ForAll("parameters") List<Given> all,
      @ForAll("rules") List<RctlRule> rules,
      @ForAll("texts") String argument,
      @ForAll("texts") String variable)
      throws JobException {
    Optional<JailParameters> parameters = accepted(all);
    Assume.that(parameters.isPresent());

    JailSpec read = read(job(parameters.get(), rules, argument, variable));

    assertThat(read.parameters().names()).containsAll(parameters.get().names());
    for (String name : parameters.get().names()) {
      assertThat(read.parameters().values(name)).isEqualTo(parameters.get().values(name));
    }
    assertThat(read.rctlRules()).isEqualTo(rules);
    assertThat(read.command()).containsExactly("/bin/program", argument);
    assertThat(read.environment().variables()).containsEntry("VARIABLE", variable);
    assertThat(read.user()).contains("www");
  }

  private static Optional<JailParameters> accepted(List<Given> all) {
    List<Assignment> assignments = new ArrayList<>();
    assignments.add(Assignment.of("path", "/jails/web", "", Assignment.Source.JAIL_CONF));
    for (Given given : all) {
      assignments.add(
          Assignment.of(given.parameter().name(), given.value(), "", Assignment.Source.JAIL_CONF));
    }
    return AssignmentReader.ofCatalogue().read(assignments)
            instanceof AssignmentReading.Accepted(JailParameters read)
        ? Optional.of(read)
        : Optional.empty();
  }

  private static String job(
      JailParameters parameters, List<RctlRule> rules, String argument, String variable) {
    String params =
        parameters.names().stream()
            .map(name -> HclText.ofConfig(name) + " = " + list(parameters.values(name)))
            .collect(Collectors.joining("\n"));
    return """
        job "job" {
          group "group" {
            task "task" {
              driver = "jail-task-driver"
              user   = "www"
              env = {
                VARIABLE = %s
              }
              config {
                command    = "/bin/program"
                args       = [%s]
                rctl_rules = %s
                params = {
                  %s
                }
              }
            }
          }
        }
        """
        .formatted(
            HclText.ofLabel(variable), // A template once: clients replace what they know.
            HclText.ofConfig(argument),
            list(rules.stream().map(RctlRule::toString).toList()),
            params);
  }

  private static String list(List<String> texts) {
    return texts.stream().map(HclText::ofConfig).collect(Collectors.joining(", ", "[", "]"));
  }

  private static JailSpec read(String job) throws JobException {
    return JobJails.read(
            JobInput.of("job.nomad.hcl", Map.of()), job.getBytes(StandardCharsets.UTF_8))
        .jails()
        .getFirst()
        .spec();
  }
}
