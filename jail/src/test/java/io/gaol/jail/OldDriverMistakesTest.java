package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.Assignment.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the first jail driver for Nomad (cneira's, 2019) made wrong of a config, one test for each:
 * none may come back.
 */
class OldDriverMistakesTest {
  private static final AssignmentReader READER = AssignmentReader.ofCatalogue();

  private static JailParameters read(String key, Object value) {
    return ((AssignmentReading.Accepted) reading(key, value)).parameters();
  }

  private static String problem(String key, Object value) {
    return ((AssignmentReading.Refused) reading(key, value)).problems().getFirst().message();
  }

  private static AssignmentReading reading(String key, Object value) {
    return READER.read(List.of(Assignment.of(key, value, "", Source.JOB_CONFIG)));
  }

  @Test
  void oldDriverJ1TheDocumentedNameOfReadMsgbufIsUnderstood() {
    assertThat(read("Allow_read_msgbuf", true).flag("allow.read_msgbuf")).contains(true);
    assertThat(problem("Allow_read_msgbug", true)).endsWith("\"Allow_read_msgbuf\"?");
  }

  @Test
  void oldDriverJ2TheDocumentedNameOfMountFdescfsIsUnderstood() {
    assertThat(read("Allow_mount_fdescfs", true).flag("allow.mount.fdescfs")).contains(true);
    assertThat(problem("Allow_mount_fdescds", true)).endsWith("\"Allow_mount_fdescfs\"?");
  }

  @Test
  void oldDriverJ3AllowMountDevfsIsDecoded() {
    assertThat(read("Allow_mount_devfs", true).flag("allow.mount.devfs")).contains(true);
  }

  @Test
  void oldDriverJ4NoExecPoststartHookIsDropped() {
    assertThat(read("Exec_poststart", "logger jail has started").values("exec.poststart"))
        .containsExactly("logger jail has started");
  }

  @Test
  void oldDriverJ5MountTakesFstabLinesAndNoFlag() {
    assertThat(read("Mount", "/data /jail/data nullfs ro").values("mount"))
        .containsExactly("/data /jail/data nullfs ro");
    assertThat(problem("Mount", true)).startsWith("Mount takes a line of fstab(5)");
  }

  @Test
  void oldDriverJ7MountProcfsIsAKeyOfAJob() {
    assertThat(JailParameterCatalogue.nomadSpellings()).contains("Mount_procfs", "mount_procfs");
    assertThat(read("Mount_procfs", true).flag("mount.procfs")).contains(true);
  }

  @ParameterizedTest
  @CsvSource({
    "Ip6, inherit, ip6",
    "Allow_mount_devfs, true, allow.mount.devfs",
    "Allow_quotas, true, allow.quotas",
    "Allow_read_msgbuf, true, allow.read_msgbuf",
    "Allow_socket_af, true, allow.socket_af",
    "Allow_reserved_ports, false, allow.reserved_ports",
    "Allow_mlock, true, allow.mlock",
    "Linux_oss_version, 198144, linux.oss_version",
    "Exec_system_jail_user, true, exec.system_jail_user",
    "Exec_fib, 1, exec.fib",
    "Mount_fdescfs, true, mount.fdescfs"
  })
  void oldDriverJ8WhatWasAcceptedAndNeverSentIsAParameterOfTheJail(
      String key, String value, String name) {
    assertThat(read(key, value).value(name)).contains(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devfs",
        "fdescfs",
        "fusefs",
        "nullfs",
        "procfs",
        "linprocfs",
        "linsysfs",
        "tmpfs",
        "zfs"
      })
  void oldDriverJ9PermissionsToMountHaveTheNamesThatJail8Knows(String fileSystem) {
    assertThat(read("Allow_mount_" + fileSystem, true).names())
        .containsExactly("allow.mount." + fileSystem);
  }

  @ParameterizedTest
  @CsvSource({
    "Securelevel, 0, securelevel",
    "Securelevel, 1, securelevel",
    "Securelevel, 2, securelevel",
    "Securelevel, 3, securelevel",
    "Devfs_ruleset, 4, devfs_ruleset",
    "Children_max, 5, children.max",
    "Exec_fib, 2, exec.fib",
    "Host_hostname, a, host.hostname",
    "nic, e, interface",
    "Exec_jail_user, u, exec.jail_user"
  })
  void oldDriverJ10AValueOfOneCharacterIsAValue(String key, String value, String name) {
    assertThat(read(key, value).value(name)).contains(value);
  }

  @Test
  void oldDriverJ11ZeroAndFalseAreValues() {
    assertThat(read("Enforce_statfs", 0).number("enforce_statfs")).contains(0L);
    assertThat(read("Stop_timeout", 0).number("stop.timeout")).contains(0L);
    assertThat(read("Allow_set_hostname", false).flag("allow.set_hostname")).contains(false);
    assertThat(read("Allow_reserved_ports", false).flag("allow.reserved_ports")).contains(false);
  }

  @Test
  void oldDriverJ12ChildrenCurCanOnlyBeReadAndSaysSo() {
    assertThat(problem("Children_cur", 1))
        .isEqualTo("Children_cur can only be read: the kernel sets it");
  }

  @Test
  void oldDriverJ13VnetInheritStaysInherit() {
    assertThat(read("Vnet", "inherit").value("vnet")).contains("inherit");
    assertThat(read("Vnet", true).value("vnet")).contains("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"date +%s", "%d%n%x", "100%", "%", "%%"})
  void oldDriverJ14APercentSignIsNoFormat(String text) {
    assertThat(read("Exec_start", text).values("exec.start")).containsExactly(text);
    assertThat(read("Host_hostname", text).value("host.hostname")).contains(text);
  }

  @Test
  void oldDriverJ14bAHookTakesSeveralCommands() {
    assertThat(
            read("Exec_prestart", List.of("logger trying", "jib addm loghost em1"))
                .values("exec.prestart"))
        .containsExactly("logger trying", "jib addm loghost em1");
  }

  @ParameterizedTest
  @CsvSource({
    "exec.prepare, x",
    "exec.release, x",
    "allow.nfsd, true",
    "allow.suser, false",
    "allow.routing, true",
    "zfs.dataset, zroot/a",
    "meta.owner, me",
    "allow.mount.p9fs, true"
  })
  void oldDriverJ14cWhatJail8GotLaterCanBeUsed(String name, String value) {
    AssignmentReading reading =
        READER.read(List.of(Assignment.of(name, value, "", Source.JOB_PARAMS)));

    assertThat(((AssignmentReading.Accepted) reading).parameters().values(name))
        .containsExactly(value);
  }

  @ParameterizedTest
  @CsvSource({"web.api, web-api-1a2b", "my task, my-task-1a2b", "a/b, a-b-1a2b", "4242, task-1a2b"})
  void oldDriverJ35TheNameOfATaskNeverNamesAParentOrBreaksAList(String task, String jail) {
    assertThat(JailName.of(task, "1a2b").value()).isEqualTo(jail);
    assertThat(JailName.of("x".repeat(500), "1a2b").value())
        .hasSizeLessThanOrEqualTo(JailName.MAXIMUM_LENGTH);
  }

  @Test
  void oldDriverJ35TwoStartsOfATaskHaveTwoNames() {
    assertThat(JailName.of("web", "1a2b")).isNotEqualTo(JailName.of("web", "3c4d"));
  }

  @Test
  void oldDriverJ36AJidOfAJobsOwnIsRefusedWhereItCouldBeTaken() {
    assertThat(JailParameterCatalogue.find("jid").orElseThrow().linux().of("42"))
        .isEqualTo(
            new LinuxVerdict.Refused(
                "Gaol numbers no jails: a number could be taken already; leave it out"));
  }

  @Test
  void oldDriverJ47APathIsAbsoluteAndNeverABlock() {
    assertThat(problem("Path", "zroot/jail"))
        .isEqualTo("Path takes an absolute path, but \"zroot/jail\" is given");
    assertThat(problem("Path", Map.of())).contains("a block is given");
  }
}
