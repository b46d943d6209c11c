package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.jail.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What was there before a plan, or was put there by another, is never removed or changed. */
final class OperatorsPropertyTest {
  @TempDir Path folder;
  private Bench bench;
  private Path place;
  private Process bystander;

  @BeforeEach
  void open() throws IOException {
    bench = new Bench(folder);
    place = folder.toRealPath().resolve("place");
    bystander = new ProcessBuilder("sleep", "60").start();
  }

  @AfterEach
  void close() throws IOException {
    bystander.destroyForcibly();
    bench.close();
  }

  /** What can lie in the way. */
  enum Thing {
    EMPTY_DIRECTORY,
    DIRECTORY,
    FILE,
    FIFO,
    LINK_TO_DIRECTORY,
    LINK_TO_FILE,
    DANGLING_LINK
  }

  private void put(Thing thing, Path path) throws IOException, InterruptedException {
    Path his = folder.resolve("his");
    switch (thing) {
      case EMPTY_DIRECTORY -> Files.createDirectory(path);
      case DIRECTORY -> fill(Files.createDirectory(path));
      case FILE -> Files.writeString(path, "mine");
      case FIFO -> Programs.run(folder, List.of("mkfifo", path.toString()));
      case LINK_TO_DIRECTORY -> {
        fill(Files.createDirectory(his));
        Files.createSymbolicLink(path, his);
      }
      case LINK_TO_FILE -> Files.createSymbolicLink(path, Files.writeString(his, "mine"));
      case DANGLING_LINK -> Files.createSymbolicLink(path, folder.resolve("nowhere"));
    }
  }

  /** Also looks like a cgroup with a process in it. */
  private void fill(Path directory) throws IOException {
    Files.writeString(directory.resolve("file"), "mine");
    Files.writeString(directory.resolve("cgroup.procs"), bystander.pid() + "\n");
    Files.writeString(Files.createDirectory(directory.resolve("below")).resolve("file"), "mine");
  }

