package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.JailParameters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostIdentityTest {
  private static JailParameters with(String name, String value) {
    return JailParameters.NONE.with(name, List.of(value));
  }

  @ParameterizedTest
  @CsvSource({"0, 00000000", "1, 01000000", "305419896, 78563412", "4294967295, ffffffff"})
  void aHostIdIsFourBytesTheLowestFirst(String number, String bytes) {
    assertThat(HostIdentity.problems(with("host.hostid", number))).isEmpty();
    assertThat(HostIdentity.files(with("host.hostid", number)))
        .containsExactly(new HostIdentity.EtcFile("hostid", bytes));
  }

  @Test
  void aHostUuidIsAMachineIdInSmallLettersWithoutDashes() {
    assertThat(HostIdentity.files(with("host.hostuuid", "0A000000-0000-0000-0000-0000000000FF")))
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.path()).hasToString("/etc/machine-id");
              // "0a" ... "ff" and a newline, in ASCII.
              assertThat(file.hexadecimal()).startsWith("306130").endsWith("66660a").hasSize(66);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "host.hostid, 4294967296, holds 32 bits",
    "host.hostid, 18446744073709551615, holds 32 bits",
    "host.hostuuid, mine, holds a UUID",
    "host.hostuuid, 0a000000-0000-0000-0000-0000000000f, holds a UUID"
  })
  void whatTheFileCannotHoldIsRefused(String name, String value, String reason) {
    assertThat(HostIdentity.problems(with(name, value)))
        .singleElement()
        .asString()
        .startsWith(name + " = \"" + value + "\" cannot be had on Linux: ")
        .contains(reason);
  }
}
