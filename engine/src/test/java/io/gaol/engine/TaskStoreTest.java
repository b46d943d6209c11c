package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskStoreTest {
  private static final JailName WEB = new JailName("web");
  private static final Owner OWNER =
      new Owner("gaol \"test\"", "task", "job\n1", 42, "42 7 boot", "linux");

  @TempDir Path folder;
  private TaskStore store;

  @BeforeEach
  void open() throws IOException {
    store = TaskStore.open(folder.resolve("state"), "--state-dir");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void onlyTheirOwnerMayLookIntoDirectoriesAndFiles() throws IOException {
    try (TaskDirectory task = store.create(WEB, OWNER)) {
      task.write("some", "text");
      Ledger.open(task.file(TaskFiles.LEDGER)).close();
      assertThat(mode(folder.resolve("state/tasks"))).isEqualTo("rwx------");
      assertThat(mode(folder.resolve("state/claims"))).isEqualTo("rwx------");
      assertThat(mode(task.path())).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(task.path())) {
        assertThat(files)
            .hasSize(4)
            .allSatisfy(file -> assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void aNameIsTakenOnlyOnce() throws IOException {
    try (TaskDirectory task = store.create(WEB, OWNER)) {
      assertThatThrownBy(() -> store.create(WEB, OWNER))
          .isInstanceOf(FileAlreadyExistsException.class);
      task.write("still", "ours");
    }
    assertThatThrownBy(() -> store.create(WEB, OWNER))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(store.path(WEB).resolve("still")).hasContent("ours");
  }

  @Test
  void anOwnerIsReadAsItWasWritten() throws IOException {
    try (TaskDirectory task = store.create(WEB, OWNER)) {
      assertThat(store.list())
          .containsExactly(new TaskStore.Listed(task.name(), Optional.of(OWNER)));
    }
  }

  @Test
  void aTaskHasOneOwnerInAProgram() throws IOException {
    TaskDirectory task = store.create(WEB, OWNER);
    assertThat(store.lock(WEB)).isEmpty();
    assertThat(TaskStore.open(folder.resolve("state"), "--state-dir").lock(WEB)).isEmpty();
    task.close();
    try (TaskDirectory again = store.lock(WEB).orElseThrow()) {
      assertThat(again.path()).isEqualTo(task.path());
      assertThat(store.lock(WEB)).isEmpty();
    }
  }

  @Test
  void aLookThroughAnotherStoreDoesNotLoosenTheLock() throws Exception {
    try (TaskDirectory task = store.create(WEB, OWNER)) {
      assertThat(TaskStore.open(folder.resolve("state"), "--state-dir").lock(WEB)).isEmpty();
      try (OtherProgram other = OtherProgram.run("try", folder.resolve("state"), "web")) {
        assertThat(other.says()).isEqualTo("refused");
      }
      assertThat(task.path()).exists();
    }
  }

  @Test
  void aTaskHasOneOwnerOnAHostAndIsFreeWhenHeDies() throws Exception {
    try (OtherProgram other = OtherProgram.run("create", folder.resolve("state"), "web")) {
      assertThat(other.says()).isEqualTo("created");
      assertThat(store.lock(WEB)).isEmpty();
      assertThat(store.list()).hasSize(1);
      other.kill();
      try (TaskDirectory task = store.lock(WEB).orElseThrow()) {
        assertThat(task.file("owner.json")).exists();
      }
    }
  }

  @Test
  void aTaskThatIsGoneCannotBeLocked() throws IOException {
    assertThat(store.lock(WEB)).isEmpty();
    TaskDirectory task = store.create(WEB, OWNER);
    task.delete();
    assertThat(store.path(WEB)).doesNotExist();
    assertThat(store.lock(WEB)).isEmpty();
    store.create(WEB, OWNER).close();
  }

  @Test
  void whatADeadProgramLeftWithoutALockIsCleaned() throws IOException {
    Files.createDirectory(store.path(WEB));
    assertThat(store.list()).containsExactly(new TaskStore.Listed(WEB, Optional.empty()));
    assertThat(store.lock(WEB)).isEmpty();
    assertThat(store.path(WEB)).doesNotExist();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void whatADeadProgramLeftWithoutAnOwnerCanBeTakenOver() throws IOException {
    store.create(WEB, OWNER).close();
    Files.delete(store.path(WEB).resolve("owner.json"));
    assertThat(store.list()).containsExactly(new TaskStore.Listed(WEB, Optional.empty()));
    store.lock(WEB).orElseThrow().delete();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void damagedOwnersAndStrangersDoNotHideTheOthers() throws IOException {
    store.create(WEB, OWNER).close();
    for (String damage : new String[] {"", "{}", "[]", "{\"program\":[]}", "{\"program\":null}"}) {
      Files.writeString(store.path(WEB).resolve("owner.json"), damage);
      store.create(new JailName("z"), OWNER).delete();
      Files.createDirectories(folder.resolve("state/tasks/not a name"));
      Files.writeString(folder.resolve("state/tasks/afile"), "");
      assertThat(store.list()).containsExactly(new TaskStore.Listed(WEB, Optional.empty()));
    }
  }

  @Test
  void aFileIsWrittenWholeOrNotAtAll() throws IOException {
    try (TaskDirectory task = store.create(WEB, OWNER)) {
      task.write("some", "old");
      // A directory in the way of the new file: the old one stays.
      Files.createDirectories(task.file("some.new/x"));
      assertThatThrownBy(() -> task.write("some", "new")).isInstanceOf(IOException.class);
      assertThat(task.read("some")).contains("old");
      assertThat(task.read("none")).isEmpty();
    }
  }

  @Test
  void aStoreWithTasksIsRefusedToAnyHostButTheirs() throws IOException {
    store.refuseOtherHosts("freebsd", "--state-dir");
    try (TaskDirectory task = store.create(WEB, OWNER)) {
      store.refuseOtherHosts("linux", "--state-dir");
      assertThatThrownBy(() -> store.refuseOtherHosts("freebsd", "--state-dir"))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the state directory "
                  + folder.resolve("state")
                  + " has tasks that were made with the host linux, and the host is freebsd now:"
                  + " stop them with that one first, or choose another directory with"
                  + " --state-dir");
      task.delete();
    }
    store.refuseOtherHosts("freebsd", "--state-dir");
  }

  @Test
  void aStateDirectoryThatIsAFileIsToldWithItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> TaskStore.open(file, "--state-dir"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a directory: " + file);
  }

  @Test
  void aDirectoryOfAnotherUserIsRefusedWithBothNamesAndNothingIsMadeInIt() throws IOException {
    assumeThat(System.getProperty("user.name")).as("only root gives files away").isEqualTo("root");
    Path theirs = Files.createDirectory(folder.resolve("theirs"));
    Files.setOwner(
        theirs,
        theirs.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertThatThrownBy(() -> TaskStore.open(theirs, "--state-dir"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to the user nobody, who could change what runs as root")
        .hasMessageContaining("chown root " + theirs)
        .hasMessageEndingWith("choose another with --state-dir");
    assertThat(theirs).isEmptyDirectory();
  }
}
