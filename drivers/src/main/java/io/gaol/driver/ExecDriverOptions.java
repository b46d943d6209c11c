package io.gaol.driver;

import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Spelling;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The operator's options for {@code exec}: the {@code config} of the agent's {@code plugin "exec"}
 * block, with the keys, defaults and error texts of Nomad's built-in driver.
 *
 * @param host what jails are made on, one of {@link Platforms#NAMES}; empty is what this machine is
 * @param noPivotRoot whether a root is entered by chroot(2) alone, for hosts that run from a RAM
 *     disk
 * @param sharesProcesses whether a task without {@code pid_mode} sees the host's processes
 * @param sharesIpc whether a task without {@code ipc_mode} shares the host's IPC
 * @param allowCaps capabilities that a task may have; sorted, lower case, without {@code cap_}
 * @param deniedHostUids users of the host that no task may run as
 * @param deniedHostGids groups of the host that no task may run in
 */
public record ExecDriverOptions(
    Optional<String> host,
    boolean noPivotRoot,
    boolean sharesProcesses,
    boolean sharesIpc,
    Set<String> allowCaps,
    IdRanges deniedHostUids,
    IdRanges deniedHostGids) {
  /** Nomad's defaults. */
  public static final ExecDriverOptions DEFAULT =
      new ExecDriverOptions(
          Optional.empty(),
          false,
          false,
          false,
          LinuxCapabilities.setOf(LinuxCapabilities.NOMAD_DEFAULTS),
          IdRanges.NONE,
          IdRanges.NONE);

  private static final Schema.Fields SCHEMA = schemaOfAllOptions();

  /** Checks and copies. */
  public ExecDriverOptions {
    Objects.requireNonNull(host, "host");
    allowCaps = Collections.unmodifiableSet(new TreeSet<>(allowCaps));
    Objects.requireNonNull(deniedHostUids, "deniedHostUids");
    Objects.requireNonNull(deniedHostGids, "deniedHostGids");
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
    fields.put("no_pivot_root", option("no_pivot_root", ConfigType.bool(), false));
    fields.put("default_pid_mode", option("default_pid_mode", ConfigType.string(), "private"));
    fields.put("default_ipc_mode", option("default_ipc_mode", ConfigType.string(), "private"));
    fields.put(
        "allow_caps",
        option(
            "allow_caps",
            ConfigType.listOf(ConfigType.string()),
            LinuxCapabilities.NOMAD_DEFAULTS.stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .toList()));
    for (String key : List.of("denied_host_uids", "denied_host_gids")) {
      fields.put(key, new Schema.Attr(key, ConfigType.string(), false));
    }
    return new Schema.Fields(fields);
  }

  private static Schema option(String key, ConfigType type, Object byDefault) {
    return new Schema.Default(new Schema.Attr(key, type, false), new Schema.Literal(byDefault));
  }

  /**
   * The options of a config.
   *
   * @param config of the {@link #schema}; what is null or not there has its default
   * @throws ConfigException with all that is wrong
   */
  public static ExecDriverOptions of(Map<String, Object> config) throws ConfigException {
    ConfigReader reader = new ConfigReader(config);
    for (String key : config.keySet()) {
      if (!SCHEMA.fields().containsKey(key)) {
        reader.problem(
            key,
            "the plugin exec knows no option \""
                + key
                + "\"."
                + Spelling.suggestion(key, SCHEMA.fields().keySet()));
      }
    }
    ExecDriverOptions options =
        new ExecDriverOptions(
            Platforms.of(reader),
            flag(reader, "no_pivot_root"),
            isHost(reader, "default_pid_mode"),
            isHost(reader, "default_ipc_mode"),
            config.get("allow_caps") == null ? DEFAULT.allowCaps() : allowCaps(reader),
            ids(reader, "denied_host_uids", "deniedHostUIDs"),
            ids(reader, "denied_host_gids", "deniedHostGIDs"));
    reader.throwIfWrong();
    return options;
  }

  private static boolean flag(ConfigReader reader, String key) {
    Optional<String> text = reader.text(key);
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      reader.problem(key, key + " takes true or false, but \"" + text.get() + "\" is given");
    }
    return text.filter("true"::equals).isPresent();
  }

  private static boolean isHost(ConfigReader reader, String key) {
    String mode = reader.text(key).orElse("private");
    if (!mode.equals("private") && !mode.equals("host")) {
      reader.problem(key, key + " must be \"private\" or \"host\", got \"" + mode + "\"");
    }
    return mode.equals("host");
  }

  private static Set<String> allowCaps(ConfigReader reader) {
    Set<String> names = LinuxCapabilities.setOf(reader.texts("allow_caps", false));
    Set<String> unknown = new TreeSet<>(names);
    unknown.removeAll(LinuxCapabilities.NAMES);
    if (!unknown.isEmpty()) {
      reader.problem(
          "allow_caps",
          "allow_caps configured with capabilities not supported by system: "
              + String.join(", ", unknown));
    }
    return names;
  }

  private static IdRanges ids(ConfigReader reader, String key, String called) {
    try {
      return IdRanges.parse(called, reader.text(key).orElse(""));
    } catch (IllegalArgumentException wrong) {
      reader.problem(key, "unable to start validator: " + wrong.getMessage());
      return IdRanges.NONE;
    }
  }

  /**
   * The capabilities of a task: Nomad's defaults as far as they are allowed, without those that it
   * drops, and those that it adds.
   *
   * @return sorted, lower case, without {@code cap_}
   */
  public Set<String> capabilities(CapabilityChanges changes) {
    Set<String> result = new TreeSet<>(LinuxCapabilities.NOMAD_DEFAULTS);
    result.retainAll(allowCaps);
    result.removeAll(LinuxCapabilities.setOf(changes.drop()));
    result.addAll(LinuxCapabilities.setOf(changes.add()));
    return result;
  }

  /**
   * What of a task's spec its operator does not permit.
   *
   * @return empty if the task may run, as far as its config says
   */
  public List<ConfigProblem> refusals(JailSpec spec) {
    Set<String> denied = LinuxCapabilities.setOf(spec.capabilities().add());
    denied.removeAll(allowCaps);
    return denied.isEmpty()
        ? List.of()
        : List.of(
            new ConfigProblem(
                "cap_add",
                "driver does not allow the following capabilities: "
                    + String.join(", ", denied)
                    + " (allow_caps in the plugin's config permits them)"));
  }

  /**
   * Why a task may not run as a user of the host.
   *
   * @param uid the user's number
   * @param gids the numbers of its groups
   * @return empty if it may
   */
  public List<String> deniedIds(long uid, List<Long> gids) {
    List<String> denied = new ArrayList<>();
    if (deniedHostUids.contains(uid)) {
      denied.add("running as uid " + uid + " is disallowed");
    }
    for (long gid : new TreeSet<>(gids)) {
      if (deniedHostGids.contains(gid)) {
        denied.add("running as gid " + gid + " is disallowed");
      }
    }
    return denied;
  }
}
