package io.gaol.e2e.plugin;

import static io.gaol.e2e.plugin.MappingCase.output;
import static io.gaol.e2e.plugin.MappingCase.row;
import static io.gaol.e2e.plugin.MappingCase.with;
import static io.gaol.e2e.plugin.Stage.shell;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.testing.host.DriverTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Cases of {@link LinuxMappingIT}: commands and times. */
final class CommandRows {
  private CommandRows() {}

  static List<MappingCase> exec() {
    List<MappingCase> cases = new ArrayList<>();
    for (String hook :
        List.of(
            "exec.prepare",
            "exec.prestart",
            "exec.created",
            "exec.poststart",
            "exec.prestop",
            "exec.poststop",
            "exec.release")) {
      String key = "E" + hook.substring(1).replace('.', '_');
      cases.add(
          row(
                  hook,
                  "runs on the host",
                  key,
                  "echo $JNAME >>@DIR@/" + hook,
                  "Exec_start",
                  "sleep 1000")
              .checkedBy(
                  (at, config) -> {
                    DriverTask task = at.task(config).start();
                    Path file = at.directory().resolve(hook);
                    if (hook.equals("exec.poststart")) {
                      assertThat(file).doesNotExist();
                    }
                    task.stop(Duration.ofSeconds(5), "SIGTERM");
                    task.destroy();
                    if (!hook.equals("exec.poststart")) {
                      assertThat(file).content().hasLineCount(1).contains(at.token());
                    }
                  }));
    }
    cases.add(
        row(
                "exec.start",
                "runs in order in the jail, through a shell",
                "Exec_start",
                List.of("echo one", "echo $((1 + 1))"))
            .printsItself("one\n2"));
    cases.add(
        row(
                "exec.start",
                "that fails ends the jail with its status",
                "Exec_start",
                List.of("(exit 3)", "echo never"))
            .checkedBy(
                (at, config) ->
                    assertThat(at.task(config).start().result().getExitCode()).isEqualTo(3)));
    cases.add(
        row(
                "exec.stop",
                "runs in the jail before it is stopped",
                "Exec_start",
                "sleep 1000",
                "Exec_stop",
                "echo stopping >/alloc/data/stop")
            .checkedBy(
                (at, config) -> {
                  DriverTask task = at.task(config).start();
                  task.stop(Duration.ofSeconds(5), "SIGTERM");
                  assertThat(task.allocation().shared().resolve("data/stop"))
                      .hasContent("stopping");
                }));
    cases.add(
        row(
                "exec.clean",
                "leaves HOME, SHELL, TERM, USER and what the job sets",
                "Exec_clean",
                true)
            .prints(
                "env | sort | grep -v '^NOMAD\\|^PATH\\|^PWD\\|^_'",
                ".*HOME=/root.*SHELL=.*USER=root.*"));
    cases.add(
        row("exec.jail_user", "is whom commands run as", "Exec_jail_user", "nobody")
            .prints("id -un", "nobody"));
    cases.add(
        row(
                "exec.jail_user",
                "has to be in the jail's passwd(5)",
                "Path",
                "@DIR@/root",
                "Exec_jail_user",
                "nobody")
            .isRefused("\"nobody\"", "/etc/passwd"));
    cases.add(
        row(
                "exec.system_jail_user",
                "is looked up on the host",
                "Path",
                "@DIR@/root",
                "Exec_jail_user",
                "nobody",
                "Exec_system_jail_user",
                true)
            .prints("id -u", "65534"));
    cases.add(
        row(
                "exec.system_user",
                "is whom hooks run as",
                "Exec_system_user",
                "nobody",
                "Exec_prestart",
                "id -un >/tmp/.x; id -un >@DIR@/open/who")
            .checkedBy(
                (at, config) -> {
                  at.task(with(config, shell("true"))).start().await();
                  assertThat(at.directory().resolve("open/who")).hasContent("nobody\n");
                }));
    cases.add(
        row(
                "exec.timeout",
                "ends a command of the host",
                "Exec_timeout",
                1,
                "Exec_prestart",
                "sleep 1000")
            .isRefused("exec.prestart", "1 s"));
    cases.add(
        row(
                "exec.timeout",
                "ends a command in the jail",
                "Exec_timeout",
                1,
                "Exec_start",
                List.of("sleep 1000", "echo never"))
            .checkedBy(
                (at, config) ->
                    assertThat(at.task(config).start().result().getExitCode()).isNotZero()));
    cases.add(
        row("exec.consolelog", "gets a copy", "Exec_consolelog", "@DIR@/console.log")
            .checkedBy(
                (at, config) -> {
                  assertThat(output(at, with(config, shell("echo out; echo err >&2"))))
                      .isEqualTo("out\nerr\n");
                  assertThat(at.directory().resolve("console.log"))
                      .content()
                      .contains("out\n", "err\n");
                }));
    cases.add(
        row("stop.timeout", "0 kills at once", "Stop_timeout", 0)
            .checkedBy(
                (at, config) -> {
                  DriverTask task =
                      at.task(
                              with(
                                  config,
                                  shell(
                                      "trap 'echo asked' TERM; echo ready; while :; do sleep 0.1; done")))
                          .start();
                  task.logs().awaitStdout("ready");
                  task.stop(Duration.ZERO, "SIGTERM");
                  assertThat(task.result().getSignal()).isEqualTo(9);
                  assertThat(task.logs().awaitEnd().stdout()).doesNotContain("asked");
                }));
    return cases;
  }
}
