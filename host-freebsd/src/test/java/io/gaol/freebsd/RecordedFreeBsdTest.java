package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.engine.Platform.Contents;
import io.gaol.jail.CapabilityChanges;
import io.gaol.jail.Environment;
import io.gaol.jail.FreeBsdRelease;
import io.gaol.jail.JailName;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedFreeBsdTest {
  private static final Path TASK = Path.of("/var/db/gaol/allocations/1/web");

  private JailParameters parameters = JailParameters.NONE;
  private JailSpec.Root root = new JailSpec.Root.Directory(Path.of("/no/such/jail"));
  private List<String> command = List.of("/no/such/program");
  private Optional<String> user = Optional.empty();

  private void set(String name, String... values) {
    parameters = parameters.with(name, List.of(values));
  }

  private static RecordedFreeBsd release(String text) {
    return new RecordedFreeBsd(FreeBsdRelease.parse(text).orElseThrow());
  }

  private FreeBsdFacts facts(Contents contents) {
    return release("14.3")
        .facts(
            new JailSpec(
                new JailName("web"),
                parameters,
                command,
                Environment.EMPTY,
                user,
                "/",
                root,
                List.of(),
                List.of(),
                Resources.UNLIMITED,
                List.of(),
                false,
                CapabilityChanges.NONE),
            TASK.getParent(),
            contents);
  }

  private FreeBsdFacts facts() {
    return facts(Contents.THERE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"12.0", "12.2", "12.4", "13.0", "13.5", "14.0", "14.3", "14.4", "15.0", "15.1"})
  void everyReleaseFrom12To15Point1IsRecorded(String text) {
    FreeBsdSystem system = release(text).system();
    assertThat(system.release()).hasToString(text);
    assertThat(system.racct()).contains(true);
    assertThat(system.vimage()).isTrue();
    assertThat(FreeBsdReadiness.problems(system)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"11.4", "12.5", "13.6", "14.5", "15.2", "16.0", "0.1"})
  void ofAnyOtherNothingIsRecordedAndThoseThatAreAreNamed(String text) {
    assertThatThrownBy(() -> release(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "nothing is recorded of FreeBSD "
                + text
                + ", but of 12.0 to 12.4, 13.0 to 13.5, 14.0 to 14.4, 15.0 to 15.1");
  }

  @Test
  void theKernelKnowsWhatItsReleaseHasLearnedAndNoModuleBrings() {
    assertThat(release("12.0").system().parameters())
        .contains("path", "vnet", "allow.mlock", "ip4.addr")
        .doesNotContain(
            "allow.suser", "allow.nfsd", "linux.osname", "exec.start", "vnet.interface");
    assertThat(release("13.3").system().parameters())
        .contains("allow.suser", "allow.nfsd")
        .doesNotContain("meta", "allow.setaudit");
    assertThat(release("15.1").system().parameters()).contains("meta", "allow.setaudit");
  }

  @Test
  void whatAnOperatorPutsThereIsTakenToBeThere() {
    set("mount.devfs", "true");
    set("mount", "/no/such/data /no/such/jail/data nullfs ro");
    set("exec.clean", "true");
    set("exec.consolelog", "/no/such/folder/console");
    user = Optional.of("app");
    FreeBsdFacts facts = facts();
    assertThat(facts.problems()).isEmpty();
    assertThat(facts.missing()).isEmpty();
    assertThat(facts.mounts()).hasSize(2);
    assertThat(facts.program()).contains(Path.of("/no/such/program"));
    assertThat(facts.copy()).contains(Path.of("/no/such/folder/console"));
    assertThat(facts.user().orElseThrow().home()).isEqualTo("/home/app");
    assertThat(facts.rulesets()).isEqualTo(Set.of(1, 2, 3, 4, 5));
  }

  @Test
  void aBareNameIsAPackagesProgramUnlessTheTaskFetchesIt() {
    command = List.of("server");
    assertThat(facts().program()).contains(Path.of("/usr/local/bin/server"));
    assertThat(facts(Contents.TO_COME).program()).contains(Path.of("/local/server"));
    command = List.of("bin/server");
    assertThat(facts().program()).contains(Path.of("/local/bin/server"));
    command = List.of("");
    assertThat(facts().problems()).containsExactly("command is empty: name a program");
  }

  @Test
  void aTaskWithoutARootGetsTheDirectoriesOfAFreeBsdAndItsHome() {
    root =
        new JailSpec.Root.HostSystem(
            TASK, JailSpec.Root.HostSystem.DEFAULT_SYSTEM_DIRECTORIES, List.of());
    set("exec.clean", "true");
    List<String> all = List.of("bin", "etc", "lib", "sbin", "usr", "libexec", "dev");
    assertThat(facts().mounts())
        .extracting(mount -> TASK.relativize(mount.target()).toString())
        .isEqualTo(all);
    assertThat(facts().missing())
        .extracting(missing -> TASK.relativize(missing.path()).toString())
        .first()
        .isEqualTo("root");
    assertThat(facts().missing()).hasSize(all.size() + 1);
    root = new JailSpec.Root.HostSystem(TASK, List.of(Path.of("/opt")), List.of());
    assertThat(facts().mounts())
        .extracting(mount -> mount.target().toString())
        .containsExactly(TASK + "/opt", TASK + "/dev");
  }

  @Test
  void whatOnlyARunningHostCanTellIsRefused() {
    set("mount.fstab", "/etc/fstab.web");
    set("ip_hostname", "true");
    set("exec.system_user", "app");
    set("mount", "/data /elsewhere/data nullfs ro");
    assertThat(facts().problems())
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).contains("mount.fstab", "/etc/fstab.web", "plan there"),
            problem -> assertThat(problem).contains("ip_hostname", "ip4.addr", "plan there"),
            problem -> assertThat(problem).contains("exec.system_user", "app", "operator", "www"),
            problem -> assertThat(problem).contains("/elsewhere/data", "not below"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "jails/web", "/jails/.."})
  void aDirectoryThatCanNeverBeARootIsRefused(String path) {
    root = new JailSpec.Root.Directory(Path.of(path));
    assertThat(facts().problems()).first().asString().contains("the root of");
  }
}
