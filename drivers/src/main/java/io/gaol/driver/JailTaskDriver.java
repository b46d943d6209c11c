package io.gaol.driver;

import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlRule;
import io.gaol.jail.Spelling;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code jail-task-driver}: every parameter of jail(8), {@code command} and {@code args} for the
 * main process, {@code Rctl} and {@code rctl_rules} for limits, {@code params} for jail(8)'s own
 * names.
 */
public final class JailTaskDriver implements TaskDriver {
  /** Keys that are ours, not jail(8)'s. */
  private static final List<String> OWN_KEYS =
      List.of("command", "args", "params", "Rctl", "rctl", "rctl_rules");

  private static final Schema.Fields SCHEMA = schemaOfAllSpellings();

  @Override
  public String name() {
    return "jail-task-driver";
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
    for (String key : keys()) {
      fields.put(key, new Schema.Attr(key, ConfigType.any(), false));
    }
    return new Schema.Fields(fields);
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(OWN_KEYS);
    for (String spelling : JailParameterCatalogue.nomadSpellings()) {
      keys.add(spelling);
      keys.add(spelling.toLowerCase(Locale.ROOT));
    }
    return keys;
  }

  @Override
  public String unknownKey(String key) {
    Optional<JailParameter> parameter = JailParameterCatalogue.find(key);
    return parameter.isPresent()
        ? "a job does not spell the parameter "
            + parameter.get().name()
            + " so: write "
            + parameter.get().nomadName()
        : "no jail parameter is named \"" + key + "\"." + Spelling.suggestion(key, keys());
  }

  @Override
  public JailSpec spec(TaskRequest request) throws ConfigException {
    ConfigReader reader = new ConfigReader(request.config());
    Parameters parameters = new Parameters(reader);
    List<RctlRule> rules = new ArrayList<>();
    for (Map.Entry<String, Object> entry : request.config().entrySet()) {
      String key = entry.getKey();
      switch (key) {
        case "command", "args" -> {
          // Read below.
        }
        case "params" -> {
          if (entry.getValue() != null) {
            parameters.addAll(entry.getValue());
          }
        }
        case "Rctl", "rctl" -> {
          if (entry.getValue() != null) {
            rules.addAll(RctlBlock.rules(reader, key, entry.getValue()));
          }
        }
        case "rctl_rules" -> rules.addAll(RctlBlock.rulesOf(reader, key, reader.texts(key, true)));
        default -> parameters.add(key, entry.getValue());
      }
    }
    List<String> command = command(reader);
    JailSpec.Root root =
        parameters
            .result
            .value("path")
            .<JailSpec.Root>map(path -> new JailSpec.Root.Directory(Path.of(path)))
            .orElseGet(() -> NomadDirectories.hostSystem(request));
    RctlBlock.checkTogether(reader, rules);
    reader.throwIfWrong();
    return new JailSpec(
        request.jail(),
        parameters.result,
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

  /** Collects jail(8) parameters in any of their spellings. */
  private static final class Parameters {
    private final ConfigReader reader;
    private final Map<String, String> firstKeys = new HashMap<>();
    private JailParameters result = JailParameters.NONE;

    Parameters(ConfigReader reader) {
      this.reader = reader;
    }

    void addAll(Object params) {
      for (Object item : params instanceof List<?> list ? list : List.of(params)) {
        if (item instanceof Map<?, ?> map) {
          map.forEach((name, value) -> add(String.valueOf(name), value));
        } else {
          reader.problem(
              "params",
              "params takes a block of jail(8) parameters, as params = { \"allow.mlock\" = true },"
                  + " but "
                  + ConfigReader.kind(item)
                  + " is given");
        }
      }
    }

    void add(String key, Object value) {
      if (value == null) {
        return;
      }
      Optional<JailParameter> parameter = JailParameterCatalogue.find(key);
      if (parameter.isEmpty()) {
        List<String> known = new ArrayList<>(JailParameterCatalogue.nomadSpellings());
        known.addAll(OWN_KEYS);
        reader.problem(
            key, "no jail parameter is named \"" + key + "\"." + Spelling.suggestion(key, known));
        return;
      }
      String name = parameter.get().name();
      String first = firstKeys.putIfAbsent(name, key);
      if (first != null && !parameter.get().repeatable()) {
        reader.problem(
            key, key + " and " + first + " are the same parameter (" + name + "): keep one");
        return;
      }
      List<String> values = new ArrayList<>();
      for (Object item : value instanceof List<?> list ? list : List.of(value)) {
        Optional<String> text = item == null ? Optional.empty() : ConfigReader.scalar(item);
        if (text.isEmpty()) {
          reader.problem(
              key,
              key
                  + " takes "
                  + parameter.get().type().expectation()
                  + ", but "
                  + ConfigReader.kind(item)
                  + " is given");
          return;
        }
        values.add(text.get());
      }
      try {
        result = result.with(name, values);
      } catch (IllegalArgumentException wrong) {
        // The message begins with jail(8)'s name; where that is what was written, as it was
        // written.
        reader.problem(
            key,
            key.equalsIgnoreCase(name)
                ? wrong.getMessage().replaceFirst("^" + Pattern.quote(name), key)
                : key + ": " + wrong.getMessage());
      }
    }
  }
}
