package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JailNameTest {
  @ParameterizedTest
  @CsvSource({
    "web, web-1a2b",
    "web.api, web-api-1a2b",
    "../../etc, etc-1a2b",
    "a/b c, a-b-c-1a2b",
    "42, task-1a2b",
    "4you, you-1a2b",
    "'', task-1a2b",
    "---, task-1a2b",
    "日本, task-1a2b",
    "x:y=z, x-y-z-1a2b"
  })
  void anyTextBecomesASafeName(String label, String name) {
    assertThat(JailName.of(label, "1a2b").value()).isEqualTo(name);
  }

  @Test
  void aLongTextIsCutSoThatTheUniquePartStays() {
    JailName name = JailName.of("x".repeat(300), "1a2b3c4d");

    assertThat(name.value()).hasSize(JailName.MADE_LENGTH).endsWith("-1a2b3c4d");
  }

  @Test
  void theLongestNameFitsAndOneMoreCharacterDoesNot() {
    String longest = "a".repeat(JailName.MAXIMUM_LENGTH);

    assertThat(new JailName(longest).value()).isEqualTo(longest);
    assertThatThrownBy(() -> new JailName(longest + "a")).hasMessageStartingWith("not a jail name");
    assertThat(JailName.of("b".repeat(JailName.MADE_LENGTH - 5), "1a2b").value())
        .isEqualTo("b".repeat(JailName.MADE_LENGTH - 5) + "-1a2b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a.b", "a/b", "a b", "-a", "a:b", "ä", "a\n"})
  void whatIsNoNameIsRefused(String text) {
    assertThatThrownBy(() -> new JailName(text)).hasMessageStartingWith("not a jail name: ");
  }
}
