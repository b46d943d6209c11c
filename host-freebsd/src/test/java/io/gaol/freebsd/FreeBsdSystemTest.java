package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.jail.FreeBsdRelease;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FreeBsdSystemTest {
  @Test
  void whatIdAndSysctlPrintTellsWhatAHostIs() throws IOException {
    FreeBsdSystem system =
        FreeBsdSystem.read(
            """
            0
            kern.osrelease: 12.2-RELEASE
            kern.racct.enable: 1
            kern.features.vimage: 1
            security.jail.jailed: 0
            kern.boottime: { sec = 1795438459, usec = 105499 } Mon Nov 23 12:54:19 2026
            security.jail.param.sysvshm.
            security.jail.param.allow.raw_sockets
            """);
    assertThat(system.release()).isEqualTo(new FreeBsdRelease(12, 2));
    assertThat(system.administrator()).isTrue();
    assertThat(system.jailed()).isFalse();
    assertThat(system.vimage()).isTrue();
    assertThat(system.racct()).contains(true);
    assertThat(system.parameters()).containsExactlyInAnyOrder("sysvshm.", "allow.raw_sockets");
    assertThat(system.boot()).isEqualTo(1795438459L);
  }

  @Test
  void aKernelWithoutRacctOrVimageLeavesTheirLinesOut() throws IOException {
    FreeBsdSystem system =
        FreeBsdSystem.read(
            """
            1001
            kern.osrelease: 14.3-RELEASE
            security.jail.jailed: 1
            kern.boottime: { sec = 5, usec = 0 } Thu Jan  1 00:00:05 1970
            """);
    assertThat(system.racct()).isEqualTo(Optional.empty());
    assertThat(system.vimage()).isFalse();
    assertThat(system.administrator()).isFalse();
    assertThat(FreeBsdReadiness.problems(system))
        .hasSize(2)
        .anySatisfy(problem -> assertThat(problem).contains("root"))
        .anySatisfy(problem -> assertThat(problem).contains("a jail itself"));
  }

  @Test
  void whatIsNoFreeBsdIsSaidToBeNone() {
    assertThatThrownBy(
            () -> FreeBsdSystem.read("0\nsysctl: cannot stat /proc/sys/kern/osrelease\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no release of FreeBSD")
        .hasMessageContaining("cannot stat");
  }
}
