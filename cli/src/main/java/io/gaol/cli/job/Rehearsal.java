package io.gaol.cli.job;

import io.gaol.cli.language.JobInput;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads a small job that nobody gets to see, while the command line is read. What Java loads and
 * links at its first use takes ten times as long as the reading of a job; so most of it is there
 * when the user's job is read.
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

  private final Thread thread;

  private Rehearsal(Thread thread) {
    this.thread = thread;
  }

  /** Begins, in the background. */
  public static Rehearsal begin() {
    return new Rehearsal(Thread.ofPlatform().daemon().start(Rehearsal::read));
  }

  /** Nothing to wait for. */
  public static Rehearsal none() {
    return new Rehearsal(new Thread());
  }

  private static void read() {
    new JobValidator()
        .validate(JobInput.of("rehearsal.hcl", Map.of()), JOB.getBytes(StandardCharsets.UTF_8));
  }

  /** Waits until it is over: two threads that load the same classes could wait for each other. */
  public void await() {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
