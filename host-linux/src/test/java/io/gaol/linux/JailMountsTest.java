package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Step;
import io.gaol.jail.FstabLine;
import io.gaol.linux.JailMounts.OciMount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JailMountsTest {
  private static final Path ROOT = Path.of("/jails/web");
  private static final Path TASK = Path.of("/state/tasks/web");
  private static final List<MountInfo> HOST =
      List.of(
          new MountInfo(Path.of("/"), "ext4", "/dev/sda1", List.of()),
          new MountInfo(Path.of("/data"), "xfs", "/dev/sdb1", List.of()),
          new MountInfo(Path.of("/layers"), "overlay", "overlay", List.of()));

  private static MountLine line(String text, Path... below) {
    FstabLine line = FstabLine.parse(text);
    Path target = Path.of("/").resolve(ROOT.relativize(line.target()));
    return new MountLine(
        line,
        target,
        line.source().startsWith("/") ? Optional.of(Path.of(line.source())) : Optional.empty(),
        List.of(below),
        line.target(),
        false,
        new MountLine.Owner(0750, 7, 8),
        true);
  }

  private static JailMounts mounts(MountLine line) {
    return JailMounts.of(List.of(line), TASK, HOST);
  }

  private static OciMount only(String text) {
    return mounts(line(text)).mounts().getFirst();
  }

  @Test
  void whatTheHostHasMountedBelowIsMountedWithTheSameOptions() {
    assertThat(
            mounts(line("/d /jails/web/d nullfs ro,noexec", Path.of("/d/a"), Path.of("/d/a/b")))
                .mounts())
        .containsExactly(
            new OciMount("/d", "bind", "/d", List.of("bind", "ro", "nodev", "noexec")),
            new OciMount("/d/a", "bind", "/d/a", List.of("bind", "ro", "nodev", "noexec")),
            new OciMount("/d/a/b", "bind", "/d/a/b", List.of("bind", "ro", "nodev", "noexec")));
  }

  @ParameterizedTest
  @CsvSource({
    "'', rw nodev",
    "rw, rw nodev",
    "'ro,rw', rw nodev",
    "'rw,ro', ro nodev",
    "'noatime,noexec,nosuid,sync', rw nodev noatime noexec nosuid sync",
    "'noexec,exec,sync,async', rw nodev",
    "'late,failok,noclusterr,nocache', rw nodev"
  })
  void optionsAreLinuxOwnAndTheLastOfTwoCounts(String given, String options) {
    assertThat(String.join(" ", only("/d /jails/web/d nullfs " + given).options()))
        .isEqualTo("bind " + options);
  }

  @ParameterizedTest
  @CsvSource({
    "size=64m, size=67108864",
    "size=1048576, size=1048576",
    "size=2KB, size=2048",
    "'size=1g,inodes=1k', nr_inodes=1024",
    "mode=1777, mode=1777",
    "size=1m, mode=750",
    "size=1m, uid=7",
    "gid=0, gid=0"
  })
  void aTmpfsTakesSizesInBytesAndItsMountPointsOwner(String given, String option) {
    assertThat(only("tmpfs /jails/web/t tmpfs " + given).options()).contains(option);
  }

  @Test
  void aTmpfsWithoutASizeIsNoted() {
    assertThat(mounts(line("tmpfs /jails/web/t tmpfs")).notes())
        .singleElement()
        .asString()
        .startsWith("mount on /jails/web/t: without a size");
    assertThat(mounts(line("tmpfs /jails/web/t tmpfs size=1m")).notes()).isEmpty();
  }

  @Test
  void aProcAtAnyPlaceIsMaskedThere() {
    JailMounts mounts = mounts(line("proc /jails/web/compat/proc linprocfs rw"));
    assertThat(mounts.readOnly()).contains("/compat/proc/sys", "/compat/proc/sysrq-trigger");
    assertThat(mounts.hidden()).contains("/compat/proc/kcore");
  }

  @Test
  void whatEveryJailHasIsNotMountedAgain() {
    for (String text :
        List.of(
            "proc /jails/web/proc procfs",
            "dev /jails/web/dev devfs",
            "fd /jails/web/dev/fd fdescfs")) {
      JailMounts mounts = mounts(line(text));
      assertThat(mounts.mounts()).as(text).isEmpty();
      assertThat(mounts.problems()).as(text).isEmpty();
    }
  }

  @Test
  void aDiskIsMountedOnTheHostAndBoundIntoTheJail() {
    JailMounts mounts = mounts(line("/dev/sdc1 /jails/web/d msdosfs ro,umask=022"));
    assertThat(mounts.steps())
        .containsExactly(
            new Step.MakeDirectory(
                TASK.resolve("mount-1"), 0700, Step.MakeDirectory.Removal.WITH_CONTENTS),
            new Step.Mount(
                "vfat", "/dev/sdc1", TASK.resolve("mount-1"), List.of("ro", "nodev", "umask=022")));
    assertThat(mounts.mounts())
        .containsExactly(
            new OciMount("/d", "bind", TASK + "/mount-1", List.of("bind", "ro", "nodev")));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'lowerdir=/jails/web/u,upperdir=/up,workdir=/state/tasks/web/work-1'",
    "below, 'lowerdir=/up,upperdir=/jails/web/u,workdir=/state/tasks/web/work-1'",
    "ro, 'lowerdir=/up:/jails/web/u'"
  })
  void theLayersOfAUnion(String given, String layers) {
    Step.Mount mount =
        (Step.Mount) mounts(line("/up /jails/web/u unionfs " + given)).steps().getLast();
    assertThat(String.join(",", mount.options())).endsWith(layers);
  }

  @ParameterizedTest
  @CsvSource({
    "/data/up /jails/web/u unionfs, is on another file system than the state directory",
    "/layers/up /jails/web/u unionfs, is on overlay",
    "/up /jails/web/u unionfs udir=0755, overlayfs has no option \"udir\"",
    "t /jails/web/t tmpfs maxfilesize=1m, tmpfs has no option \"maxfilesize\" here",
    "/d /jails/web/d nullfs suiddir, there is no option \"suiddir\"",
    "dev /jails/web/x devfs, a jail has its devices in /dev",
    "fd /jails/web/x fdescfs, a jail has its descriptors in /dev/fd"
  })
  void whatCannotBeIsRefused(String text, String reason) {
    assertThat(mounts(line(text)).problems())
        .singleElement()
        .asString()
        .startsWith("mount = \"" + text + "\" cannot be had on Linux: ")
        .contains(reason);
  }

  @Test
  void aUnionDoesNotChangeWhatTheJailMayOnlyRead() {
    MountLine line = line("/up /jails/web/u unionfs below");
    MountLine ofHost =
        new MountLine(
            line.line(),
            line.target(),
            line.source(),
            List.of(),
            Path.of("/usr/local"),
            true,
            line.owner(),
            true);
    assertThat(mounts(ofHost).problems())
        .singleElement()
        .asString()
        .contains("is changed in /usr/local, which the jail may only read");
  }
}
