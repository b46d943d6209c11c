package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JailParametersTest {
  @ParameterizedTest
  @CsvSource({
    "Ip4Addr, ip4.addr",
    "Ip4addr, ip4.addr",
    "Ip4_addr, ip4.addr",
    "ip4.addr, ip4.addr",
    "nic, interface",
    "Nic, interface",
    "Vnet_nic, vnet.interface",
    "vnet_nic, vnet.interface",
    "Linux_osname, linux.osname",
    "sysvshm, sysvshm",
    "Sysvsem, sysvsem",
    "Command, exec.start",
    "Allow_mount_devfs, allow.mount.devfs",
    "allow_set_hostname, allow.set_hostname",
    "Exec_system_jail_user, exec.system_jail_user",
    "Ip_hostname, ip_hostname",
    "Mount_procfs, mount.procfs",
    "Exec_release, exec.release"
  })
  void everySpellingOfTheSeedsFindsItsParameter(String spelling, String name) {
    assertThat(JailParameterCatalogue.find(spelling).orElseThrow().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Allow_read_msgbug", "Allow_mount_fdescds", "Exec_postart", "", "."})
  void theTyposOfOldDriversAreNoSpellings(String spelling) {
    assertThat(JailParameterCatalogue.find(spelling)).isEmpty();
  }

  @Test
  void aFileSystemThatAModuleBringsHasItsOwnPermission() {
    assertThat(JailParameterCatalogue.find("allow.mount.p9fs").orElseThrow().type())
        .isEqualTo(new ParameterType.Flag());
  }

  @ParameterizedTest
  @CsvSource({
    "persist, true, true",
    "persist, 1, true",
    "persist, FALSE, false",
    "securelevel, 1, 1",
    "securelevel, -1, -1",
    "devfs_ruleset, 4, 4",
    "enforce_statfs, 0, 0",
    "vnet, true, new",
    "vnet, inherit, inherit",
    "ip4, false, disable",
    "ip4, Inherit, inherit",
    "host.hostname, a, a"
  })
  void aValueIsReadByItsParametersType(String name, String given, String read) {
    assertThat(JailParameters.NONE.with(name, List.of(given)).value(name)).contains(read);
  }

  @ParameterizedTest
  @CsvSource({
    "persist, yes, 'persist takes true or false, but \"yes\" is given'",
    "ip4, on, 'ip4 takes \"disable\", \"new\" or \"inherit\", but \"on\" is given'",
    "securelevel, high, 'securelevel takes a whole number from -1 to 3, but \"high\" is given'",
    "children.cur, 1, 'children.cur can only be read: the kernel sets it'",
    "no.such, 1, 'no such parameter: no.such'"
  })
  void aWrongValueIsRefusedWithWhatIsExpected(String name, String given, String message) {
    assertThatThrownBy(() -> JailParameters.NONE.with(name, List.of(given))).hasMessage(message);
  }

  @Test
  void aParameterThatTakesOneValueRefusesTwo() {
    assertThatThrownBy(() -> JailParameters.NONE.with("path", List.of("/a", "/b")))
        .hasMessage("path takes one value, but 2 are given");
  }

  @Test
  void valuesOfAListAddUpInOrder() {
    JailParameters parameters =
        JailParameters.NONE
            .with("exec.start", List.of("one"))
            .with("exec.start", List.of("two", "three"));

    assertThat(parameters.values("exec.start")).containsExactly("one", "two", "three");
  }

  @Test
  void aFlagStandsForEachValueInOrder() {
    JailParameters parameters =
        JailParameters.NONE
            .with("persist", List.of("1"))
            .with("exec.start", List.of("echo 'a=b'", "true"));

    assertThat(parameters.flags())
        .containsExactly("persist=true", "exec.start=echo 'a=b'", "exec.start=true");
    assertThat(parameters).hasToString("{persist=[true], exec.start=[echo 'a=b', true]}");
  }

  @Test
  void commandsAreReadAsJailReadsThem() {
    JailParameters parameters =
        JailParameters.NONE.with("exec.start", List.of("echo a  b", "echo $x"));

    assertThat(parameters.commands("exec.start"))
        .containsExactly(HookCommand.parse("echo a  b"), HookCommand.parse("echo $x"));
    assertThat(parameters.commands("exec.stop")).isEmpty();
  }

  @Test
  void twoAreEqualWhenTheirValuesAre() {
    JailParameters one = JailParameters.NONE.with("persist", List.of("1"));

    assertThat(one)
        .isEqualTo(JailParameters.NONE.with("persist", List.of("true")))
        .hasSameHashCodeAs(JailParameters.NONE.with("persist", List.of("true")))
        .doesNotHaveSameHashCodeAs(JailParameters.NONE)
        .isNotEqualTo(JailParameters.NONE.with("persist", List.of("0")))
        .isNotEqualTo("{persist=[true]}");
  }

  @Test
  void whatIsNoParameterHasNoValueToAskFor() {
    assertThat(JailParameters.NONE.values("vnet.interface")).isEmpty();
    assertThatThrownBy(() -> JailParameters.NONE.values("vnet.interfaces"))
        .hasMessage("no such parameter: vnet.interfaces");
  }

  @Test
  void nulCanNeverBePartOfAValue() {
    assertThatThrownBy(() -> JailParameters.NONE.with("host.hostname", List.of("a\0b")))
        .hasMessage("host.hostname may not hold a NUL character");
  }
}
