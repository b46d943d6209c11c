package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

final class SharedValuesTest {
  private static final String HERE = "net:[1]";

  @TempDir Path folder;
  private SharedValues values;
  private Path value;
  private Path web;
  private Path db;

  @BeforeEach
  void open() throws IOException {
    values = new SharedValues(folder.resolve("shared"));
    value = Files.writeString(folder.resolve("forwarding"), "0\n");
    web = Files.createDirectories(folder.resolve("a/tasks/web"));
    db = Files.createDirectories(folder.resolve("b/tasks/web"));
  }

  private String current() throws IOException {
    return Files.readString(value).strip();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("shared/values"))) {
      return files.filter(file -> !file.endsWith("values") && !file.endsWith("lock")).toList();
    }
  }

  @Test
  void theFirstSetsItAndTheLastGivesItBackAlsoAcrossStateDirectories() throws IOException {
    values.set(value, "1", HERE, web);
    assertThat(current()).isEqualTo("1");
    values.set(value, "1", HERE, db);

    values.release(value, "1", HERE, web);
    assertThat(current()).isEqualTo("1");

    values.release(value, "1", HERE, db);
    assertThat(current()).isEqualTo("0");
    assertThat(left()).isEmpty();
  }

  @Test
  void whatWasSoBeforeStaysSo() throws IOException {
    Files.writeString(value, "1\n");
    values.set(value, "1", HERE, web);
    values.release(value, "1", HERE, web);
    assertThat(current()).isEqualTo("1");
    assertThat(left()).isEmpty();
  }

  @Test
  void whatSomebodyElseHasSetMeanwhileStays() throws IOException {
    Files.writeString(value, "2\n");
    values.set(value, "1", HERE, web);
    Files.writeString(value, "3\n");
    values.release(value, "1", HERE, web);
    assertThat(current()).isEqualTo("3");
  }

  @Test
  void setTwiceIsReleasedOnceAndReleasedTwiceIsReleasedOnce() throws IOException {
    values.set(value, "1", HERE, web);
    values.set(value, "1", HERE, web);
    values.release(value, "1", HERE, web);
    assertThat(current()).isEqualTo("0");
    Files.writeString(value, "1\n");
    values.release(value, "1", HERE, web);
    assertThat(current()).isEqualTo("1");
    assertThat(left()).isEmpty();
  }

  @Test
  void aReleaseBeforeTheStepRanChangesNothing() throws IOException {
    values.set(value, "1", HERE, web);
    values.release(value, "1", HERE, db);
    assertThat(current()).isEqualTo("1");
  }

  @Test
  void aTaskWhoseDirectoryIsGoneHoldsNothing() throws IOException {
    values.set(value, "1", HERE, web);
    values.set(value, "1", HERE, db);
    Files.delete(web);
    values.release(value, "1", HERE, db);
    assertThat(current()).isEqualTo("0");
    assertThat(left()).isEmpty();
  }

  @Test
  void whatADeadProgramGaveBackButDidNotForgetIsLookedAtAnew() throws IOException {
    values.set(value, "1", HERE, web);
    Files.delete(web); // Its state directory was removed by hand, and the value was set back.
    Files.writeString(value, "2\n");
    values.set(value, "1", HERE, db);
    values.release(value, "1", HERE, db);
    assertThat(current()).isEqualTo("2");
  }

  @Test
  void theSamePathInAnotherNamespaceIsAnotherValue() throws IOException {
    values.set(value, "1", HERE, web);
    values.set(value, "1", "net:[2]", db);
    values.release(value, "1", HERE, web);
    assertThat(current()).isEqualTo("0");
  }

  @Test
  void aValueThatIsGoneIsReleasedAndOneThatNeverWasIsRefused() throws IOException {
    values.set(value, "1", HERE, web);
    Files.delete(value);
    values.release(value, "1", HERE, web);
    assertThat(left()).isEmpty();
    assertThatThrownBy(() -> values.set(value, "1", HERE, web))
        .isInstanceOf(NoSuchFileException.class);
    values.release(value, "1", HERE, web);
    assertThat(left()).isEmpty();
  }

  @Test
  void ofManyAtOnceTheLastGivesItBack() throws Exception {
    List<Future<?>> tasks = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int number = 0; number < 8; number++) {
        Path task = Files.createDirectories(folder.resolve("c/tasks/" + number));
        tasks.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 20; round++) {
                    values.set(value, "1", HERE, task);
                    assertThat(current()).isEqualTo("1");
                    values.release(value, "1", HERE, task);
                  }
                  return null;
                }));
      }
    }
    for (Future<?> task : tasks) {
      task.get();
    }
    assertThat(current()).isEqualTo("0");
    assertThat(left()).isEmpty();
  }
}
