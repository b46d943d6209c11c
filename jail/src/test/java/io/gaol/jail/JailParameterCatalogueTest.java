package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailParameter.Kind;
import io.gaol.jail.JailParameter.Settable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JailParameterCatalogueTest {
  private static final String KERNEL =
      """
      jid name path host host.hostname host.domainname host.hostuuid host.hostid ip4 ip4.addr
      ip4.saddrsel ip6 ip6.addr ip6.saddrsel vnet securelevel devfs_ruleset children.max
      children.cur enforce_statfs persist cpuset.id dying parent osrelease osreldate meta env
      mac.label mac.do mac.do.rules mac.do.exec_paths allow.set_hostname allow.sysvipc
      allow.raw_sockets allow.chflags allow.quotas allow.read_msgbuf allow.socket_af allow.mlock
      allow.reserved_ports allow.unprivileged_proc_debug allow.suser allow.nfsd allow.extattr
      allow.adjtime allow.settime allow.routing allow.unprivileged_parent_tampering
      allow.setaudit allow.mount allow.mount.devfs allow.mount.fdescfs allow.mount.fusefs
      allow.mount.nullfs allow.mount.procfs allow.mount.linprocfs allow.mount.linsysfs
      allow.mount.tmpfs allow.mount.zfs allow.vmm allow.vmm_ppt linux linux.osname
      linux.osrelease linux.oss_version sysvmsg sysvsem sysvshm zfs.mount_snapshot
      """;
  private static final String PSEUDO =
      """
      exec.prepare exec.prestart exec.created exec.start command exec.poststart exec.prestop
      exec.stop exec.poststop exec.release exec.clean exec.jail_user exec.system_jail_user
      exec.system_user exec.timeout exec.consolelog exec.fib stop.timeout interface
      vnet.interface zfs.dataset ip_hostname mount mount.fstab mount.devfs mount.fdescfs
      mount.procfs allow.dying depend
      """;

  private static JailParameter find(String name) {
    return JailParameterCatalogue.find(name).orElseThrow();
  }

  private static List<String> names(Kind kind) {
    return JailParameterCatalogue.all().stream()
        .filter(parameter -> parameter.kind() == kind)
        .map(JailParameter::name)
        .toList();
  }

  @Test
  void everyParameterOfJail8FromFreeBsd12To15IsThere() {
    assertThat(names(Kind.KERNEL)).containsExactlyInAnyOrder(KERNEL.strip().split("\\s+"));
    assertThat(names(Kind.PSEUDO)).containsExactlyInAnyOrder(PSEUDO.strip().split("\\s+"));
  }

  @Test
  void aKernelsFileSystemsAndAnOperatorsKeysMakeFamilies() {
    assertThat(JailParameterCatalogue.families())
        .extracting(family -> family.template().name())
        .containsExactly("allow.mount.<fs>", "meta.<key>", "env.<key>");
  }

  @Test
  void everyRowIsComplete() {
    for (JailParameter parameter : JailParameterCatalogue.all()) {
      assertThat(parameter.description()).as(parameter.name()).endsWith(".");
      boolean tellsItsDefault =
          !parameter.byDefault().isEmpty()
              || parameter.repeatable()
              || parameter.settable() == Settable.NEVER
              || Set.of("interface", "exec.consolelog").contains(parameter.name());
      assertThat(tellsItsDefault).as(parameter.name()).isTrue();
      for (Relation relation : parameter.relations()) {
        assertThat(JailParameterCatalogue.find(relation.other())).as(parameter.name()).isPresent();
        for (String value : relation.values()) {
          assertThat(find(relation.other()).type().read(value))
              .isEqualTo(new ParameterType.Reading.Value(value));
        }
      }
    }
  }

  @Test
  void noTwoParametersShareASpelling() {
    Map<String, String> owners = new HashMap<>();
    for (JailParameter parameter : JailParameterCatalogue.all()) {
      Set<String> spellings = new HashSet<>(parameter.otherNames());
      spellings.add(parameter.name());
      spellings.add(parameter.nomadName());
      parameter.negation().ifPresent(spellings::add);
      Set<String> keys = new HashSet<>();
      spellings.forEach(s -> keys.add(s.toLowerCase(Locale.ROOT).replace('.', '_')));
      for (String key : keys) {
        assertThat(owners.put(key, parameter.name())).as(key).isNull();
      }
    }
  }

  @Test
  void theKeysOfAJobAreTheSeedsSpellingsAndTheSameInLowerCase() {
    assertThat(JailParameterCatalogue.nomadSpellings())
        .doesNotHaveDuplicates()
        .allMatch(spelling -> spelling.matches("[A-Za-z][A-Za-z0-9_]*"))
        .contains(
            "Ip4Addr", "Ip4addr", "ip4addr", "Ip4_addr", "ip4_addr", "nic", "Nic", "Interface")
        .contains("interface", "Vnet_nic", "vnet_nic", "Vnet_interface", "Linux_osname")
        .contains("linux_oss_version", "Sysvsem", "sysvshm", "Sysvshm", "Command", "Exec_poststop")
        .contains("Allow_mount_devfs", "allow_mount_devfs", "Mount_procfs", "Children_cur")
        .doesNotContain("command", "Allow_read_msgbug", "Allow_mount_fdescds", "Exec_postart");
    for (String spelling : JailParameterCatalogue.nomadSpellings()) {
      String lower = spelling.toLowerCase(Locale.ROOT);
      assertThat(lower.equals("command") || JailParameterCatalogue.nomadSpellings().contains(lower))
          .as(lower)
          .isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "allow.read_msgbuf, 12.0-RELEASE, false",
    "allow.read_msgbuf, 12.1, true",
    "allow.suser, 12.4, false",
    "allow.suser, 13.0-RELEASE-p4, true",
    "allow.nfsd, 13.2, false",
    "allow.nfsd, 13.3, true",
    "allow.nfsd, 14.0, true",
    "allow.routing, 14.3, false",
    "allow.routing, 14.4, true",
    "allow.routing, 15.0, true",
    "allow.extattr, 14.4, false",
    "allow.setaudit, 15.0, false",
    "mac.do, 14.2, false",
    "mac.do, 14.3, true",
    "meta, 14.3, false",
    "exec.prepare, 12.1, false",
    "exec.release, 12.2, true",
    "zfs.dataset, 14.4, false",
    "persist, 12.0, true"
  })
  void aReleaseKnowsAParameterFromItsFirstOnAndOlderBranchesFromTheirs(
      String name, String release, boolean known) {
    assertThat(find(name).availability().in(FreeBsdRelease.parse(release).orElseThrow()))
        .isEqualTo(known);
  }

  @ParameterizedTest
  @CsvSource({
    "path, AT_CREATION",
    "jid, AT_CREATION",
    "vnet, AT_CREATION",
    "ip4, AT_CREATION",
    "ip6, AT_CREATION",
    "osrelease, AT_CREATION",
    "osreldate, AT_CREATION",
    "ip4.addr, AT_ANY_TIME",
    "securelevel, AT_ANY_TIME",
    "allow.mlock, AT_ANY_TIME",
    "children.cur, NEVER",
    "cpuset.id, NEVER",
    "dying, NEVER",
    "parent, NEVER"
  })
  void itIsKnownWhenAParameterMayBeSet(String name, Settable settable) {
    assertThat(find(name).settable()).isEqualTo(settable);
  }

  @Test
  void exactlyWhatJail8TakesSeveralTimesIsRepeatable() {
    assertThat(JailParameterCatalogue.all().stream().filter(JailParameter::repeatable))
        .extracting(JailParameter::name)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(
                ("ip4.addr ip6.addr vnet.interface zfs.dataset mount mount.fstab depend command"
                        + " exec.prepare exec.prestart exec.created exec.start exec.poststart"
                        + " exec.prestop exec.stop exec.poststop exec.release")
                    .split(" ")));
  }

  @Test
  void aJailsysParameterTakesExactlyWhatTheKernelTakes() {
    assertThat(
            JailParameterCatalogue.all().stream()
                .filter(p -> p.type() instanceof ParameterType.Choice c && c.choices().size() == 2))
        .extracting(JailParameter::name)
        .containsExactlyInAnyOrder("host", "vnet", "linux");
  }

  @Test
  void aNegationHasNoBeforeItsLastPartAndOnlyFlagsAndCommandsHaveOne() {
    assertThat(find("allow.mount.devfs").negation()).contains("allow.mount.nodevfs");
    assertThat(find("persist").negation()).contains("nopersist");
    assertThat(find("exec.stop").negation()).contains("exec.nostop");
    assertThat(find("vnet").negation()).isEmpty();
    assertThat(find("securelevel").negation()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "name, 255",
    "host.hostname, 255",
    "host.domainname, 255",
    "host.hostuuid, 63",
    "osrelease, 31",
    "interface, 15",
    "vnet.interface, 15"
  })
  void aTextHasTheBytesThatTheKernelHasRoomFor(String name, int most) {
    ParameterType type = find(name).type();

    assertThat(type.read("x".repeat(most))).isInstanceOf(ParameterType.Reading.Value.class);
    assertThat(type.read("x".repeat(most + 1))).isInstanceOf(ParameterType.Reading.Wrong.class);
    // A letter of two bytes counts twice.
    assertThat(type.read("x".repeat(most - 1) + "ä"))
        .isInstanceOf(ParameterType.Reading.Wrong.class);
  }

  @Test
  void aPathHas1023BytesAtMost() {
    ParameterType type = find("path").type();

    assertThat(type.read("/" + "x".repeat(1022))).isInstanceOf(ParameterType.Reading.Value.class);
    assertThat(type.read("/" + "x".repeat(1023)))
        .isEqualTo(
            new ParameterType.Reading.Wrong(
                "takes a path of at most 1023 bytes, but 1024 are given"));
  }

  @Test
  void whatLinuxRefusesIsToldWithAReason() {
    for (JailParameter parameter : JailParameterCatalogue.all()) {
      switch (parameter.linux().otherwise()) {
        case LinuxVerdict.Refused(String reason) ->
            assertThat(reason).as(parameter.name()).isNotBlank().doesNotContain("no such thing");
        case LinuxVerdict.Emulated(String how, String difference) ->
            assertThat(difference).as(parameter.name()).isNotBlank();
        case LinuxVerdict.AlreadySo(String why) ->
            assertThat(why).as(parameter.name()).isNotBlank();
        case LinuxVerdict.Native n -> assertThat(n.honoured()).isTrue();
      }
    }
  }
}
