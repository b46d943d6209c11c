package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FstabLineTest {
  private static final Path ROOT = Path.of("/jails/web");

  @Test
  void aLineIsReadIntoItsFields() {
    assertThat(FstabLine.parse("/data\t/jails/web/data  nullfs rw,noexec 0 0"))
        .isEqualTo(
            new FstabLine(
                "/data", Path.of("/jails/web/data"), MountType.NULLFS, List.of("rw", "noexec")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/data /jails/web/data nullfs | /data /jails/web/data nullfs",
        "/data /jails/web/data nullfs ro 0 0 | /data /jails/web/data nullfs ro",
        "/data /jails/web/data nullfs ro,nocache,late | /data /jails/web/data nullfs"
            + " ro,nocache,late",
        "/a\\040b /jails/web/c\\134d nullfs | /a\\040b /jails/web/c\\134d nullfs",
        "/a\\sb /jails/web/c\\\\d\\t nullfs | /a\\040b /jails/web/c\\134d\\011 nullfs",
        "/\\303\\244 /jails/web/\\40x nullfs | /ä /jails/web/\\040x nullfs",
        "/a\\043 /jails/web//b/ nullfs | /a\\043 /jails/web/b nullfs",
        "tmpfs /jails/web/tmp tmpfs size=64m,mode=1777,uid=0,inodes=1k | tmpfs /jails/web/tmp tmpfs"
            + " size=64m,mode=1777,uid=0,inodes=1k",
        "devfs /jails/web/dev devfs ruleset=4 | devfs /jails/web/dev devfs ruleset=4",
        "fdesc /jails/web/dev/fd fdescfs linrdlnk | fdesc /jails/web/dev/fd fdescfs linrdlnk",
        "proc /jails/web/proc procfs rw | proc /jails/web/proc procfs rw",
        "linproc /jails/web/proc linprocfs | linproc /jails/web/proc linprocfs",
        "linsys /jails/web/sys linsysfs noatime | linsys /jails/web/sys linsysfs noatime",
        "zroot/data/web /jails/web/data zfs ro | zroot/data/web /jails/web/data zfs ro",
        "zroot/data@snap /jails/web/data zfs | zroot/data@snap /jails/web/data zfs",
        "/upper /jails/web/etc unionfs below,copymode=transparent,udir=0755 | /upper /jails/web/etc"
            + " unionfs below,copymode=transparent,udir=0755",
        "/base /jails/web nullfs ro | /base /jails/web nullfs ro",
      })
  void aGoodLinePrintsItsCanonicalForm(String line, String canonical) {
    assertThat(FstabLine.parse(line)).hasToString(canonical);
    assertThat(FstabLine.parse(canonical)).isEqualTo(FstabLine.parse(line));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/data /jails/web/data | a mount is \"source target type options\", as \"/data"
            + " /jails/web/data nullfs ro\", but \"/data /jails/web/data\" has fewer than three"
            + " fields",
        "/my data /jails/web/data nullfs ro | a mount is \"source target type options\", as \"/data"
            + " /jails/web/data nullfs ro\", and behind it at most fstab(5)'s two numbers; a blank"
            + " in a path is \\040",
        "/d /jails/web/d nullfs rw 0 0 0 | a mount is \"source target type options\", as \"/data"
            + " /jails/web/data nullfs ro\", and behind it at most fstab(5)'s two numbers; a blank"
            + " in a path is \\040",
        "/d /jails/web/d nullsf ro | Gaol mounts nullfs, tmpfs, devfs, fdescfs, procfs, linprocfs,"
            + " linsysfs, zfs, unionfs, ufs, msdosfs, cd9660, ext2fs, ext2, ext3, ext4, xfs, btrfs, vfat, iso9660, squashfs, nfs and nfs4, but not \"nullsf\"."
            + " Did you mean \"nullfs\"?",
        "/d /jails/web/d bind ro | Gaol mounts nullfs, tmpfs, devfs, fdescfs, procfs, linprocfs,"
            + " linsysfs, zfs, unionfs, ufs, msdosfs, cd9660, ext2fs, ext2, ext3, ext4, xfs, btrfs, vfat, iso9660, squashfs, nfs and nfs4, but not \"bind\"."
            + " Did you mean \"nullfs\"?",
        "/d /jails/web/d NULLFS ro | Gaol mounts nullfs, tmpfs, devfs, fdescfs, procfs, linprocfs,"
            + " linsysfs, zfs, unionfs, ufs, msdosfs, cd9660, ext2fs, ext2, ext3, ext4, xfs, btrfs, vfat, iso9660, squashfs, nfs and nfs4, but not \"NULLFS\"."
            + " Did you mean \"nullfs\"?",
        "proc /jails/web/d proc | Gaol mounts nullfs, tmpfs, devfs, fdescfs, procfs, linprocfs,"
            + " linsysfs, zfs, unionfs, ufs, msdosfs, cd9660, ext2fs, ext2, ext3, ext4, xfs, btrfs, vfat, iso9660, squashfs, nfs and nfs4, but not \"proc\"."
            + " Did you mean \"procfs\"?",
        "data /jails/web/d nullfs | the source \"data\" must be absolute: a path of the host that"
            + " begins with /",
        "/d jails/web/d nullfs | the target \"jails/web/d\" must be absolute: a path of the host"
            + " that begins with /",
        "/d /jails/web/../../etc nullfs | the target \"/jails/web/../../etc\" may not hold \"..\":"
            + " write /etc",
        "/d/../etc /jails/web/d nullfs | the source \"/d/../etc\" may not hold \"..\": write /etc",
        "/d /jails/web/d nullfs readonly | nullfs knows no option \"readonly\".",
        "/d /jails/web/d nullfs nosuidd | nullfs knows no option \"nosuidd\". Did you mean"
            + " \"nosuid\"?",
        "/d /jails/web/d nullfs ro, | nullfs knows no option \"\".",
        "/d /jails/web/d nullfs update | nullfs knows no option \"update\".",
        "/d /jails/web/d nullfs size=64m | nullfs knows no option \"size\".",
        "/d /jails/web/d nullfs ro=1 | the option ro takes no value: write ro",
        "t /jails/web/d tmpfs siez=64m | tmpfs knows no option \"siez\". Did you mean \"size\"?",
        "t /jails/web/d tmpfs size=abc | the option size needs a size, as size=64m, not \"abc\"",
        "t /jails/web/d tmpfs size=-1 | the option size needs a size, as size=64m, not \"-1\"",
        "t /jails/web/d tmpfs size | the option size needs a size, as size=64m",
        "t /jails/web/d tmpfs mode=999 | the option mode needs an octal mode, as mode=0755, not"
            + " \"999\"",
        "t /jails/web/d tmpfs uid=www | the option uid needs a number, as uid=0, not \"www\"",
        "d /jails/web/d devfs ruleset=x | the option ruleset needs the number of a ruleset up to"
            + " 65535, as ruleset=4, not \"x\"",
        "d /jails/web/d devfs ruleset=65536 | the option ruleset needs the number of a ruleset up"
            + " to 65535, as ruleset=4, not \"65536\"",
        "/d /jails/web/d unionfs copymode=copy | the option copymode needs traditional or"
            + " transparent or masquerade, not \"copy\"",
        "/zroot/d /jails/web/d zfs | \"/zroot/d\" is not a dataset, such as zroot/data/web; to see"
            + " a directory of the host, the type is nullfs",
        "zroot//d /jails/web/d zfs | \"zroot//d\" is not a dataset, such as zroot/data/web",
        "/a\\x20b /jails/web/d nullfs | \"/a\\x20b\": \\x is no escape of fstab(5): a blank is"
            + " \\040, a tab \\011, a backslash \\134",
        "/a\\ /jails/web/d nullfs | \"/a\\\": \\ is no escape of fstab(5): a blank is \\040, a tab"
            + " \\011, a backslash \\134",
        "/a\\0 /jails/web/d nullfs | \"/a\\0\": \\0 is no escape of fstab(5): a blank is \\040, a"
            + " tab \\011, a backslash \\134",
        "/a\\777 /jails/web/d nullfs | \"/a\\777\": \\777 is no escape of fstab(5): a blank is"
            + " \\040, a tab \\011, a backslash \\134",
        "/a\\377 /jails/web/d nullfs | \"/a\\377\" is not UTF-8",
      })
  void aBadLineIsRefusedWithWhatIsExpected(String line, String problem) {
    assertThat(problems(line)).containsExactly(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"atime", "exec", "suid", "symfollow", "noasync", "cover", "noauto"})
  void anOptionIsKnownWithAndWithoutItsNo(String option) {
    assertThat(FstabLine.parse("/d /jails/web/d nullfs " + option).options())
        .containsExactly(option);
  }

  @ParameterizedTest
  @ValueSource(strings = {"noro", "norw", "nonoexec"})
  void aNoThatMeansNothingIsNotKnown(String option) {
    assertThat(problems("/d /jails/web/d nullfs " + option)).hasSize(1);
  }

  @Test
  void allProblemsOfALineAreToldAtOnce() {
    assertThat(problems("d web/../d nullfs rdonly,size=1"))
        .containsExactly(
            "the source \"d\" must be absolute: a path of the host that begins with /",
            "the target \"web/../d\" must be absolute: a path of the host that begins with /",
            "nullfs knows no option \"rdonly\".",
            "nullfs knows no option \"size\".");
  }

  @Test
  void aPathLongerThanTheKernelTakesIsRefused() {
    String longest = "/" + "a".repeat(1022);

    assertThat(FstabLine.parse(longest + " /jails/web/d nullfs").source()).isEqualTo(longest);
    assertThat(problems(longest + "b /jails/web/d nullfs"))
        .containsExactly("the source has 1024 bytes; the kernel takes 1023");
  }

  @Test
  void aLineThatIsPutTogetherIsCheckedToo() {
    assertThat(
            catchThrowableOfType(
                    InvalidValueException.class,
                    () ->
                        new FstabLine(
                            "relative", Path.of("x"), MountType.NULLFS, List.of("nothing")))
                .problems())
        .hasSize(3);
  }

  @Test
  void aFileIsReadLineByLineWithoutItsComments() {
    assertThat(
            FstabLine.parseFile(
                """
                # the data
                /data /jails/web/data nullfs ro 0 0 # read-only

                \t
                tmpfs /jails/web/tmp tmpfs
                """))
        .extracting(FstabLine::toString)
        .containsExactly("/data /jails/web/data nullfs ro", "tmpfs /jails/web/tmp tmpfs");
  }

  @Test
  void everyProblemOfAFileHasItsLine() {
    InvalidValueException refused =
        catchThrowableOfType(
            InvalidValueException.class,
            () -> FstabLine.parseFile("/d /j/d nullsf\n\n/d # /j/d nullfs\n"));

    assertThat(refused.problems())
        .containsExactly(
            "line 1: Gaol mounts nullfs, tmpfs, devfs, fdescfs, procfs, linprocfs,"
                + " linsysfs, zfs, unionfs, ufs, msdosfs, cd9660, ext2fs, ext2, ext3, ext4, xfs, btrfs, vfat, iso9660, squashfs, nfs and nfs4, but not \"nullsf\"."
                + " Did you mean \"nullfs\"?",
            "line 3: a mount is \"source target type options\", as \"/data /jails/web/data nullfs"
                + " ro\", but \"/d\" has fewer than three fields");
  }

  @ParameterizedTest
  @CsvSource({
    "/etc, /jails/web/etc",
    "/jails/webber/data, /jails/web/jails/webber/data",
    "/jails, /jails/web/jails",
    "/, /jails/web",
  })
  void aTargetThatIsNotBelowTheRootIsRefusedWithThePathThatWasMeant(String target, String meant) {
    FstabLine line = new FstabLine("/d", Path.of(target), MountType.NULLFS, List.of());

    assertThat(line.problemsBelow(ROOT, path -> false))
        .containsExactly(
            "the target \"" + target + "\" is not below the jail's root: write \"" + meant + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/jails/web/a", "/jails/web/a/b", "/jails/web/a/b/c"})
  void aTargetThroughASymbolicLinkIsRefused(String link) {
    FstabLine line = FstabLine.parse("/d /jails/web/a/b/c nullfs");

    assertThat(line.problemsBelow(ROOT, Set.of(Path.of(link))::contains))
        .containsExactly(
            "the target \"/jails/web/a/b/c\" goes through the symbolic link \""
                + link
                + "\", which may lead out of the jail: name the directory that it leads to");
  }

  @Test
  void aSymbolicLinkAboveTheRootIsTheOperators() {
    FstabLine line = FstabLine.parse("/d /jails/web/a nullfs");

    assertThat(line.problemsBelow(ROOT, Set.of(Path.of("/jails"), Path.of("/jails/web"))::contains))
        .isEmpty();
  }

  @Test
  void theRootItselfMayBeMounted() {
    FstabLine line = FstabLine.parse("/base /jails/web nullfs ro");

    assertThat(line.problemsBelow(Path.of("/jails/web/"), path -> true)).isEmpty();
  }

  @Test
  void oldDriverJ5AMountIsALineOfFstabAndNotABoolean() {
    assertThat(problems("true"))
        .containsExactly(
            "a mount is \"source target type options\", as \"/data /jails/web/data nullfs ro\", but"
                + " \"true\" has fewer than three fields");
  }

  private static List<String> problems(String line) {
    return catchThrowableOfType(InvalidValueException.class, () -> FstabLine.parse(line))
        .problems();
  }
}
