package io.gaol.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.IpVersion;
import io.gaol.jail.JailAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filter is run here as the kernel would run it: bpf(4). */
class SourceFilterTest {
  private static final int ARP = 0x0806;

  private static List<JailAddress> addresses(String... texts) {
    return Arrays.stream(texts)
        .map(text -> JailAddress.parse(text.indexOf(':') < 0 ? IpVersion.V4 : IpVersion.V6, text))
        .toList();
  }

  /** A frame of that version, from that address. */
  private static byte[] frame(String source) throws UnknownHostException {
    byte[] address = InetAddress.getByName(source).getAddress();
    boolean v4 = address.length == 4;
    ByteBuffer frame = ByteBuffer.allocate(60);
    frame.putShort(12, (short) (v4 ? 0x0800 : 0x86dd));
    frame.put(v4 ? 26 : 22, address);
    return frame.array();
  }

  private static boolean passes(List<JailAddress> addresses, byte[] frame) {
    String[] program = SourceFilter.bytecode(addresses).split(",");
    assertThat(program).hasSize(Integer.parseInt(program[0]) + 1);
    ByteBuffer packet = ByteBuffer.wrap(frame);
    long accumulator = 0;
    for (int at = 1; at < program.length; at++) {
      long[] instruction =
          Arrays.stream(program[at].split(" ")).mapToLong(Long::parseLong).toArray();
      long operand = instruction[3];
      switch ((int) instruction[0]) {
        case 0x28 -> accumulator = Short.toUnsignedLong(packet.getShort((int) operand));
        case 0x20 -> accumulator = Integer.toUnsignedLong(packet.getInt((int) operand));
        case 0x05 -> at += (int) operand;
        case 0x15 -> {
          long jump = accumulator == operand ? instruction[1] : instruction[2];
          assertThat(jump).isBetween(0L, 255L);
          at += (int) jump;
        }
        case 0x06 -> {
          assertThat(operand).isIn(0L, 2L);
          return operand == 0;
        }
        default -> throw new AssertionError("no such instruction: " + program[at]);
      }
    }
    throw new AssertionError("it ended without a word");
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.102, true",
    "10.0.0.9, true",
    "192.168.1.103, false",
    "0.0.0.0, false",
    "127.0.0.1, false",
    "fd00::5, true",
    "fd00::1:5, true",
    "fd00::6, false",
    "fd00:0:0:1::5, false",
    "fe80::1, false",
    "'::', false"
  })
  void onlyTheJailsOwnSourcesPass(String source, boolean passes) throws UnknownHostException {
    assertThat(
            passes(addresses("192.168.1.102", "10.0.0.9", "fd00::5", "fd00::1:5"), frame(source)))
        .isEqualTo(passes);
  }

  @Test
  void aVersionWithoutAnAddressDoesNotPass() throws UnknownHostException {
    assertThat(passes(addresses("10.0.0.9"), frame("fd00::5"))).isFalse();
    assertThat(passes(addresses("fd00::5"), frame("10.0.0.9"))).isFalse();
  }

  @Test
  void whatIsNeitherVersionDoesNotPass() throws UnknownHostException {
    byte[] frame = frame("10.0.0.9");
    ByteBuffer.wrap(frame).putShort(12, (short) ARP);
    assertThat(passes(addresses("10.0.0.9"), frame)).isFalse();
  }

  @Test
  void asManyAddressesAsAJailMayHaveAreTold() throws UnknownHostException {
    List<String> all = new ArrayList<>();
    for (int number = 0; number < 255; number++) {
      all.add("10.1.0." + number);
      all.add("fd00::" + Integer.toHexString(number));
    }
    all.remove("fd00::0");
    List<JailAddress> addresses = addresses(all.toArray(String[]::new));
    assertThat(passes(addresses, frame("10.1.0.254"))).isTrue();
    assertThat(passes(addresses, frame("fd00::fe"))).isTrue();
    assertThat(passes(addresses, frame("fd00::ff"))).isFalse();
    assertThat(SourceFilter.bytecode(addresses).split(",", 2)[0])
        .as("the kernel takes 4096")
        .hasSizeLessThanOrEqualTo(4)
        .satisfies(count -> assertThat(Integer.parseInt(count)).isLessThanOrEqualTo(4096));
  }
}
