package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.MappingCase.output;
import static io.gaol.e2e.plugin.MappingCase.row;
import static io.gaol.e2e.plugin.MappingCase.with;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.SmallRoot;
import io.gaol.testing.host.DriverTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Cases of {@link LinuxMappingIT}: identity, root and life; host name; emulation; labels; limits.
 */
final class JailRows {
  private JailRows() {}

  static List<MappingCase> baseline() {
    String denied = "Operation not permitted";
    return List.of(
        row("jailed root", "takes on another user")
            .prints("perl -e '$) = 80; $> = 80; print \"$>\"'", "80"),
        row("jailed root", "gives a file away")
            .prints("touch /local/f && chown 80:81 /local/f && stat -c %u:%g /local/f", "80:81"),
        row("jailed root", "reads what others keep to themselves")
            .prints(
                "echo x >/local/f && chown 80 /local/f && chmod 0 /local/f && cat /local/f", "x"),
        row("jailed root", "signals another user's process")
            .prints(
                "setpriv --reuid 80 --clear-groups sleep 100 & sleep 0.2; kill $! && wait $! 2>/dev/null; echo $?",
                "143"),
        row("jailed root", "changes its root").prints("chroot / /bin/echo changed", "changed"),
        row("jailed root", "may not make a device node")
            .prints("mknod /local/null c 1 3 2>&1 | grep -o '%s'".formatted(denied), denied),
        row("jailed root", "may not raise a limit of its own again")
            .prints(
                "ulimit -n 100 && (ulimit -Hn 200) 2>&1 | grep -o '%s'".formatted(denied), denied),
        row("jailed root", "meets a kernel without audit")
            .prints("perl -e 'socket(S, 16, 3, 9) or print $!+0'", "93"),
        row("jailed root", "may not mount")
            .prints("mount -t tmpfs none /local >/dev/null 2>&1 || echo refused", "refused"),
        row("jailed root", "makes no namespace")
            .prints(
                "unshare --user true 2>&1 | grep -o '%s'; unshare --net true 2>&1 | grep -o '%s'"
                    .formatted(denied, denied),
                denied + "\n" + denied),
        row("jailed root", "sees the processes of its jail alone")
            .prints("ls -d /proc/[0-9]* | wc -l", "[1-9]"),
        row("jailed root", "runs set-uid programs with what they are for")
            .prints(
                "cp /usr/bin/id /local/id && chmod 4755 /local/id && setpriv --reuid 80 --clear-groups /local/id -u; ",
                "0"));
  }

  static List<MappingCase> identity() {
    return List.of(
        row(
                "path",
                "is the root",
                "Path",
                "@DIR@/root",
                "command",
                "/bin/sh",
                "args",
                List.of("-c", "echo /*"))
            .checkedBy(
                (at, config) -> {
                  SmallRoot.withShell(at.directory().resolve("root"));
                  Files.createDirectory(at.directory().resolve("root/mine"));
                  assertThat(output(at, config)).contains("/mine").doesNotContain("/home");
                }),
        row("path", "has to be there", "Path", "@DIR@/none")
            .isRefused("the root of the jail, @DIR@/none, does not exist"),
        row("path", "may not be the host's own", "Path", "/").isRefused("may not be /"),
        row("path", "left out is the task's directory under the host's system, read-only")
            .prints(
                "touch /usr/x 2>&1 | grep -o 'Read-only file system'; ls -d /local /alloc",
                "Read-only file system\n/alloc\n/local"),
        row("jid", "is a number that Linux does not have", "Jid", 42).isRefused("jid = \"42\""),
        row("name", "is Gaol's to choose", "params", Map.of("name", "web"))
            .isRefused("name = \"web\""),
        row("persist", "keeps the jail when it has no process", "Persist", true)
            .checkedBy(
                (at, config) -> {
                  DriverTask task = at.task(config).start();
                  assertThat(task.sh("echo lives").getStdout().toStringUtf8()).isEqualTo("lives\n");
                  task.destroy();
                }),
        row("command", "adds to exec.start", "Exec_start", "echo one", "Command", "echo two")
            .printsItself("one\ntwo"),
        row("depend", "is not the driver's", "Depend", "other")
            .isRefused("depend = \"other\"", "a job's order"),
        row("allow.dying", "is so", "Allow_dying", true).prints("echo runs", "runs"),
        row("children.max", "is 0", "Children_max", 0)
            .prints(
                "unshare --pid --fork true 2>&1 | grep -o 'Operation not permitted'",
                "Operation not permitted"),
        row("children.max", "is not more", "Children_max", 1)
            .isRefused("children.max = \"1\"", "user namespace"),
        row("enforce_statfs", "1 shows the jail's own mounts", "Enforce_statfs", 1)
            .prints(
                "grep -c @DIR@ /proc/self/mountinfo; awk '{print $5}' /proc/self/mountinfo | grep -cx /",
                "[0-9]+\n1"),
        row("enforce_statfs", "0 would show the host's", "Enforce_statfs", 0)
            .isRefused("enforce_statfs = \"0\"", "use 1"),
        row("enforce_statfs", "2 cannot be", "Enforce_statfs", 2)
            .isRefused("enforce_statfs = \"2\"", "use 1"));
  }

