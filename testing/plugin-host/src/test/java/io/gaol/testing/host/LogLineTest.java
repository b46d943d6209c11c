package io.gaol.testing.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {
  private static final String TIME = "\"@timestamp\":\"2026-01-02T03:04:05.000006Z\"";

  @Test
  void aRecordHasItsLevelMessageTimeAndFields() {
    LogLine line =
        LogLine.parse("{\"@level\":\"INFO\",\"@message\":\"started\"," + TIME + ",\"n\":7}");
    assertThat(line)
        .isInstanceOfSatisfying(
            LogLine.Entry.class,
            entry -> {
              assertThat(entry.level()).isEqualTo("info");
              assertThat(entry.message()).isEqualTo("started");
              assertThat(entry.timestamp())
                  .isEqualTo(OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 6_000, ZoneOffset.UTC));
              assertThat(entry.fields()).containsOnlyKeys("n");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-02T03:04:05.000Z",
        "2026-01-02T03:04:05.000000006Z",
        "2026-01-02T03:04:05Z",
        "2026-01-02 03:04:05.000006Z",
        "2026-13-02T03:04:05.000006Z",
      })
  void aTimeThatHasNotExactlySixDigitsMakesTheLineAText(String timestamp) {
    String line = "{\"@level\":\"info\",\"@message\":\"m\",\"@timestamp\":\"" + timestamp + "\"}";
    assertThat(LogLine.parse(line)).isEqualTo(new LogLine.Text(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "[WARN] plain",
        "[1]",
        "{\"@message\":\"without a level\"," + TIME + "}",
        "{\"@level\":\"fatal\",\"@message\":\"m\"," + TIME + "}",
        "{\"@level\":\"info\",\"@message\":\"cut",
        "{\"@level\":\"info\",\"@message\":\"m\"," + TIME + "} and more",
      })
  void whatIsNoRecordIsAText(String line) {
    assertThat(LogLine.parse(line)).isEqualTo(new LogLine.Text(line));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"@message\":7}", "{\"@level\":null}", "{\"@timestamp\":{}}"})
  void whatAnAgentTakesForAStringAndIsNoneIsDeadly(String line) {
    assertThat(LogLine.parse(line))
        .isInstanceOfSatisfying(
            LogLine.Deadly.class, deadly -> assertThat(deadly.why()).contains("is no string"));
  }
}
