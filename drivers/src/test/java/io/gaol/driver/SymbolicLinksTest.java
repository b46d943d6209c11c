package io.gaol.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolicLinksTest {
  @TempDir private Path folder;

  @Test
  void aLinkIsFollowedAlsoToWhatIsNotThere() throws IOException {
    Path real = folder.toRealPath();
    Files.createSymbolicLink(folder.resolve("link"), Path.of("there"));
    assertThat(SymbolicLinks.follow(folder.resolve("link/file")))
        .isEqualTo(real.resolve("there/file"));

    Files.createDirectory(folder.resolve("there"));
    assertThat(SymbolicLinks.follow(folder.resolve("link/file")))
        .isEqualTo(real.resolve("there/file"));
  }

  @Test
  void linksThatDoubleEachOtherEndSoonAndLeadNowhere() throws IOException {
    for (int i = 0; i < 40; i++) {
      Files.createSymbolicLink(folder.resolve("n" + i), Path.of("n" + (i + 1) + "/n" + (i + 1)));
    }
    Files.createSymbolicLink(folder.resolve("n40"), Path.of("."));
    Path first = folder.resolve("n0");

    Path place =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(30), () -> SymbolicLinks.follow(first));

    assertThat(place).isEqualTo(first);
  }

  @Test
  void linksInACircleLeadNowhere() throws IOException {
    Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));

    assertThat(SymbolicLinks.follow(folder.resolve("a"))).isEqualTo(folder.resolve("a"));
  }
}
