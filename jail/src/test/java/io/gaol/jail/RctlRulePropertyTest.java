package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class RctlRulePropertyTest {
  @Property(tries = 10_000)
  void whatIsPrintedIsReadAsTheSame(
      @ForAll RctlResource resource,
      @ForAll RctlAction action,
      @ForAll @LongRange(min = 0) long amount,
      @ForAll RctlSubject per) {
    RctlRule rule;
    try {
      rule = new RctlRule(resource, action, amount, per);
    } catch (InvalidValueException refusedByTheKernel) {
      return;
    }

    assertThat(RctlRule.parse(rule.toString())).isEqualTo(rule);
    JailName jail = new JailName("web");
    assertThat(RctlRule.parse(rule.forJail(jail), jail)).isEqualTo(rule);
  }

  @Property(tries = 10_000)
  void anyTextIsARuleOrRefusedWithItsProblems(@ForAll String text) {
    readOrRefused(text);
  }

  @Property(tries = 1_000)
  void anyTextInAnyFieldIsReadOrRefused(@ForAll String text, @ForAll boolean behind) {
    for (String frame :
        List.of(
            "%s:deny=1",
            "maxproc:%s=1", "memoryuse:deny=%s", "maxproc:deny=1/%s", "jail:%s:maxproc:deny=1")) {
      readOrRefused(frame.replace("%s", behind ? "1" + text : text));
    }
  }

  private static void readOrRefused(String text) {
    try {
      RctlRule rule = RctlRule.parse(text);
      assertThat(RctlRule.parse(rule.toString())).isEqualTo(rule);
    } catch (InvalidValueException refused) {
      assertThat(refused.problems()).isNotEmpty().doesNotHaveDuplicates();
    } catch (RuntimeException other) {
      fail("not refused, but thrown: " + other, other);
    }
  }
}
