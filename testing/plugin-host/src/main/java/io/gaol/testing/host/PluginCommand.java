package io.gaol.testing.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a plugin is started.
 *
 * @param program its file, absolute
 * @param arguments of the agent's {@code plugin} block
 * @param environment what its environment has more than ours
 * @param directory where it starts
 * @param patience how long it has to print its {@link Handshake}
 */
public record PluginCommand(
    Path program,
    List<String> arguments,
    Map<String, String> environment,
    Path directory,
    Duration patience) {
  /** The variable without whose value a plugin does not run. */
  public static final String COOKIE = "NOMAD_PLUGIN_MAGIC_COOKIE";

  /**
   * What an agent appends to its own environment; nothing else, neither for TLS nor for sockets.
   */
  private static final Map<String, String> AGENT =
      Map.of(
          COOKIE,
          "e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255",
          "PLUGIN_MIN_PORT",
          "10000",
          "PLUGIN_MAX_PORT",
          "25000",
          "PLUGIN_PROTOCOL_VERSIONS",
          Integer.toString(Handshake.NOMAD_PROTOCOL));

  /** go-plugin's, which no agent changes. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /** Checks and copies. */
  public PluginCommand {
    if (!program.isAbsolute()) {
      throw new IllegalArgumentException("an agent starts a plugin by its whole path: " + program);
    }
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(patience, "patience");
  }

  /** A plugin with these arguments, in an agent's environment. */
  public static PluginCommand of(Path program, String... arguments) {
    return new PluginCommand(program, List.of(arguments), AGENT, Path.of("/"), START_TIMEOUT);
  }

  /** The same with one more variable, or another value of one. */
  public PluginCommand with(String variable, Object value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(variable, value.toString());
    return new PluginCommand(program, arguments, more, directory, patience);
  }

  /** The same with less time, or more, to print the handshake. */
  public PluginCommand within(Duration newPatience) {
    return new PluginCommand(program, arguments, environment, directory, newPatience);
  }

  /** The same in another directory. */
  public PluginCommand in(Path newDirectory) {
    return new PluginCommand(program, arguments, environment, newDirectory, patience);
  }

  /**
   * Starts it.
   *
   * @throws PluginHostException if an agent would give up on it; then nothing of it runs any more
   */
  public Plugin launch() {
    return Plugin.launch(this);
  }
}
