package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWatchTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir private Path directory;

  @Test
  void aChangeEndsAWait() throws IOException, InterruptedException {
    try (DirectoryWatch watch = new DirectoryWatch(directory, LONG);
        DirectoryWatch.Watched watched = watch.watch(directory)) {
      Files.createFile(directory.resolve("file"));
      watched.awaitChange(LONG);
      assertThat(directory.resolve("file")).exists();
    }
  }

  @Test
  void whereNobodyTellsOfChangesWhoWaitsLooksHimselfAndMoreAndMoreSeldom()
      throws IOException, InterruptedException {
    try (DirectoryWatch watch = new DirectoryWatch(Optional.empty(), Duration.ofMillis(40));
        DirectoryWatch.Watched watched = watch.watch(directory)) {
      long begin = System.nanoTime();
      int looks = 0;
      while (System.nanoTime() - begin < Duration.ofMillis(400).toNanos()) {
        watched.awaitChange(LONG);
        looks++;
      }
      // 10, 12, 15, 19, 24, 30, 38, 40, 40 ... milliseconds at the least.
      assertThat(looks).isBetween(1, 14);
    }
  }

  @Test
  void whoIsWokenDoesNotWaitForALook() throws IOException, InterruptedException {
    try (DirectoryWatch watch = new DirectoryWatch(directory, LONG);
        DirectoryWatch.Watched watched = watch.watch(directory)) {
      watched.wake();
      watched.awaitChange(LONG);
    }
    try (DirectoryWatch watch = new DirectoryWatch(Optional.empty(), LONG);
        DirectoryWatch.Watched watched = watch.watch(directory)) {
      watched.wake();
      watched.awaitChange(LONG);
    }
  }
}
