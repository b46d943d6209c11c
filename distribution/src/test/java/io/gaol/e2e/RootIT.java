package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks with a root of their own: Path. */
@RequiresLinuxRoot
class RootIT {
  @RegisterExtension private final Workplace work = new Workplace();

  private Path root;

  @BeforeEach
  void nameRoot() {
    root = work.directory().resolve("root");
  }

  private String jail(String config) {
    return JobText.jail("Path = \"" + root + "\"\n" + config);
  }

  @Test
  void aTaskSeesItsRootAndNothingOfTheHost() throws IOException {
    SmallRoot.withShell(root);
    Files.writeString(root.resolve("mark"), "of the root\n");
    Outcome outcome = work.job(jail(JobText.shell("cat /mark; ls /usr /etc; ls /"))).run();
    assertThat(outcome.stdout())
        .startsWith("task | of the root\n")
        .contains("task | alloc\n", "task | local\n", "task | proc\n", "task | secrets\n")
        .doesNotContain("home");
    assertThat(outcome.stderr()).doesNotContain("passwd");
  }

  @Test
  void whatGaolMakesInARootItRemoves() {
    SmallRoot.withShell(root);
    List<String> before = Workplace.inventory(root);
    assertThat(work.job(jail(JobText.shell("ls /local >/dev/null"))).run().status()).isZero();
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  @Test
  void whatWasThereInARootStaysAndWhatTheTaskWroteToo() throws IOException {
    SmallRoot.withShell(root);
    Files.createDirectories(root.resolve("proc"));
    Files.createDirectories(root.resolve("local"));
    Files.writeString(root.resolve("local/operators"), "");
    List<String> before = Workplace.inventory(root);
    Outcome outcome = work.job(jail(JobText.shell("ls /local; touch /mine /local/task"))).run();
    assertThat(outcome.stdout()).isEmpty();
    assertThat(root.resolve("mine")).exists();
    Files.delete(root.resolve("mine"));
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  @Test
  void twoTasksCanHaveOneRootAtTheSameTime() {
    SmallRoot.withShell(root);
    List<String> before = Workplace.inventory(root);
    String task =
        """
        task "%s" {
          driver = "jail-task-driver"
          config {
            Path = "%s"
        %s
          }
        }
        """;
    String first =
        "touch /alloc/data/here; until [ -e /alloc/data/gone ]; do sleep 0.05; done; ls /proc/self/status";
    String second =
        "until [ -e /alloc/data/here ]; do sleep 0.05; done; ls /proc/self/status; touch /alloc/data/gone";
    Outcome outcome =
        work.job(
                "job \"job\" {\n type = \"batch\"\n group \"g\" {\n restart { attempts = 0 }\n"
                    + task.formatted("a", root, JobText.shell(first))
                    + task.formatted("b", root, JobText.shell(second))
                    + "}\n}\n")
            .run();
    assertThat(outcome.stdout().lines())
        .containsExactlyInAnyOrder("a | /proc/self/status", "b | /proc/self/status");
    assertThat(outcome.status()).isZero();
    assertThat(Workplace.inventory(root)).isEqualTo(before);
  }

  @Test
  void aRootWithoutAShellRunsItsCommand() {
    // The only program that is linked statically on every host that runs Gaol.
    SmallRoot.make(root, init());
    Outcome outcome = work.job(jail("command = \"" + init() + "\"\nargs = [\"-V\"]")).run();
    assertThat(outcome.stdout()).startsWith("task | ").contains("version");
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
  }

  private static String init() {
    return Command.of(Path.of("/bin/sh"), "-c", "command -v catatonit").run().stdout().strip();
  }

  @Test
  void aRootWithoutAShellCannotRunExecStart() {
    SmallRoot.make(root, init());
    Outcome outcome = work.job(jail("Exec_start = \"true\"")).run();
    assertThat(outcome.stderr())
        .contains(
            "gaol: task \"task\": Exec_start needs /bin/sh in the jail, and "
                + root
                + " has none; use command instead, which needs no shell");
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void theUserIsLookedUpInTheRoot() throws IOException {
    SmallRoot.withShell(root);
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/passwd"), "www:x:80:81::/srv/www:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "www:x:81:\nlogs:x:90:www\n");
    String task = "user = \"%s\"\nconfig {\nPath = \"" + root + "\"\n%s}";
    Outcome outcome =
        work.job(
                JobText.task(
                    "jail-task-driver",
                    task.formatted("www", JobText.shell("id -u; id -g; id -G; echo $HOME"))))
            .run();
    assertThat(outcome.stdout()).isEqualTo("task | 80\ntask | 81\ntask | 81 90\ntask | /srv/www\n");
    Outcome absent =
        work.job(JobText.task("jail-task-driver", task.formatted("nobody", JobText.shell("id -u"))))
            .run();
    assertThat(absent.stderr())
        .contains(
            "the user \"nobody\" is not in /etc/passwd of the jail ("
                + root
                + "): add it there, or use a number");
    assertThat(absent.status()).isEqualTo(1);
  }

  @Test
  void aMountPointThatIsALinkIsRefused() throws IOException {
    SmallRoot.withShell(root);
    Path outside = Files.createDirectory(work.directory().resolve("outside"));
    Files.createSymbolicLink(root.resolve("proc"), outside);
    Outcome outcome = work.job(jail(JobText.shell("true"))).run();
    assertThat(outcome.stderr())
        .contains(
            root
                + "/proc is a symbolic link, but /proc of the jail is a mount point: replace the"
                + " link by a real directory");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outside).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTaskThatPutsALinkOnTheWayToItsMountPointReachesNothingOfTheHost(boolean directory)
      throws IOException {
    SmallRoot.withShell(root);
    SmallRoot.make(root, "/bin/mv", "/bin/ln");
    Path volume = work.directory().resolve("volume");
    Path outside = Files.createDirectory(work.directory().resolve("outside"));
    for (Path point : List.of(volume, outside.resolve("point"))) {
      if (directory) {
        Files.createDirectory(point);
      } else {
        Files.createFile(point);
      }
    }
    GaolJob job =
        work.job(withVolume("mv /srv /moved && ln -s " + outside + " /srv && ls -d /moved/point"))
            .with("-volume", "disk=" + volume);

    Outcome outcome = job.run();

    assertThat(outcome.stdout()).isEqualTo("task | /moved/point\n");
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    assertThat(outside.resolve("point")).exists();

    Files.delete(outside.resolve("point"));
    Outcome again = job.run();
    assertThat(again.stderr())
        .contains(
            root
                + "/srv is a symbolic link, but /srv/point of the jail is a mount point: replace"
                + " the link by a real directory");
    assertThat(again.status()).isEqualTo(1);
    assertThat(outside).isEmptyDirectory();
  }

  private String withVolume(String script) {
    return """
    job "job" {
      type = "batch"
      group "task" {
        restart { attempts = 0 }
        volume "disk" {
          type   = "host"
          source = "disk"
        }
        task "task" {
          driver = "jail-task-driver"
          config {
            Path = "%s"
            %s
          }
          volume_mount {
            volume      = "disk"
            destination = "/srv/point"
          }
        }
      }
    }
    """
        .formatted(root, JobText.shell(script));
  }

  @Test
  void aCommandThatIsALinkOutOfTheRootIsLookedUpInIt() throws IOException {
    SmallRoot.withShell(root);
    Files.createSymbolicLink(root.resolve("absolute"), Path.of("/bin/true"));
    Files.createSymbolicLink(root.resolve("escaping"), Path.of("../../../../../../bin/hostname"));
    assertThat(work.job(jail("command = \"/absolute\"")).run().status()).isZero();
    Outcome outcome = work.job(jail("command = \"/escaping\"")).run();
    assertThat(outcome.stderr())
        .contains("command \"/escaping\" is not in the jail; looked for /escaping below " + root);
    assertThat(outcome.status()).isEqualTo(1);
  }

  @Test
  void theHostsOwnRootIsRefused() {
    Outcome outcome = work.job(JobText.jail("Path = \"/\"\n" + JobText.shell("true"))).run();
    assertThat(outcome.stderr()).contains("the root of the jail may not be /, the host's own");
    assertThat(outcome.status()).isEqualTo(1);
  }
}
