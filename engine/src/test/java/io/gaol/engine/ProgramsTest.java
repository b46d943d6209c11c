package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgramsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static Programs.Result read(String script, Duration limit) throws Exception {
    return Programs.read(List.of("/bin/sh", "-c", script), Map.of("WORD", "given"), limit);
  }

  @Test
  void allThatAProgramSaysIsReadHoweverMuch() throws Exception {
    Programs.Result result =
        read(
            "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; echo $WORD >&2", LONG);
    assertThat(result.status()).contains(0);
    assertThat(result.output()).startsWith("line 0\n").endsWith("line 19999\ngiven\n");
  }

  @Test
  void itsExitStatusIsTold() throws Exception {
    assertThat(read("echo no; exit 3", LONG))
        .isEqualTo(new Programs.Result(Optional.of(3), "no\n"));
  }

  @Test
  void aProgramWhoseTimeIsOverIsKilledWithWhatItStarted() throws Exception {
    Programs.Result result = read("echo begun; sleep 1000 & sleep 1000", Duration.ofMillis(300));
    assertThat(result.status()).isEmpty();
    assertThat(result.output()).isEqualTo("begun\n");
    assertThat(result.describe()).isEqualTo("timed out and was killed: begun");
  }
}
