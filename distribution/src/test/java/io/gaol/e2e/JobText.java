package io.gaol.e2e;

/** Writes job files: the text around what a test is about. */
public final class JobText {
  private JobText() {}

  /** A batch job named "job" with one task, named "task", that is not started again. */
  public static String task(String driver, String body) {
    return """
    job "job" {
      type = "batch"
      group "task" {
        restart { attempts = 0 }
        task "task" {
          driver = "%s"
    %s
        }
      }
    }
    """
        .formatted(driver, body.indent(6).stripTrailing());
  }

  /** A job as {@link #task}, of the jail-task-driver with this config. */
  public static String jail(String config) {
    return task("jail-task-driver", "config {\n" + config.indent(2) + "}");
  }

  /** A job as {@link #task}, of the exec driver with this config. */
  public static String exec(String config) {
    return task("exec", "config {\n" + config.indent(2) + "}");
  }

  /** A job as {@link #jail} whose task is a script of sh(1). */
  public static String script(String script) {
    return jail(shell(script));
  }

  /** The lines of a config that run a script of sh(1). */
  public static String shell(String script) {
    return """
    command = "/bin/sh"
    args    = ["-c", %s]
    """
        .formatted(quoted(script));
  }

  /** A string of HCL that is this text. */
  public static String quoted(String text) {
    return "\""
        + text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("${", "$${")
            .replace("%{", "%%{")
        + "\"";
  }
}
