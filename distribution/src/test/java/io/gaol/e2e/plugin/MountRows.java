package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.MappingCase.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cases of {@link LinuxMappingIT}: mounts and devices. */
final class MountRows {
  private MountRows() {}

  static List<MappingCase> mounts() {
    String root = "@DIR@/root";
    List<MappingCase> cases = new ArrayList<>();
    cases.add(
        row(
                "mount",
                "nullfs is a bind mount",
                "Path",
                root,
                "Mount",
                "@DIR@/data " + root + "/data nullfs rw")
            .prints("cat /data/file; echo new >/data/new; cat /data/new", "of the host\nnew"));
    cases.add(
        row(
                "mount",
                "nullfs ro cannot be written",
                "Path",
                root,
                "Mount",
                "@DIR@/data " + root + "/data nullfs ro")
            .prints("touch /data/x 2>/dev/null || cat /data/file", "of the host"));
    cases.add(
        row(
                "mount",
                "tmpfs of a size",
                "Path",
                root,
                "Mount",
                "tmpfs " + root + "/data tmpfs rw,size=1m,mode=750")
            .prints(
                "while read -r _ _ _ _ at _ rest; do case $at in /data) echo \"$rest\";; esac; done </proc/self/mountinfo",
                ".*tmpfs.*size=1024k,mode=750.*"));
    cases.add(
        row(
                "mount",
                "tmpfs with a maximum file size",
                "Path",
                root,
                "Mount",
                "tmpfs " + root + "/data tmpfs rw,maxfilesize=1m")
            .isRefused("maxfilesize"));
    cases.add(
        row(
                "mount",
                "procfs with what the kernel keeps to itself read-only",
                "Path",
                root,
                "Mount",
                "proc " + root + "/data procfs rw")
            .prints(
                "read -r x </data/1/stat && echo proc; (echo x >/data/sys/kernel/core_pattern) 2>/dev/null || echo shut",
                "proc\nshut"));
    cases.add(
        row(
                "mount",
                "linsysfs is a sysfs, read-only",
                "Path",
                root,
                "Mount",
                "sys " + root + "/data linsysfs rw")
            .prints(
                "ls -d /data/kernel && { (echo x >/data/kernel/mm/x) 2>/dev/null || echo shut; }",
                "/data/kernel\nshut"));
    cases.add(
        row(
                "mount",
                "fdescfs is there already",
                "Path",
                root,
                "Mount",
                "fdesc " + root + "/dev/fd fdescfs rw")
            .prints("echo here | cat /dev/fd/0", "here"));
    cases.add(
        row(
                "mount",
                "ufs is not known here",
                "Path",
                root,
                "Mount",
                "/dev/x " + root + "/data ufs rw")
            .isRefused("ufs"));
    cases.add(
        row(
                "mount",
                "what is not there",
                "Path",
                root,
                "Mount",
                "@DIR@/none " + root + "/data nullfs rw")
            .isRefused("@DIR@/none"));
    cases.add(
        row(
                "mount",
                "never follows a link out of the root",
                "Path",
                root,
                "Mount",
                "@DIR@/data " + root + "/out/data nullfs rw")
            .isRefused("outside the jail"));
    cases.add(
        row("mount.fstab", "is a file of such lines", "Path", root, "Mount_fstab", "@DIR@/fstab")
            .prints("cat /data/file", "of the host"));
    cases.add(
        row("mount.devfs", "true", "Path", root, "Mount_devfs", true)
            .prints("ls /dev", "(?s).*null.*zero.*"));
    cases.add(
        row("mount.devfs", "left out is a /dev all the same", "Path", root)
            .prints("ls /dev", "(?s).*null.*zero.*"));
    cases.add(
        row("mount.devfs", "false is a /dev all the same, and says so", "Mount_devfs", false)
            .notes("mount.devfs: "));
    cases.add(
        row("mount.fdescfs", "true is so", "Path", root, "Mount_fdescfs", true)
            .prints("echo here | cat /dev/fd/0", "here"));
    cases.add(
        row("mount.procfs", "true is so", "Path", root, "Mount_procfs", true)
            .prints("read -r x </proc/1/stat && echo proc", "proc"));
    cases.add(
        row("mount.procfs", "false", "Path", root, "Mount_procfs", false)
            .isRefused("mount.procfs = \"false\"", "/proc"));
    cases.add(
        row("devfs_ruleset", "4 is the standard devices", "Devfs_ruleset", 4)
            .prints("ls -d /dev/null /dev/mem 2>/dev/null; true", "/dev/null"));
    cases.add(
        row("devfs_ruleset", "4: no other can be opened", "Devfs_ruleset", 4)
            .prints("mknod /local/m c 1 1 2>/dev/null || echo refused", "refused"));
    for (int other : List.of(0, 1, 2, 3, 77)) {
      cases.add(
          row("devfs_ruleset", other + " is no set of this host", "Devfs_ruleset", other)
              .isRefused("devfs_ruleset = \"" + other + "\""));
    }
    cases.add(
        row("devfs_ruleset", "5 with vnet", "Devfs_ruleset", 5, "Vnet", true)
            .prints("ls -d /dev/null", "/dev/null"));
    cases.add(
        row("zfs.dataset", "any", "params", Map.of("zfs.dataset", "tank/x"))
            .isRefused("zfs.dataset"));
    cases.add(
        row("zfs.mount_snapshot", "any", "params", Map.of("zfs.mount_snapshot", "1"))
            .isRefused("zfs.mount_snapshot"));
    return cases;
  }
}
