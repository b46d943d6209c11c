package io.gaol.driver.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailName;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {
  private static final String ALLOCATION = "1a2b3c4d-0000-4000-8000-000000000000";

  @Test
  void aJailIsNamedByItsTaskAndAsNomadShowsItsAllocation() {
    assertThat(TaskId.jail(ALLOCATION + "/web/5e6f7a8b").value())
        .matches("web-1a2b3c4d-[0-9a-f]{8}");
  }

  @Test
  void everyStartOfATaskHasAJailOfItsOwn() {
    Set<JailName> names = new HashSet<>();
    for (int start = 0; start < 1000; start++) {
      names.add(TaskId.jail(ALLOCATION + "/web/" + start));
    }
    assertThat(names).hasSize(1000);
  }

  @Test
  void tasksWhoseNamesDifferOnlyInWhatAJailsNameMayNotHoldHaveJailsOfTheirOwn() {
    assertThat(TaskId.jail(ALLOCATION + "/a.b/1")).isNotEqualTo(TaskId.jail(ALLOCATION + "/a-b/1"));
  }

  @Test
  void anIdGivesTheSameNameEachTime() {
    assertThat(TaskId.jail(ALLOCATION + "/web/1")).isEqualTo(TaskId.jail(ALLOCATION + "/web/1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "//", "web", "x/../y/z", "ü/ß/1", "a/b/c/d/e", "\u0000", "/a/"})
  void anIdOfAnyFormHasAJail(String id) {
    assertThat(TaskId.jail(id)).isEqualTo(TaskId.jail(id));
    assertThat(TaskId.jail(id)).isNotEqualTo(TaskId.jail(id + "x"));
  }
}
