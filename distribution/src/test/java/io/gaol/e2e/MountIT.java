package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines of fstab(5) that a jail is given: mount and mount.fstab. */
@RequiresLinuxRoot
class MountIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private Path root;
  private Path data;

  @BeforeEach
  void makeRoot() throws IOException {
    root = SmallRoot.withShell(work.directory().resolve("root"));
    SmallRoot.make(root, "/usr/bin/stat", "/bin/mkdir", "/bin/grep");
    data = Files.createDirectory(work.directory().resolve("data"));
    Files.writeString(data.resolve("file"), "of the host\n");
  }

  private GaolJob job(String line, String script) {
    return work.job(
        JobText.jail(
            "Path = \"%s\"\nMount = %s\n".formatted(root, JobText.quoted(line))
                + JobText.shell(script)));
  }

  private Outcome run(String line, String script) {
    return job(line, script).run();
  }

  private String at(String target) {
    return root + target;
  }

  // ---- nullfs

  @Test
  void aNullfsMountShowsADirectoryOfTheHostAndItsMountPointGoesWithIt() {
    List<String> before = Workplace.inventory(root);
    Outcome outcome =
        run(data + " " + at("/srv/data") + " nullfs rw", "cat /srv/data/file; touch /srv/data/new");
    assertThat(outcome.stdout()).isEqualTo("task | of the host\n");
    assertThat(data.resolve("new")).exists();
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  @Test
  void aReadOnlyNullfsMountIsReadOnlyAlsoWhereTheHostHasMountedBelow() throws IOException {
    Path below = Files.createDirectory(data.resolve("below"));
    Outcome outcome =
        job(
                data + " " + at("/data") + " nullfs ro",
                "cat /data/below/inner; touch /data/x; touch /data/below/x")
            .afterMounting("mount -t tmpfs tmpfs %1$s; echo inner >%1$s/inner".formatted(below))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | inner\n");
    assertThat(outcome.stderr())
        .contains("'/data/x': Read-only file system")
        .contains("'/data/below/x': Read-only file system");
  }

  @Test
  void aFileCanBeMountedOnAFile() {
    List<String> before = Workplace.inventory(root);
    Outcome outcome =
        run(data.resolve("file") + " " + at("/etc/motd") + " nullfs", "cat /etc/motd");
    assertThat(outcome.stdout()).isEqualTo("task | of the host\n");
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  @Test
  void optionsOfAMountHold() throws IOException {
    Files.copy(root.resolve("bin/true"), data.resolve("true"));
    Outcome outcome =
        run(
            data + " " + at("/data") + " nullfs rw,noexec,nosuid,noatime",
            "/data/true; grep ' /data ' /proc/self/mountinfo");
    assertThat(outcome.stderr()).contains("/data/true: Permission denied");
    assertThat(outcome.stdout()).contains("nosuid").contains("noexec").contains("noatime");
  }

  @Test
  void withoutAPathATargetIsAPathOfTheJail() {
    Outcome outcome =
        work.job(
                JobText.jail(
                    "Mount = \"%s /srv/data nullfs ro\"\n".formatted(data)
                        + JobText.shell("cat /srv/data/file")))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | of the host\n");
  }

  @Test
  void aProgramOfAMountCanBeTheCommand() throws IOException {
    Files.copy(root.resolve("bin/true"), data.resolve("program"));
    Outcome outcome =
        work.job(
                JobText.jail(
                    "Path = \"%s\"\nMount = \"%s %s/data nullfs ro\"\ncommand = \"/data/program\"\n"
                        .formatted(root, data, root)))
            .run();
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
  }

  // ---- in memory

  @Test
  void aTmpfsHasTheSizeModeOwnerAndNumberOfFilesThatAreAsked() {
    Outcome outcome =
        run(
            "tmpfs " + at("/t") + " tmpfs size=1m,mode=0710,uid=5,gid=6,inodes=4",
            "stat -c '%a %u %g' /t; stat -f -c '%b %S %c' /t;"
                + " for i in 1 2 3 4; do touch /t/$i || echo full at $i; done");
    assertThat(outcome.stdout().lines())
        .containsExactly("task | 710 5 6", "task | 256 4096 4", "task | full at 4");
  }

  @Test
  void aTmpfsTakesModeAndOwnerOfItsMountPoint() throws IOException {
    Path point = Files.createDirectory(root.resolve("t"));
    Files.setAttribute(point, "unix:mode", 0751);
    Files.setAttribute(point, "unix:uid", 7);
    Outcome outcome = run("tmpfs " + at("/t") + " tmpfs", "stat -c '%a %u %g' /t");
    assertThat(outcome.stdout()).isEqualTo("task | 751 7 0\n");
    assertThat(outcome.stderr()).contains("without a size a tmpfs holds half of the memory");
  }

  @Test
  void aLineMayMountInWhatAnEarlierOneHasMounted() {
    Outcome outcome =
        work.job(
                JobText.jail(
                    "Path = \"%1$s\"\nMount = [\"tmpfs %1$s/t tmpfs size=1m\", \"%2$s %1$s/t/deep/er nullfs ro\"]\n"
                            .formatted(root, data)
                        + JobText.shell("cat /t/deep/er/file")))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | of the host\n");
  }

  // ---- the kernel's

  @ParameterizedTest
  @CsvSource({"procfs", "linprocfs"})
  void aSecondProcChangesNothingOfTheHost(String type) {
    Outcome outcome =
        run(
            "proc " + at("/compat/proc") + " " + type + " rw",
            "cat /compat/proc/self/comm; echo x >/compat/proc/sys/kernel/core_pattern");
    assertThat(outcome.stdout()).isEqualTo("task | cat\n");
    assertThat(outcome.stderr())
        .contains("cannot create /compat/proc/sys/kernel/core_pattern: Read-only file system");
  }

  @Test
  void aSysIsReadOnlyAndDoesNotShowTheFirmware() {
    Outcome outcome =
        run(
            "sys " + at("/compat/sys") + " linsysfs rw",
            "ls -d /compat/sys/kernel; ls /compat/sys/firmware; echo 1 >/compat/sys/kernel/profiling");
    assertThat(outcome.stdout()).isEqualTo("task | /compat/sys/kernel\n");
    assertThat(outcome.stderr()).contains("Read-only file system").contains("which is read-only");
  }

  @Test
  void whatEveryJailHasNeedsNoMount() {
    Outcome outcome =
        work.job(
                JobText.jail(
                    """
                    Path  = "%1$s"
                    Mount = ["dev %1$s/dev devfs ruleset=4", "fd %1$s/dev/fd fdescfs", "proc %1$s/proc procfs"]
                    """
                            .formatted(root)
                        + JobText.shell("ls -d /dev/null /dev/fd/0 /proc/self/comm")))
            .run();
    assertThat(outcome.stdout())
        .isEqualTo("task | /dev/fd/0\ntask | /dev/null\ntask | /proc/self/comm\n");
    assertThat(outcome.status()).isZero();
  }

  // ---- layers and disks

  @Test
  void aUnionfsTakesWhatIsChangedIntoItsSource() throws IOException {
    Path low = Files.createDirectory(root.resolve("union"));
    Files.writeString(low.resolve("low"), "as it was\n");
    Outcome outcome =
        run(
            data + " " + at("/union") + " unionfs",
            "cat /union/low /union/file; echo changed >/union/low");
    assertThat(outcome.stdout()).isEqualTo("task | as it was\ntask | of the host\n");
    assertThat(low.resolve("low")).hasContent("as it was");
    assertThat(data.resolve("low")).hasContent("changed");
  }

  @Test
  void aUnionfsBelowTakesWhatIsChangedIntoItsTarget() throws IOException {
    Path high = Files.createDirectory(root.resolve("union"));
    Outcome outcome =
        run(
            data + " " + at("/union") + " unionfs below",
            "cat /union/file; echo changed >/union/file");
    assertThat(outcome.stdout()).isEqualTo("task | of the host\n");
    assertThat(data.resolve("file")).hasContent("of the host");
    assertThat(high.resolve("file")).hasContent("changed");
  }

  private Path image() {
    Path image = work.directory().resolve("image");
    Outcome made =
        Command.of(
                Path.of("/bin/sh"),
                "-ec",
                "truncate -s 8m \"$0\"; PATH=$PATH:/sbin:/usr/sbin; mkfs.ext4 -q \"$0\"",
                image.toString())
            .run();
    assertThat(made.status()).as(made.stderr()).isZero();
    return image;
  }

  @Test
  void aDiskIsMountedForTheJailAndUnmountedAfterIt() {
    Path image = image();
    String line = image + " " + at("/disk") + " ext4 rw";
    assertThat(run(line, "echo kept >/disk/file").status()).isZero();
    Outcome again = run(image + " " + at("/disk") + " ext4 ro", "cat /disk/file; touch /disk/x");
    assertThat(again.stdout()).isEqualTo("task | kept\n");
    assertThat(again.stderr()).contains("Read-only file system");
    assertThat(loops()).doesNotContain(image.toString());
  }

  private static String loops() {
    return Command.of(Path.of("/sbin/losetup"), "-a").run().stdout();
  }

  @Test
  void aDiskIsUnmountedAlsoAfterGaolWasKilled() {
    Path image = image();
    Running running =
        job(image + " " + at("/disk") + " ext4 rw", "echo ready; exec sleep 600")
            .start()
            .awaitLine("task | ready");
    running.kill();
    assertThat(loops()).contains(image.toString());
    work.stop("job");
    work.assertNothingIsLeft();
    Workplace.await("the end of the loop", () -> !loops().contains(image.toString()));
  }

  @Test
  void aDiskThatCannotBeReadFailsTheStartAndLeavesNothing() {
    List<String> before = Workplace.inventory(root);
    Outcome outcome = run(data.resolve("file") + " " + at("/disk") + " ext4 rw", "true");
    assertThat(outcome.stderr()).contains("cannot mount ext4 on ");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  // ---- mount.fstab

  @Test
  void theLinesOfAnFstabAreMountedAfterThoseOfMount() {
    Path fstab =
        work.write(
            "fstab", "# of a test\n" + data + " " + at("/t/data") + " nullfs ro 0 0 # really\n\n");
    Outcome outcome =
        work.job(
                JobText.jail(
                    "Path = \"%1$s\"\nMount = \"tmpfs %1$s/t tmpfs size=1m\"\nMount_fstab = \"%2$s\"\n"
                            .formatted(root, fstab)
                        + JobText.shell("cat /t/data/file")))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | of the host\n");
  }

  @Test
  void whatIsWrongInAnFstabIsToldWithItsLine() {
    Path fstab = work.write("fstab", "# of a test\n/data " + at("/data") + " nullsf\n");
    String job = "Path = \"%s\"\nMount_fstab = \"%s\"\n" + JobText.shell("true");
    assertThat(work.job(JobText.jail(job.formatted(root, fstab))).run().stderr())
        .contains(fstab + ", line 2: Gaol mounts nullfs")
        .contains("but not \"nullsf\"");
    assertThat(work.job(JobText.jail(job.formatted(root, "/nonesuch"))).run().stderr())
        .contains("mount.fstab = \"/nonesuch\": there is no such file");
    // It never ends.
    assertThat(work.job(JobText.jail(job.formatted(root, "/dev/zero"))).run().stderr())
        .contains("mount.fstab = \"/dev/zero\" cannot be read: it is no regular file");
  }

  // ---- what is refused

  static Stream<List<String>> refused() {
    return Stream.of(
        List.of("/nonesuch ROOT/data nullfs", "/nonesuch does not exist on the host: make it"),
        List.of(
            "DATA /etc/data nullfs", "\"/etc/data\" is not below the jail's root: write \"ROOT"),
        List.of("DATA ROOT nullfs", "it would be the jail's root itself; give Path = \"DATA\""),
        List.of("DATA ROOT/proc/x nullfs", "nothing can be mounted at /proc/x"),
        List.of("DATA ROOT/link/x nullfs", "ROOT/link is a symbolic link"),
        List.of("t ROOT/t tmpfs maxfilesize=1m", "tmpfs has no option \"maxfilesize\" here"),
        List.of("DATA ROOT/d nullfs union", "there is no option \"union\"; leave it out"),
        List.of("DATA ROOT/d unionfs copymode=masquerade", "overlayfs has no option \"copymode\""),
        List.of("d ROOT/d devfs", "a jail has its devices in /dev"),
        List.of("d ROOT/dev devfs ruleset=3", "the standard devices are those of ruleset 4"),
        List.of("f ROOT/f fdescfs", "a jail has its descriptors in /dev/fd"),
        List.of("/dev/null ROOT/d ufs", "this host's kernel knows no file system \"ufs\""),
        List.of("pool/data ROOT/d zfs", "this host's kernel knows no file system \"zfs\""),
        List.of("DATA ROOT/d nullfs size=1", "nullfs knows no option \"size\""));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotBeMountedIsRefusedWithItsReason(List<String> lineAndReason) throws IOException {
    Files.createSymbolicLink(root.resolve("link"), data);
    List<String> before = Workplace.inventory(root);
    Outcome outcome = run(filled(lineAndReason.get(0)), "true");
    assertThat(outcome.stderr()).contains(filled(lineAndReason.get(1)));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(Workplace.inventory(root)).isEqualTo(before);
    assertThat(data).isDirectoryNotContaining("glob:**/x");
  }

  private String filled(String text) {
    return text.replace("ROOT", root.toString()).replace("DATA", data.toString());
  }
}
