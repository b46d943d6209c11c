package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
  private LinklessPath place;

  @BeforeEach
  void open() throws IOException {
    claims = new Claims(Files.createDirectory(folder.resolve("claims")));
    needed = folder.resolve("needed");
    place = new LinklessPath(folder, needed);
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
    claims.make(place, true, WEB);
    Files.setPosixFilePermissions(needed, PosixFilePermissions.fromString("rwx--x--x"));
    claims.make(place, true, DB);
    assertThat((int) Files.getAttribute(needed, "unix:mode") & 0777).isEqualTo(0711);

    claims.release(place, true, WEB);
    assertThat(needed).isDirectory();

    claims.release(place, true, DB);
    assertThat(needed).doesNotExist();
    assertThat(left()).isEmpty();
  }

  @Test
  void theLastOfTwoTasksRemovesTheFileThatBothNeed() throws IOException {
    claims.make(place, false, WEB);
    claims.make(place, false, DB);

    claims.release(place, false, WEB);
    assertThat(needed).isRegularFile();

    claims.release(place, false, DB);
    assertThat(needed).doesNotExist();
    assertThat(left()).isEmpty();
  }

  @Test
  void anOperatorsFileGetsNoClaimAndStays() throws IOException {
    Files.createFile(needed);
    claims.make(place, false, WEB);

    claims.release(place, false, WEB);
    assertThat(needed).isRegularFile();
  }

  @Test
  void anOperatorsDirectoryGetsNoClaimAndStays() throws IOException {
    Files.createDirectory(needed);
    claims.make(place, true, WEB);
    assertThat(left()).isEmpty();

    claims.release(place, true, WEB);
    assertThat(needed).isDirectory();
  }

  @Test
  void aTaskThatClaimsTwiceReleasesOnce() throws IOException {
    claims.make(place, true, WEB);
    claims.make(place, true, WEB);
    claims.release(place, true, WEB);
    assertThat(needed).doesNotExist();
    claims.release(place, true, WEB);
    assertThat(left()).isEmpty();
  }

  @Test
  void aReleaseWithoutAClaimRemovesNothing() throws IOException {
    claims.make(place, true, WEB);
    claims.release(place, true, DB);
    assertThat(needed).isDirectory();
  }

  @Test
  void whatSomebodyPutInKeepsTheDirectoryButNoClaim() throws IOException {
    claims.make(place, true, WEB);
    Files.writeString(needed.resolve("file"), "mine");
    claims.release(place, true, WEB);
    assertThat(needed.resolve("file")).exists();
    assertThat(left()).isEmpty();
  }

  @Test
  void aDirectoryThatVanishedIsMadeAgainForTheNext() throws IOException {
    claims.make(place, true, WEB);
    Files.delete(needed);
    claims.make(place, true, DB);
    assertThat(needed).isDirectory();
    claims.release(place, true, DB);
    claims.release(place, true, WEB);
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
                    claims.make(place, true, task);
                    assertThat(needed).isDirectory();
                    claims.release(place, true, task);
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
