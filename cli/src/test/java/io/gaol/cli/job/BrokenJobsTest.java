package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gaol.cli.language.JobInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is said of jobs with one thing wrong: all of it, and nothing else. */
class BrokenJobsTest {
  @TempDir Path folder;

  private record Case(String job, String complaints) {}

  private static List<Case> cases() throws IOException {
    try (InputStream table = BrokenJobsTest.class.getResourceAsStream("broken.txt")) {
      List<Case> cases = new ArrayList<>();
      for (String one :
          new String(table.readAllBytes(), StandardCharsets.UTF_8).split("=====\n", -1)) {
        String[] parts = one.split("--->\n", -1);
        cases.add(new Case(parts[0], parts[1].strip()));
      }
      return cases;
    }
  }

  @TestFactory
  Stream<DynamicTest> aBrokenJobIsComplainedOfByName() throws IOException {
    return cases().stream().map(one -> dynamicTest(one.complaints(), () -> check(one)));
  }

  private void check(Case broken) throws IOException {
    Path file = folder.resolve("job.hcl");
    Files.writeString(file, broken.job());
    JobValidator.Report report =
        new JobValidator().validate(JobInput.of(file.toString(), Map.of()));
    String complaints =
        report.errors().stream()
            .map(error -> error.line() + ":" + error.column() + ": " + error.message())
            .collect(Collectors.joining("\n"))
            .replace(folder.toString(), "FOLDER");

    assertThat(complaints).isEqualTo(broken.complaints());
    assertThat(report.isValid()).isFalse();
  }

  @Test
  void thereAreEnoughBrokenJobs() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(60);
  }
}