  static List<MappingCase> host() {
    return List.of(
        row("host.hostname", "is the jail's own", "Host_hostname", "web.example")
            .prints("hostname; uname -n", "web.example\nweb.example"),
        row("host.hostname", "of the host stays what it is", "Host_hostname", "web.example")
            .checkedBy(
                (at, config) -> {
                  String before = Files.readString(Path.of("/proc/sys/kernel/hostname"));
                  output(at, with(config, shell("hostname")));
                  assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname")))
                      .isEqualTo(before);
                }),
        row("host.domainname", "is the jail's own", "Host_domainname", "jail.example")
            .prints("cat /proc/sys/kernel/domainname", "jail.example"),
        row("host.hostid", "is what gethostid(3) says", "Host_hostid", 4711)
            .prints("hostid", "00001267"),
        row(
                "host.hostuuid",
                "is the machine's id",
                "Host_hostuuid",
                "5aa1f2c8-3f2e-11ef-9c3a-0242ac120002")
            .prints("cat /etc/machine-id", "5aa1f2c83f2e11ef9c3a0242ac120002"),
        row("host", "inherit shows the host's name", "Host", "inherit")
            .checkedBy(
                (at, config) ->
                    assertThat(output(at, with(config, shell("cat /proc/sys/kernel/hostname"))))
                        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/hostname")))),
        row("host", "new is a name of the jail's own", "Host", "new").prints("hostname", ".+-.+"),
        row("host", "inherit beside a name of its own", "Host", "inherit", "Host_hostname", "x")
            .isRefused("contradict"),
        row("allow.set_hostname", "false", "Allow_set_hostname", false)
            .prints("hostname x 2>&1 | grep -o 'Operation not permitted\\|must be root.*'", ".+"),
        row("allow.set_hostname", "left out is false here")
            .prints("hostname x 2>/dev/null || hostname", ".+-.+"),
        row("allow.set_hostname", "true", "Allow_set_hostname", true)
            .isRefused("allow.set_hostname = \"true\"", "CAP_SYS_ADMIN"));
  }

  static List<MappingCase> emulation() {
    String release = System.getProperty("os.version");
    return List.of(
        row("osrelease", "that of the kernel is so", "Osrelease", release)
            .prints("uname -r", Pattern.quote(release)),
        row("osrelease", "another", "Osrelease", "13.2-RELEASE")
            .isRefused("osrelease = \"13.2-RELEASE\"", "kernel's"),
        row("osreldate", "any", "Osreldate", 1302001).isRefused("osreldate = \"1302001\""),
        row("linux", "inherit", "Linux", "inherit").prints("uname -s", "Linux"),
        row("linux", "new", "Linux", "new").isRefused("linux = \"new\"", "already"),
        row("linux.osname", "Linux", "Linux_osname", "Linux").prints("uname -s", "Linux"),
        row("linux.osname", "another", "Linux_osname", "Minix")
            .isRefused("linux.osname = \"Minix\""),
        row("linux.osrelease", "another", "Linux_osrelease", "4.4.0")
            .isRefused("linux.osrelease = \"4.4.0\""),
        row("linux.oss_version", "any", "Linux_oss_version", 198144)
            .isRefused("linux.oss_version"));
  }

  static List<MappingCase> labels() {
    return Stream.of(
            List.of("meta", "x"),
            List.of("env", "x"),
            List.of("meta.owner", "x"),
            List.of("env.stage", "x"),
            List.of("mac.label", "x"),
            List.of("mac.do", "new"),
            List.of("mac.do.rules", "uid=80>uid=81"),
            List.of("mac.do.exec_paths", "/usr/bin/mdo"))
        .map(
            label ->
                row(
                        label.get(0),
                        "only FreeBSD's kernel has it",
                        "params",
                        Map.of(label.get(0), label.get(1)))
                    .isRefused(
                        label.get(0) + " = \"" + label.get(1) + "\"",
                        "only FreeBSD's kernel has it"))
        .toList();
  }

  static List<MappingCase> limits() {
    List<MappingCase> cases = new ArrayList<>();
    for (int level : List.of(-1, 0)) {
      cases.add(
          row("securelevel", level + " is so", "Securelevel", level).prints("echo runs", "runs"));
    }
    for (int level : List.of(1, 2, 3)) {
      cases.add(
          row("securelevel", level + " holds: what it forbids is impossible", "Securelevel", level)
              .prints(
                  "date -s 2001-01-01 >/dev/null 2>&1 || echo clock; touch /local/f; chattr +i /local/f 2>/dev/null || echo flags; "
                      + "ls /dev/mem /dev/kmem /dev/sd* /dev/vd* 2>/dev/null; ip link add x type dummy 2>/dev/null || echo net",
                  "clock\nflags\nnet"));
    }
    cases.add(
        row("securelevel", "1 beside allow.chflags", "Securelevel", 1, "Allow_chflags", true)
            .isRefused("securelevel", "allow.chflags"));
    cases.add(
        row("securelevel", "3 beside vnet", "Securelevel", 3, "Vnet", true)
            .isRefused("securelevel", "vnet"));
    return cases;
  }
}
