package io.gaol.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.engine.ResourceUse;
import io.gaol.engine.Usage;
import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RctlUsageTest {
  private static final String RCTL =
      "cputime=12\nmemoryuse=66592768\nswapuse=4096\nnthr=3\npcpu=250\nreadbps=17\nwallclock=99\n";

  private static Usage usage(String rctl, String ps) {
    return RctlUsage.of(Instant.EPOCH, RctlUsage.amounts(rctl), RctlUsage.processes(ps));
  }

  @Test
  void theUseOfAJailIsTheKernelsAccountAndThatOfItsProcessesPss() {
    Usage usage = usage(RCTL, " 215 1652 0:00.25 web\n 216 100 1:02.00 web\n");
    assertThat(usage.cpu().total()).contains(Duration.ofMillis(62_250));
    assertThat(usage.memory().rss()).isEqualTo(OptionalLong.of(66592768));
    assertThat(usage.memory().swap()).isEqualTo(OptionalLong.of(4096));
    assertThat(usage.processes()).containsOnlyKeys(215L, 216L);
    assertThat(usage.processes().get(215L).memory().rss()).isEqualTo(OptionalLong.of(1652 * 1024));
    assertThat(usage.processes().get(216L).cpu().total()).contains(Duration.ofSeconds(62));
  }

  @Test
  void timeOfProcessesThatNobodyHasWaitedForIsInTheAccountAlone() {
    assertThat(usage(RCTL, " 215 1652 0:00.25 web\n").cpu().total())
        .contains(Duration.ofSeconds(12));
  }

  @Test
  void withoutAccountsTheProcessesAreAllThereIs() {
    Usage usage = usage("", "7 10 0:01.50 web\n");
    assertThat(usage.cpu().total()).contains(Duration.ofMillis(1500));
    assertThat(usage.memory().rss()).isEqualTo(OptionalLong.of(10 * 1024));
    assertThat(usage.memory().swap()).isEmpty();
  }

  @Test
  void theNameOfAJailIsTheRestOfTheLineWhateverIsInIt() {
    assertThat(RctlUsage.processes(" 215 1652 0:00.25 my web\n 1 8 0:00.01 -\nps: nonsense\n"))
        .extracting(RctlUsage.OfProcess::jail)
        .containsExactly("my web", "-");
  }

  @Test
  void theAccountsOfSeveralJailsAreToldApartByTheirFirstLine() {
    JailName web = new JailName("web");
    JailName mail = new JailName("mail");
    assertThat(RctlUsage.accounts(List.of(web, mail), "cputime=1\nnthr=2\ncputime=3\nnthr=4\n"))
        .containsEntry(web, Map.of("cputime", 1L, "nthr", 2L))
        .containsEntry(mail, Map.of("cputime", 3L, "nthr", 4L));
  }

  @Test
  void accountsThatMayBeOfAnotherJailAreNobodys() {
    List<JailName> two = List.of(new JailName("web"), new JailName("mail"));
    assertThat(RctlUsage.accounts(two, "rctl: failed\ncputime=3\nnthr=4\n")).isEmpty();
  }

  @Test
  void ratesThatTheKernelTellsAsSuchStayAsTheyAre() {
    ResourceUse use =
        RctlUsage.resourceUse(RctlUsage.amounts(RCTL), EnumSet.allOf(RctlResource.class));
    assertThat(use.since(Optional.of(use)).jail())
        .containsEntry(RctlResource.CPUTIME, 12_000_000L)
        .containsEntry(RctlResource.PCPU, 250_000_000L)
        .containsEntry(RctlResource.WALLCLOCK, 99_000_000L)
        .containsEntry(RctlResource.NTHR, 3L)
        .containsEntry(RctlResource.READBPS, 17L)
        .doesNotContainKey(RctlResource.WRITEBPS);
  }
}
