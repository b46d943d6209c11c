package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Exit.MemoryKill;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExitTest {

  @ParameterizedTest
  @CsvSource({
    "0, NO, exit status 0",
    "7, NO, exit status 7",
    "128, NO, exit status 128",
    "137, NO, killed by signal 9",
    "143, NO, killed by signal 15",
    "255, NO, exit status 255",
    "137, YES, out of memory: killed by the kernel",
    "137, LIKELY, 'out of memory, likely: killed while its memory was at the limit'",
  })
  void isToldInWords(int status, MemoryKill memory, String words) {
    assertThat(Exit.of(status, memory).describe()).isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 143})
  void keepsTheStatusOfATaskWhoseChildWasKilledForMemory(int status) {
    assertThat(Exit.of(status, MemoryKill.YES).describe())
        .contains(status == 143 ? "signal 15" : "exit status " + status)
        .contains("memory");
  }

  @ParameterizedTest
  @CsvSource({"129, 1", "137, 9", "192, 64"})
  void foldsASignalInto128AndItsNumber(int status, int signal) {
    assertThat(Exit.of(status, MemoryKill.NO).signal()).contains(signal);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 127, 128, 193, 255})
  void takesNoOtherStatusForASignal(int status) {
    assertThat(Exit.of(status, MemoryKill.NO).signal()).isEmpty();
  }

  @Test
  void isSuccessfulWithStatusZeroOnly() {
    assertThat(Exit.of(0, MemoryKill.NO).successful()).isTrue();
    assertThat(Exit.of(1, MemoryKill.NO).successful()).isFalse();
    assertThat(Exit.unknown("nobody knows").successful()).isFalse();
  }

  @Test
  void saysWhyNobodyKnows() {
    Exit exit = Exit.unknown("its supervisor was killed");
    assertThat(exit.describe()).isEqualTo("ended, exit status unknown: its supervisor was killed");
    assertThat(exit.signal()).isEmpty();
  }

  @Test
  void tellsWhatCameBesidesTheStatus() {
    Exit exit = new Exit(Optional.of(1), MemoryKill.NO, Optional.of("exec.start command 2 failed"));
    assertThat(exit.describe()).isEqualTo("exit status 1: exec.start command 2 failed");
  }
}
