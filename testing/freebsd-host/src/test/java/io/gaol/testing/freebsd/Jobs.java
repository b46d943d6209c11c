package io.gaol.testing.freebsd;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Job files of one task. */
final class Jobs {
  private Jobs() {}

  /** A batch job of one task, called t, which is not started again. */
  static String batch(String name, String config, String... besideConfig) {
    return """
    job "%1$s" {
      type = "batch"
      group "t" {
        restart {
          attempts = 0
          mode     = "fail"
        }
        task "t" {
          driver = "jail-task-driver"
          %3$s
          config {
            %2$s
          }
        }
      }
    }
    """
        .formatted(name, config, String.join("\n", besideConfig));
  }

  /** The root of the jails, and a script of sh(1) that runs in it. */
  static String shell(String script) {
    return "Path = \"/jails/base\"\n" + command("/bin/sh", "-c", script);
  }

  /** A command and its arguments. */
  static String command(String program, String... arguments) {
    return "command = "
        + text(program)
        + "\nargs = ["
        + Arrays.stream(arguments).map(Jobs::text).collect(Collectors.joining(", "))
        + "]\n";
  }

  /** A task's config, as a job file has it. */
  static String config(Map<?, ?> config) {
    return config.entrySet().stream()
        .map(
            entry ->
                entry.getValue() instanceof Map<?, ?> inner
                    ? entry.getKey() + " {\n" + config(inner) + "}\n"
                    : entry.getKey() + " = " + value(entry.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  private static String value(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(Jobs::value).collect(Collectors.joining(", ", "[", "]"));
      case String text -> text(text);
      default -> value.toString();
    };
  }

  /** A string of HCL. */
  static String text(String value) {
    return '"'
        + value
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("${", "$${")
            .replace("%{", "%%{")
        + '"';
  }
}
