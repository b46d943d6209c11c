package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.Usage;
import io.gaol.jail.RctlResource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RctlUsageTest {
  private static final String RCTL =
      "cputime=12\nmemoryuse=66592768\nswapuse=4096\nnthr=3\nreadbps=17\nwallclock=99\n";

  @Test
  void theUseOfAJailIsTheKernelsAccountAndThatOfItsProcessesPss() {
    Usage usage = RctlUsage.of(RCTL, " 215 1652 0:00.25\n 216 100 1:02.00\n");
    assertThat(usage.cpu().total()).contains(Duration.ofMillis(62_250));
    assertThat(usage.memory().rss()).isEqualTo(OptionalLong.of(66592768));
    assertThat(usage.memory().swap()).isEqualTo(OptionalLong.of(4096));
    assertThat(usage.processes()).containsOnlyKeys(215L, 216L);
    assertThat(usage.processes().get(215L).memory().rss()).isEqualTo(OptionalLong.of(1652 * 1024));
    assertThat(usage.processes().get(216L).cpu().total()).contains(Duration.ofSeconds(62));
  }

  @Test
  void timeOfProcessesThatHaveEndedIsInTheAccountAlone() {
    assertThat(RctlUsage.of(RCTL, " 215 1652 0:00.25\n").cpu().total())
        .contains(Duration.ofSeconds(12));
  }

  @Test
  void withoutAccountsTheProcessesAreAllThereIs() {
    Usage usage = RctlUsage.of("", "7 10 0:01.50\n");
    assertThat(usage.cpu().total()).contains(Duration.ofMillis(1500));
    assertThat(usage.memory().rss()).isEqualTo(OptionalLong.of(10 * 1024));
    assertThat(usage.memory().swap()).isEmpty();
  }

  @Test
  void ratesThatTheKernelTellsAsSuchAreNoSums() {
    assertThat(RctlUsage.resourceUse(RCTL, EnumSet.allOf(RctlResource.class)).jail())
        .containsEntry(RctlResource.CPUTIME, 12_000_000L)
        .containsEntry(RctlResource.PCPU, 12_000_000L)
        .containsEntry(RctlResource.WALLCLOCK, 99_000_000L)
        .containsEntry(RctlResource.NTHR, 3L)
        .doesNotContainKey(RctlResource.READBPS);
  }
}
