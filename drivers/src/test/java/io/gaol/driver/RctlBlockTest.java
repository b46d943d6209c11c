package io.gaol.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gaol.jail.RctlResource;
import io.gaol.jail.RctlRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RctlBlockTest {
  private final ConfigReader reader = new ConfigReader(Map.of());

  @ParameterizedTest
  @EnumSource(RctlResource.class)
  void everyResourceOfTheSeedsIsReadInTheirLetterCaseAndInLowerCase(RctlResource resource) {
    String keyword = resource.keyword();
    String capital = keyword.substring(0, 1).toUpperCase(Locale.ROOT) + keyword.substring(1);

    assertThat(rules(Map.of(capital, Map.of("Action", "log", "Amount", "5"))))
        .containsExactly(keyword + ":log=5");
    assertThat(rules(Map.of(keyword, Map.of("action", "log", "amount", "5"))))
        .containsExactly(keyword + ":log=5");
    assertNoProblem();
  }

  @Test
  void oldDriverJ6AndJ8NsemAndDatasizeAreNotIgnored() {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("Nsem", Map.of("Action", "deny", "Amount", "5"));
    block.put("Datasize", Map.of("Action", "deny", "Amount", "64M"));

    assertThat(rules(block)).containsExactly("nsem:deny=5", "datasize:deny=64M");
  }

  @Test
  void oldDriverJ37AnAmountWithoutPerIsInTheRule() {
    assertThat(rules(Map.of("Cputime", Map.of("Action", "sigterm", "Amount", "60"))))
        .containsExactly("cputime:sigterm=60");
    assertThat(rules(Map.of("Stacksize", Map.of("Action", "deny", "Amount", "8M"))))
        .containsExactly("stacksize:deny=8M");
  }

  @Test
  void oldDriverJ38MemoryuseWithPerHasNoTrailingEquals() {
    assertThat(
            rules(Map.of("Memoryuse", Map.of("Action", "deny", "Amount", "1G", "Per", "process"))))
        .containsExactly("memoryuse:deny=1G/process");
  }

  @Test
  void oldDriverJ39CoredumpsizeHasItsOwnAmount() {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("Stacksize", Map.of("Action", "deny", "Amount", "8M"));
    block.put("Coredumpsize", Map.of("Action", "deny", "Amount", "1M"));

    assertThat(rules(block)).containsExactly("stacksize:deny=8M", "coredumpsize:deny=1M");
  }

  @Test
  void oldDriverJ40EachRuleIsThereOnceAndInItsOrder() {
    Map<String, Object> block = new LinkedHashMap<>();
    List<String> expected = new ArrayList<>();
    for (RctlResource resource : RctlResource.values()) {
      block.put(resource.keyword(), Map.of("Action", "devctl", "Amount", "7"));
      expected.add(resource.keyword() + ":devctl=7");
    }

    assertThat(rules(block)).isEqualTo(expected);
  }

  @Test
  void oldDriverJ41AnAmountIsReadWithoutTheHostsHelp() {
    assertThat(rules(Map.of("Vmemoryuse", Map.of("Action", "deny", "Amount", "1gb"))))
        .containsExactly("vmemoryuse:deny=1G");
  }

  @Test
  void aResourceMayBeGivenSeveralTimesAndAnAmountAsANumber() {
    assertThat(
            rules(
                Map.of(
                    "Memoryuse",
                    List.of(
                        Map.of("Action", "log", "Amount", 1024L),
                        Map.of("Action", "Deny", "Amount", "2K", "Per", "USER")))))
        .containsExactly("memoryuse:log=1K", "memoryuse:deny=2K/user");
  }

  @Test
  void whatABlockLeavesOutIsNull() {
    Map<String, Object> setting = new LinkedHashMap<>();
    setting.put("Action", "deny");
    setting.put("Amount", "5");
    setting.put("Per", null);
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("Maxproc", setting);
    block.put("Nthr", null);

    assertThat(rules(block)).containsExactly("maxproc:deny=5");
    assertNoProblem();
  }

  @Test
  void everyProblemNamesTheResourceAsItWasWritten() {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("Maxprok", Map.of("Action", "denny", "Amount", "010"));
    block.put("Nthr", Map.of("Action", "deny"));
    block.put("Openfiles", Map.of("Action", "deny", "Amont", "5", "Amount", "5"));
    block.put("Swapuse", Map.of("Action", "deny", "Amount", List.of("5")));
    block.put("Cputime", "5");

    assertThat(rules(block)).isEmpty();
    assertThat(problems())
        .containsExactly(
            "Rctl.Maxprok: rctl(8) knows no resource \"Maxprok\". Did you mean \"maxproc\"?",
            "Rctl.Maxprok: rctl(8) knows no action \"denny\". Did you mean \"deny\"?",
            "Rctl.Maxprok: the amount \"010\" is octal to rctl(8), which reads it as 8; write 8 or"
                + " 10",
            "Rctl.Nthr needs both Action and Amount",
            "Rctl.Openfiles knows Action, Amount and Per, but not Amont. Did you mean \"Amount\"?",
            "Rctl.Swapuse.Amount takes one text, but a list is given",
            "Rctl takes blocks, as Rctl = { Openfiles = { Action = \"deny\", Amount = \"500\" } },"
                + " but the text \"5\" is given");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxproc:denny=5 | rctl_rules: \"maxproc:denny=5\": rctl(8) knows no action \"denny\". Did"
            + " you mean \"deny\"?",
        "cputime:deny=5 | rctl_rules: \"cputime:deny=5\": the kernel cannot deny cputime: use a"
            + " signal, such as sigterm or sigkill",
      })
  void aRuleOfRctlsOwnSyntaxIsRefusedAsItWasWritten(String rule, String problem) {
    assertThat(RctlBlock.rulesOf(reader, "rctl_rules", List.of(rule))).isEmpty();
    assertThat(problems()).containsExactly(problem);
  }

  @Test
  void rulesOfBothKeysThatExcludeOneAnotherAreRefused() {
    RctlBlock.checkTogether(
        reader, List.of(RctlRule.parse("maxproc:deny=5"), RctlRule.parse("maxproc:deny=6")));

    assertThat(problems())
        .containsExactly(
            "the rules \"maxproc:deny=5\" and \"maxproc:deny=6\" deny the same at different"
                + " amounts: keep one");
  }

  private List<String> rules(Map<String, ?> block) {
    return RctlBlock.rules(reader, "Rctl", block).stream().map(RctlRule::toString).toList();
  }

  private List<String> problems() {
    return catchThrowableOfType(ConfigException.class, reader::throwIfWrong).problems().stream()
        .map(ConfigProblem::message)
        .toList();
  }

  private void assertNoProblem() {
    assertThat(catchThrowableOfType(ConfigException.class, reader::throwIfWrong)).isNull();
  }
}
