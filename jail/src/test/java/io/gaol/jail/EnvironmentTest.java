package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
  @Test
  void itsTextShowsNamesButNoValue() {
    assertThat(new Environment(Map.of("TOKEN", "s3cret")).toString())
        .isEqualTo("Environment[TOKEN]");
  }

  @Test
  void variablesAreSortedAndTheOthersWin() {
    Environment both = new Environment(Map.of("B", "1", "A", "1")).and(Map.of("B", "2"));

    assertThat(both.variables()).containsExactly(Map.entry("A", "1"), Map.entry("B", "2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A=B", "=", "=A", "A\0", "\0"})
  void whatIsNoNameIsRefused(String name) {
    assertThatThrownBy(() -> new Environment(Map.of(name, "x")))
        .hasMessageStartingWith("not a name of an environment variable: ");
  }

  @Test
  void aNulInAValueIsRefusedWithoutTellingTheValue() {
    for (String value : new String[] {"s3\0cret", "\0", "s3cret\0"}) {
      assertThatThrownBy(() -> new Environment(Map.of("TOKEN", value)))
          .hasMessage("the environment variable TOKEN may not hold a NUL character");
    }
  }
}
