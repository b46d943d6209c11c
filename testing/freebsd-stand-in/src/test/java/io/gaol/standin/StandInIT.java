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

  /** What a real machine printed, at the least, is to be printed here too. */
  private static final int AGREEING = 350;

  @TestFactory
  Stream<DynamicTest> ofTheStandIn() throws IOException, InterruptedException {
    return run("-B", "-m", "tests").stream().map(StandInIT::test);
  }

  @TestFactory
  Stream<DynamicTest> ofTheTranscripts() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Boolean.getBoolean("gaol.full"), "takes minutes: ./test --full");
    List<String[]> commands = run("-ISE", "replay.py", "--lines");
    long agreeing = commands.stream().filter(fields -> fields[0].equals("ok")).count();
    return Stream.concat(
        commands.stream().map(StandInIT::test),
        Stream.of(
            DynamicTest.dynamicTest(
                agreeing + " commands of the transcripts agree",
                () -> assertThat(agreeing).isGreaterThanOrEqualTo(AGREEING))));
  }

  /**
   * What a program of Python tells of its tests: of each how it ended, its name, what was wrong.
   */
  private static List<String[]> run(String... arguments) throws IOException, InterruptedException {
    // A Java of Linux on a FreeBSD says that it is on Linux.
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux") && !Files.exists(Path.of("/usr/sbin/jail")),
        "needs a Linux host");
    Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
    Assumptions.assumeTrue(Files.isExecutable(PYTHON), "needs python3: apt-get install python3");
    List<String> command = new ArrayList<>(List.of(PYTHON.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    if (Boolean.getBoolean("gaol.full")) {
      builder.environment().put("STAND_IN_MANY", "1");
    }
    Process python = builder.start();
    List<String[]> tests = new ArrayList<>();
    try (BufferedReader lines = python.inputReader()) {
      lines.lines().forEach(line -> tests.add(line.split("\t", 3)));
    }
    assertThat(python.waitFor()).as("what runs the tests has come to its end").isZero();
    assertThat(tests).isNotEmpty().allSatisfy(fields -> assertThat(fields).hasSize(3));
    return tests;
  }

  private static DynamicTest test(String[] fields) {
    return DynamicTest.dynamicTest(
        fields[1],
        () -> {
          Assumptions.assumeFalse(fields[0].equals("skipped"), fields[2]);
          assertThat(fields[0]).as(fields[2].replace("\\n", "\n")).isEqualTo("ok");
        });
  }
}
