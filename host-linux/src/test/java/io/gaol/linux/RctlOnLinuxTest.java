package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.RctlResource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RctlOnLinuxTest {
  @Test
  void theTableHasEachResourceOnceInRctlsOrderAndEveryCellSaysSomething() {
    assertThat(RctlOnLinux.rows())
        .extracting(RctlOnLinux.Row::resource)
        .containsExactlyElementsOf(
            Arrays.stream(RctlResource.values()).map(RctlResource::keyword).toList());
    assertThat(RctlOnLinux.rows())
        .allSatisfy(
            row -> {
              assertThat(row.perProcess()).isNotBlank();
              assertThat(row.perJailV2()).isNotBlank();
              assertThat(row.perJailV1()).isNotBlank();
              assertThat(row.measured()).isNotBlank();
              assertThat(row.difference()).isNotBlank();
            });
  }

  @Test
  void whatRctlHasNoRuleForHasNoneHereAndNothingElse() {
    for (RctlResource resource : RctlResource.values()) {
      RctlOnLinux.Entry entry = RctlOnLinux.of(resource);
      boolean denied = resource != RctlResource.CPUTIME && resource != RctlResource.WALLCLOCK;
      assertThat(entry.jailV1() instanceof RctlOnLinux.Means.NotInRctl)
          .as(resource.keyword())
          .isEqualTo(!denied);
      assertThat(entry.jailV2() instanceof RctlOnLinux.Means.NotInRctl)
          .as(resource.keyword())
          .isEqualTo(!denied);
      if (!resource.perProcess()) {
        assertThat(entry.process())
            .as(resource.keyword())
            .isInstanceOf(RctlOnLinux.Means.NotInRctl.class);
        assertThat(entry.ofProcess().isPresent() && resource != RctlResource.SWAPUSE)
            .as(resource.keyword())
            .isFalse();
      }
    }
  }
}
