package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a task writes comes out as it was written. */
@RequiresLinuxRoot
class OutputIT {
  private static final String PREFIX = "task | ";

  @RegisterExtension private final Workplace work = new Workplace();

  @Test
  void theStreamsStayApartAndEachLineSaysWhoWroteIt() {
    Outcome outcome = work.job(JobText.script("echo to stdout; echo to stderr >&2")).run();
    assertThat(outcome.stdout()).isEqualTo("task | to stdout\n");
    assertThat(outcome.stderr().lines())
        .containsOnlyOnce("task | to stderr")
        .doesNotContain("task | to stdout");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void whatGaolHasToSayIsOnStandardError() {
    Outcome outcome = work.job(JobText.script("true")).run();
    assertThat(outcome.stdout()).isEmpty();
    assertThat(outcome.stderr().lines())
        .containsSubsequence("gaol: task: started", "gaol: task: exit status 0");
  }

  @Test
  void aHundredThousandLinesOfEachStreamComeWholeAndInOrder() {
    Outcome outcome =
        work.job(
                JobText.script(
                    """
                    seq -f 'out %.0f' 100000 &
                    seq -f 'err %.0f' 100000 >&2
                    wait
                    """))
            .run();
    assertThat(outcome.status()).isZero();
    assertThat(outcome.stdout().lines().toList()).isEqualTo(numbered("out"));
    assertThat(outcome.stderr().lines().filter(line -> line.startsWith(PREFIX)).toList())
        .isEqualTo(numbered("err"));
  }

  private static List<String> numbered(String stream) {
    return IntStream.rangeClosed(1, 100_000)
        .mapToObj(number -> PREFIX + stream + " " + number)
        .toList();
  }

  @Test
  void aLineOfFiveMegabytesLosesNothing() {
    int length = 5 * 1024 * 1024;
    Outcome outcome =
        work.job(
                JobText.jail(
                    """
                    command = "/usr/bin/perl"
                    args    = ["-e", "print 'x' x %d, qq(end\\n)"]
                    """
                        .formatted(length)))
            .run();
    assertThat(outcome.status()).isZero();
    // A line of more than a megabyte may come in pieces, each with the prefix.
    assertThat(outcome.stdout().replace("\n", "").replace(PREFIX, ""))
        .isEqualTo("x".repeat(length) + "end");
  }

  @Test
  void bytesThatAreNoTextStayAsTheyAre() {
    GaolJob.Running running =
        work.job(
                JobText.jail(
                    """
                    command = "/usr/bin/perl"
                    args    = ["-e", "print map { chr } 0..255, 10"]
                    """))
            .start();
    assertThat(running.await().status()).isZero();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(PREFIX.getBytes(StandardCharsets.US_ASCII));
    for (int value = 0; value < 256; value++) {
      expected.write(value);
      if (value == '\n') {
        expected.writeBytes(PREFIX.getBytes(StandardCharsets.US_ASCII));
      }
    }
    expected.write('\n');
    assertThat(running.stdoutBytes()).isEqualTo(expected.toByteArray());
  }

  @Test
  void aLastLineWithoutItsEndIsShown() {
    assertThat(work.job(JobText.script("printf 'no end'")).run().stdout())
        .isEqualTo("task | no end\n");
  }

  @Test
  void outputComesWhileTheTaskRuns() {
    GaolJob.Running running = work.job(JobText.script("echo now; exec sleep 600")).start();
    running.awaitLine("task | now");
    assertThat(running.runs()).isTrue();
    running.signal("INT").await();
  }

  @Test
  void whatAProcessWritesThatOutlivesTheMainProcessIsNotWaitedFor() {
    Outcome outcome = work.job(JobText.script("sleep 600 & echo the main process ends")).run();
    assertThat(outcome.stdout()).isEqualTo("task | the main process ends\n");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void standardInputIsEmpty() {
    assertThat(work.job(JobText.script("wc -c; readlink /proc/self/fd/0")).run().stdout())
        .isEqualTo("task | 0\ntask | /dev/null\n");
  }

  @Test
  void aLinkMayLeadToTheStateDirectory() throws IOException {
    Path link = work.directory().resolve("link");
    Files.createSymbolicLink(link, work.stateDirectory());
    Outcome job = work.job(JobText.script("echo said; echo told >&2")).in(link).run();
    assertThat(job.stdout()).isEqualTo("task | said\n");
    assertThat(job.stderr()).contains("task | told\n");
    assertThat(job.status()).isZero();
    Outcome jail = work.gaolRun("host", "echo", "said").in(link).run();
    assertThat(jail.stdout()).isEqualTo("said\n");
    assertThat(jail.status()).as(jail.stderr()).isZero();
  }

  @Test
  void aTaskThatPutsLinksInPlaceOfItsLogsReachesNoFileOfTheHost() throws IOException {
    Path file = work.write("of-the-host", "untouched\n");
    Outcome outcome =
        work.job(
                JobText.script(
                    """
                    cd /alloc/logs
                    for log in .0.stdout.fifo .0.stderr.fifo; do
                      rm -f $log
                      ln -s %s $log
                    done
                    """
                        .formatted(file)))
            .run();
    assertThat(outcome.stdout()).doesNotContain("untouched");
    assertThat(file).hasContent("untouched");
    // And where the logs of a task really are, it sees nothing.
    assertThat(
            work.job(JobText.script("find /alloc /local /tmp /secrets -name '*.fifo'"))
                .run()
                .stdout())
        .isEmpty();
  }
}
