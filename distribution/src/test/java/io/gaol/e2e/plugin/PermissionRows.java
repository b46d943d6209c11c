package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.MappingCase.output;
import static io.gaol.e2e.plugin.MappingCase.row;
import static io.gaol.e2e.plugin.MappingCase.with;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.host.DriverTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Cases of {@link LinuxMappingIT}: permissions, and System V IPC. */
final class PermissionRows {
  private PermissionRows() {}

  static List<MappingCase> permissions() {
    String inherit = "inherit";
    return List.of(
        row("allow.raw_sockets", "true", "Allow_raw_sockets", true, "Ip4", inherit)
            .prints("perl -e 'socket(S,2,3,1) and print q(raw)'", "raw"),
        row(
                "allow.raw_sockets",
                "true: packet sockets stay shut",
                "Allow_raw_sockets",
                true,
                "Ip4",
                inherit)
            .prints("perl -e 'socket(S,17,3,0x300) or print $!+0'", "97"),
        row("allow.raw_sockets", "false", "Allow_raw_sockets", false, "Ip4", inherit)
            .prints("perl -e 'socket(S,2,3,1) or print $!+0'", "1"),
        row(
                "allow.raw_sockets",
                "false: no ICMP datagrams either",
                "Allow_raw_sockets",
                false,
                "Ip4",
                inherit)
            .prints("perl -e 'socket(S,2,2,1) or print $!+0'", "13"),
        row("allow.chflags", "true", "Allow_chflags", true)
            .prints(
                "touch /local/f; chattr +i /local/f && lsattr /local/f | cut -c5; chattr -i /local/f",
                "i"),
        row("allow.chflags", "false", "Allow_chflags", false)
            .prints(
                "touch /local/f; chattr +i /local/f 2>&1 | grep -o 'Operation not permitted'",
                "Operation not permitted"),
        row("allow.read_msgbuf", "true", "Allow_read_msgbuf", true)
            .prints("dmesg >/dev/null && echo read", "read"),
        row("allow.read_msgbuf", "false", "Allow_read_msgbuf", false)
            .prints("dmesg 2>&1 | grep -o 'Operation not permitted'", "Operation not permitted"),
        row("allow.socket_af", "true", "Allow_socket_af", true)
            .prints("perl -e 'socket(S,16,3,15) and print q(uevent)'", "uevent"),
        row("allow.socket_af", "false", "Allow_socket_af", false)
            .prints(
                "perl -e 'socket(S,16,3,15) or print $!+0; socket(S,40,1,0) or print q( ), $!+0'",
                "93 97"),
        row("allow.mlock", "true", "Allow_mlock", true)
            .prints("perl -e '$m=\"x\"x4096; print syscall(149,$m,1)'", "0"),
        row("allow.mlock", "false", "Allow_mlock", false)
            .prints("perl -e '$m=\"x\"x4096; syscall(149,$m,1)==-1 and print $!+0'", "1"),
        row("allow.reserved_ports", "left out is true", "Ip4", inherit)
            .prints(
                "perl -MSocket -e 'socket(S,2,1,0); for (700..1000) { bind(S,sockaddr_in($_,INADDR_LOOPBACK)) and print(q(bound)), last }'",
                "bound"),
        row("allow.reserved_ports", "false", "Allow_reserved_ports", false, "Ip4", inherit)
            .prints(
                "perl -MSocket -e 'socket(S,2,1,0); bind(S,sockaddr_in(700,INADDR_LOOPBACK)) or print $!+0'",
                "13"),
        row("allow.quotas", "false", "Allow_quotas", false)
            .prints(
                "perl -e '$d=q(/dev/x); syscall(179,0x80000500,$d,0,0)==-1 and print $!+0'", "1"),
        row("allow.quotas", "true", "Allow_quotas", true)
            .isRefused("allow.quotas = \"true\"", "CAP_SYS_ADMIN"),
        row(
                "allow.unprivileged_proc_debug",
                "true",
                "params",
                Map.of("allow.unprivileged_proc_debug", "true"))
            .prints("echo runs", "runs"),
        row(
                "allow.unprivileged_proc_debug",
                "false",
                "params",
                Map.of("allow.unprivileged_proc_debug", "false"))
            .isRefused("cannot be taken away"),
        row("allow.suser", "true", "params", Map.of("allow.suser", "true")).prints("id -u", "0"),
        row("allow.suser", "false", "params", Map.of("allow.suser", "false"))
            .isRefused("allow.suser = \"false\""),
        row("allow.vmm", "false", "Allow_vmm", false)
            .prints("ls /dev/vmm 2>/dev/null || echo none", "none"),
        row("allow.vmm", "true", "Allow_vmm", true).isRefused("allow.vmm = \"true\"", "vmm(4)"));
  }

