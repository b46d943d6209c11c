package io.gaol.cli.params;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.job.JobFormatter;
import io.gaol.jail.JailParameter;
import io.gaol.jail.ParameterGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ParameterReferenceTest {
  private static final Machine LINUX = new Machine("Linux", "6.18");

  private static JailParameter one(String spelling) {
    List<JailParameter> found = ParameterReference.matching(spelling);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  @Test
  void thePageInDocsIsThatOfTheCatalogue() throws IOException {
    assertThat(Files.readString(Path.of("../docs/parameters.md")))
        .as("docs/parameters.md is stale: write it anew with %s", ParameterReference.COMMAND)
        .isEqualTo(ParameterReference.markdown());
  }

  @ParameterizedTest
  @EnumSource(ParameterGroup.class)
  void theExampleOfAGroupIsFormattedAsFmtWouldAndUsesTheGroup(ParameterGroup group)
      throws Exception {
    String example = ParameterReference.example(group);

    assertThat(JobFormatter.format("example", example.getBytes(StandardCharsets.UTF_8)).text())
        .isEqualTo(example);
    assertThat(
            example
                .lines()
                .filter(line -> line.contains(" = ") && !line.contains("{"))
                .map(line -> line.split("=")[0].strip().replace("\"", ""))
                .flatMap(name -> ParameterReference.matching(name).stream())
                .map(JailParameter::group))
        .contains(group);
  }

  @ParameterizedTest
  @CsvSource({
    "allow.noraw_sockets, allow.raw_sockets",
    "Allow_Raw_Sockets, allow.raw_sockets",
    "nic, interface",
    "Ip4Addr, ip4.addr",
    "mount.nodevfs, mount.devfs",
    "allow.mount.p9fs, allow.mount.p9fs",
    "meta.owner, meta.owner",
    "securelev, securelevel"
  })
  void aParameterIsFoundInAnySpelling(String spelling, String name) {
    assertThat(one(spelling).name()).isEqualTo(name);
  }

  @Test
  void aPatternFindsAllThatAreLikeIt() {
    assertThat(ParameterReference.matching("exec.*stop"))
        .extracting(JailParameter::name)
        .containsExactlyInAnyOrder("exec.prestop", "exec.stop", "exec.poststop");
    assertThat(ParameterReference.matching("*")).hasSize(102);
    assertThat(ParameterReference.matching("banana")).isEmpty();
  }

  @Test
  void oneIsExplainedWithWhatThisMachineMakesOfIt() {
    assertThat(ParameterReference.explain(one("vnet"), LINUX))
        .isEqualTo(
            """
            vnet
              Whether the jail has a network stack of its own.

              takes       "new" or "inherit"
              default     inherit
              in a job    Vnet, vnet
              elsewhere   vnet
              set         when the jail is created, by root
              permitted   "inherit": by default; any other: by allow_params = ["safe", "network"]
              FreeBSD     since 8.0
              with        excludes ip4, if it is "new": a jail with a network stack of its own has no restriction on addresses (jail_set(2))
              with        excludes ip4.addr, if it is "new": a jail with a network stack of its own has no restriction on addresses (jail_set(2))
              with        excludes ip6, if it is "new": a jail with a network stack of its own has no restriction on addresses (jail_set(2))
              with        excludes ip6.addr, if it is "new": a jail with a network stack of its own has no restriction on addresses (jail_set(2))
              here        Linux 6.18: as on FreeBSD
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "persist | by default",
        "path | by default, as far as allow_roots goes",
        "mount | by allow_params = [\"safe\", \"mount\"], as far as allow_host_paths,"
            + " allow_datasets, allow_devfs_rulesets go",
        "vnet.interface | by allow_params = [\"safe\", \"network\"], as far as allow_interfaces"
            + " goes",
        "allow.raw_sockets | by allow_params = [\"safe\", \"network\"]",
        "allow.chflags | by allow_params = [\"safe\", \"allow.chflags\"]",
        "exec.prestart | by allow_host_hooks = true",
        "sysvshm | \"inherit\": by allow_params = [\"safe\", \"sysvshm\"]; any other: by default"
      })
  void oneIsExplainedWithWhatPermitsIt(String name, String permitted) {
    assertThat(ParameterReference.explain(one(name), LINUX))
        .contains("  permitted   " + permitted + "\n");
  }

  @Test
  void whatCanOnlyBeReadIsNotPermittedAtAll() {
    assertThat(ParameterReference.explain(one("children.cur"), LINUX)).doesNotContain("permitted");
  }

  @Test
  void aFreeBsdThatDoesNotKnowAParameterIsToldFromOneThatDoes() {
    assertThat(new Machine("FreeBSD", "14.3-RELEASE").support(one("allow.routing")))
        .isEqualTo("no: FreeBSD 14.3-RELEASE does not know it");
    assertThat(new Machine("FreeBSD", "15.0-RELEASE").support(one("allow.routing")))
        .isEqualTo("yes");
    assertThat(new Machine("FreeBSD", "15.0-RELEASE").support(one("mac.do")))
        .isEqualTo("yes, when the module mac_do is loaded");
  }

  @Test
  void jsonHasEveryParameterOnce() {
    assertThat(ParameterReference.json(ParameterReference.all(), LINUX).asList())
        .extracting(element -> element.getAsJsonObject().get("name").getAsString())
        .hasSize(102)
        .doesNotHaveDuplicates();
  }
}
