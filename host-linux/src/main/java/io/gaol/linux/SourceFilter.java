package io.gaol.linux;

import io.gaol.jail.IpVersion;
import io.gaol.jail.JailAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A classic BPF program that lets a frame in whose source is one of a jail's addresses, and no
 * other: FreeBSD's rule for the raw sockets of a jail. It runs on the host's end of the jail's
 * link, so that also a frame for the host itself is looked at, of IPv4 and of IPv6: tc-bpf(8).
 */
final class SourceFilter {
  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_HALF = 0x28;
  private static final int JUMP = 0x05;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;

  /** TC_ACT_OK and TC_ACT_SHOT. */
  private static final long PASS = 0;

  private static final long DROP = 2;

  /** Of an Ethernet frame. */
  private static final int TYPE = 12;

  private static final int IPV4_SOURCE = 26;
  private static final int IPV6_SOURCE = 22;
  private static final long ETHERTYPE_IPV4 = 0x0800;
  private static final long ETHERTYPE_IPV6 = 0x86dd;

  private final List<String> program = new ArrayList<>();

  private SourceFilter() {}

  /** The program as tc-bpf(8) reads it after {@code bytecode}: count, then its instructions. */
  static String bytecode(List<JailAddress> addresses) {
    SourceFilter filter = new SourceFilter();
    filter.write(of(IpVersion.V4, addresses), of(IpVersion.V6, addresses));
    return filter.program.size() + "," + String.join(",", filter.program);
  }

  private static List<byte[]> of(IpVersion version, List<JailAddress> addresses) {
    return addresses.stream()
        .filter(address -> address.version() == version)
        .map(JailAddress::address)
        .map(SourceFilter::bytes)
        .toList();
  }

  /** Of a literal, which no name server is asked about. */
  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void write(List<byte[]> ip4, List<byte[]> ip6) {
    add(LOAD_HALF, 0, 0, TYPE);
    // The jumps of a comparison are short; with 255 addresses only this one reaches.
    add(JUMP_IF_EQUAL, 1, 0, ETHERTYPE_IPV4);
    add(JUMP, 0, 0, 2L + 2L * ip4.size());
    add(LOAD_WORD, 0, 0, IPV4_SOURCE);
    for (byte[] address : ip4) {
      add(JUMP_IF_EQUAL, 0, 1, word(address, 0));
      add(RETURN, 0, 0, PASS);
    }
    add(RETURN, 0, 0, DROP);
    add(JUMP_IF_EQUAL, 1, 0, ETHERTYPE_IPV6);
    add(RETURN, 0, 0, DROP);
    for (byte[] address : ip6) {
      for (int word = 0; word < 4; word++) {
        add(LOAD_WORD, 0, 0, IPV6_SOURCE + 4L * word);
        add(JUMP_IF_EQUAL, 0, 7 - 2 * word, word(address, word));
      }
      add(RETURN, 0, 0, PASS);
    }
    add(RETURN, 0, 0, DROP);
  }

  private static long word(byte[] address, int index) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(address).getInt(4 * index));
  }

  private void add(int code, int jumpIfTrue, int jumpIfFalse, long operand) {
    program.add(code + " " + jumpIfTrue + " " + jumpIfFalse + " " + operand);
  }
}
