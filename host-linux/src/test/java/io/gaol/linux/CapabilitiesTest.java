package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class CapabilitiesTest {

  @Test
  void ofADefaultJailAreElevenInOrder() {
    assertThat(Capabilities.of(Allowance.jailDefaults()))
        .containsExactly(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT");
  }

  @Test
  void withoutReservedPortsBindNoneOfThem() {
    assertThat(Capabilities.of(Set.of())).hasSize(10).doesNotContain("CAP_NET_BIND_SERVICE");
  }

  @Test
  void growByWhatIsAllowed() {
    assertThat(added(Allowance.RAW_SOCKETS)).containsExactly("CAP_NET_RAW");
    assertThat(added(Allowance.CHANGE_SYSTEM_FLAGS)).containsExactly("CAP_LINUX_IMMUTABLE");
    assertThat(added(Allowance.READ_MESSAGE_BUFFER)).containsExactly("CAP_SYSLOG");
    assertThat(added(Allowance.LOCK_MEMORY)).containsExactly("CAP_IPC_LOCK");
    assertThat(added(Allowance.VNET)).containsExactlyInAnyOrder("CAP_NET_ADMIN", "CAP_NET_RAW");
    assertThat(added(Allowance.INET4)).isEmpty();
    assertThat(added(Allowance.OTHER_ADDRESS_FAMILIES)).isEmpty();
    assertThat(added(Allowance.SYSV_SHARED_MEMORY)).isEmpty();
  }

  @Test
  void neverReachTheHostAndNeverRepeat() {
    assertThat(Capabilities.of(EnumSet.allOf(Allowance.class)))
        .isSorted()
        .doesNotHaveDuplicates()
        .doesNotContain(
            "CAP_SYS_ADMIN",
            "CAP_SYS_RESOURCE",
            "CAP_MKNOD",
            "CAP_SYS_PTRACE",
            "CAP_DAC_READ_SEARCH",
            "CAP_SYS_MODULE",
            "CAP_SYS_BOOT",
            "CAP_SYS_TIME",
            "CAP_SYS_RAWIO",
            "CAP_AUDIT_WRITE",
            "CAP_BPF");
  }

  private static Set<String> added(Allowance allowance) {
    var names = new TreeSet<>(Capabilities.of(Set.of(allowance)));
    Capabilities.of(Set.of()).forEach(names::remove);
    return names;
  }
}
