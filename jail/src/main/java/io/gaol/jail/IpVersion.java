package io.gaol.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A version of the Internet Protocol, and how its addresses are written: inet_pton(3). */
public enum IpVersion {
  /** IPv4: the parameters {@code ip4} and {@code ip4.addr}. */
  V4("ip4.addr", 32, "netmask"),
  /** IPv6: the parameters {@code ip6} and {@code ip6.addr}. */
  V6("ip6.addr", 128, "prefixlen");

  /** Without leading zeros, which others read as octal: inet_pton(3) refuses them. */
  private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");

  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private final String addressParameter;
  private final int bits;
  private final String maskWord;

  IpVersion(String addressParameter, int bits, String maskWord) {
    this.addressParameter = addressParameter;
    this.bits = bits;
    this.maskWord = maskWord;
  }

  /** The parameter of jail(8) that takes addresses of this version. */
  public String addressParameter() {
    return addressParameter;
  }

  /** How many bits an address has, and so the longest prefix. */
  public int bits() {
    return bits;
  }

  /** The word of ifconfig(8) in front of a mask. */
  String maskWord() {
    return maskWord;
  }

  /**
   * The canonical text of an address: of IPv6 the one of RFC 5952.
   *
   * @return empty if it is no address of this version
   */
  public Optional<String> canonical(String address) {
    return this == V4
        ? octets(address).map(IpVersion::dotted)
        : groups(address).map(IpVersion::compressed);
  }

  /** The prefix length of a netmask such as {@code 255.255.255.0}; empty if it is none. */
  static Optional<Integer> prefixLength(String netmask) {
    Optional<int[]> octets = octets(netmask);
    if (octets.isEmpty()) {
      return Optional.empty();
    }
    int mask = 0;
    for (int octet : octets.get()) {
      mask = mask << 8 | octet;
    }
    int length = Integer.numberOfLeadingZeros(~mask);
    return mask == prefixMask(length) ? Optional.of(length) : Optional.empty();
  }

  private static int prefixMask(int length) {
    return length == 0 ? 0 : -1 << (32 - length);
  }

  /** The IPv4 address that an IPv6 one only wraps: {@code ::ffff:10.0.0.1}. */
  static Optional<String> mapped(String canonicalV6) {
    int[] groups = groups(canonicalV6).orElseThrow();
    for (int i = 0; i < 5; i++) {
      if (groups[i] != 0) {
        return Optional.empty();
      }
    }
    if (groups[5] != 0xffff) {
      return Optional.empty();
    }
    return Optional.of(
        dotted(new int[] {groups[6] >> 8, groups[6] & 0xff, groups[7] >> 8, groups[7] & 0xff}));
  }

  private static Optional<int[]> octets(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    int[] octets = new int[4];
    for (int i = 0; i < 4; i++) {
      if (!OCTET.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
        return Optional.empty();
      }
      octets[i] = Integer.parseInt(parts[i]);
    }
    return Optional.of(octets);
  }

  private static String dotted(int[] octets) {
    return octets[0] + "." + octets[1] + "." + octets[2] + "." + octets[3];
  }

  private static Optional<int[]> groups(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return half(text, true).filter(groups -> groups.size() == 8).map(IpVersion::array);
    }
    Optional<List<Integer>> front = half(text.substring(0, gap), false);
    Optional<List<Integer>> back = half(text.substring(gap + 2), true);
    if (front.isEmpty() || back.isEmpty()) {
      return Optional.empty();
    }
    List<Integer> groups = new ArrayList<>(front.get());
    int missing = 8 - front.get().size() - back.get().size();
    if (missing < 1) {
      return Optional.empty();
    }
    for (int i = 0; i < missing; i++) {
      groups.add(0);
    }
    groups.addAll(back.get());
    return Optional.of(array(groups));
  }

  private static int[] array(List<Integer> groups) {
    return groups.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The groups on one side of {@code ::}; the last two may be an IPv4 address. */
  private static Optional<List<Integer>> half(String text, boolean last) {
    List<Integer> groups = new ArrayList<>();
    if (text.isEmpty()) {
      return Optional.of(groups);
    }
    List<String> parts = Arrays.asList(text.split(":", -1));
    for (int i = 0; i < parts.size(); i++) {
      Optional<int[]> octets =
          last && i == parts.size() - 1 ? octets(parts.get(i)) : Optional.empty();
      if (octets.isPresent()) {
        int[] bytes = octets.get();
        groups.add(bytes[0] << 8 | bytes[1]);
        groups.add(bytes[2] << 8 | bytes[3]);
      } else if (GROUP.matcher(parts.get(i)).matches()) {
        groups.add(Integer.parseInt(parts.get(i), 16));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(groups);
  }

  /** RFC 5952: lower case, no leading zeros, the first of the longest runs of zeros left out. */
  private static String compressed(int[] groups) {
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    if (start < 0) {
      return joined(groups, 0, 8);
    }
    return joined(groups, 0, start) + "::" + joined(groups, start + length, 8);
  }

  private static String joined(int[] groups, int from, int to) {
    List<String> texts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      texts.add(Integer.toHexString(groups[i]).toLowerCase(Locale.ROOT));
    }
    return String.join(":", texts);
  }
}
