package io.gaol.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.cli.job.VersionConstraint.Rules;
import io.gaol.cli.job.VersionConstraint.Version;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionConstraintTest {
  private static boolean isMet(String constraint, String version, Rules rules) {
    return VersionConstraint.parse(constraint, rules)
        .orElseThrow()
        .isMetBy(Version.parse(version).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1.2.3        | 1.2.3         | true
          = 1.2        | 1.2.0         | true
          v1.2         | 1.2.0         | true
          >= 1.2, < 2  | 1.10.1        | true
          >= 1.2, < 2  | 2.0.0         | false
          > 1.2        | 1.2.1         | true
          <= 1.2       | 1.2.1         | false
          != 1.2       | 1.3           | true
          ~> 1.2.3     | 1.2.9         | true
          ~> 1.2.3     | 1.3.0         | false
          ~> 1.2       | 1.9.4         | true
          ~> 1.2       | 2.0           | false
          ~> 1         | 7.0           | true
          >= 1.2       | 1.3.0-beta1   | false
          >= 1.3.0-a   | 1.3.0-beta1   | true
          >= 1.3.0-a   | 1.4.0-beta1   | false
          < 1.3.0      | 1.3.0-beta1   | false
          >= 5.10      | 6.1.0-13-amd64 | false
          >= 5         | 6.8           | true
          """)
  void aVersionMeetsAConditionByHashicorpsRules(
      String constraint, String version, boolean expected) {
    assertThat(isMet(constraint, version, Rules.VERSION)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          >= 1.2       | 1.3.0-beta1   | true
          < 1.3.0      | 1.3.0-beta1   | true
          >= 5.10      | 6.1.0-13-amd64 | true
          > 1.0.0-2    | 1.0.0-10      | true
          > 1.0.0-rc.2 | 1.0.0-rc.10   | true
          < 1.0.0-rc   | 1.0.0-7       | true
          = 1.2.3+a    | 1.2.3+b       | true
          """)
  void aVersionMeetsAConditionByTheRulesOfSemanticVersioning(
      String constraint, String version, boolean expected) {
    assertThat(isMet(constraint, version, Rules.SEMVER)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ">", "one", ">= 1.2,", "=> 1", "1.2.", "~~ 1"})
  void whatIsNoConditionOnVersionsIsNone(String text) {
    assertThat(VersionConstraint.parse(text, Rules.VERSION)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"~> 1.2"})
  void semanticVersioningKnowsNoPessimisticOperator(String text) {
    assertThat(VersionConstraint.parse(text, Rules.SEMVER)).isEmpty();
  }
}
