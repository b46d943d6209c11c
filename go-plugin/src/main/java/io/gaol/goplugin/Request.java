package io.gaol.goplugin;

import java.util.Map;
import java.util.Optional;

/**
 * What a host asks of its plugin, in environment variables. One that is set to nothing is not set.
 *
 * @param socketDirectory where the host wants the sockets
 * @param temporaryDirectory where they are otherwise
 * @param socketGroup who else may connect: the name or the number of a group
 * @param clientCertificate the host's, in PEM: both sides then prove who they are
 * @param multiplexing whether all connections are to share one; empty if the host cannot do it
 */
record Request(
    Optional<String> socketDirectory,
    Optional<String> temporaryDirectory,
    Optional<String> socketGroup,
    Optional<String> clientCertificate,
    Optional<Boolean> multiplexing) {

  static Request of(Map<String, String> environment) {
    return new Request(
        value(environment, "PLUGIN_UNIX_SOCKET_DIR"),
        value(environment, "TMPDIR"),
        value(environment, "PLUGIN_UNIX_SOCKET_GROUP"),
        value(environment, "PLUGIN_CLIENT_CERT"),
        value(environment, "PLUGIN_MULTIPLEX_GRPC").map(Request::isTrue));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** What Go's strconv.ParseBool takes for true; everything else is not asked for. */
  private static boolean isTrue(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      default -> false;
    };
  }
}
