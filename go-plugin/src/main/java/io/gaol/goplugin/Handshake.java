package io.gaol.goplugin;

import static java.util.Objects.requireNonNull;

/**
 * What a host and its plugins agreed on: how a plugin knows that it was started by its host, and
 * which version of their own protocol they speak.
 *
 * <p>The cookie is no secret. It tells a program started by its host from one started by hand.
 *
 * @param cookieName of the environment variable that the host sets
 * @param cookieValue what the host sets it to
 * @param protocolVersion of the protocol between this host and its plugins
 * @see <a href="https://github.com/hashicorp/go-plugin">go-plugin, HandshakeConfig</a>
 */
public record Handshake(String cookieName, String cookieValue, int protocolVersion) {
  /** Checks that there is a cookie: without one every program would pass for a host. */
  public Handshake {
    requireNonNull(cookieName, "cookieName");
    requireNonNull(cookieValue, "cookieValue");
    if (cookieName.isEmpty() || cookieValue.isEmpty()) {
      throw new IllegalArgumentException("a handshake needs a cookie: its name and its value");
    }
    if (protocolVersion < 0) {
      throw new IllegalArgumentException("a negative protocol version: " + protocolVersion);
    }
  }
}
