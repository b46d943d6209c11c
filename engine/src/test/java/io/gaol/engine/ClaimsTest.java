package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClaimsTest {
  private static final JailName WEB = new JailName("web");
  private static final JailName DB = new JailName("db");

  @TempDir Path folder;
  private Claims claims;
  private Path needed;

  @BeforeEach
  void open() throws IOException {
    claims = new Claims(Files.createDirectory(folder.resolve("claims")));
    needed = folder.resolve("needed");
  }

  /** What is left in the folder of claims besides its lock. */
  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("claims"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("lock"))
          .toList();
    }
  }

  @Test
  void theLastOfTwoTasksRemovesWhatBothNeed() throws IOException {
    claims.make(needed, 0711, WEB);
    claims.make(needed, 0755, DB);
    assertThat((int) Files.getAttribute(needed, "unix:mode") & 0777).isEqualTo(0711);

    claims.release(needed, WEB);
    assertThat(needed).isDirectory();

    claims.release(needed, DB);
    assertThat(needed).doesNotExist();
    assertThat(left()).isEmpty();
  }

  @Test
  void anOperatorsDirectoryGetsNoClaimAndStays() throws IOException {
    Files.createDirectory(needed);
    claims.make(needed, 0711, WEB);
    assertThat(left()).isEmpty();

    claims.release(needed, WEB);
    assertThat(needed).isDirectory();
  }

  @Test
  void aTaskThatClaimsTwiceReleasesOnce() throws IOException {
    claims.make(needed, 0755, WEB);
    claims.make(needed, 0755, WEB);
    claims.release(needed, WEB);
    assertThat(needed).doesNotExist();
    claims.release(needed, WEB);
    assertThat(left()).isEmpty();
  }

  @Test
  void aReleaseWithoutAClaimRemovesNothing() throws IOException {
    claims.make(needed, 0755, WEB);
    claims.release(needed, DB);
    assertThat(needed).isDirectory();
  }

  @Test
  void whatSomebodyPutInKeepsTheDirectoryButNoClaim() throws IOException {
    claims.make(needed, 0755, WEB);
    Files.writeString(needed.resolve("file"), "mine");
    claims.release(needed, WEB);
    assertThat(needed.resolve("file")).exists();
    assertThat(left()).isEmpty();
  }

  @Test
  void aDirectoryThatVanishedIsMadeAgainForTheNext() throws IOException {
    claims.make(needed, 0755, WEB);
    Files.delete(needed);
    claims.make(needed, 0755, DB);
    assertThat(needed).isDirectory();
    claims.release(needed, DB);
    claims.release(needed, WEB);
    assertThat(needed).doesNotExist();
  }

  @Test
  void manyTasksAtOnceAlwaysFindItAndLeaveNothing() throws Exception {
    List<Future<?>> tasks = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (int number = 0; number < 16; number++) {
        JailName task = new JailName("task-" + number);
        tasks.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 20; round++) {
                    claims.make(needed, 0755, task);
                    assertThat(needed).isDirectory();
                    claims.release(needed, task);
                  }
                  return null;
                }));
      }
    }
    for (Future<?> task : tasks) {
      task.get();
    }
    assertThat(needed).doesNotExist();
    assertThat(left()).isEmpty();
  }
}
