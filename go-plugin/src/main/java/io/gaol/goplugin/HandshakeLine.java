package io.gaol.goplugin;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * The one line that a plugin writes to stdout: where it listens, and what it speaks there.
 *
 * <p>{@code 1|VERSION|unix|PATH|grpc|CERTIFICATE}, and {@code |true} or {@code |false} where the
 * host asked whether all connections can share one.
 *
 * @param protocolVersion the version of the host's own protocol
 * @param socket the Unix socket that the plugin listens on
 * @param certificate the plugin's, as DER in Base64 without padding; empty without TLS
 * @param multiplexing the answer to a host that asked for it; empty for one that did not
 */
public record HandshakeLine(
    int protocolVersion, Path socket, String certificate, Optional<Boolean> multiplexing) {
  /** The version of go-plugin itself. */
  private static final String CORE_PROTOCOL_VERSION = "1";

  /** Checks that nothing is missing. */
  public HandshakeLine {
    requireNonNull(socket, "socket");
    requireNonNull(certificate, "certificate");
    requireNonNull(multiplexing, "multiplexing");
  }

  /** The line, without the newline that ends it. */
  public String text() {
    String line =
        CORE_PROTOCOL_VERSION + "|" + protocolVersion + "|unix|" + socket + "|grpc|" + certificate;
    return multiplexing.isPresent() ? line + "|" + multiplexing.get() : line;
  }

  /**
   * Reads a plugin's line, as a host does.
   *
   * @throws IllegalArgumentException if it is none that this library can serve; with the reason
   */
  public static HandshakeLine parse(String line) {
    String[] fields = line.strip().split("\\|", -1);
    if (fields.length < 4) {
      throw new IllegalArgumentException("this is no plugin's first line: " + line);
    }
    if (!fields[0].equals(CORE_PROTOCOL_VERSION)) {
      throw new IllegalArgumentException("a go-plugin protocol other than 1: " + line);
    }
    if (!fields[2].equals("unix") || fields.length < 5 || !fields[4].equals("grpc")) {
      throw new IllegalArgumentException("only gRPC over a Unix socket is spoken here: " + line);
    }
    return new HandshakeLine(
        version(fields[1], line),
        Path.of(fields[3]),
        fields.length > 5 ? certificate(fields[5], line) : "",
        fields.length > 6 ? Optional.of(fields[6].equals("true")) : Optional.empty());
  }

  private static int version(String text, String line) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException broken) {
      throw new IllegalArgumentException("a protocol version that is no number: " + line, broken);
    }
  }

  private static String certificate(String text, String line) {
    try {
      Base64.getDecoder().decode(text);
      return text;
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException("a certificate that is no Base64: " + line, broken);
    }
  }
}
