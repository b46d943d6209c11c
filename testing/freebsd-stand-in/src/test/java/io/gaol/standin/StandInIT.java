package io.gaol.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The stand-in's own tests, which are Python's: each is one here. */
class StandInIT {
  private static final Path PYTHON = Path.of("/usr/bin/python3");

  @TestFactory
  Stream<DynamicTest> ofTheStandIn() throws IOException, InterruptedException {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "needs a Linux host");
    Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    Assumptions.assumeTrue(Files.isExecutable(PYTHON), "needs python3: apt-get install python3");
    Process python =
        new ProcessBuilder(PYTHON.toString(), "-B", "-m", "tests")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<DynamicTest> tests = new ArrayList<>();
    try (BufferedReader lines = python.inputReader()) {
      lines.lines().forEach(line -> tests.add(test(line.split("\t", 3))));
    }
    assertThat(python.waitFor()).as("what runs the tests has come to its end").isZero();
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  /** Of what a line tells: how it ended, its name, and what was wrong. */
  private static DynamicTest test(String[] fields) {
    assertThat(fields).as("a line of a test").hasSize(3);
    return DynamicTest.dynamicTest(
        fields[1],
        () -> {
          Assumptions.assumeFalse(fields[0].equals("skipped"), fields[2]);
          assertThat(fields[0]).as(fields[2].replace("\\n", "\n")).isEqualTo("ok");
        });
  }
}
