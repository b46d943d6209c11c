package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class JailAddressPropertyTest {
  @Property(tries = 10_000)
  void whatIsPrintedIsReadAsTheSame(
      @ForAll @Size(8) List<@IntRange(max = 0xffff) Integer> groups,
      @ForAll @IntRange(max = 0xff) int zeros,
      @ForAll @IntRange(max = 128) int prefix,
      @ForAll boolean onInterface) {
    String full =
        IntStream.range(0, 8)
            .mapToObj(i -> (zeros >> i & 1) == 1 ? "0" : Integer.toHexString(groups.get(i)))
            .collect(Collectors.joining(":"));
    String canonical = IpVersion.V6.canonical(full).orElseThrow();
    assertThat(IpVersion.V6.canonical(canonical)).contains(canonical);
    JailAddress address =
        new JailAddress(
            IpVersion.V6,
            onInterface ? Optional.of(new InterfaceName("em0")) : Optional.empty(),
            canonical,
            OptionalInt.of(prefix),
            List.of("vhid", "7"));

    readOrRefused(IpVersion.V6, address.toString());
    try {
      assertThat(JailAddress.parse(IpVersion.V6, address.toString())).isEqualTo(address);
    } catch (InvalidValueException mappedOrUnspecified) {
      assertThat(canonical).startsWith("::");
    }
  }

  @Property(tries = 1_000)
  void anyTextIsAnAddressOrRefusedWithItsProblems(@ForAll IpVersion version, @ForAll String text) {
    readOrRefused(version, text);
    readOrRefused(version, "em0|10.0.0.5/" + text);
    readOrRefused(version, "em0|fd00::" + text);
    readOrRefused(version, text + "|10.0.0.5");
    readOrRefused(version, "em0|10.0.0.5/24 " + text);
    readOrRefused(version, "em0|fd00::5 vhid " + text);
  }

  private static void readOrRefused(IpVersion version, String text) {
    try {
      for (JailAddress address : JailAddress.parseAll(version, text)) {
        assertThat(JailAddress.parse(version, address.toString())).isEqualTo(address);
      }
    } catch (InvalidValueException refused) {
      assertThat(refused.problems()).isNotEmpty().doesNotHaveDuplicates();
    }
  }
}
