package io.gaol.engine;

import static io.gaol.engine.WatchedRule.By.KERNEL;
import static io.gaol.engine.WatchedRule.By.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.jail.JailName;
import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlSubject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LimitWatchTest {
  private static final JailName WEB = new JailName("web");
  private static final long SECOND = 1_000_000_000;

  private final FakeHost host = new FakeHost();
  private final List<String> told = new ArrayList<>();
  private LimitWatch watch;
  private long time;

  private static WatchedRule rule(String rule, WatchedRule.By by) {
    RctlRule parsed = RctlRule.parse(rule);
    return new WatchedRule(parsed, parsed.per(), by);
  }

  private void watch(WatchedRule... rules) {
    watch(true, rules);
  }

  private void watch(boolean fromStart, WatchedRule... rules) {
    watch =
        new LimitWatch(
            WEB, host.jail(WEB), List.of(rules), fromStart, event -> told.add(event.message()));
  }

  private static ResourceUse.OfProcess process(long pid, RctlResource resource, long used) {
    return new ResourceUse.OfProcess(pid, pid * 10, "p" + pid, pid == 1, Map.of(resource, used));
  }

  /** What a look told, and the signals that it sent. */
  private List<String> look(ResourceUse use) throws InterruptedException {
    told.clear();
    host.asked.clear();
    host.used = Optional.of(use);
    watch.look();
    return Stream.concat(host.asked.stream(), told.stream()).toList();
  }

  private List<String> look(RctlResource resource, long used, ResourceUse.OfProcess... processes)
      throws InterruptedException {
    time += SECOND;
    return look(
        new ResourceUse(time, Map.of(resource, used), Map.of(), List.of(processes), Map.of()));
  }

  private List<String> lookAtHits(RctlResource resource, long hits) throws InterruptedException {
    return look(
        new ResourceUse(0, Map.of(resource, 7L), Map.of(), List.of(), Map.of(resource, hits)));
  }

  @Test
  void logIsToldOnceForEachTimeTheUseIsOver() throws InterruptedException {
    watch(rule("memoryuse:log=1M", WATCH));

    assertThat(look(RctlResource.MEMORYUSE, 1 << 20)).as("not more than the amount").isEmpty();
    assertThat(look(RctlResource.MEMORYUSE, 2 << 20))
        .containsExactly("rctl: rule \"jail:web:memoryuse:log=1M\" matched: 2.0M used");
    assertThat(look(RctlResource.MEMORYUSE, 3 << 20)).isEmpty();
    assertThat(look(RctlResource.MEMORYUSE, 0)).isEmpty();
    assertThat(look(RctlResource.MEMORYUSE, 2 << 20)).hasSize(1);
  }

  @Test
  void aSignalOfTheJailIsForTheProcessThatUsesMostAndForTheNextWhenThatIsGone()
      throws InterruptedException {
    watch(rule("memoryuse:sigterm=10", WATCH));
    ResourceUse.OfProcess small = process(1, RctlResource.MEMORYUSE, 5);
    ResourceUse.OfProcess big = process(2, RctlResource.MEMORYUSE, 20);

    assertThat(look(RctlResource.MEMORYUSE, 25, small, big))
        .containsExactly(
            "signal SIGTERM pid 2 (p2)",
            "rctl: rule \"jail:web:memoryuse:sigterm=10\" matched: 25 used; SIGTERM sent to pid 2"
                + " (p2)");
    assertThat(look(RctlResource.MEMORYUSE, 25, small, big)).as("it may take its time").isEmpty();
    assertThat(look(RctlResource.MEMORYUSE, 11, small)).contains("signal SIGTERM pid 1 (p1)");
    assertThat(look(RctlResource.MEMORYUSE, 11)).as("nobody is left").isEmpty();
  }

  @Test
  void whereNoProcessIsKnownToUseMoreItIsTheMainOneAndAllWhenTheTimeIsUp()
      throws InterruptedException {
    ResourceUse.OfProcess other = process(2, RctlResource.CPUTIME, 0);
    ResourceUse.OfProcess main = process(1, RctlResource.CPUTIME, 0);
    watch(rule("nshm:sigusr1=1", WATCH));
    assertThat(look(RctlResource.NSHM, 2, other, main)).contains("signal SIGUSR1 pid 1 (p1)");

    watch(rule("wallclock:sigkill=1", WATCH));
    assertThat(look(RctlResource.WALLCLOCK, 1_000_001, other, main)).contains("signal SIGKILL web");
    assertThat(look(RctlResource.WALLCLOCK, 2_000_001, other, main)).isEmpty();
  }

  @Test
  void aRuleOfEachProcessActsOnEachThatIsOverOnce() throws InterruptedException {
    watch(rule("openfiles:sigusr2=10/process", WATCH));
    ResourceUse.OfProcess one = process(1, RctlResource.OPENFILES, 11);
    ResourceUse.OfProcess two = process(2, RctlResource.OPENFILES, 12);
    ResourceUse.OfProcess three = process(3, RctlResource.OPENFILES, 10);

    assertThat(look(RctlResource.OPENFILES, 33, one, three))
        .containsExactly(
            "signal SIGUSR2 pid 1 (p1)",
            "rctl: rule \"jail:web:openfiles:sigusr2=10/process\" matched by pid 1 (p1): 11 used;"
                + " SIGUSR2 sent to pid 1 (p1)");
    assertThat(look(RctlResource.OPENFILES, 33, one, two, three))
        .contains("signal SIGUSR2 pid 2 (p2)")
        .doesNotContain("signal SIGUSR2 pid 1 (p1)");
    ResourceUse.OfProcess another =
        new ResourceUse.OfProcess(1, 99, "q", true, Map.of(RctlResource.OPENFILES, 11L));
    assertThat(look(RctlResource.OPENFILES, 33, another))
        .as("another with that number")
        .contains("signal SIGUSR2 pid 1 (q)");
  }

  @Test
  void aRateIsThatSinceTheLookBefore() throws InterruptedException {
    watch(rule("pcpu:log=50", WATCH), rule("writebps:throttle=100", KERNEL));

    assertThat(look(RctlResource.PCPU, 5_000_000)).as("nothing to compare with").isEmpty();
    assertThat(look(RctlResource.PCPU, 5_400_000)).as("40 %").isEmpty();
    assertThat(look(RctlResource.PCPU, 6_000_000))
        .containsExactly("rctl: rule \"jail:web:pcpu:log=50\" matched: 60 % used");

    assertThat(look(RctlResource.WRITEBPS, 1000)).isEmpty();
    assertThat(look(RctlResource.WRITEBPS, 1089)).isEmpty();
    assertThat(look(RctlResource.WRITEBPS, 1180))
        .as("a throttled average stays a little below")
        .hasSize(1);
  }

  @Test
  void whatTheKernelCountsIsToldWhenItBegins() throws InterruptedException {
    watch(rule("maxproc:deny=7", KERNEL));

    assertThat(lookAtHits(RctlResource.MAXPROC, 0)).isEmpty();
    assertThat(lookAtHits(RctlResource.MAXPROC, 3))
        .containsExactly(
            "rctl: rule \"jail:web:maxproc:deny=7\" matched: 3 times by the kernel's count, 7 used"
                + " now");
    assertThat(lookAtHits(RctlResource.MAXPROC, 9)).as("still at it").isEmpty();
    assertThat(lookAtHits(RctlResource.MAXPROC, 9)).isEmpty();
    assertThat(lookAtHits(RctlResource.MAXPROC, 10)).hasSize(1);
  }

  @Test
  void aShareOfTheCpusIsReachedWhenTheKernelHoldsItBackOften() throws InterruptedException {
    watch(rule("pcpu:deny=20", KERNEL));

    assertThat(lookAtHits(RctlResource.PCPU, 2)).as("a burst").isEmpty();
    assertThat(lookAtHits(RctlResource.PCPU, 10)).hasSize(1);
    assertThat(lookAtHits(RctlResource.PCPU, 11)).as("on and on").isEmpty();
    assertThat(lookAtHits(RctlResource.PCPU, 20)).isEmpty();
    assertThat(lookAtHits(RctlResource.PCPU, 20)).isEmpty();
    assertThat(lookAtHits(RctlResource.PCPU, 26)).hasSize(1);
  }

  @Test
  void whatWasCountedBeforeATaskWasTakenOverIsNoNews() throws InterruptedException {
    watch(false, rule("maxproc:deny=7", KERNEL));

    assertThat(lookAtHits(RctlResource.MAXPROC, 3)).isEmpty();
    assertThat(lookAtHits(RctlResource.MAXPROC, 4)).hasSize(1);
  }

  @Test
  void whatTheKernelHoldsIsToldWhereItIsSeenAtTheLimitAndNothingIsSent()
      throws InterruptedException {
    watch(rule("openfiles:deny=10/process", KERNEL), rule("vmemoryuse:deny=1000/process", KERNEL));

    assertThat(look(RctlResource.OPENFILES, 9, process(1, RctlResource.OPENFILES, 9))).isEmpty();
    assertThat(look(RctlResource.OPENFILES, 10, process(1, RctlResource.OPENFILES, 10)))
        .containsExactly(
            "rctl: rule \"jail:web:openfiles:deny=10/process\" matched by pid 1 (p1): 10 used");
    assertThat(look(RctlResource.VMEMORYUSE, 989, process(1, RctlResource.VMEMORYUSE, 989)))
        .isEmpty();
    assertThat(look(RctlResource.VMEMORYUSE, 990, process(1, RctlResource.VMEMORYUSE, 990)))
        .hasSize(1);
  }

  @Test
  void whoIsKilledAtItsCpuTimeIsToldWhenItIsGone() throws InterruptedException {
    watch(rule("cputime:sigkill=10/process", KERNEL));
    ResourceUse.OfProcess near = process(1, RctlResource.CPUTIME, 9_500_000);
    ResourceUse.OfProcess far = process(2, RctlResource.CPUTIME, 1_000_000);

    assertThat(look(RctlResource.CPUTIME, 0, near, far)).isEmpty();
    assertThat(look(RctlResource.CPUTIME, 0))
        .containsExactly(
            "rctl: rule \"jail:web:cputime:sigkill=10/process\" matched by pid 1 (p1), likely: it"
                + " ended after 9.5 s used");
  }

  @Test
  void aRateThatStaysNearItsLimitIsToldOnce() throws InterruptedException {
    watch(rule("pcpu:deny=20", KERNEL));
    List<String> all = new ArrayList<>();
    long used = 0;
    for (int percent : new int[] {0, 19, 17, 20, 12, 20}) {
      used += percent * 10_000L;
      all.addAll(look(RctlResource.PCPU, used));
    }

    assertThat(all).hasSize(1);
    assertThat(look(RctlResource.PCPU, used + 50_000)).as("5 %").isEmpty();
    assertThat(look(RctlResource.PCPU, used + 250_000)).as("20 %").hasSize(1);
  }

  @Test
  void rulesOutliveWhoeverWatchesThem() {
    List<WatchedRule> rules =
        List.of(
            rule("memoryuse:sigkill=512M", WATCH),
            new WatchedRule(RctlRule.parse("openfiles:deny=500"), RctlSubject.PROCESS, KERNEL));

    assertThat(WatchedRules.fromJson(WatchedRules.toJson(rules))).isEqualTo(rules);
    assertThatThrownBy(() -> WatchedRules.fromJson("{\"rules\": [{}]}"))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> rule("memoryuse:deny=1M", WATCH))
        .hasMessageContaining("a watch cannot deny");
  }

  @Test
  void aPlanSaysWhatIsWatchedAndHowOften() {
    assertThat(
            PlanPrinter.text(
                new Plan(
                    WEB,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    "SIGTERM",
                    Duration.ofSeconds(5),
                    List.of(),
                    List.of(),
                    List.of(rule("memoryuse:sigkill=512M", WATCH))),
                host))
        .contains(
            """
              while it runs, looked at every 1 s
                jail:web:memoryuse:sigkill=512M: SIGKILL to the process that uses most, once for each time it is over
            """);
  }
}
