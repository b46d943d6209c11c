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

  @ParameterizedTest
  @ValueSource(strings = {"sleep 10&", "sleep 10 &", " sleep\f10\r\n&"})
  void theLastCharacterAloneDecidesAboutTheBackground(String text) {
    HookCommand command = HookCommand.parse(text);

    assertThat(command.background()).isTrue();
    assertThat(command.throughShell()).isFalse();
    assertThat(command.arguments()).containsExactly("sleep", "10");
    assertThat(command.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sleep 10 & ",
        "sleep 10 &\n",
        "sleep 10 &&",
        "& sleep 10",
        "a & b &",
        "sleep 10;"
      })
  void onlyAnAmpersandWithNothingBehindItIsNotTheShells(String text) {
    HookCommand command = HookCommand.parse(text);

    assertThat(command.background()).isFalse();
    assertThat(command.throughShell()).isTrue();
    assertThat(command.arguments()).containsExactly("/bin/sh", "-c", text);
  }

  @Test
  void formFeedsVerticalTabsAndCarriageReturnsSeparateWordsToo() {
    assertThat(HookCommand.parse("\fa\u000Bb\rc").arguments()).containsExactly("a", "b", "c");
  }

  @Test
  void whatOtherProgramsTakeForABlankIsPartOfAWord() {
    assertThat(HookCommand.parse("a\u00A0b\u2003c\u0085").arguments())
        .containsExactly("a\u00A0b\u2003c\u0085");
  }

  @Test
  void twoLinesWithoutAShellCharacterAreOneCommand() {
    assertThat(HookCommand.parse("echo a\necho b").arguments())
        .containsExactly("echo", "a", "echo", "b");
  }

  @Test
  void anAssignmentWithoutAShellCharacterIsTheNameOfAProgram() {
    assertThat(HookCommand.parse("A=b env").arguments()).containsExactly("A=b", "env");
  }

  @Test
  void aShellThatWasWrittenOutIsExecutedDirectly() {
    HookCommand command = HookCommand.parse("/bin/sh -x script");

    assertThat(command.throughShell()).isFalse();
    assertThat(command.arguments()).containsExactly("/bin/sh", "-x", "script");
    assertThat(HookCommand.parse("/bin/sh -c date").throughShell()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"&", " &", "\t\n&"})
  void theBackgroundAloneIsEmpty(String text) {
    assertThatThrownBy(() -> HookCommand.parse(text)).hasMessage("a command may not be empty");
  }

  @Test
  void aNulCharacterIsRefusedAsNoArgumentCanHoldIt() {
    assertThatThrownBy(() -> HookCommand.parse("echo a\0b"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage("a command may not hold a NUL character");
  }

  @Test
  void oldDriverJ14APercentSignIsPassedOnAsItIs() {
    assertThat(HookCommand.parse("date +%s %d%%").arguments())
        .containsExactly("date", "+%s", "%d%%");
  }
}
