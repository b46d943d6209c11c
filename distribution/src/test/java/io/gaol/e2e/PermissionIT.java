package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a jail may do and sees, beside its permissions: levels, devices, forms of commands. */
@RequiresLinuxRoot
class PermissionIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private Outcome run(String config) {
    return work.job(JobText.jail(config)).run();
  }

  // ---- securelevel

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aSecurelevelIsAPromiseThatHolds(int level) {
    Outcome outcome =
        run(
            "Securelevel = "
                + level
                + "\n"
                + JobText.shell(
                    "touch /local/f; chattr +i /local/f; date -s @0; echo 1 >/dev/mem;"
                        + " nft add table x 2>&1 || iptables -N x; echo ran"));
    assertThat(outcome.stdout()).endsWith("task | ran\n");
    assertThat(outcome.stderr())
        .contains("gaol: securelevel: what the level forbids is impossible in this jail")
        .contains("chattr: Operation not permitted while setting flags on /local/f")
        .contains("date: cannot set date: Operation not permitted");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aSecurelevelAndWhatBreaksItAreNotHadTogether(int level) {
    Outcome outcome =
        run("Securelevel = " + level + "\nAllow_chflags = true\n" + JobText.shell("true"));
    assertThat(outcome.stderr())
        .contains(
            "securelevel = \""
                + level
                + "\" forbids that the system's flags of files are taken away; drop allow.chflags");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void aPacketFilterOfAVnetBreaksTheThirdLevelAlone() {
    String job = "Vnet = \"new\"\nSecurelevel = %d\n" + JobText.shell("echo ran");
    Outcome third = run(job.formatted(3));
    assertThat(third.status()).isEqualTo(1);
    assertThat(third.stderr()).contains("drop vnet, or use level 2");
    Outcome second = run(job.formatted(2));
    assertThat(second.stdout()).as(second.stderr()).isEqualTo("task | ran\n");
  }

  // ---- what is seen

  @Test
  void theMountsOfTheHostAreNotSeen() {
    Outcome outcome =
        run("Enforce_statfs = 1\n" + JobText.shell("cat /proc/self/mountinfo | grep -c cgroup"));
    assertThat(outcome.stdout()).isEqualTo("task | 0\n");
    Outcome refused = run("Enforce_statfs = 2\n" + JobText.shell("true"));
    assertThat(refused.stderr())
        .contains("mounts cannot be hidden from those who live among them; use 1, or leave it out");
  }

  @Test
  void aPlanSaysWhatALeftOutPermissionIsHere() {
    GaolJob job = work.job(JobText.script("true"));
    assertThat(job.as("plan").run().stdout())
        .contains("enforce_statfs = 1 (host)", "allow.set_hostname = false (host)");
    assertThat(job.run().stderr()).doesNotContain("allow.set_hostname");
  }

  @ParameterizedTest
  @CsvSource({
    "0, all devices of the host would be the host; use 4",
    "1, 'the runtime makes null, zero, full, random'",
    "3, 'the runtime makes null, zero, full, random'",
    "10, have the operator define it in devfs_rulesets of the plugin's config"
  })
  void aRulesetThatIsNotHereIsRefused(int ruleset, String reason) {
    Outcome outcome = run("Devfs_ruleset = " + ruleset + "\n" + JobText.shell("true"));
    assertThat(outcome.stderr()).contains(reason);
    assertThat(outcome.status()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void theStandardDevicesAreRulesetFourAndFive(int ruleset) {
    Outcome outcome =
        run(
            "Devfs_ruleset = %d\n".formatted(ruleset)
                + JobText.shell(
                    "cd /dev && ls full null random tty urandom zero | tr '\n' ' ';"
                        + " ls | grep -cE 'mem|vd|sd|kmsg'"));
    assertThat(outcome.stdout()).isEqualTo("task | full null random tty urandom zero 0\n");
    assertThat(outcome.stderr().contains("Linux has no /dev/pf")).isEqualTo(ruleset == 5);
  }

  // ---- forms of commands

  @Test
  void aCommandOfWordsIsExecutedAndOneOfTheShellsCharactersIsTheShells() {
    Path root = SmallRoot.withShell(work.directory().resolve("root"));
    SmallRoot.make(root, "/bin/echo");
    String[] words = {"-J", "exec.start=/bin/echo $0 one; /bin/echo two", "-J"};
    assertThat(
            work.gaolRun(
                    words[0],
                    words[1],
                    words[2],
                    "command=/bin/echo # not  a\ncomment",
                    root.toString())
                .run()
                .stdout())
        .isEqualTo("/bin/sh one\ntwo\n# not a comment\n");
  }
}
