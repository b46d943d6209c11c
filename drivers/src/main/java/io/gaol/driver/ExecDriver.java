package io.gaol.driver;

import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Spelling;
import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code exec}: a command in isolation, with the keys of Nomad's built-in driver of that name. */
public final class ExecDriver implements JailDriver {
  private static final ConfigType TEXTS = ConfigType.listOf(ConfigType.string());

  private static final Schema.Fields SCHEMA =
      new Schema.Fields(
          Map.of(
              "command", new Schema.Attr("command", ConfigType.string(), true),
              "args", new Schema.Attr("args", TEXTS, false),
              "pid_mode", new Schema.Attr("pid_mode", ConfigType.string(), false),
              "ipc_mode", new Schema.Attr("ipc_mode", ConfigType.string(), false),
              "cap_add", new Schema.Attr("cap_add", TEXTS, false),
              "cap_drop", new Schema.Attr("cap_drop", TEXTS, false),
              "work_dir", new Schema.Attr("work_dir", ConfigType.string(), false)));

  /** Whom Nomad's exec driver runs a task as that names nobody. */
  private static final String DEFAULT_USER = "nobody";

  private final ExecDriverOptions options;

  /** With Nomad's defaults of all options. */
  public ExecDriver() {
    this(ExecDriverOptions.DEFAULT);
  }

  /** With an operator's options. */
  public ExecDriver(ExecDriverOptions options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  @Override
  public String name() {
    return "exec";
  }

  @Override
  public String defaultKillSignal() {
    return "SIGINT"; // Nomad's exec driver sends it
  }

  @Override
  public Optional<String> defaultUser() {
    return Optional.of(DEFAULT_USER);
  }

  @Override
  public Schema.Fields schema() {
    return SCHEMA;
  }

  @Override
  public String unknownKey(String key) {
    return "the exec driver knows no \""
        + key
        + "\"."
        + Spelling.suggestion(key, SCHEMA.fields().keySet());
  }

  @Override
  public JailSpec spec(TaskRequest request) throws ConfigException {
    ConfigReader reader = new ConfigReader(request.config());
    List<String> command = new ArrayList<>();
    reader
        .text("command")
        .ifPresentOrElse(
            command::add,
            () -> reader.problem("", "the exec driver needs command, the program to run"));
    command.addAll(reader.texts("args", false));
    if (isHost(reader, "pid_mode", options.sharesProcesses())) {
      reader.problem(
          "pid_mode", "pid_mode = \"host\" is not built yet: a task has its own processes");
    }
    boolean sharesIpc = isHost(reader, "ipc_mode", options.sharesIpc());
    CapabilityChanges capabilities =
        new CapabilityChanges(capabilities(reader, "cap_add"), capabilities(reader, "cap_drop"));
    String workDirectory = reader.text("work_dir").orElse("/");
    if (!workDirectory.startsWith("/")) {
      reader.problem(
          "work_dir", "work_dir must be absolute but got relative path \"" + workDirectory + "\"");
    }
    reader.throwIfWrong();
    // Nomad's exec shares the host's network unless the group has one of its own.
    JailParameters parameters =
        JailParameters.NONE.with("ip4", List.of("inherit")).with("ip6", List.of("inherit"));
    JailSpec.Root root = NomadDirectories.hostSystem(request);
    return new JailSpec(
        request.jail(),
        parameters.with("host", List.of("inherit")),
        command,
        request.environment(),
        Optional.of(request.user().orElse(DEFAULT_USER)),
        workDirectory,
        root,
        NomadDirectories.mounts(request, root),
        request.devices(),
        request.resources(),
        List.of(),
        sharesIpc,
        capabilities);
  }

  private static List<String> capabilities(ConfigReader reader, String key) {
    List<String> names = new ArrayList<>();
    for (String text : reader.texts(key, false)) {
      String name = LinuxCapabilities.name(text);
      if (!name.equals(LinuxCapabilities.ALL) && !LinuxCapabilities.NAMES.contains(name)) {
        reader.problem(
            key,
            key
                + ": Linux has no capability \""
                + text
                + "\"."
                + Spelling.suggestion(name, LinuxCapabilities.NAMES));
      }
      names.add(name);
    }
    return names;
  }

  private static boolean isHost(ConfigReader reader, String key, boolean byDefault) {
    Optional<String> mode = reader.text(key).filter(text -> !text.isEmpty());
    if (mode.isPresent() && !mode.get().equals("private") && !mode.get().equals("host")) {
      reader.problem(key, key + " must be \"private\" or \"host\", got \"" + mode.get() + "\"");
    }
    return mode.map("host"::equals).orElse(byDefault);
  }
}
