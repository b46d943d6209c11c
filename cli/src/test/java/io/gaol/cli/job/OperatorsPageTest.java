package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.gaol.cli.language.JobInput;
import io.gaol.driver.ConfigException;
import io.gaol.driver.ConfigProblem;
import io.gaol.driver.ExecDriver;
import io.gaol.driver.ExecDriverOptions;
import io.gaol.driver.JailDriver;
import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.JailTaskDriverOptions;
import io.gaol.driver.TaskRequest;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Resources;
import io.gaol.jail.policy.PolicyOption;
import io.gaol.nomad.config.ConfigDecoder;
import io.gaol.nomad.config.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/operators.md to the options that there are, and to the jobs that it speaks of. */
class OperatorsPageTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
  private static final Path SEEDS = REPOSITORY.resolve("examples/seeds");
  private static final Pattern OPTION = Pattern.compile("`([a-z_]+) = ([^`]*)`");

  @TempDir Path temporary;

  private static List<String> page() throws IOException {
    return Files.readAllLines(REPOSITORY.resolve("docs/operators.md"));
  }

  /** The options of each job in the page's last table, by name. */
  private static Map<String, Map<String, Object>> table() throws IOException {
    Map<String, Map<String, Object>> jobs = new TreeMap<>();
    List<String> lines = page();
    for (String line : lines.subList(lines.indexOf("| job | options |") + 2, lines.size())) {
      Map<String, Object> options = new LinkedHashMap<>();
      for (MatchResult option : OPTION.matcher(line).results().toList()) {
        options.put(option.group(1), value(JsonParser.parseString(option.group(2))));
      }
      jobs.put(line.split("`")[1], options);
    }
    return jobs;
  }

  private static Object value(JsonElement json) {
    if (json instanceof JsonArray array) {
      return array.asList().stream().map(JsonElement::getAsString).toList();
    }
    return json.getAsBoolean();
  }

  static Stream<String> seeds() throws IOException {
    try (Stream<Path> files = Files.list(SEEDS)) {
      return files
          .map(file -> file.getFileName().toString().replace(".nomad.hcl", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  /** The task of a seed; what stands there twice is a list, as its comment says. */
  private Job.TaskSpec task(String seed) throws IOException, JobException {
    String text = Files.readString(SEEDS.resolve(seed + ".nomad.hcl"));
    for (String hook : List.of("Exec_prestart", "Exec_poststop")) {
      Matcher lines =
          Pattern.compile("(?m)^\\s*" + hook + "\\s*=\\s*(\"[^\"]*\")\\s*$").matcher(text);
      List<String> commands = lines.results().map(line -> line.group(1)).toList();
      if (commands.size() == 2) {
        String list = "\n" + hook + " = [" + String.join(", ", commands) + "]\n";
        text = lines.reset().replaceFirst(Matcher.quoteReplacement(list));
        text = Pattern.compile(lines.pattern().pattern()).matcher(text).replaceFirst("");
      }
    }
    Path file = Files.writeString(temporary.resolve("job.nomad.hcl"), text);
    Job job = JobParser.parse(JobInput.of(file.toString(), Map.of()));
    return job.groups().getFirst().tasks().getFirst();
  }

  private List<ConfigProblem> refusals(String seed, Map<String, Object> options) throws Exception {
    Job.TaskSpec task = task(seed);
    if (task.driver().equals("exec")) {
      return ExecDriverOptions.of(options).refusals(spec(task, new ExecDriver()));
    }
    return JailTaskDriverOptions.refusals(
        JailTaskDriverOptions.of(options).policy(),
        request(task, new JailTaskDriver()),
        spec(task, new JailTaskDriver()));
  }

  private static JailSpec spec(Job.TaskSpec task, JailDriver driver) throws Exception {
    return driver.spec(request(task, driver));
  }

  private static TaskRequest request(Job.TaskSpec task, JailDriver driver) throws Exception {
    Map<String, Object> written = ConfigEvaluation.plain(task.config().values());
    return new TaskRequest(
        JailName.of(task.name(), "1a2b"),
        ConfigDecoder.decode(driver.schema(), written, Evaluation.NONE),
        Environment.EMPTY,
        Optional.empty(),
        Path.of("/nomad/alloc/1/web"),
        Path.of("/nomad/alloc/1/alloc"),
        List.of(),
        List.of(),
        List.of(),
        Resources.UNLIMITED);
  }

  /** The options that messages name. */
  private static Set<String> named(List<ConfigProblem> problems) {
    List<String> keys =
        new ArrayList<>(Stream.of(PolicyOption.values()).map(PolicyOption::key).toList());
    keys.add("allow_caps");
    Set<String> named = new TreeSet<>();
    for (ConfigProblem problem : problems) {
      keys.stream().filter(problem.message()::contains).forEach(named::add);
    }
    return named;
  }

  @Test
  void theTableListsEverySeed() throws IOException {
    assertThat(table().keySet()).containsExactlyElementsOf(seeds().toList());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSeedIsPermittedWithTheOptionsOfItsRow(String seed) throws Exception {
    assertThat(refusals(seed, table().get(seed))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aSeedIsRefusedWithoutThemAndTheRefusalsNameTheseOptions(String seed) throws Exception {
    assertThat(named(refusals(seed, Map.of())))
        .containsExactlyInAnyOrderElementsOf(table().get(seed).keySet());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyOptionOfARowIsNeeded(String seed) throws Exception {
    for (String option : table().get(seed).keySet()) {
      Map<String, Object> others = new TreeMap<>(table().get(seed));
      others.remove(option);
      assertThat(named(refusals(seed, others))).containsExactly(option);
    }
  }

  @Test
  void thePageListsEveryOptionWithItsDefault() throws IOException, ConfigException {
    for (PolicyOption option : PolicyOption.values()) {
      String byDefault = option.written(option.byDefault()).replaceFirst(".* = ", "");
      assertThat(page())
          .as(option.key())
          .anyMatch(line -> line.startsWith("| `" + option.key() + "` | `" + byDefault + "` |"));
    }
    for (String option : ExecDriverOptions.schema().names()) {
      assertThat(page()).as(option).anyMatch(line -> line.startsWith("| `" + option + "` |"));
    }
  }
}
