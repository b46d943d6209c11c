package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConnectedProgramTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  private int run(String script, InputStream input) throws IOException, InterruptedException {
    return ConnectedProgram.run(List.of("/bin/sh", "-c", script), input, output, errors);
  }

  @Test
  void itsOutputItsErrorsAndItsStatusAreToldApart() throws Exception {
    assertThat(run("echo out; echo err >&2; exit 43", InputStream.nullInputStream())).isEqualTo(43);
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("out\n");
    assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
  }

  @Test
  void whatGoesThroughItComesOutByteByByte() throws Exception {
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    assertThat(run("cat", new ByteArrayInputStream(bytes))).isZero();
    assertThat(output.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void aSignalThatEndsItShowsInItsStatus() throws Exception {
    assertThat(run("kill -TERM $$", InputStream.nullInputStream())).isEqualTo(128 + 15);
  }

  @Test
  void aProgramThatReadsNothingEndsThoughItsInputDoesNot() throws Exception {
    try (PipedOutputStream never = new PipedOutputStream();
        PipedInputStream input = new PipedInputStream(never)) {
      assertThat(run("echo done", input)).isZero();
    }
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("done\n");
  }

  @Test
  void whatItLeavesRunningWithItsOutputOpenIsNotWaitedFor() throws Exception {
    Path pid = folder.resolve("pid");
    assertThat(run("sleep 600 & echo $! >" + pid + "; echo done", InputStream.nullInputStream()))
        .isZero();
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("done\n");
    ProcessHandle left = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).get();
    assertThat(left.isAlive()).as("what it left running runs on").isTrue();
    left.destroyForcibly();
  }

  @Test
  void whoIsInterruptedWhileItRunsKillsItAndWhatItStarted() throws Exception {
    Path pids = folder.resolve("pids");
    Thread runner =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    run(
                        "sleep 600 & echo $! $$ >"
                            + pids
                            + ".new; mv "
                            + pids
                            + ".new "
                            + pids
                            + "; wait",
                        InputStream.nullInputStream());
                  } catch (IOException | InterruptedException expected) {
                    // It was interrupted.
                  }
                });
    while (!Files.exists(pids)) {
      Thread.sleep(5);
    }
    runner.interrupt();
    assertThat(runner.join(Duration.ofSeconds(30))).isTrue();
    for (String pid : Files.readString(pids).strip().split(" ")) {
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(
              process ->
                  assertThat(process.onExit().orTimeout(30, TimeUnit.SECONDS))
                      .as("process %s", pid)
                      .succeedsWithin(Duration.ofSeconds(30)));
    }
  }

  @Test
  void aReaderThatIsSlowGetsAllThatWasWritten() throws Exception {
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) {
            output.write(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            try {
              // Longer than quiet is, with which something else might hold the output open.
              Thread.sleep(400);
            } catch (InterruptedException interrupted) {
              Thread.currentThread().interrupt();
            }
            output.write(bytes, offset, length);
          }
        };
    int status =
        ConnectedProgram.run(
            List.of("/bin/sh", "-c", "head -c 150000 /dev/zero"),
            InputStream.nullInputStream(),
            slow,
            errors);
    assertThat(status).isZero();
    assertThat(output.size()).isEqualTo(150_000);
  }

  @Test
  void aReaderThatIsGoneDoesNotHangIt() throws Exception {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("gone");
          }
        };
    int status =
        ConnectedProgram.run(
            List.of("/bin/sh", "-c", "yes"), InputStream.nullInputStream(), gone, errors);
    assertThat(status).as("yes(1) ends by SIGPIPE").isNotZero();
  }

  @Test
  void aProgramThatIsNotThereIsAFailureWithItsName() {
    assertThatThrownBy(
            () ->
                ConnectedProgram.run(
                    List.of("/nowhere/prog"), InputStream.nullInputStream(), output, errors))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nowhere/prog");
  }
}
