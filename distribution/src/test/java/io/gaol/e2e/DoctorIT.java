package io.gaol.e2e;

import static io.gaol.e2e.Command.GAOL_HOME;
import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code gaol doctor} says of this host. */
@RequiresLinuxRoot
class DoctorIT {
  private static final Path GAOL = GAOL_HOME.resolve("bin/gaol");

  @Test
  void aHostThatCanMakeJailsIsToldInAlignedColumnsAndIsASuccess() {
    Outcome outcome = Command.of(GAOL, "doctor").run();
    assertThat(outcome.status()).as("%s", outcome).isZero();
    assertThat(outcome.stderr()).isEmpty();
    List<String> lines = outcome.stdout().lines().toList();
    assertThat(lines.getFirst())
        .matches("kernel +ok +Linux " + System.getProperty("os.version").replace(".", "\\."));
    int state = lines.getFirst().indexOf("  ok") + 2;
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.substring(state)).matches("(ok|warning) .*"));
    for (String what : List.of("root", "crun", "control groups", "memory controller", "ip")) {
      assertThat(lines).anySatisfy(line -> assertThat(line).startsWith(what + " "));
    }
  }

  @Test
  void withoutRootItSaysSoAndIsAFailure() {
    Outcome outcome =
        Command.of(
                Path.of("/usr/bin/setpriv"),
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                GAOL.toString(),
                "doctor")
            .run();
    assertThat(outcome.status()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.stdout().lines())
        .filteredOn(line -> line.contains(" missing "))
        .singleElement()
        .asString()
        .matches("root +missing +jails need root +run gaol as root \\(sudo\\)");
  }

  @Test
  void jsonHasEachThingWithItsStateAndItsFix() {
    Outcome outcome = Command.of(GAOL, "doctor", "--json").run();
    assertThat(outcome.status()).isZero();
    assertThat(outcome.stdout())
        .startsWith("[\n")
        .contains("\"what\": \"crun\"", "\"state\": \"ok\"", "\"found\": ", "\"fix\": \"\"");
  }
}
