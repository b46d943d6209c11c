package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.NotEmpty;

class HookCommandPropertyTest {
  @Property(tries = 10_000)
  void anyTextIsACommandThatKeepsItOrIsRefused(@ForAll String text) {
    try {
      HookCommand command = HookCommand.parse(text);

      assertThat(command.text()).isEqualTo(text);
      assertThat(command.arguments()).isNotEmpty();
      assertThat(command.throughShell() && command.background()).isFalse();
    } catch (InvalidValueException refused) {
      assertThat(refused.problems()).hasSize(1);
    }
  }

  @Property
  void wordsAreReadBackAsTheyWereJoined(
      @ForAll @NotEmpty List<@AlphaChars @NotEmpty String> words, @ForAll boolean background) {
    HookCommand command = HookCommand.parse(String.join(" ", words) + (background ? " &" : ""));

    assertThat(command.arguments()).isEqualTo(words);
    assertThat(command.background()).isEqualTo(background);
  }
}
