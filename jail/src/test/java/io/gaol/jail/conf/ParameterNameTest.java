package io.gaol.jail.conf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterNameTest {
  /** As strtol(3) reads it, up to its end; 0 is no jail. */
  @ParameterizedTest
  @CsvSource({
    "5, true",
    "19, true",
    "007, true",
    "+5, true",
    "-3, true",
    "' 12', true",
    "'\t\n12', true",
    "0, false",
    "00, false",
    "-0, false",
    "'', false",
    "+, false",
    "++5, false",
    "5x, false",
    "x5, false",
    "'5 ', false",
    "5:, false",
    "5/, false",
    "0x10, false"
  })
  void aJailIsCalledByItsNumber(String name, boolean number) {
    assertThat(ParameterName.isNumber(name.translateEscapes())).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({
    "persist, nopersist, true",
    "allow.nochflags, allow.chflags, true",
    "allow.chflags, allow.nochflags, true",
    "noallow.chflags, allow.chflags, true",
    "a.b.noc, a.b.c, true",
    "a.nob.c, a.b.c, true",
    "path, path, true",
    "path, paths, false",
    "allow.nochflags, allow.quotas, false",
    "allow.chflags, deny.nochflags, false",
    "notify, tify, true",
    "no, '', true"
  })
  void aNegationIsTheSameParameter(String one, String other, boolean same) {
    assertThat(ParameterName.same(one, other)).isEqualTo(same);
    assertThat(ParameterName.same(other, one)).isEqualTo(same);
  }
}
