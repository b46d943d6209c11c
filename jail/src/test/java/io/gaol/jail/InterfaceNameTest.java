package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"em0", "epair0b", "a", "e0b_loghost_web", "wlan0.1", "äääääää"})
  void aNameOfAtMostFifteenBytesIsOne(String name) {
    assertThat(new InterfaceName(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"e0b_loghost_long", "ääääääää"})
  void aNameOfSixteenBytesIsTooLong(String name) {
    assertThatThrownBy(() -> new InterfaceName(name))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("at most 15 bytes")
        .hasMessageContaining("has 16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "em 0", "em0|", "a/b", "a,b", "-em0"})
  void whatIsNoNameIsRefused(String name) {
    assertThatThrownBy(() -> new InterfaceName(name)).isInstanceOf(InvalidValueException.class);
  }
}
