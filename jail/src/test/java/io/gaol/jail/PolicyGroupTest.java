package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyGroupTest {
  private static final String SAFE =
      """
      path persist host host.hostname host.domainname host.hostuuid host.hostid securelevel
      osrelease osreldate linux linux.osname linux.osrelease linux.oss_version meta env
      allow.set_hostname allow.reserved_ports allow.unprivileged_proc_debug allow.suser
      sysvmsg sysvsem sysvshm exec.start command exec.stop exec.clean exec.jail_user
      exec.system_jail_user exec.timeout exec.consolelog stop.timeout mount.devfs mount.fdescfs
      mount.procfs devfs_ruleset
      """;
  private static final String NETWORK =
      """
      ip4 ip4.addr ip4.saddrsel ip6 ip6.addr ip6.saddrsel vnet vnet.interface interface
      ip_hostname exec.fib allow.raw_sockets
      """;
  private static final String MOUNT =
      """
      mount enforce_statfs allow.mount allow.mount.devfs allow.mount.fdescfs allow.mount.nullfs
      allow.mount.procfs allow.mount.linprocfs allow.mount.linsysfs allow.mount.tmpfs
      allow.mount.zfs zfs.dataset zfs.mount_snapshot
      """;
  private static final String ALL =
      """
      jid name dying parent cpuset.id depend allow.dying children.max children.cur mac.label
      mac.do mac.do.rules mac.do.exec_paths allow.chflags allow.quotas allow.read_msgbuf
      allow.socket_af allow.mlock allow.nfsd allow.extattr allow.adjtime allow.settime
      allow.routing allow.unprivileged_parent_tampering allow.setaudit allow.vmm allow.vmm_ppt
      allow.sysvipc allow.mount.fusefs mount.fstab
      """;
  private static final String HOST_HOOK =
      """
      exec.prepare exec.prestart exec.created exec.poststart exec.prestop exec.poststop
      exec.release exec.system_user
      """;

  private static PolicyGroup group(String name) {
    return JailParameterCatalogue.find(name).orElseThrow().policy().otherwise();
  }

  @Test
  void everyParameterIsInOneGroup() {
    Map<PolicyGroup, List<String>> groups = new TreeMap<>();
    for (JailParameter parameter : JailParameterCatalogue.all()) {
      groups
          .computeIfAbsent(parameter.policy().otherwise(), group -> new ArrayList<>())
          .add(parameter.name());
    }
    Map<PolicyGroup, String> expected =
        Map.of(
            PolicyGroup.SAFE, SAFE,
            PolicyGroup.NETWORK, NETWORK,
            PolicyGroup.MOUNT, MOUNT,
            PolicyGroup.ALL, ALL,
            PolicyGroup.HOST_HOOK, HOST_HOOK);
    expected.forEach(
        (group, names) ->
            assertThat(groups.get(group)).containsExactlyInAnyOrder(names.strip().split("\\s+")));
  }

  @Test
  void noGroupOpensACommandOnTheHost() {
    for (PolicyGroup group : PolicyGroup.openable()) {
      assertThat(group.opens(PolicyGroup.HOST_HOOK)).isFalse();
    }
    assertThat(PolicyGroup.find("host_hook")).isEmpty();
  }

  @Test
  void allOpensTheOthersAndNoOtherOpensAll() {
    assertThat(PolicyGroup.openable()).allMatch(PolicyGroup.ALL::opens);
    for (PolicyGroup group : List.of(PolicyGroup.SAFE, PolicyGroup.NETWORK, PolicyGroup.MOUNT)) {
      assertThat(PolicyGroup.openable()).filteredOn(group::opens).containsExactly(group);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "linux", "sysvmsg", "sysvsem", "sysvshm"})
  void whatIsInheritedFromTheHostIsTheHosts(String name) {
    ByValue<PolicyGroup> policy = JailParameterCatalogue.find(name).orElseThrow().policy();

    assertThat(policy.of("inherit")).isEqualTo(PolicyGroup.ALL);
    assertThat(policy.of("new")).isEqualTo(PolicyGroup.SAFE);
  }

  @ParameterizedTest
  @CsvSource({
    "ip4, disable",
    "ip6, disable",
    "vnet, inherit",
    "children.max, 0",
    "enforce_statfs, 2",
    "mac.do, disable"
  })
  void toAskForLessThanThereIsIsSafe(String name, String value) {
    assertThat(JailParameterCatalogue.find(name).orElseThrow().policy().of(value))
        .isEqualTo(PolicyGroup.SAFE);
  }

  @Test
  void theFileSystemsOfModulesAreOpenedByNameOnly() {
    assertThat(group("allow.mount.ext2fs")).isEqualTo(PolicyGroup.ALL);
    assertThat(group("meta.owner")).isEqualTo(PolicyGroup.SAFE);
  }
}
