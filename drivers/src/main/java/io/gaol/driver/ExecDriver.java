package io.gaol.driver;

import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code exec}: a command in isolation, with the keys of Nomad's built-in driver of that name. */
public final class ExecDriver implements TaskDriver {
  private static final List<String> KEYS =
      List.of("command", "args", "pid_mode", "ipc_mode", "cap_add", "cap_drop", "work_dir");

  /** Whom Nomad's exec driver runs a task as that names nobody. */
  private static final String DEFAULT_USER = "nobody";

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
  public JailSpec spec(TaskRequest request) throws ConfigException {
    ConfigReader reader = new ConfigReader(request.config());
    for (String key : request.config().keySet()) {
      if (!KEYS.contains(key)) {
        reader.problem(
            key, "the exec driver knows no \"" + key + "\"." + Spelling.suggestion(key, KEYS));
      }
    }
    List<String> command = new ArrayList<>();
    reader
        .text("command")
        .ifPresentOrElse(
            command::add,
            () -> reader.problem("", "the exec driver needs command, the program to run"));
    command.addAll(reader.texts("args", false));
    if (isHost(reader, "pid_mode")) {
      reader.problem(
          "pid_mode", "pid_mode = \"host\" is not built yet: a task has its own processes");
    }
    boolean sharesIpc = isHost(reader, "ipc_mode");
    for (String key : List.of("cap_add", "cap_drop")) {
      if (!reader.texts(key, false).isEmpty()) {
        reader.problem(key, key + " is not built yet: a task has a jailed root's capabilities");
      }
    }
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
        sharesIpc);
  }

  private static boolean isHost(ConfigReader reader, String key) {
    Optional<String> mode = reader.text(key).filter(text -> !text.isEmpty());
    if (mode.isPresent() && !mode.get().equals("private") && !mode.get().equals("host")) {
      reader.problem(key, key + " must be \"private\" or \"host\", got \"" + mode.get() + "\"");
    }
    return mode.filter("host"::equals).isPresent();
  }
}
