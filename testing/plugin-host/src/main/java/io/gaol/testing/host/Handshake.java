package io.gaol.testing.host;

import io.gaol.goplugin.HandshakeLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The first line that a plugin prints, read as go-plugin's client in an agent does: fields between
 * bars, of which at least four are there. Stricter than an agent in one thing: it would take a TCP
 * port, too.
 *
 * @param line as it was printed
 * @param version of the application's protocol
 * @param socket where the plugin serves
 */
public record Handshake(String line, int version, Path socket) {
  /** The version of go-plugin's own protocol. */
  static final int CORE_PROTOCOL = 1;

  /** The version of Nomad's protocol, the only one that agents offer. */
  static final int NOMAD_PROTOCOL = 2;

  private static final int LEAST_FIELDS = 4;
  private static final int PROTOCOL = 4;
  private static final int CERTIFICATE = 5;

  /**
   * Reads the line.
   *
   * @throws PluginHostException if an agent would refuse it, or break on it
   */
  public static Handshake parse(String line) {
    List<String> fields = List.of(line.strip().split("\\|", -1));
    if (fields.size() < LEAST_FIELDS) {
      throw new PluginHostException("Unrecognized remote plugin message: " + line);
    }
    int core = number(fields.get(0), "core protocol version", line);
    if (core != CORE_PROTOCOL) {
      throw new PluginHostException(
          "Incompatible core API version with plugin. Plugin version: "
              + core
              + ", Core version: "
              + CORE_PROTOCOL);
    }
    int version = number(fields.get(1), "protocol version", line);
    if (version != NOMAD_PROTOCOL) {
      throw new PluginHostException(
          "Incompatible API version with plugin. Plugin version: "
              + version
              + ", Client versions: ["
              + NOMAD_PROTOCOL
              + "]");
    }
    Path socket = socket(fields.get(2), fields.get(3));
    // Without the field, a client takes the protocol to be the one that agents no longer speak.
    String protocol = fields.size() > PROTOCOL ? fields.get(PROTOCOL) : "netrpc";
    if (!protocol.equals("grpc")) {
      throw new PluginHostException(
          "Unsupported plugin protocol \"" + protocol + "\". Supported: [grpc]");
    }
    if (fields.size() > CERTIFICATE && !fields.get(CERTIFICATE).isEmpty()) {
      throw new PluginHostException(
          "a certificate that nobody asked for, on which an agent would break: " + line);
    }
    if (fields.size() > CERTIFICATE + 1) {
      throw new PluginHostException(
          "a seventh field that nobody asked for, which older agents take for a certificate: "
              + line);
    }
    return new Handshake(line, version, socket);
  }

  private static int number(String field, String what, String line) {
    try {
      return Integer.parseInt(field);
    } catch (NumberFormatException none) {
      throw new PluginHostException("Error parsing " + what + ": " + line, none);
    }
  }

  private static Path socket(String network, String address) {
    return switch (network) {
      case "unix" -> {
        if (!address.startsWith("/")) {
          throw new PluginHostException("not the absolute path of a socket: " + address);
        }
        yield Path.of(address);
      }
      case "tcp" ->
          throw new PluginHostException(
              "a TCP port, over which whoever reaches it is root here: " + address);
      default -> throw new PluginHostException("Unknown address type: " + network);
    };
  }

  /** The same for what connects. */
  HandshakeLine connectionLine() {
    return new HandshakeLine(version, socket, "", Optional.empty());
  }
}
