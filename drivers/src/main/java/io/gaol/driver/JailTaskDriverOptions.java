package io.gaol.driver;

import io.gaol.engine.LimitsWithoutRacct;
import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Spelling;
import io.gaol.jail.policy.Allocation;
import io.gaol.jail.policy.Policy;
import io.gaol.jail.policy.PolicyOption;
import io.gaol.jail.policy.Refusal;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.GoDuration;
import io.gaol.nomad.config.Schema;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The operator's options for {@code jail-task-driver}: the {@code config} of the agent's {@code
 * plugin "jail-task-driver"} block.
 *
 * @param host what jails are made on, one of {@link Platforms#NAMES}; empty is what this machine is
 * @param stateDirectory where tasks and their files are; empty is the host's default
 * @param systemDirectories of the host, which a task without a root of its own sees read-only
 * @param recoveryWindow how long a new plugin process keeps what is left of a task that ended while
 *     there was none, for an agent that asks how
 * @param policy what jobs may ask for
 * @param devfsRulesets the devices of rulesets of devfs(8), where the host has no such rulesets
 * @param limitsWithoutRacct what becomes of limits that a FreeBSD cannot hold
 */
public record JailTaskDriverOptions(
    Optional<String> host,
    Optional<Path> stateDirectory,
    List<Path> systemDirectories,
    Duration recoveryWindow,
    Policy policy,
    DevfsRulesets devfsRulesets,
    LimitsWithoutRacct limitsWithoutRacct) {
  private static final String STATE_DIR = "state_dir";
  private static final String CHROOT_ENV = "chroot_env";
  private static final String RECOVERY_WINDOW = "recovery_window";

  /** Agents ask within a minute of their own start. */
  private static final Duration USUAL_RECOVERY_WINDOW = Duration.ofMinutes(10);

  private static final Schema.Fields SCHEMA = schemaOfAllOptions();

  /** Copies. */
  public JailTaskDriverOptions {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(stateDirectory, "stateDirectory");
    systemDirectories = List.copyOf(systemDirectories);
    Objects.requireNonNull(recoveryWindow, "recoveryWindow");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(devfsRulesets, "devfsRulesets");
    Objects.requireNonNull(limitsWithoutRacct, "limitsWithoutRacct");
  }

  /**
   * What may be in the plugin's config: the agent refuses all other keys, and fills defaults in.
   */
  public static Schema.Fields schema() {
    return SCHEMA;
  }

  private static Schema.Fields schemaOfAllOptions() {
    Map<String, Schema> fields = new TreeMap<>();
    fields.put(Platforms.KEY, Platforms.option());
    fields.put(STATE_DIR, new Schema.Attr(STATE_DIR, ConfigType.string(), false));
    fields.put(
        CHROOT_ENV, new Schema.Attr(CHROOT_ENV, ConfigType.listOf(ConfigType.string()), false));
    fields.put(
        DevfsRulesets.KEY,
        new Schema.Attr(
            DevfsRulesets.KEY, ConfigType.mapOf(ConfigType.listOf(ConfigType.string())), false));
    fields.put(RECOVERY_WINDOW, new Schema.Attr(RECOVERY_WINDOW, ConfigType.string(), false));
    fields.put(
        LimitsWithoutRacct.KEY,
        new Schema.Attr(LimitsWithoutRacct.KEY, ConfigType.string(), false));
    for (PolicyOption option : PolicyOption.values()) {
      ConfigType type =
          option.isFlag() ? ConfigType.bool() : ConfigType.listOf(ConfigType.string());
      Object byDefault = option.isFlag() ? (Object) false : option.byDefault();
      fields.put(
          option.key(),
          new Schema.Default(
              new Schema.Attr(option.key(), type, false), new Schema.Literal(byDefault)));
    }
    return new Schema.Fields(fields);
  }

  /**
   * Reads the options.
   *
   * @param config of the {@link #schema}; what is null or not there has its default
   * @throws ConfigException with all that is wrong
   */
  public static JailTaskDriverOptions of(Map<String, Object> config) throws ConfigException {
    ConfigReader reader = new ConfigReader(config);
    for (String key : config.keySet()) {
      if (!SCHEMA.fields().containsKey(key)) {
        reader.problem(
            key,
            "the plugin jail-task-driver knows no option \""
                + key
                + "\"."
                + Spelling.suggestion(key, SCHEMA.fields().keySet()));
      }
    }
    Map<PolicyOption, List<String>> entries = new EnumMap<>(PolicyOption.class);
    for (PolicyOption option : PolicyOption.values()) {
      if (config.get(option.key()) != null) {
        entries.put(option, option.isFlag() ? flag(reader, option) : texts(reader, option));
      }
    }
    Policy policy = policy(reader, entries);
    Optional<Path> state =
        reader
            .text(STATE_DIR)
            .filter(text -> !text.isEmpty())
            .map(text -> path(reader, STATE_DIR, text));
    List<Path> system =
        config.get(CHROOT_ENV) == null
            ? JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES
            : reader.texts(CHROOT_ENV, false).stream()
                .map(text -> path(reader, CHROOT_ENV, text))
                .toList();
    Duration window =
        reader
            .text(RECOVERY_WINDOW)
            .filter(text -> !text.isEmpty())
            .map(text -> duration(reader, text))
            .orElse(USUAL_RECOVERY_WINDOW);
    DevfsRulesets rulesets = DevfsRulesets.of(reader);
    LimitsWithoutRacct limits =
        reader
            .text(LimitsWithoutRacct.KEY)
            .filter(text -> !text.isEmpty())
            .map(text -> limitsWithoutRacct(reader, text))
            .orElse(LimitsWithoutRacct.REFUSE);
    Optional<String> host = Platforms.of(reader);
    reader.throwIfWrong();
    return new JailTaskDriverOptions(host, state, system, window, policy, rulesets, limits);
  }

  private static LimitsWithoutRacct limitsWithoutRacct(ConfigReader reader, String text) {
    Optional<LimitsWithoutRacct> choice = LimitsWithoutRacct.find(text);
    if (choice.isEmpty()) {
      reader.problem(
          LimitsWithoutRacct.KEY,
          LimitsWithoutRacct.KEY
              + " takes \"refuse\" or \"ignore\", but \""
              + text
              + "\" is given."
              + Spelling.suggestion(text, LimitsWithoutRacct.keywords()));
    }
    return choice.orElse(LimitsWithoutRacct.REFUSE);
  }

  private static Duration duration(ConfigReader reader, String text) {
    Optional<Duration> duration = GoDuration.parse(text).filter(time -> !time.isNegative());
    if (duration.isEmpty()) {
      reader.problem(
          RECOVERY_WINDOW,
          RECOVERY_WINDOW + " takes a time such as \"10m\", but \"" + text + "\" is given");
    }
    return duration.orElse(Duration.ZERO);
  }

  private static Path path(ConfigReader reader, String key, String text) {
    try {
      Path path = Path.of(text);
      if (!path.isAbsolute()) {
        reader.problem(key, key + " takes absolute paths, but \"" + text + "\" is given");
      }
      return path;
    } catch (InvalidPathException wrong) {
      reader.problem(key, key + ": \"" + text + "\" is no path: " + wrong.getReason());
      return Path.of("/");
    }
  }

  private static List<String> texts(ConfigReader reader, PolicyOption option) {
    return reader.texts(option.key(), false);
  }

  private static List<String> flag(ConfigReader reader, PolicyOption option) {
    Optional<String> text = reader.text(option.key());
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      reader.problem(
          option.key(), option.key() + " takes true or false, but \"" + text.get() + "\" is given");
    }
    return text.filter("true"::equals).map(List::of).orElse(List.of());
  }

  private static Policy policy(ConfigReader reader, Map<PolicyOption, List<String>> entries) {
    try {
      return Policy.of(entries);
    } catch (InvalidValueException invalid) {
      for (String problem : invalid.problems()) {
        reader.problem(problem.substring(0, problem.indexOf(':')), problem);
      }
      return Policy.DEFAULT;
    }
  }

  /**
   * What of a task's spec its operator does not permit. Symbolic links of this host are followed.
   *
   * @return a problem for each, with the key of the task's config that it is about; empty if the
   *     task may run
   */
  public static List<ConfigProblem> refusals(Policy policy, TaskRequest request, JailSpec spec) {
    Allocation allocation =
        new Allocation(request.taskDirectory(), request.allocDirectory(), NomadDirectories.HIDDEN);
    List<ConfigProblem> problems = new ArrayList<>();
    for (Refusal refusal : policy.check(spec, allocation, SymbolicLinks::follow)) {
      problems.add(new ConfigProblem(key(refusal), refusal.message()));
    }
    return problems;
  }

  /** What has a place in a config has that of {@code params}; a task's user is in no config. */
  private static String key(Refusal refusal) {
    if (!refusal.place().isEmpty()) {
      return "params";
    }
    return JailParameterCatalogue.find(refusal.name()).isPresent() ? refusal.name() : "";
  }
}
