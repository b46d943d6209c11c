package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DescriptorsTest {
  /** O_CLOEXEC, as Linux shows it. */
  private static final int CLOSE_ON_EXEC = 02000000;

  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsMarkedIsClosedWhenAProgramIsStarted() throws IOException {
    Path file = folder.resolve("ledger");
    try (FileChannel open =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      assertThat(flags(file) & CLOSE_ON_EXEC).as("as Java opens it").isZero();
      Descriptors.markAll(Descriptors.fcntl().orElseThrow());
      assertThat(flags(file) & CLOSE_ON_EXEC).as("marked").isEqualTo(CLOSE_ON_EXEC);
      assertThat(open.isOpen()).isTrue();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsStartedAfterwardsIsHeardAndJavaGoesOn() throws Exception {
    Descriptors.markAll(Descriptors.fcntl().orElseThrow());
    assertThat(
            Programs.read(List.of("/bin/sh", "-c", "echo heard"), Map.of(), Duration.ofMinutes(1)))
        .isEqualTo(new Programs.Result(Optional.of(0), "heard\n"));
    assertThat(Files.createFile(folder.resolve("one"))).exists();
  }

  /** Of the descriptor that is open on a file: proc_pid_fdinfo(5). */
  private static int flags(Path file) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path one : all) {
        if (Files.exists(one) && Files.isSameFile(one, file)) {
          return Files.readAllLines(Path.of("/proc/self/fdinfo").resolve(one.getFileName()))
              .stream()
              .filter(line -> line.startsWith("flags:"))
              .map(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
              .findFirst()
              .orElseThrow();
        }
      }
    }
    throw new AssertionError(file + " is not open");
  }

  @Test
  void aDirectoryThatHasNoMoreThanTheFirstThreeListsNone() throws IOException {
    for (String name : List.of("0", "1", "2")) {
      Files.createFile(folder.resolve(name));
    }
    List<Path> directories = List.of(folder.resolve("absent"), folder);
    assertThat(Descriptors.areListed(directories)).isFalse();
    Files.createFile(folder.resolve("7"));
    assertThat(Descriptors.areListed(directories)).isTrue();
  }

  @Test
  void whereThereIsNoSuchDirectoryJavaTriesThemAll() {
    assertThat(Descriptors.areListed(List.of(folder.resolve("absent")))).isTrue();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLinuxListsThem() {
    assertThat(Descriptors.areListed(List.of(Path.of("/proc/self/fd")))).isTrue();
  }
}
