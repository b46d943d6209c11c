package io.gaol.goplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandshakeLineTest {
  private static final Path SOCKET = Path.of("/tmp/p/socket");

  @Test
  void aLineHasSixFieldsForAHostThatDoesNotMultiplex() {
    assertThat(new HandshakeLine(2, SOCKET, "", Optional.empty()).text())
        .isEqualTo("1|2|unix|/tmp/p/socket|grpc|");
  }

  @Test
  void aHostThatAskedForMultiplexingIsAnsweredInASeventhField() {
    assertThat(new HandshakeLine(2, SOCKET, "AAAA", Optional.of(true)).text())
        .isEqualTo("1|2|unix|/tmp/p/socket|grpc|AAAA|true");
    assertThat(new HandshakeLine(2, SOCKET, "", Optional.of(false)).text())
        .isEqualTo("1|2|unix|/tmp/p/socket|grpc||false");
  }

  @Test
  void aLineIsReadAsItWasWritten() {
    HandshakeLine line = new HandshakeLine(7, SOCKET, "AAAA", Optional.of(true));

    assertThat(HandshakeLine.parse(line.text() + "\n")).isEqualTo(line);
  }

  @Test
  void aLineThatIsNoHandshakeIsRefusedWithItsText() {
    assertThatThrownBy(() -> HandshakeLine.parse("Picked up JAVA_TOOL_OPTIONS"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Picked up JAVA_TOOL_OPTIONS");
    assertThatThrownBy(() -> HandshakeLine.parse("2|7|unix|/tmp/s|grpc|"))
        .hasMessageContaining("other than 1");
    assertThatThrownBy(() -> HandshakeLine.parse("1|x|unix|/tmp/s|grpc|"))
        .hasMessageContaining("no number");
    assertThatThrownBy(() -> HandshakeLine.parse("1|7|tcp|127.0.0.1:1|grpc|"))
        .hasMessageContaining("Unix socket");
    assertThatThrownBy(() -> HandshakeLine.parse("1|7|unix|/tmp/s|grpc|?"))
        .hasMessageContaining("Base64");
  }

  @Test
  void aHandshakeNeedsACookie() {
    assertThatThrownBy(() -> new Handshake("", "value", 1)).hasMessageContaining("cookie");
    assertThatThrownBy(() -> new Handshake("NAME", "", 1)).hasMessageContaining("cookie");
  }
}
