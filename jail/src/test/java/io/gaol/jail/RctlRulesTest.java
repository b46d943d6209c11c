package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.RctlRules.OverMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RctlRulesTest {
  private static final OptionalLong NO_CEILING = OptionalLong.empty();

  @Test
  void twoRulesThatDenyTheSameAreRefusedAsTheKernelKeepsOne() {
    assertThat(RctlRules.problems(rules("maxproc:deny=5", "maxproc:log=3", "maxproc:deny=6")))
        .containsExactly(
            "the rules \"maxproc:deny=5\" and \"maxproc:deny=6\" deny the same at different"
                + " amounts: keep one");
  }

  @Test
  void rulesThatTheKernelKeepsBesideOneAnotherAreFine() {
    assertThat(
            RctlRules.problems(
                rules(
                    "maxproc:deny=5",
                    "maxproc:deny=5",
                    "maxproc:deny=3/user",
                    "nthr:deny=9",
                    "memoryuse:log=1M",
                    "memoryuse:log=2M")))
        .isEmpty();
  }

  @Test
  void memoryIsAHardLimitThatKillsAndASoftOneThatTells() {
    assertThat(texts(RctlRules.of(memory(300, 100), OverMemory.KILLED, NO_CEILING)))
        .containsExactly(
            "memoryuse:sigkill=300M",
            "memoryuse:log=100M",
            "memoryuse:devctl=100M",
            "memoryuse:log=300M");
  }

  @Test
  void withoutMemoryMaxBothLimitsAreTheSame() {
    assertThat(texts(RctlRules.of(memory(300, 0), OverMemory.KILLED, NO_CEILING)))
        .containsExactly("memoryuse:sigkill=300M", "memoryuse:log=300M", "memoryuse:devctl=300M");
  }

  @Test
  void theOperatorCanHaveTheJailPagedOutInstead() {
    assertThat(texts(RctlRules.of(memory(300, 100), OverMemory.PAGED_OUT, NO_CEILING)))
        .containsExactly(
            "memoryuse:deny=300M",
            "memoryuse:log=100M",
            "memoryuse:devctl=100M",
            "memoryuse:log=300M");
  }

  @Test
  void processesAndThreadsTogetherAreThreads() {
    Resources resources =
        new Resources(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            List.of(),
            OptionalLong.of(40));

    assertThat(texts(RctlRules.of(resources, OverMemory.KILLED, NO_CEILING)))
        .containsExactly("nthr:deny=40");
  }

  @Test
  void aShareOfTheCpuIsNoCeilingUnlessTheOperatorWantsOne() {
    assertThat(RctlRules.of(cpu(500), OverMemory.KILLED, NO_CEILING)).isEmpty();
    assertThat(RctlRules.of(cpu(500, 0, 3), OverMemory.KILLED, NO_CEILING)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"500, 2000, 25", "1, 3000, 1", "3001, 3000, 101", "6000, 2000, 300"})
  void aCeilingIsTheShareOfOneCoreRoundedUp(long shares, long megahertz, long percent) {
    assertThat(texts(RctlRules.of(cpu(shares), OverMemory.KILLED, OptionalLong.of(megahertz))))
        .containsExactly("pcpu:deny=" + percent);
  }

  @Test
  void theCeilingOfCoresIsTheirNumber() {
    assertThat(texts(RctlRules.of(cpu(500, 0, 3), OverMemory.KILLED, OptionalLong.of(2000))))
        .containsExactly("pcpu:deny=200");
  }

  @Test
  void whatIsNotLimitedHasNoRule() {
    assertThat(RctlRules.of(Resources.UNLIMITED, OverMemory.KILLED, OptionalLong.of(2000)))
        .isEmpty();
  }

  @Test
  void ofTwoOriginsTheLowerAmountHolds() {
    List<RctlRule> ofResources = rules("memoryuse:deny=300M", "nthr:deny=40", "memoryuse:log=1M");

    assertThat(
            texts(
                RctlRules.together(
                    ofResources,
                    rules("memoryuse:deny=1G", "nthr:deny=20", "memoryuse:log=1M", "nsem:deny=1"))))
        .containsExactly("memoryuse:deny=300M", "memoryuse:log=1M", "nthr:deny=20", "nsem:deny=1");
  }

  private static List<RctlRule> rules(String... texts) {
    return Arrays.stream(texts).map(RctlRule::parse).toList();
  }

  private static List<String> texts(List<RctlRule> rules) {
    return rules.stream().map(RctlRule::toString).toList();
  }

  private static Resources memory(long hard, long soft) {
    return new Resources(
        Optional.of(Bytes.ofMebibytes(hard)),
        soft == 0 ? Optional.empty() : Optional.of(Bytes.ofMebibytes(soft)),
        OptionalLong.empty(),
        List.of(),
        OptionalLong.empty());
  }

  private static Resources cpu(long shares, Integer... cores) {
    return new Resources(
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(shares),
        List.of(cores),
        OptionalLong.empty());
  }
}
