package io.gaol.e2e;

import static io.gaol.e2e.Command.GAOL_HOME;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each command says of itself. */
class HelpIT {
  private static final Path GAOL = GAOL_HOME.resolve("bin/gaol");

  private static Outcome gaol(String arguments, String last) {
    return Command.of(
            GAOL,
            Stream.concat(
                    Stream.of(arguments.split(" ")).filter(word -> !word.isEmpty()),
                    Stream.of(last))
                .toArray(String[]::new))
        .run();
  }

  @ParameterizedTest
  @CsvSource({
    "'', COMMAND",
    "job, COMMAND",
    "job run, --chroot-env",
    "job run, --host=HOST",
    "job plan, --json",
    "job plan, freebsd:14.3",
    "job validate, FILE...",
    "job fmt, -recursive",
    "job stop, NAME",
    "run, --jailparam",
    "run, --host=HOST",
    "params, PATTERN",
    "convert, --to",
    "usage, --human",
    "doctor, --json"
  })
  void helpIsPrintedAndIsNoFailure(String command, String mentions) {
    for (String option : new String[] {"--help", "-h"}) {
      Outcome outcome = gaol(command, option);

      assertThat(outcome.stdout())
          .startsWith(("Usage: gaol " + command).strip() + " ")
          .contains(mentions)
          .contains("-h, --help");
      assertThat(outcome.stderr()).isEmpty();
      assertThat(outcome.status()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "run"})
  void theVersionIsPrintedByGaolAndByRun(String command) {
    assertThat(gaol(command, "-V").stdout()).startsWith("gaol 0.1.0");
    assertThat(gaol(command, "--version").status()).isZero();
  }
}
