package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.WatchServices;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileWatchTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  private static FileWatch watch(boolean kernelTells) {
    return new FileWatch(
        kernelTells ? WatchServices.ofKernel(FileSystems.getDefault()) : Optional.empty());
  }

  private static CompletableFuture<Boolean> change(FileWatch watch) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return watch.awaitChange();
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFileThatIsMadeChangesOrGoesIsToldWhetherTheKernelTellsOrNot(boolean kernelTells)
      throws IOException {
    Path file = folder.resolve("watched");
    try (FileWatch watch = watch(kernelTells)) {
      watch.watch(Set.of(file));
      Files.writeString(file, "one");
      assertThat(change(watch)).succeedsWithin(PATIENCE).isEqualTo(true);
      Files.writeString(file, "another");
      assertThat(change(watch)).succeedsWithin(PATIENCE).isEqualTo(true);
      Files.delete(file);
      assertThat(change(watch)).succeedsWithin(PATIENCE).isEqualTo(true);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aChangeBeforeTheSameFileIsWatchedAgainIsNotLost(boolean kernelTells) throws IOException {
    Path file = Files.writeString(folder.resolve("watched"), "one");
    try (FileWatch watch = watch(kernelTells)) {
      watch.watch(Set.of(file));
      Files.writeString(file, "another");
      watch.watch(Set.of(file, folder.resolve("more")));
      assertThat(change(watch)).succeedsWithin(PATIENCE).isEqualTo(true);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherFileIsNoChangeAndWhoWaitsIsLetGoWhenItIsClosed(boolean kernelTells)
      throws IOException {
    FileWatch watch = watch(kernelTells);
    watch.watch(Set.of(folder.resolve("watched")));
    CompletableFuture<Boolean> waiting = change(watch);
    Files.writeString(folder.resolve("other"), "one");
    assertThat(waiting).isNotDone();
    watch.close();
    assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo(false);
  }
}
