package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MaskedPathsTest {

  @Test
  void hideWhatShowsTheKernel() {
    assertThat(MaskedPaths.hiddenBelowProc("/proc"))
        .contains("/proc/kcore", "/proc/keys", "/proc/kallsyms", "/proc/kmsg", "/proc/scsi");
    assertThat(MaskedPaths.hiddenBelowSys("/sys")).contains("/sys/firmware");
  }

  @Test
  void protectWhatChangesTheKernel() {
    assertThat(MaskedPaths.readOnlyBelowProc("/proc"))
        .containsExactly(
            "/proc/asound",
            "/proc/bus",
            "/proc/fs",
            "/proc/irq",
            "/proc/pressure",
            "/proc/sys",
            "/proc/sysrq-trigger");
  }

  @Test
  void followEachMountOfTheFileSystem() {
    assertThat(MaskedPaths.readOnlyBelowProc("/compat/linux/proc"))
        .contains("/compat/linux/proc/sys");
  }

  @Test
  void neverHideAndProtectTheSamePath() {
    assertThat(MaskedPaths.hiddenBelowProc("/proc"))
        .doesNotContainAnyElementsOf(MaskedPaths.readOnlyBelowProc("/proc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "proc", "/", "/proc/"})
  void needAnAbsoluteMountPoint(String mountPoint) {
    assertThatThrownBy(() -> MaskedPaths.hiddenBelowProc(mountPoint))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
