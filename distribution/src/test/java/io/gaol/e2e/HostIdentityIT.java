package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a jail shows of the host it is on: host.*. */
@RequiresLinuxRoot
class HostIdentityIT {
  private static final String UUID = "6F9619FF-8B86-D011-B42D-00C04FC964FF";

  private static final String IDENTITY =
      """
      Host_domainname = "dom.example"
      params = {
        "host.hostid" = 305419896
        "host.hostuuid" = "%s"
      }
      """
          .formatted(UUID);

  @RegisterExtension private final Workplace work = new Workplace();

  private Outcome run(String config) {
    return work.job(JobText.jail(config)).run();
  }

  private static List<String> etc() {
    return Workplace.inventory(Path.of("/etc"));
  }

  @Test
  void domainIdAndUuidAreTheJailsOwnAndTheHostsEtcIsAsItWas() {
    List<String> before = etc();
    Outcome outcome =
        run(
            IDENTITY
                + JobText.shell(
                    "cat /proc/sys/kernel/domainname; hostid; cat /etc/machine-id;"
                        + " grep -c ^root: /etc/passwd; touch /etc/x"));
    assertThat(outcome.stdout().lines())
        .containsExactly(
            "task | dom.example",
            "task | 12345678",
            "task | 6f9619ff8b86d011b42d00c04fc964ff",
            "task | 1");
    assertThat(outcome.stderr()).contains("Read-only file system");
    assertThat(etc()).isEqualTo(before);
    assertThat(Command.of(Path.of("/bin/cat"), "/proc/sys/kernel/domainname").run().stdout())
        .doesNotContain("dom.example");
  }

  @Test
  void whatDiffersIsToldAtTheStart() {
    assertThat(run(IDENTITY + JobText.shell("true")).stderr())
        .contains("gaol: host.hostid: it is /etc/hostid that shows it")
        .contains("gaol: host.hostuuid: it is /etc/machine-id that shows it");
  }

  @Test
  void aRootOfItsOwnIsAsItWasAfterwardsAlsoWhenTwoTasksShareIt() throws IOException {
    Path root = SmallRoot.withShell(work.directory().resolve("root"));
    SmallRoot.make(root, "/usr/bin/hostid");
    List<String> before = Workplace.inventory(root);
    String task = "task \"%s\" {\ndriver = \"jail-task-driver\"\nconfig {\n%s}\n}\n";
    String config = "Path = \"" + root + "\"\n" + IDENTITY;
    String first = "touch /alloc/data/a; until [ -e /alloc/data/b ]; do sleep 0.05; done; hostid";
    String second =
        "until [ -e /alloc/data/a ]; do sleep 0.05; done; touch /alloc/data/b; sleep 1; hostid";
    Outcome outcome =
        work.job(
                "job \"job\" {\ntype = \"batch\"\ngroup \"g\" {\nrestart { attempts = 0 }\n"
                    + task.formatted("a", config + JobText.shell(first))
                    + task.formatted("b", config + JobText.shell(second))
                    + "}\n}\n")
            .run();
    assertThat(outcome.stdout().lines()).containsExactlyInAnyOrder("a | 12345678", "b | 12345678");
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "host.hostname, a",
    "host.domainname, a",
    "host.hostid, 7",
    "host.hostuuid, 6f9619ff-8b86-d011-b42d-00c04fc964ff"
  })
  void whatIsSetIsNotInherited(String name, String value) {
    Outcome outcome =
        run(
            "Host = \"inherit\"\nparams = { \"%s\" = \"%s\" }\n".formatted(name, value)
                + JobText.shell("true"));
    assertThat(outcome.stderr()).contains("a field of its own makes a jail's host \"new\"");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void whatAFileOfEtcCannotHoldIsRefused() {
    Outcome outcome =
        run(
            "params = {\n\"host.hostid\" = 4294967296\n\"host.hostuuid\" = \"mine\"\n}\n"
                + JobText.shell("true"));
    assertThat(outcome.stderr())
        .contains("host.hostid = \"4294967296\" cannot be had on Linux: /etc/hostid holds 32 bits")
        .contains("host.hostuuid = \"mine\" cannot be had on Linux: /etc/machine-id holds a UUID");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void theReleaseIsTheKernelsAndNoOtherCanBeShown() throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    Outcome own =
        run(
            "Osrelease = \"%1$s\"\nLinux_osname = \"Linux\"\nLinux_osrelease = \"%1$s\"\n"
                    .formatted(release)
                + JobText.shell("uname -r"));
    assertThat(own.stdout()).isEqualTo("task | " + release + "\n");
    for (String name : List.of("Osrelease", "Linux_osrelease")) {
      Outcome other = run(name + " = \"4.4.0\"\n" + JobText.shell("true"));
      assertThat(other.stderr())
          .contains("a jail cannot show another release than the kernel's, " + release);
      assertThat(other.status()).isEqualTo(1);
    }
  }
}
