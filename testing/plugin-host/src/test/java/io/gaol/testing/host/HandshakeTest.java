package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"1|2|unix|/tmp/p|grpc|", "1|2|unix|/tmp/p|grpc", " 1|2|unix|/tmp/p|grpc|\r"})
  void aUnixSocketIsUnderstoodWithAndWithoutTheEmptyCertificate(String line) {
    Handshake handshake = Handshake.parse(line);
    assertThat(handshake.version()).isEqualTo(2);
    assertThat(handshake.socket()).isEqualTo(Path.of("/tmp/p"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "hello; Unrecognized remote plugin message: hello",
        "1|2|unix; Unrecognized remote plugin message",
        "''; Unrecognized remote plugin message",
        "OpenJDK 64-Bit Server VM warning: x; Unrecognized remote plugin message",
        "x|2|unix|/p|grpc|; Error parsing core protocol version",
        "2|2|unix|/p|grpc|; Incompatible core API version",
        "1|y|unix|/p|grpc|; Error parsing protocol version",
        "1|1|unix|/p|grpc|; Incompatible API version",
        "1|3|unix|/p|grpc|; Incompatible API version",
        "1|2|pipe|/p|grpc|; Unknown address type: pipe",
        "1|2|unix|p|grpc|; not the absolute path",
        "1|2|unix||grpc|; not the absolute path",
        "1|2|tcp|127.0.0.1:10001|grpc|; a TCP port, over which",
        "1|2|unix|/p; Unsupported plugin protocol \"netrpc\"",
        "1|2|unix|/p|http|; Unsupported plugin protocol \"http\"",
        "1|2|unix|/p|grpc|MIIB; a certificate that nobody asked for",
        "1|2|unix|/p|grpc||true; a seventh field that nobody asked for",
      })
  void whatAnAgentWouldRefuseIsRefusedWithTheReason(String line, String reason) {
    assertThatThrownBy(() -> Handshake.parse(line))
        .isInstanceOf(PluginHostException.class)
        .hasMessageContaining(reason);
  }
}
