package io.gaol.driver;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Names of capabilities(7), as Nomad reads and writes them. */
final class LinuxCapabilities {
  /** Those of Linux 6.12, without their {@code CAP_}. */
  static final Set<String> NAMES =
      Set.of(
          "audit_control",
          "audit_read",
          "audit_write",
          "block_suspend",
          "bpf",
          "checkpoint_restore",
          "chown",
          "dac_override",
          "dac_read_search",
          "fowner",
          "fsetid",
          "ipc_lock",
          "ipc_owner",
          "kill",
          "lease",
          "linux_immutable",
          "mac_admin",
          "mac_override",
          "mknod",
          "net_admin",
          "net_bind_service",
          "net_broadcast",
          "net_raw",
          "perfmon",
          "setfcap",
          "setgid",
          "setpcap",
          "setuid",
          "sys_admin",
          "sys_boot",
          "sys_chroot",
          "sys_module",
          "sys_nice",
          "sys_pacct",
          "sys_ptrace",
          "sys_rawio",
          "sys_resource",
          "sys_time",
          "sys_tty_config",
          "syslog",
          "wake_alarm");

  /** What a task has in Nomad that says nothing; Nomad's own default of {@code allow_caps}. */
  static final List<String> NOMAD_DEFAULTS =
      List.of(
          "audit_write",
          "chown",
          "dac_override",
          "fowner",
          "fsetid",
          "kill",
          "mknod",
          "net_bind_service",
          "setfcap",
          "setgid",
          "setpcap",
          "setuid",
          "sys_chroot");

  /** Stands for all of them. */
  static final String ALL = "all";

  private LinuxCapabilities() {}

  /** A name in any letter case, with or without {@code CAP_}, as it is in {@link #NAMES}. */
  static String name(String written) {
    return written.strip().toLowerCase(Locale.ROOT).replaceFirst("^cap_", "");
  }

  /** The capabilities of a list, {@code all} among them spelled out; sorted. */
  static Set<String> setOf(Collection<String> written) {
    Set<String> names = new TreeSet<>();
    for (String one : written) {
      String name = name(one);
      if (name.equals(ALL)) {
        names.addAll(NAMES);
      } else {
        names.add(name);
      }
    }
    return names;
  }
}
