package io.gaol.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class MemoryUseTest {
  private static final String ROLLUP =
      """
      56268b5a8000-7ffd44be3000 ---p 00000000 00:00 0                          [rollup]
      Rss:                3904 kB
      Pss_Dirty:           140 kB
      Pss:                 541 kB
      Pss_Anon:            130 kB
      Shared_Clean:       3520 kB
      Private_Clean:       244 kB
      Private_Dirty:       139 kB
      Anonymous:           141 kB
      """;

  /** A Linux has it; what a FreeBSD shows to programs of Linux has not. */
  static boolean hasRollup() {
    return Files.exists(Path.of("/proc/self/smaps_rollup"));
  }

  @Test
  void figuresWithLikeNamesAreToldApart() throws IOException {
    assertThat(MemoryUse.parse(ROLLUP.lines().toList())).isEqualTo(new MemoryUse(3904, 541, 139));
  }

  @Test
  void aFigureThatIsNotThereIsAnErrorAndNotZero() {
    List<String> without = ROLLUP.lines().filter(line -> !line.startsWith("Pss:")).toList();
    assertThatThrownBy(() -> MemoryUse.parse(without))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no Pss in");
  }

  @Test
  @EnabledIf("hasRollup")
  void aProcessHasNoMoreOfItsOwnThanIsInMemory() throws IOException {
    MemoryUse own = MemoryUse.of(ProcessHandle.current().pid());
    assertThat(own.ownWritten()).isPositive().isLessThanOrEqualTo(own.resident());
    assertThat(own.share()).isBetween(own.ownWritten(), own.resident());
  }
}
