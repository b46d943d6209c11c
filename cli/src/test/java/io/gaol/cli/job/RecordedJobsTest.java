package io.gaol.cli.job;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gaol.cli.language.JobInput;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Job files of ours mean what they mean to Nomad: what the job parser of Nomad 2.0.5 made of them,
 * defaults included, was recorded.
 */
class RecordedJobsTest {
  private static final String REFUSED = "refused";

  private static final String SERVER_REFUSES = "Nomad's parser takes it, and its server refuses it";

  /** Where we mean to differ, and why. */
  private static final Map<String, String> DIFFERENT =
      Map.ofEntries(
          entry("volumes-of-a-storage-plugin", "takes a cluster"),
          entry("duration-negative", "a task cannot be given less than no time to end"),
          entry("job-type-that-is-none", SERVER_REFUSES),
          entry("task-without-a-driver", SERVER_REFUSES),
          entry("two-tasks-of-one-name", SERVER_REFUSES),
          entry("config-attribute-twice", "repeated keys of old jobs are a list, with a warning"),
          entry("hcl1-repeated-key", "repeated keys of old jobs are a list, with a warning"),
          entry(
              "config-with-dynamic-blocks", "Nomad takes it for a key, and the driver refuses it"),
          entry("variable-that-is-sensitive", "Nomad has no sensitive variables"));

  /**
   * What we do not get right yet, and why. It can only shrink: the test of a job that agrees, and
   * is still on this list, fails.
   */
  private static final Map<String, String> NOT_YET = Map.of();

  @TestFactory
  Stream<DynamicTest> aJobMeansWhatItMeansToNomad() throws IOException, URISyntaxException {
    return files().stream()
        .map(file -> dynamicTest(nameOf(file), () -> check(RecordedJob.of(file))));
  }

  @Test
  void theListsNameJobsThatThereAre() throws IOException, URISyntaxException {
    List<String> names = files().stream().map(RecordedJobsTest::nameOf).toList();
    assertThat(names).containsAll(DIFFERENT.keySet()).containsAll(NOT_YET.keySet());
  }

  private static List<Path> files() throws IOException, URISyntaxException {
    Path folder = Path.of(RecordedJobsTest.class.getResource("recorded").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".hcl")).sorted().toList();
    }
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.hcl$", "");
  }

  private static void check(RecordedJob recorded) {
    String name = nameOf(recorded.file());
    String expected = recorded.nomads().map(RecordedJob::lines).orElse(REFUSED);
    String actual;
    String why = "";
    try {
      Job job = JobParser.parse(JobInput.of(recorded.file().toString(), recorded.variables()));
      actual = RecordedJob.lines(RecordedJob.show(job));
    } catch (JobException refusal) {
      actual = REFUSED;
      why = refusal.getMessage();
    }
    if (DIFFERENT.containsKey(name)) {
      assertThat(actual).as("%s is like Nomad: take it off DIFFERENT", name).isNotEqualTo(expected);
    } else if (NOT_YET.containsKey(name)) {
      assertThat(actual).as("%s agrees now: take it off NOT_YET", name).isNotEqualTo(expected);
    } else {
      assertThat(actual).as("%s %s", name, why).isEqualTo(expected);
    }
  }
}
