package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookCommandTest {
  @Test
  void aTextWithoutShellCharactersIsSplitAtBlanksTabsAndNewlines() {
    HookCommand command = HookCommand.parse("logger  trying\tto\nstart ");

    assertThat(command.arguments()).containsExactly("logger", "trying", "to", "start");
    assertThat(command.background()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!", "\"", "$", "&", "'", "(", ")", "*", ";", "<", ">", "?", "[", "\\", "]", "`", "{", "|",
        "}", "~"
      })
  void anyShellCharacterGivesTheWholeTextToTheShell(String character) {
    String text = "echo a" + character + "b";

    assertThat(HookCommand.parse(text).arguments()).containsExactly("/bin/sh", "-c", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "=", "%", "^", "+", ",", ":", "@", "-", "."})
  void otherCharactersNeedNoShell(String character) {
    assertThat(HookCommand.parse("echo " + character + "x").arguments())
        .isEqualTo(List.of("echo", character + "x"));
  }

  @Test
  void aLoneAmpersandAtTheEndRunsItInTheBackground() {
    HookCommand command = HookCommand.parse("sleep 10 &");

    assertThat(command.background()).isTrue();
    assertThat(command.arguments()).containsExactly("sleep", "10");
  }

  @Test
  void anAmpersandBesideOtherShellCharactersIsTheShells() {
    HookCommand command = HookCommand.parse("sleep $T &");

    assertThat(command.background()).isFalse();
    assertThat(command.arguments()).containsExactly("/bin/sh", "-c", "sleep $T &");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\n"})
  void anEmptyCommandIsRefused(String text) {
    assertThatThrownBy(() -> HookCommand.parse(text)).hasMessage("a command may not be empty");
  }
}
