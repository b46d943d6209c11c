package io.gaol.driver;

import io.gaol.jail.Assignment;
import io.gaol.jail.Assignment.Source;
import io.gaol.jail.AssignmentReader;
import io.gaol.jail.AssignmentReading;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.ParameterProblem;
import io.gaol.jail.RctlRule;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * {@code jail-task-driver}: every parameter of jail(8), {@code command} and {@code args} for the
 * main process, {@code Rctl} and {@code rctl_rules} for limits, {@code params} for jail(8)'s own
 * names.
 */
public final class JailTaskDriver implements JailDriver {
  /** The name in a job. */
  public static final String NAME = "jail-task-driver";

  /** Keys that are ours, not jail(8)'s. */
  private static final List<String> OWN_KEYS =
      List.of("command", "args", "params", "Rctl", "rctl", "rctl_rules");

  private static final AssignmentReader PARAMETERS =
      AssignmentReader.ofCatalogue().besides(OWN_KEYS);

  private static final Schema.Fields SCHEMA = schemaOfAllSpellings();

  private final Supplier<List<JailParameter>> others;

  /** A driver that knows the catalogue's parameters. */
  public JailTaskDriver() {
    this(List::of);
  }

  /**
   * A driver that asks the host for parameters that it does not know.
   *
   * @param others what the host's kernel has besides the catalogue
   */
  public JailTaskDriver(Supplier<List<JailParameter>> others) {
    this.others = Objects.requireNonNull(others, "others");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String defaultKillSignal() {
    return "SIGTERM"; // jail(8) sends it: stop.timeout
  }

  @Override
  public Optional<String> defaultUser() {
    return Optional.empty();
  }

  /** Every key takes whatever is given: what a parameter takes, and how often, we say better. */
  @Override
  public Schema.Fields schema() {
    return SCHEMA;
  }

  private static Schema.Fields schemaOfAllSpellings() {
    Map<String, Schema> fields = new TreeMap<>();
    List<String> keys = new ArrayList<>(OWN_KEYS);
    keys.addAll(JailParameterCatalogue.nomadSpellings());
    for (String key : keys) {
      fields.put(key, new Schema.Attr(key, ConfigType.any(), false));
    }
    return new Schema.Fields(fields);
  }

  @Override
  public String unknownKey(String key) {
    return PARAMETERS.unknown(key, Source.JOB_CONFIG);
  }

  @Override
  public JailSpec spec(TaskRequest request) throws ConfigException {
    ConfigReader reader = new ConfigReader(request.config());
    JailParameters parameters = parameters(request.config(), reader);
    List<RctlRule> rules = rules(reader);
    List<String> command = command(reader);
    JailSpec.Root root =
        parameters
            .value("path")
            .<JailSpec.Root>map(path -> new JailSpec.Root.Directory(Path.of(path)))
            .orElseGet(() -> NomadDirectories.hostSystem(request));
    reader.throwIfWrong();
    return new JailSpec(
        request.jail(),
        parameters,
        command,
        request.environment(),
        request.user(),
        "/",
        root,
        NomadDirectories.mounts(request, root),
        request.devices(),
        request.resources(),
        rules,
        false,
        CapabilityChanges.NONE);
  }

  private static List<RctlRule> rules(ConfigReader reader) {
    List<RctlRule> rules = new ArrayList<>();
    for (String key : List.of("Rctl", "rctl")) {
      Object block = reader.value(key);
      if (block != null) {
        rules.addAll(RctlBlock.rules(reader, key, block));
      }
    }
    rules.addAll(RctlBlock.rulesOf(reader, "rctl_rules", reader.texts("rctl_rules", true)));
    RctlBlock.checkTogether(reader, rules);
    return rules;
  }

  private static List<String> command(ConfigReader reader) {
    Optional<String> program = reader.text("command");
    List<String> arguments = reader.texts("args", false);
    if (program.isEmpty()) {
      if (!arguments.isEmpty()) {
        reader.problem("args", "args needs command, the program that gets them");
      }
      return List.of();
    }
    List<String> command = new ArrayList<>(List.of(program.get()));
    command.addAll(arguments);
    return command;
  }

  /** The parameters that a config sets, of which nothing is understood yet. */
  private static List<Assignment> assignments(Map<String, Object> config, ConfigReader reader) {
    List<Assignment> assignments = new ArrayList<>();
    config.forEach(
        (key, value) -> {
          if (key.equals("params")) {
            assignments.addAll(params(value, reader));
          } else if (!OWN_KEYS.contains(key)) {
            assignments.add(Assignment.of(key, value, "", Source.JOB_CONFIG));
          }
        });
    return assignments;
  }

  private static List<Assignment> params(Object params, ConfigReader reader) {
    List<Assignment> assignments = new ArrayList<>();
    for (Object item : listOf(params)) {
      if (item instanceof Map<?, ?> map) {
        map.forEach(
            (name, value) ->
                assignments.add(
                    Assignment.of(String.valueOf(name), value, "in params", Source.JOB_PARAMS)));
      } else {
        reader.problem(
            "params",
            "params takes a block of jail(8) parameters, as params = { \"allow.mlock\" = true },"
                + " but "
                + ConfigReader.kind(item)
                + " is given");
      }
    }
    return assignments;
  }

  /** A block is a map, or a list of maps where it is written as one or repeated. */
  private static List<?> listOf(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    return value == null ? List.of() : List.of(value);
  }

  private JailParameters parameters(Map<String, Object> config, ConfigReader reader) {
    return switch (PARAMETERS.read(assignments(config, reader), others)) {
      case AssignmentReading.Accepted(JailParameters parameters) -> parameters;
      case AssignmentReading.Refused(List<ParameterProblem> problems) -> {
        for (ParameterProblem problem : problems) {
          reader.problem(
              new ConfigProblem(
                  key(problem.name(), problem.place()),
                  problem.message(),
                  problem.other().map(other -> key(other.name(), other.place()))));
        }
        yield JailParameters.NONE;
      }
    };
  }

  /** A key of its own has a place in the job's file; what is in params has that of params. */
  private static String key(String name, String place) {
    return place.isEmpty() ? name : "params";
  }
}
