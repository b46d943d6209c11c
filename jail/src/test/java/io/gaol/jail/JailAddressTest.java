package io.gaol.jail;

import static io.gaol.jail.IpVersion.V4;
import static io.gaol.jail.IpVersion.V6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JailAddressTest {
  @Test
  void anAddressIsReadIntoItsParts() {
    assertThat(JailAddress.parse(V4, "em1|192.168.1.102/24 vhid 1"))
        .isEqualTo(
            new JailAddress(
                V4,
                Optional.of(new InterfaceName("em1")),
                "192.168.1.102",
                OptionalInt.of(24),
                List.of("vhid", "1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "10.0.0.5; 10.0.0.5",
        " 10.0.0.5 ; 10.0.0.5",
        "10.0.0.5/24; 10.0.0.5/24",
        "10.0.0.5/0; 10.0.0.5/0",
        "10.0.0.5/32; 10.0.0.5/32",
        "10.0.0.5/255.255.255.0; 10.0.0.5/24",
        "10.0.0.5/255.255.255.255; 10.0.0.5/32",
        "10.0.0.5/0.0.0.0; 10.0.0.5/0",
        "10.0.0.5/255.255.240.0; 10.0.0.5/20",
        "em0|10.0.0.5; em0|10.0.0.5",
        "em0|10.0.0.5 netmask 255.255.255.0; em0|10.0.0.5/24",
        "em0|10.0.0.5 vhid 1 netmask 255.255.255.0 pass x; em0|10.0.0.5/24 vhid 1 pass x",
        "em0|10.0.0.5/24 vhid 1 pass x; em0|10.0.0.5/24 vhid 1 pass x",
        "em0|10.0.0.5/24   vhid 255\tadvskew 0; em0|10.0.0.5/24 vhid 255 advskew 0",
        "em0.100|10.0.0.5 broadcast 10.0.0.255; em0.100|10.0.0.5 broadcast 10.0.0.255",
        "lo1|127.0.0.2; lo1|127.0.0.2",
      })
  void aGoodIpv4AddressPrintsItsCanonicalForm(String text, String canonical) {
    assertThat(JailAddress.parse(V4, text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "fd00::5; fd00::5",
        "FD00:0:0:0:0:0:0:5; fd00::5",
        "fd00::0005/64; fd00::5/64",
        "em0|fd00::5; em0|fd00::5",
        "em0|fd00::5 prefixlen 64; em0|fd00::5/64",
        "em0|fd00::5/128 vhid 3; em0|fd00::5/128 vhid 3",
        "2001:db8:0:0:1:0:0:1; 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1; 2001:db8:0:1:1:1:1:1",
        "1:0:0:2:0:0:0:3; 1:0:0:2::3",
        "::1; ::1",
        "1::; 1::",
        "1:2:3:4:5:6:7::; 1:2:3:4:5:6:7:0",
        "64:ff9b::10.0.0.5; 64:ff9b::a00:5",
        "1:2:3:4:5:6:1.2.3.4; 1:2:3:4:5:6:102:304",
        "fe80::1; fe80::1",
      })
  void aGoodIpv6AddressPrintsItsCanonicalForm(String text, String canonical) {
    assertThat(JailAddress.parse(V6, text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "10.0.0.300; \"10.0.0.300\" is not an IPv4 address: four numbers from 0 to 255, without"
            + " leading zeros, as 192.168.1.102",
        "10.0.0.010; \"10.0.0.010\" is not an IPv4 address: four numbers from 0 to 255, without"
            + " leading zeros, as 192.168.1.102",
        "10.1; \"10.1\" is not an IPv4 address: four numbers from 0 to 255, without leading zeros,"
            + " as 192.168.1.102",
        "www; \"www\" is not an IPv4 address: four numbers from 0 to 255, without leading zeros, as"
            + " 192.168.1.102",
        "em0|; the address is missing",
        "em0|/24; the address is missing",
        "fd00::5; fd00::5 is an address of ip6.addr",
        "|10.0.0.5; the name of an interface is missing",
        "em 0|10.0.0.5; \"em 0\" is not the name of an interface, such as em0 or epair0b: it has no"
            + " blank, \"|\", \"/\" or comma, and no \"-\" in front",
        "-alias|10.0.0.5; \"-alias\" is not the name of an interface, such as em0 or epair0b: it"
            + " has no blank, \"|\", \"/\" or comma, and no \"-\" in front",
        "a234567890123456|10.0.0.5; the name of an interface has at most 15 bytes, but"
            + " \"a234567890123456\" has 16",
        "em0:10.0.0.5/24; write em0|10.0.0.5/24",
        "em0 10.0.0.5; write em0|10.0.0.5",
        "em0||10.0.0.5; write em0|10.0.0.5",
        "10.0.0.5/33; \"33\" is not the length of a prefix, from 0 to 32, nor a netmask, such as"
            + " 255.255.255.0",
        "10.0.0.5/; \"\" is not the length of a prefix, from 0 to 32, nor a netmask, such as"
            + " 255.255.255.0",
        "10.0.0.5/024; \"024\" is not the length of a prefix, from 0 to 32, nor a netmask, such as"
            + " 255.255.255.0",
        "10.0.0.5/24/25; \"24/25\" is not the length of a prefix, from 0 to 32, nor a netmask, such"
            + " as 255.255.255.0",
        "10.0.0.5/255.0.255.0; \"255.0.255.0\" is not a netmask, such as 255.255.255.0",
        "10.0.0.5/0.0.0.255; \"0.0.0.255\" is not a netmask, such as 255.255.255.0",
        "em0|10.0.0.5/24 netmask 255.255.255.0; there are two masks: keep one",
        "em0|10.0.0.5 netmask; netmask needs a value",
        "em0|10.0.0.5 alias; jail(8) adds alias by itself: leave it out",
        "em0|10.0.0.5 destroy; \"destroy\" does not belong to an address",
        "em0|10.0.0.5 -alias; \"-alias\" does not belong to an address",
        "em0|10.0.0.5 vhid 0; vhid needs a number from 1 to 255",
        "em0|10.0.0.5 vhid 256; vhid needs a number from 1 to 255",
        "em0|10.0.0.5 vhid; vhid needs a number from 1 to 255",
        "em0|10.0.0.5 vhid 1 advskew 255; advskew needs a number from 0 to 254",
        "0.0.0.0; 0.0.0.0 is no address of a host, and the kernel refuses it: for all addresses of"
            + " the host write ip4 = \"inherit\"",
        "255.255.255.255; 255.255.255.255 is no address of a host, and the kernel refuses it: for"
            + " all addresses of the host write ip4 = \"inherit\"",
      })
  void aBadIpv4AddressIsRefusedWithTheNearestRightThing(String text, String problem) {
    assertThat(problems(V4, text)).containsExactly("\"" + text + "\": " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "fd00:::5; \"fd00:::5\" is not an IPv6 address: groups of hexadecimal digits, as fd00::5",
        "1:2:3:4:5:6:7; \"1:2:3:4:5:6:7\" is not an IPv6 address: groups of hexadecimal digits, as"
            + " fd00::5",
        "1:2:3:4:5:6:7:8::; \"1:2:3:4:5:6:7:8::\" is not an IPv6 address: groups of hexadecimal"
            + " digits, as fd00::5",
        "fd00::12345; \"fd00::12345\" is not an IPv6 address: groups of hexadecimal digits, as"
            + " fd00::5",
        "fd00::g; \"fd00::g\" is not an IPv6 address: groups of hexadecimal digits, as fd00::5",
        "1.2.3.4::; \"1.2.3.4::\" is not an IPv6 address: groups of hexadecimal digits, as fd00::5",
        "10.0.0.5; 10.0.0.5 is an address of ip4.addr",
        "fe80::1%em0; a jail's address has no zone: write em0|fe80::1",
        "::ffff:10.0.0.5; this is an IPv4 address: write ip4.addr = 10.0.0.5",
        "::ffff:a00:5; this is an IPv4 address: write ip4.addr = 10.0.0.5",
        "::; :: is no address of a host, and the kernel refuses it: for all addresses of the host"
            + " write ip6 = \"inherit\"",
        "fd00::5/129; \"129\" is not the length of a prefix, from 0 to 128",
        "fd00::5/255.255.255.0; \"255.255.255.0\" is not the length of a prefix, from 0 to 128",
        "em0 fd00::5/64; write em0|fd00::5/64",
      })
  void aBadIpv6AddressIsRefusedWithTheNearestRightThing(String text, String problem) {
    assertThat(problems(V6, text)).containsExactly("\"" + text + "\": " + problem);
  }

  @Test
  void allProblemsOfAnAddressAreToldAtOnce() {
    assertThat(problems(V4, "|10.0.0/33 alias")).hasSize(4);
  }

  @Test
  void severalAddressesHaveCommasBetweenThem() {
    assertThat(JailAddress.parseAll(V4, "em0|10.0.0.5/24 vhid 1, 10.0.0.6,lo1|10.0.0.7"))
        .extracting(JailAddress::toString)
        .containsExactly("em0|10.0.0.5/24 vhid 1", "10.0.0.6", "lo1|10.0.0.7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-"})
  void nothingAndADashAreTheEmptyList(String value) {
    assertThat(JailAddress.parseAll(V4, value)).isEmpty();
  }

  @Test
  void everyBadAddressOfAListIsTold() {
    InvalidValueException refused =
        catchThrowableOfType(
            InvalidValueException.class,
            () -> JailAddress.parseAll(V4, "10.0.0.5,,10.0.0.0/99,em0|"));

    assertThat(refused.problems())
        .containsExactly(
            "there is an empty address, a comma too many",
            "\"10.0.0.0/99\": \"99\" is not the length of a prefix, from 0 to 32, nor a netmask,"
                + " such as 255.255.255.0",
            "\"em0|\": the address is missing");
  }

  @Test
  void anAddressThatIsPutTogetherIsCheckedToo() {
    assertThat(
            catchThrowableOfType(
                    InvalidValueException.class,
                    () ->
                        new JailAddress(
                            V6,
                            Optional.empty(),
                            "FD00::5",
                            OptionalInt.of(129),
                            List.of("a b", "c,d", "")))
                .problems())
        .hasSize(5);
  }

  private static List<String> problems(IpVersion version, String text) {
    return catchThrowableOfType(InvalidValueException.class, () -> JailAddress.parse(version, text))
        .problems();
  }
}
