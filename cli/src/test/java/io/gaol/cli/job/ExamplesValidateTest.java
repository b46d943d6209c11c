package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.gaol.cli.language.JobInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ExamplesValidateTest {
  @TestFactory
  Stream<DynamicTest> everyExampleIsValid() throws IOException {
    Path examples = Path.of("").toAbsolutePath().getParent().resolve("examples");
    List<Path> files;
    try (Stream<Path> found = Files.walk(examples)) {
      files = found.filter(file -> file.toString().endsWith(".hcl")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(10);
    return files.stream()
        .map(file -> dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) {
    JobValidator.Report report =
        new JobValidator().validate(JobInput.of(file.toString(), Map.of()));
    assertThat(report.errors()).isEmpty();
  }
}
