package io.gaol.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.engine.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformsTest {
  /** Of what is asked for, the environment and the operating system: the first that says so. */
  @ParameterizedTest
  @CsvSource({
    "freebsd, linux, Linux, freebsd",
    "linux, freebsd, FreeBSD, linux",
    "linux, nonsense, FreeBSD, linux",
    "'', freebsd, Linux, freebsd",
    "'', linux, FreeBSD, linux",
    "'', '', Linux, linux",
    "'', '', FreeBSD, freebsd",
    "freebsd, '', Plan 9, freebsd",
    "'', freebsd, Plan 9, freebsd"
  })
  void whoIsAskedFirstDecides(String asked, String variable, String system, String host) {
    assertThat(
            Platforms.name(
                Optional.of(asked).filter(name -> !name.isEmpty()),
                Map.of(Platforms.VARIABLE, variable),
                system))
        .isEqualTo(host);
  }

  @Test
  void anEnvironmentThatNamesNoHostIsToldSo() {
    assertThatThrownBy(
            () -> Platforms.name(Optional.empty(), Map.of(Platforms.VARIABLE, "freebs"), "Linux"))
        .hasMessage(
            "GAOL_HOST takes freebsd or linux, but \"freebs\" is given. Did you mean \"freebsd\"?");
  }

  @Test
  void aSystemWithoutJailsIsToldSo() {
    assertThatThrownBy(() -> Platforms.name(Optional.empty(), Map.of(), "Plan 9"))
        .hasMessage("jails do not run on Plan 9, only on FreeBSD and Linux");
  }

  @Test
  void eachNameIsThatOfAPlatformWithADirectoryOfItsOwn() {
    List<Platform> all = Platforms.NAMES.stream().map(Platforms::named).toList();
    assertThat(all).extracting(Platform::name).isEqualTo(Platforms.NAMES);
    assertThat(all)
        .extracting(Platform::defaultStateDirectory)
        .containsExactly(Path.of("/var/db/gaol"), Path.of("/var/lib/gaol"));
  }
}
