package io.gaol.cli.job;

import io.gaol.cli.language.JobInput;
import io.gaol.cli.language.JobText;
import io.gaol.driver.ConfigException;
import io.gaol.driver.JailTaskDriver;
import io.gaol.driver.TaskRequest;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.jail.Resources;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a small job that nobody gets to see, and decodes a config, while the command line is read.
 * What Java loads and links at its first use takes ten times as long as the reading of a job; so
 * most of it is there when the user's job is read.
 */
public final class Rehearsal {
  static final String JOB =
      """
      variable "text" {
        type    = string
        default = "x"
      }
      job "rehearsal" {
        group "group" {
          task "task" {
            driver = "jail-task-driver"
            env {
              DIRECTORY = "${NOMAD_TASK_DIR}"
            }
            config {
              command = "/bin/${var.text}"
              args    = ["${NOMAD_ALLOC_ID}"]
              Rctl = {
                Maxproc = { Action = "deny", Amount = "50" }
              }
            }
            resources {
              cpu    = 100
              memory = 64
            }
          }
        }
      }
      """;

  private final List<Thread> threads;

  private Rehearsal(List<Thread> threads) {
    this.threads = List.copyOf(threads);
  }

  /** Begins, in the background. */
  public static Rehearsal begin() {
    Thread.Builder background = Thread.ofPlatform().daemon();
    return new Rehearsal(
        List.of(background.start(Rehearsal::decode), background.start(Rehearsal::read)));
  }

  /** Nothing to wait for. */
  public static Rehearsal none() {
    return new Rehearsal(List.of());
  }

  /** Everything from the text to the job. */
  static JobParser.Examined read() {
    return JobParser.examine(
        JobText.of(JobInput.of("rehearsal.hcl", Map.of()), JOB.getBytes(StandardCharsets.UTF_8)));
  }

  /** Everything from the config of a task to its jail. */
  static JailSpec decode() {
    Map<String, Object> limit = Map.of("Action", "deny", "Amount", "50");
    Map<String, Object> config =
        Map.of(
            "command",
            "/bin/x",
            "args",
            List.of("x"),
            "Ip4",
            "inherit",
            // For its first decimal number, Java makes a table of powers.
            "Securelevel",
            new BigDecimal(1),
            "params",
            List.of(Map.of("persist", true)),
            "Rctl",
            List.of(Map.of("Maxproc", List.of(limit))));
    Path directory = Path.of("/nowhere");
    try {
      return new JailTaskDriver()
          .spec(
              new TaskRequest(
                  new JailName("rehearsal"),
                  config,
                  Environment.EMPTY,
                  Optional.empty(),
                  directory,
                  directory,
                  List.of(),
                  List.of(),
                  List.of(),
                  Resources.UNLIMITED));
    } catch (ConfigException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  /** Waits until it is over, and not class by class, wherever two threads initialise one. */
  public void await() {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