  /** Every path, what it is, its mode and its content, as text. */
  private String picture() throws IOException {
    TreeMap<String, String> picture = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        if (!path.startsWith(folder.resolve("state"))) {
          var mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
          boolean regular = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
          String content =
              regular
                  ? Files.readString(path).strip()
                  : Files.isSymbolicLink(path) ? Files.readSymbolicLink(path).toString() : "";
          picture.put(path.toString(), mode + " " + content);
        }
      }
    }
    return picture + " bystander " + bystander.isAlive();
  }

  /** What a step makes. */
  enum Making {
    TREE(true),
    CGROUP(true),
    MOUNT_POINT(true),
    SHARED_MOUNT_POINT(true),
    MOUNT_POINT_FILE(false),
    SHARED_MOUNT_POINT_FILE(false),
    FILE(false),
    BYTES(false),
    FIFO(false);

    private final boolean directory;

    Making(boolean directory) {
      this.directory = directory;
    }

    Step of(Path place) {
      return switch (this) {
        case TREE -> new Step.MakeDirectory(place, 0700, Removal.WITH_CONTENTS);
        case CGROUP -> new Step.MakeDirectory(place, 0700, Removal.CGROUP);
        case MOUNT_POINT -> new Step.MakeMountPoint(place.getParent(), place, true, false);
        case SHARED_MOUNT_POINT -> new Step.MakeMountPoint(place.getParent(), place, true, true);
        case MOUNT_POINT_FILE -> new Step.MakeMountPoint(place.getParent(), place, false, false);
        case SHARED_MOUNT_POINT_FILE ->
            new Step.MakeMountPoint(place.getParent(), place, false, true);
        case FILE -> new Step.WriteFile(place, "ours", 0640);
        case BYTES -> new Step.WriteBytes(place, "00ff", 0640);
        case FIFO -> new Step.MakeFifo(place, 0640);
      };
    }

    static Stream<Making> directories() {
      return Stream.of(values()).filter(making -> making.directory);
    }
  }

  static Stream<Arguments> thingsAndSteps() {
    return Stream.of(Thing.values())
        .flatMap(thing -> Stream.of(Making.values()).map(making -> Arguments.of(thing, making)));
  }

  @ParameterizedTest
  @MethodSource("thingsAndSteps")
  void whatLiesInTheWayOfAStepStaysAsItWas(Thing thing, Making making) throws Exception {
    put(thing, place);
    String before = picture();
    Step step = making.of(place);
    boolean usable =
        (making.directory && (thing == Thing.DIRECTORY || thing == Thing.EMPTY_DIRECTORY))
            || (making == Making.SHARED_MOUNT_POINT_FILE && thing == Thing.FILE);
    if (usable) {
      bench.run(step);
    } else {
      assertThatThrownBy(() -> bench.run(step))
          .isInstanceOf(StepFailedException.class)
          .hasMessageContaining(place.toString());
    }
    assertThat(picture()).isEqualTo(before);

    assertThat(bench.unwind()).isEmpty();

    assertThat(picture()).isEqualTo(before);
  }

  @Test
  void everyKindOfStepHasAnAnswerToWhatIsThereAlready() {
    Set<String> leaveNothing = Set.of("Owe", "Run", "Supervise", "Await", "Proceed");
    Set<String> testedInItsOwnTest = Set.of("Make", "ShareValue"); // MakeStepTest, SharedValuesTest
    Set<String> tested =
        Set.of(
            "MakeDirectory",
            "MakeMountPoint",
            "WriteFile",
            "WriteBytes",
            "MakeFifo",
            "SetValue",
            "Mount");
    assertThat(
            Arrays.stream(Step.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .filter(name -> !leaveNothing.contains(name))
                .filter(name -> !testedInItsOwnTest.contains(name))
                .collect(Collectors.toSet()))
        .isEqualTo(tested);
  }

  @ParameterizedTest
  @CsvSource({"'100', '7'", "'7\n', '100'", "'', 'x'"})
  void aValueComesBack(String was, String becomes) throws Exception {
    Files.writeString(place, was);
    bench.run(new Step.SetValue(place, becomes), new Step.SetValue(place, becomes + becomes));
    assertThat(place).hasContent(becomes + becomes);

    assertThat(bench.unwind()).isEmpty();

    assertThat(Files.readString(place).strip()).isEqualTo(was.strip());
  }

  @Test
  void aValueWhoseFileHasGoneIsNotMadeAnew() throws Exception {
    Files.writeString(place, "1");
    bench.run(new Step.SetValue(place, "2"));
    Files.delete(place);

    assertThat(bench.unwind()).isEmpty();

    assertThat(place).doesNotExist();
  }

  @Test
  void aMountThatIsThereStays() throws Exception {
    Files.createDirectory(place);
    bench.host.mounts.add(
        new Host.MountPoint("nullfs", "/data", place, Set.of("ro", "nosuid", "local")));

    bench.run(new Step.Mount("nullfs", "/data", place, List.of("ro", "nosuid")));

    assertThat(bench.owed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'ro,local', rw, rw", "'rw,local', 'ro', ro", "'rw,local', 'ruleset=4', ruleset=4"})
  void aMountThatIsThereWithOtherOptionsIsRefusedAndStays(
      String there, String wanted, String lacking) throws Exception {
    Files.createDirectory(place);
    bench.host.mounts.add(new Host.MountPoint("devfs", "devfs", place, Set.of(there.split(","))));

    assertThatThrownBy(() -> bench.run(new Step.Mount("devfs", "devfs", place, List.of(wanted))))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining(
            "devfs of devfs is mounted there, which does not tell of " + lacking + "; unmount it");

    assertThat(bench.owed()).isEmpty();
  }

  @Test
  void anotherMountInTheWayIsRefusedAndStays() throws Exception {
    Files.createDirectory(place);
    bench.host.mounts.add(new Host.MountPoint("zfs", "tank/his", place));

    assertThatThrownBy(() -> bench.run(new Step.Mount("tmpfs", "tmpfs", place, List.of())))
        .isInstanceOf(StepFailedException.class)
        .hasMessageContaining("zfs of tank/his is mounted there");

    assertThat(bench.owed()).isEmpty();
  }

  @Test
  void aMountThatSomebodyPutWhereOursWouldHaveGoneIsNotUnmounted() throws Exception {
    Files.createDirectory(place);
    bench.ledger.owe(List.of(new Undo.Unmount("tmpfs", place)));
    bench.host.mounts.add(new Host.MountPoint("zfs", "tank/his", place));

    // umount(8) would fail here, and that would be a problem.
    assertThat(bench.unwind()).isEmpty();
  }

  // ---- what becomes of what we made

  static Stream<Making> directories() {
    return Making.directories();
  }

  @ParameterizedTest
  @MethodSource("directories")
  void aDirectoryThatWeMadeGoes(Making making) throws Exception {
    bench.run(making.of(place));
    assertThat(place).isDirectory();

    assertThat(bench.unwind()).isEmpty();

    assertThat(place).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(
      value = Making.class,
      names = {"MOUNT_POINT", "SHARED_MOUNT_POINT"})
  void ourMountPointStaysIfSomebodyPutSomethingIn(Making making) throws Exception {
    bench.run(making.of(place));
    Files.writeString(place.resolve("file"), "mine");

    assertThat(bench.unwind()).isEmpty();

    assertThat(place.resolve("file")).hasContent("mine");
  }

  @Test
  void ourDirectoryGoesWithAllThatIsInIt() throws Exception {
    bench.run(
        new Step.MakeDirectory(place, 0755, Removal.WITH_CONTENTS),
        new Step.MakeDirectory(place.resolve("a"), 0755, Removal.WITH_CONTENTS),
        new Step.WriteFile(place.resolve("a/b"), "ours", 0600));
    fill(place.resolve("a"));
    Files.createSymbolicLink(place.resolve("link"), Files.createDirectory(folder.resolve("his")));
    Files.writeString(folder.resolve("his/file"), "mine");

    assertThat(bench.unwind()).isEmpty();

    assertThat(place).doesNotExist();
    assertThat(folder.resolve("his/file")).hasContent("mine");
  }

  @Test
  void ourDirectoryWithAMountBelowIsLeftAndTold() throws Exception {
    bench.run(new Step.MakeDirectory(place, 0755, Removal.WITH_CONTENTS));
    Path below = Files.createDirectory(place.resolve("below"));
    Files.writeString(below.resolve("file"), "mine");
    bench.host.mounts.add(new Host.MountPoint("tmpfs", "tmpfs", below));

    assertThat(bench.unwind())
        .singleElement()
        .asString()
        .contains("cannot remove directory " + place, "mounted at " + below, "unmount it");
    assertThat(below.resolve("file")).hasContent("mine");

    bench.host.mounts.clear();
    assertThat(bench.unwind()).isEmpty();
    assertThat(place).doesNotExist();
  }

  static Stream<Arguments> thingsAndDirectories() {
    return Stream.of(Thing.values())
        .filter(thing -> !thing.name().endsWith("DIRECTORY") || thing == Thing.LINK_TO_DIRECTORY)
        .flatMap(thing -> directories().map(making -> Arguments.of(thing, making)));
  }

  @ParameterizedTest
  @MethodSource("thingsAndDirectories")
  void whatSomebodyPutInThePlaceOfOurDirectoryStays(Thing thing, Making making) throws Exception {
    bench.run(making.of(place));
    Files.delete(place);
    put(thing, place);
    String before = picture();

    assertThat(bench.unwind()).isEmpty();

    assertThat(picture()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(
      value = Thing.class,
      names = {"EMPTY_DIRECTORY", "DIRECTORY"})
  void whatSomebodyPutInThePlaceOfOurFileStays(Thing thing) throws Exception {
    bench.run(new Step.WriteFile(place, "ours", 0600));
    Files.delete(place);
    put(thing, place);
    String before = picture();

    assertThat(bench.unwind()).isEmpty();

    assertThat(picture()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Thing.class)
  void whatSomebodyPutInThePlaceOfOurMountPointFileStays(Thing thing) throws Exception {
    bench.run(Making.MOUNT_POINT_FILE.of(place));
    Files.delete(place);
    put(thing, place);
    String before = picture();

    assertThat(bench.unwind()).isEmpty();

    assertThat(picture()).isEqualTo(before);
  }

  @Test
  void aCgroupGoesWithTheProcessesAndGroupsInIt() throws Exception {
    Path cgroup = place;
    bench.run(new Step.MakeDirectory(cgroup, 0755, Removal.CGROUP));
    Path below = Files.createDirectory(cgroup.resolve("below"));
    Files.createDirectory(below.resolve("deeper"));
    // In a cgroup these files vanish with it.
    Files.writeString(below.resolve("cgroup.procs"), bystander.pid() + "\n");
    Thread.startVirtualThread(
        () -> {
          try {
            bystander.waitFor();
            Files.delete(below.resolve("cgroup.procs"));
          } catch (IOException | InterruptedException impossible) {
            throw new IllegalStateException(impossible);
          }
        });

    assertThat(bench.unwind()).isEmpty();

    assertThat(cgroup).doesNotExist();
    assertThat(bystander.isAlive()).isFalse();
  }

  @Test
  void aFileOfAnOperatorsBelowACgroupLinkIsNotReached() throws Exception {
    bench.run(new Step.MakeDirectory(place, 0755, Removal.CGROUP));
    Path his = Files.createDirectory(folder.resolve("his"));
    Files.createDirectory(his.resolve("empty"));
    Files.createSymbolicLink(place.resolve("link"), his);

    bench.unwind();

    assertThat(his.resolve("empty")).exists();
  }

  @Test
  void aCommandsVariablesReachIt() throws Exception {
    Command command =
        new Command(
            "exec.prestart",
            "text",
            List.of("sh", "-c", "echo $GREETING"),
            Command.Where.HOST,
            Optional.of(Duration.ofSeconds(10)),
            false,
            new Environment(java.util.Map.of("GREETING", "a \"b\"")));
    bench.run(new Step.Run(command));
    assertThat(bench.events)
        .extracting(TaskEvent::message)
        .containsExactly("exec.prestart: a \"b\"");
  }
}
