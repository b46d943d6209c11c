package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  @ParameterizedTest
  @CsvSource({
    "comand, command",
    "Comamnd, command",
    "agrs, args",
    "Exec_strat, Exec_start",
    "exec_poststrt, Exec_poststart"
  })
  void aMisspeltNameFindsTheOneThatWasMeant(String given, String meant) {
    assertThat(Spelling.nearest(given, List.of("command", "args", "Exec_start", "Exec_poststart")))
        .contains(meant);
  }

  @Test
  void aNameLikeNoOtherFindsNone() {
    assertThat(Spelling.nearest("banana", List.of("command", "args"))).isEmpty();
    assertThat(Spelling.suggestion("x", List.of("ab"))).isEmpty();
  }
}
