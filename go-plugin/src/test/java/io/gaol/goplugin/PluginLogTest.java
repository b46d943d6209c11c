package io.gaol.goplugin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.gaol.goplugin.PluginLog.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PluginLogTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void anEventIsALineOfJsonAsHostsReadIt() {
    JsonObject line = line(Level.WARN, "it rains", "drops", 3, "where", List.of("here"));

    assertThat(line.get("@level").getAsString()).isEqualTo("warn");
    assertThat(line.get("@module").getAsString()).isEqualTo("module");
    assertThat(line.get("@message").getAsString()).isEqualTo("it rains");
    assertThat(line.get("@timestamp").getAsString())
        .matches("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    assertThat(line.get("drops").getAsInt()).isEqualTo(3);
    assertThat(line.get("where").getAsString()).isEqualTo("[here]");
  }

  @Test
  void aMessageOfManyLinesAndOddSignsIsOneLine() {
    String odd = "a\nb\r\t\"\\\u0000\u001f\u2028é😀";

    byte[] bytes = LogLine.of(Level.INFO, "module", odd, odd, odd);

    String text = new String(bytes, StandardCharsets.UTF_8);
    assertThat(text.lines()).hasSize(1);
    assertThat(text).endsWith("}\n");
    assertThat(parse(bytes).get("@message").getAsString()).isEqualTo(odd);
    assertThat(parse(bytes).get(odd).getAsString()).isEqualTo(odd);
  }

  @Test
  void halfASignIsReplaced() {
    assertThat(line(Level.INFO, "\ud83d!\ude00").get("@message").getAsString())
        .isEqualTo("\ufffd!\ufffd");
  }

  @Test
  void aKeyOfTheCallerNeverTakesThePlaceOfTheFormats() {
    JsonObject line = line(Level.INFO, "message", "@level", 5, "@message", true);

    assertThat(line.get("@level").getAsString()).isEqualTo("info");
    assertThat(line.get("@message").getAsString()).isEqualTo("message");
    assertThat(line.get("_level").getAsInt()).isEqualTo(5);
  }

  @Test
  void whatJsonHasNoNumberForIsText() {
    assertThat(line(Level.INFO, "m", "n", Double.NaN).get("n").getAsString()).isEqualTo("NaN");
    assertThat(line(Level.INFO, "m", "n", 1.5).get("n").getAsDouble()).isEqualTo(1.5);
  }

  @Test
  void aValueWithoutAKeyIsNotLost() {
    assertThat(line(Level.INFO, "m", "alone").get("EXTRA_VALUE_AT_END").getAsString())
        .isEqualTo("alone");
  }

  @Test
  void neitherNothingNorAValueThatFailsThrows() {
    Object failing =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no");
          }
        };

    assertThat(line(Level.INFO, "m", "k", failing).get("k").getAsString())
        .contains("IllegalStateException");
    assertThat(line(Level.INFO, "m", "k", null).get("k").getAsString()).isEqualTo("null");
    assertThat(line(Level.INFO, null).get("@message").getAsString()).isEqualTo("null");
  }

  @Test
  void aLineThatIsTooLongIsCutAndSaysSo() {
    for (String sign : List.of("x", "\n", "é", "😀", "\u0000", "\ud83d")) {
      byte[] bytes =
          LogLine.of(
              Level.INFO, "module", sign.repeat(100_000), "short", 1, "long", sign.repeat(100_000));

      assertThat(bytes.length).isLessThanOrEqualTo(LogLine.LONGEST_BYTES);
      JsonObject line = parse(bytes);
      assertThat(line.get("@message").getAsString())
          .startsWith(sign.equals("\ud83d") ? "\ufffd" : sign);
      assertThat(line.get("short").getAsInt()).isEqualTo(1);
      assertThat(line.has("long")).isFalse();
      assertThat(line.get("log_line_cut_from_bytes").getAsInt()).isGreaterThan(100_000);
    }
  }

  @Test
  void aReaderThatIsStuckHoldsUpNobodyAndIsToldWhatItMissed() throws Exception {
    CountDownLatch reads = new CountDownLatch(1);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    OutputStream stuck =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
              reads.await();
            } catch (InterruptedException interrupted) {
              throw new IOException(interrupted);
            }
            read.write(bytes, offset, length);
          }
        };
    PluginLog log = PluginLog.to("module", stuck);
    for (int i = 0; i < 1000; i++) {
      log.info("x".repeat(10_000), "number", i);
    }

    reads.countDown();
    log.flush(LIMIT);
    log.info("afterwards");
    log.flush(LIMIT);

    List<JsonObject> lines =
        read.toString(StandardCharsets.UTF_8)
            .lines()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
    int dropped = 0;
    int written = 0;
    for (JsonObject line : lines) {
      dropped += line.has("dropped") ? line.get("dropped").getAsInt() : 0;
      written += line.has("number") ? 1 : 0;
    }
    assertThat(dropped).isPositive();
    assertThat(written + dropped).isEqualTo(1000);
    assertThat(lines.getLast().get("@message").getAsString()).isEqualTo("afterwards");
  }

  @Test
  void aBrokenPipeIsPassedOver() {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    OutputStream breaking =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void write(byte[] bytes) throws IOException {
            if (new String(bytes, StandardCharsets.UTF_8).contains("lost")) {
              throw new IOException("Broken pipe");
            }
            read.write(bytes);
          }
        };
    PluginLog log = PluginLog.to("module", breaking);

    log.info("lost");
    log.info("kept");
    log.flush(LIMIT);

    assertThat(read.toString(StandardCharsets.UTF_8)).contains("kept").doesNotContain("lost");
  }

  private static JsonObject line(Level level, String message, Object... keysAndValues) {
    return parse(LogLine.of(level, "module", message, keysAndValues));
  }

  private static JsonObject parse(byte[] line) {
    return JsonParser.parseString(new String(line, StandardCharsets.UTF_8)).getAsJsonObject();
  }
}
