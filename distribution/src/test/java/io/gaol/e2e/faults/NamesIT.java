package io.gaol.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.RequiresLinuxRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names that are paths, options, or nothing that anybody could say. */
@RequiresLinuxRoot
class NamesIT {

  static Stream<String> names() {
    return Stream.of(
        "../../x",
        "/etc/x",
        "a/b",
        ".",
        "..",
        "...",
        "\"",
        "'",
        " ",
        "a b",
        " a ",
        "-rf",
        "--help",
        "*",
        "$(touch /tmp/gaol-f-pwned)",
        "`touch /tmp/gaol-f-pwned`",
        "; touch /tmp/gaol-f-pwned",
        "a\\b",
        "a:b",
        "a%b",
        "${x",
        "x".repeat(300),
        "é".repeat(200),
        "😀",
        "a\nb",
        "a\tb",
        "\u001b[31mred",
        "\u202egaol",
        "0",
        "127",
        "alloc",
        "secrets",
        "task+0",
        "lock",
        "CON");
  }

  /** Everything around the state directory that could have been hit. */
  private static Set<String> around(Scene scene) throws IOException {
    Set<String> all = new TreeSet<>();
    for (Path directory : List.of(scene.base(), scene.temporary(), scene.root())) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .map(Path::toString)
            .filter(file -> !file.matches(".*/(out|err)-[0-9]+|.*/job-[0-9]+\\.nomad\\.hcl"))
            .forEach(all::add);
      }
    }
    return all;
  }

  private static void assertRunsOrIsRefused(String jobName, String group, String task)
      throws IOException {
    try (Scene scene = Scene.open()) {
      Path file =
          scene.write(
              """
              job %s {
                type = "batch"
                group %s {
                  restart { attempts = 0 }
                  task %s {
                    driver = "jail-task-driver"
                    config {
                      Path = "@ROOT@"
                      command = "/bin/sh"
                      args = ["-c", "echo ran; echo $NOMAD_TASK_NAME; >/local/x; >/alloc/x; >/secrets/x"]
                      Exec_prestart = "true \\"$NOMAD_TASK_NAME\\""
                      Exec_poststop = "true \\"$NOMAD_GROUP_NAME $NOMAD_JOB_NAME\\""
                    }
                    resources { memory = 64 }
                  }
                }
              }
              """
                  .formatted(Scene.quote(jobName), Scene.quote(group), Scene.quote(task)));
      scene
          .gaol("job", "plan", "--state-dir", scene.state().toString(), file.toString())
          .start()
          .await();
      Set<String> before = around(scene);
      before.add(scene.state().toString());
      Gaol.Outcome outcome = scene.run(file);
      assertThat(outcome.stderr()).doesNotContain("Exception", "\tat ");
      if (outcome.status() == 0) {
        assertThat(outcome.stdout()).contains("ran");
      } else {
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.stdout()).doesNotContain("ran");
      }
      before.add(scene.state().toString());
      assertThat(around(scene)).isSubsetOf(before);
      assertThat(Path.of("/tmp/gaol-f-pwned")).doesNotExist();
      assertNoControls(outcome);
      scene.assertNothingLeft();
    }
  }

  /** A name must not steer the terminal of who reads it. */
  private static void assertNoControls(Gaol.Outcome outcome) {
    String said =
        outcome.stderr()
            + outcome.stdout().lines().map(line -> line.replaceFirst(" \\| .*", "")).toList();
    assertThat(said.chars().filter(c -> c < ' ' && c != '\n' && c != '\t')).as(said).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void ofEverythingAtOnce(String name) throws IOException {
    assertRunsOrIsRefused(name, name, name);
  }

  @Test
  void whatIsLeftOfAJobOfAnyNameIsRemoved() {
    for (String name : List.of("../../x", "a b", "a\nb", "-rf", "😀", "x".repeat(300))) {
      try (Scene scene = Scene.open()) {
        Path file =
            scene.write(
                """
                job %s {
                  type = "batch"
                  group "g" {
                    %s
                  }
                }
                """
                    .formatted(Scene.quote(name), Scene.task("", "echo ready; sleep 1000")));
        Gaol gaol = scene.start(file).untilSays("ready");
        gaol.kill();
        Gaol.Outcome stop =
            scene
                .gaol("job", "stop", "--state-dir", scene.state().toString(), "--", name)
                .start()
                .await();
        assertThat(stop.status()).as(name + ": " + stop.stderr()).isZero();
        scene.assertNothingLeft();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("alike")
  void namesThatAreAlikeDoNotMeet(List<String> names) {
    try (Scene scene = Scene.open()) {
      StringBuilder tasks = new StringBuilder();
      for (int number = 0; number < names.size(); number++) {
        tasks.append(
            """
            task %s {
              driver = "jail-task-driver"
              config {
                command = "/bin/sh"
                args = ["-c", %s]
              }
              resources { memory = 64 }
            }
            """
                .formatted(
                    Scene.quote(names.get(number)),
                    Scene.quote(
                        "[ ! -e /local/x ] && [ ! -e /secrets/x ] || echo shared; >/local/x; >/secrets/x;"
                            + " sleep 1; echo ran %d".formatted(number))));
      }
      Gaol.Outcome outcome = scene.run(scene.batch(tasks.toString()));
      assertThat(outcome.status()).as(outcome.stderr()).isZero();
      assertThat(outcome.stdout()).doesNotContain("shared");
      for (int number = 0; number < names.size(); number++) {
        assertThat(outcome.stdout()).contains("ran " + number);
      }
      scene.assertNothingLeft();
    }
  }

  static Stream<List<String>> alike() {
    return Stream.of(
        List.of("a.b", "a/b", "a-b", "a b"),
        List.of("task-1", "a/b"),
        List.of("x".repeat(80) + "1", "x".repeat(80) + "2"),
        List.of("é", "è", "task"),
        // The allocation has a name too.
        List.of("alloc-g", "alloc"),
        List.of("A", "a"));
  }
}