  /** Those that only have a refusal or nothing to do. */
  static List<MappingCase> permissionsThatAreNever() {
    List<MappingCase> cases = new ArrayList<>();
    for (String name :
        List.of(
            "allow.nfsd",
            "allow.extattr",
            "allow.adjtime",
            "allow.settime",
            "allow.routing",
            "allow.setaudit",
            "allow.vmm_ppt",
            "allow.unprivileged_parent_tampering")) {
      cases.add(row(name, "false", "params", Map.of(name, "false")).prints("echo runs", "runs"));
      cases.add(
          row(name, "true", "params", Map.of(name, "true"))
              .isRefused(name + " = \"true\" cannot be had on Linux"));
    }
    cases.add(
        row(
                "allow.mount",
                "true has no effect, as with enforce_statfs 2, and says so",
                "Allow_mount",
                true)
            .notes("allow.mount: no effect"));
    cases.add(
        row("allow.mount", "true beside enforce_statfs 1", "Allow_mount", true, "Enforce_statfs", 1)
            .isRefused("allow.mount", "enforce_statfs", "CAP_SYS_ADMIN"));
    for (String fs :
        List.of(
            ".devfs",
            ".fdescfs",
            ".fusefs",
            ".nullfs",
            ".procfs",
            ".linprocfs",
            ".linsysfs",
            ".tmpfs",
            ".zfs",
            ".p9fs")) {
      String name = "allow.mount" + fs;
      cases.add(
          row(
                  name,
                  "true has no effect, as with enforce_statfs 2, and says so",
                  "params",
                  Map.of(name, "true"))
              .notes(name + ": no effect"));
      cases.add(
          row(name, "false is so", "params", Map.of(name, "false"))
              .prints("mount -t tmpfs none /local 2>/dev/null || echo refused", "refused"));
      cases.add(
          row(
                  name,
                  "true beside enforce_statfs 1",
                  "Enforce_statfs",
                  1,
                  "params",
                  Map.of("allow.mount", "true", name, "true"))
              .isRefused(name, "Mount"));
    }
    return cases;
  }

  private static final List<String> SYSV = List.of("sysvmsg", "sysvsem", "sysvshm");

  /** Perl that makes an object of a kind and removes it, and prints "made" or the error. */
  private static String madeAndRemoved(String kind) {
    String get =
        Map.of("sysvmsg", "68,0,0x380", "sysvsem", "64,0,1,0x380", "sysvshm", "29,0,4096,0x380")
            .get(kind);
    int control = Map.of("sysvmsg", 71, "sysvsem", 66, "sysvshm", 31).get(kind);
    return "perl -e '$i=syscall(%s); print $i == -1 ? $!+0 : q(made); syscall(%d,$i,0,0)'"
        .formatted(get, control);
  }

  static List<MappingCase> ipc() {
    List<MappingCase> cases = new ArrayList<>();
    for (String name : SYSV) {
      String perl = madeAndRemoved(name);
      cases.add(row(name, "left out is disable").prints(perl, "38"));
      cases.add(row(name, "disable", name, "disable").prints(perl, "38"));
      cases.add(row(name, "new", name, "new").prints(perl, "made"));
      cases.add(
          row(name, "new leaves the others out", name, "new")
              .prints(
                  SYSV.stream()
                      .filter(other -> !other.equals(name))
                      .map(PermissionRows::madeAndRemoved)
                      .collect(Collectors.joining(";")),
                  "3838"));
    }
    cases.add(
        row("sysvshm", "new is not the host's", "sysvshm", "new")
            .checkedBy(
                (at, config) -> {
                  DriverTask task =
                      at.task(
                              with(
                                  config,
                                  shell(
                                      "perl -e 'print syscall(29,0x4a411,4096,0x380) == -1 ? $!+0 : qq(made\\n)'; sleep 100")))
                          .start();
                  task.logs().awaitStdout("made");
                  assertThat(Files.readString(Path.of("/proc/sysvipc/shm")))
                      .doesNotContain(" " + 0x4a411 + " ");
                  task.destroy();
                }));
    cases.add(
        row("sysvshm", "inherit is the host's", "sysvshm", "inherit")
            .checkedBy(
                (at, config) -> {
                  String key = "0x" + Integer.toHexString(0x4a412);
                  String output =
                      output(
                          at,
                          with(
                              config,
                              shell(
                                  "perl -e 'print $id = syscall(29,%s,4096,0x380); print qq(\\n), `grep -c %d /proc/sysvipc/shm`; syscall(31,$id,0,0)'"
                                      .formatted(key, 0x4a412))));
                  assertThat(output).matches("\\d+\n1\n");
                }));
    cases.add(
        row("sysvmsg", "new and inherit side by side", "sysvmsg", "new", "sysvshm", "inherit")
            .isRefused("sysvmsg, sysvsem and sysvshm", "one namespace"));
    cases.add(
        row("allow.sysvipc", "true is inherit for all three", "Allow_sysvipc", true)
            .prints(
                SYSV.stream().map(PermissionRows::madeAndRemoved).collect(Collectors.joining(";")),
                "mademademade"));
    return cases;
  }
}
