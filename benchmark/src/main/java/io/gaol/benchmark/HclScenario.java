package io.gaol.benchmark;

import io.gaol.hcl.Hcl;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long job files take to be read: a large one, processor time once the JVM is warm; and what a
 * usual one adds to the command.
 */
final class HclScenario {
  private static final int BYTES = 5_000_000;
  private static final int WARM_UP = 10;
  private static final int SAMPLES = 20;
  private static final double LONGEST_MILLISECONDS = 1_000;
  private static final double MOST_OF_A_USUAL_JOB = 30;
  private static final int COMMANDS_TO_WARM_UP = 2;

  private HclScenario() {}

  private static String job(int number) {
    return """
      # the job %1$d
      job "web-%1$d" {
        datacenters = ["dc1", "dc2"]
        type        = "service"
        group "servers" {
          count = 3
          network {
            port "http" { to = 8080 }
          }
          task "server" {
            driver = "exec"
            config {
              command = "/bin/server"
              args    = ["-listen", ":${NOMAD_PORT_http}", "-name", "${attr.unique.hostname}"]
            }
            env = {
              ZONE = "one"
              NAME = "server-${upper("x")}"
            }
            template {
              destination = "local/server.conf"
              data        = <<-EOT
                listen ${NOMAD_PORT_http};
                # text that means nothing
                root /srv/www;
              EOT
            }
            resources {
              cpu    = 500 # MHz
              memory = 256 // MB
            }
          }
        }
      }
      """
        .formatted(number);
  }

  /**
   * Measures.
   *
   * @param home what users install, built
   */
  static void run(Path home, int samples, Report report) throws IOException, InterruptedException {
    large(report);
    usual(home, samples, report);
  }

  /** The same command with and without a job to read; the first one prints how it is used. */
  private static void usual(Path home, int samples, Report report)
      throws IOException, InterruptedException {
    Path job = home.resolve("examples/http-echo.nomad.hcl");
    Samples without = new Samples();
    Samples with = new Samples();
    for (int i = -COMMANDS_TO_WARM_UP; i < samples; i++) {
      if (i == 0) {
        without.clear();
        with.clear();
      }
      command(without, home, "job");
      command(with, home, "job", "validate", job.toString());
    }
    report.title("A usual job, gaol job validate examples/http-echo.nomad.hcl, ms, n = " + samples);
    report.compare("until it has ended", "with the job", with, "without one", without);
    report.verdictOnDifference("read and checked within 30 ms", with, without, MOST_OF_A_USUAL_JOB);
  }

  private static void command(Samples samples, Path home, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/gaol").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    long began = System.nanoTime();
    builder.start().waitFor();
    samples.add(began, System.nanoTime());
  }

  private static void large(Report report) {
    StringBuilder jobs = new StringBuilder();
    for (int i = 0; jobs.length() < BYTES; i++) {
      jobs.append(job(i));
    }
    String text = jobs.toString();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    report.title("A job file of 5 MB, ms of processor time: p10, p50, p95");
    Samples parsed = measure(() -> Hcl.parse("jobs.hcl", bytes).blocks().size());
    report.row("parsed", parsed);
    report.row("formatted", measure(() -> Hcl.format("jobs.hcl", text).length()));
    report.verdict(
        "parsed within 1 s", parsed.median() <= LONGEST_MILLISECONDS, parsed.median(), "ms");
  }

  private interface Work {
    int run();
  }

  private static Samples measure(Work work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Samples samples = new Samples();
    for (int i = 0; i < WARM_UP + SAMPLES; i++) {
      long from = threads.getCurrentThreadCpuTime();
      if (work.run() <= 0) {
        throw new IllegalStateException("nothing was read");
      }
      if (i >= WARM_UP) {
        samples.add(from, threads.getCurrentThreadCpuTime());
      }
    }
    return samples;
  }
}
