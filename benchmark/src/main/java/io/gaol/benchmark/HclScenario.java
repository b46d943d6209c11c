package io.gaol.benchmark;

import io.gaol.hcl.Hcl;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;

/** How long a large job file takes to be read: processor time, once the JVM is warm. */
final class HclScenario {
  private static final int BYTES = 5_000_000;
  private static final int WARM_UP = 10;
  private static final int SAMPLES = 20;
  private static final double LONGEST_MILLISECONDS = 1_000;

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

  static void run(Report report) {
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
