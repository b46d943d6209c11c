package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DevfsRulesTest {
  private static final Map<Integer, List<String>> SETS =
      DevfsRules.read(
          """
          # devfs.rules(5)
          [devfsrules_hide_all=1]
          add hide

          [devfsrules_unhide_basic=2]
          add path null unhide   # always
          add path 'tty*' unhide

          [devfsrules_jail=4]
          add include $devfsrules_hide_all
          add include ${devfsrules_unhide_basic}
          add path zfs unhide
          """
              .lines()
              .toList());

  @Test
  void aFileOfRulesIsReadAsDevfsTakesThem() {
    assertThat(SETS)
        .containsEntry(1, List.of("hide"))
        .containsEntry(2, List.of("path null unhide", "path tty* unhide"))
        .containsEntry(4, List.of("include 1", "include 2", "path zfs unhide"));
  }

  @Test
  void aLaterSectionOfTheSameNumberIsTheWholeSet() {
    assertThat(
            DevfsRules.read(
                List.of("[a=4]", "add hide", "add path zfs unhide", "[mine=4]", "add hide")))
        .containsExactly(Map.entry(4, List.of("hide")));
  }

  @Test
  void whatASetIncludesIsLoadedBeforeIt() {
    assertThat(DevfsRules.needed(4, SETS)).containsExactly(1, 2, 4);
    assertThat(DevfsRules.needed(1, SETS)).containsExactly(1);
    assertThat(DevfsRules.needed(9, SETS)).isEmpty();
  }

  @Test
  void setsThatIncludeEachOtherAreEachLoadedOnce() {
    Map<Integer, List<String>> circle =
        Map.of(5, List.of("include 6"), 6, List.of("include 5", "path null unhide"));
    assertThat(DevfsRules.needed(5, circle)).containsExactly(6, 5);
  }
}
