package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of Kleene's table of defaults, each with its ways to override it. */
class KleeneOverridesTest {
  private static final String ID = "9b4fd69fb5f2";

  private static JailParameters run(Optional<String> user, String... flags) {
    List<Assignment> assignments = new ArrayList<>(RunDefaults.of(ID, user));
    for (String flag : flags) {
      assignments.add(Assignment.parse(flag, "-J"));
    }
    return ((AssignmentReading.Accepted) AssignmentReader.ofCatalogue().read(assignments))
        .parameters();
  }

  private static JailParameters run(String... flags) {
    return run(Optional.empty(), flags);
  }

  @Test
  void withoutAnyFlagAllDefaultsHold() {
    JailParameters parameters = run();

    assertThat(parameters.names())
        .containsExactlyInAnyOrder(
            "host.hostname",
            "ip4",
            "ip6",
            "exec.jail_user",
            "exec.clean",
            "mount.devfs",
            "exec.stop");
    assertThat(parameters.value("host.hostname")).contains(ID);
    assertThat(parameters.value("ip4")).contains("inherit");
    assertThat(parameters.value("ip6")).contains("inherit");
    assertThat(parameters.value("exec.jail_user")).contains("root");
    assertThat(parameters.flag("exec.clean")).contains(true);
    assertThat(parameters.flag("mount.devfs")).contains(true);
    assertThat(parameters.values("exec.stop")).containsExactly("/bin/sh /etc/rc.shutdown");
  }

  @Test
  void hostHostnameIsOverridden() {
    assertThat(run("host.hostname=myhostname").value("host.hostname")).contains("myhostname");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mount.devfs=false", "mount.nodevfs", "MOUNT.NODEVFS", "mount_devfs=0"})
  void mountDevfsIsOverridden(String flag) {
    assertThat(run(flag).flag("mount.devfs")).contains(false);
  }

  @Test
  void execJailUserIsOverriddenByTheUserAndThatByTheParameter() {
    assertThat(run(Optional.of("www")).value("exec.jail_user")).contains("www");
    assertThat(run("exec.jail_user=git").value("exec.jail_user")).contains("git");
    assertThat(run(Optional.of("www"), "exec.jail_user=git").value("exec.jail_user"))
        .contains("git");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec.clean=false", "exec.noclean", "Exec_NoClean"})
  void execCleanIsOverridden(String flag) {
    assertThat(run(flag).flag("exec.clean")).contains(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec.nostop", "exec.stop=", "EXEC.NOSTOP"})
  void execStopIsOverriddenByNone(String flag) {
    assertThat(run(flag).values("exec.stop")).isEmpty();
  }

  @Test
  void execStopIsOverriddenByAnotherCommand() {
    assertThat(run("exec.stop=/usr/local/bin/bye now").values("exec.stop"))
        .containsExactly("/usr/local/bin/bye now");
  }

  @ParameterizedTest
  @CsvSource({"ip4=disable, disable", "ip4=new, new", "ip4=inherit, inherit"})
  void theNetworkIsOverridden(String flag, String value) {
    assertThat(run(flag).value("ip4")).contains(value);
  }

  /** Kleene compares how a text begins: {@code exec.cleanup=1} would suppress exec.clean there. */
  @Test
  void aNameThatBeginsAlikeOverridesNothing() {
    assertThat(run("exec.stop=x", "stop.timeout=3").flag("exec.clean")).contains(true);
  }

  @Test
  void theOtherFlagsOfItsManualAreUnderstood() {
    assertThat(run("allow.raw_sockets").flag("allow.raw_sockets")).contains(true);
    assertThat(run("allow.sysvipc=true").flag("allow.sysvipc")).contains(true);
  }
}
