package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.number;
import static io.gaol.hcl.function.Parameter.text;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Functions of networks in CIDR notation (RFC 4632), IPv4 and IPv6. */
final class NetworkFunctions {
  private static final int MOST_NEW_BITS = 32;

  private NetworkFunctions() {}

  static void define(Map<String, Function> table) {
    Define.function(
        table,
        "cidrhost",
        "The address of a host in a network; a negative number counts from the end.",
        Types.STRING,
        List.of(text("prefix"), number("hostnum")),
        arguments -> Value.of(host(Network.parse(arguments.text(0)), arguments.whole(1))));
    Define.function(
        table,
        "cidrnetmask",
        "The network mask of a network.",
        Types.STRING,
        List.of(text("prefix")),
        arguments -> Value.of(Network.parse(arguments.text(0)).mask()));
    Define.function(
        table,
        "cidrsubnet",
        "A network within a network, so many bits smaller, by its number.",
        Types.STRING,
        List.of(text("prefix"), number("newbits"), number("netnum")),
        arguments ->
            Value.of(
                subnet(Network.parse(arguments.text(0)), arguments.whole(1), arguments.whole(2))
                    .toString()));
    Define.variadic(
        table,
        "cidrsubnets",
        "Networks within a network, one after the other, each so many bits smaller.",
        Define.TEXTS,
        List.of(text("prefix")),
        number("newbits"),
        NetworkFunctions::subnets);
  }

  /**
   * A network.
   *
   * @param address its first address
   * @param prefix how many bits of an address are the network's
   * @param bits how many bits an address has: 32 or 128
   */
  private record Network(BigInteger address, int prefix, int bits) {

    static Network parse(String text) throws FunctionException {
      int slash = text.indexOf('/');
      if (slash < 0) {
        throw wrong(text, "a network is an address, a slash and a number of bits: 10.0.0.0/8");
      }
      byte[] address = address(text.substring(0, slash), text);
      String length = text.substring(slash + 1);
      int bits = address.length * Byte.SIZE;
      if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > bits) {
        throw wrong(text, "the number of bits is from 0 to " + bits);
      }
      int prefix = Integer.parseInt(length);
      BigInteger first =
          new BigInteger(1, address).shiftRight(bits - prefix).shiftLeft(bits - prefix);
      return new Network(first, prefix, bits);
    }

    private static byte[] address(String text, String whole) throws FunctionException {
      boolean isFour = text.matches("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
      boolean isSix = text.contains(":") && text.matches("[0-9A-Fa-f:.]+");
      try {
        if (isFour || isSix) {
          byte[] address = InetAddress.getByName(text).getAddress();
          // An address of IPv4 within IPv6 keeps its length.
          return isSix && address.length == 4 ? mapped(address) : address;
        }
      } catch (UnknownHostException _) {
        // The message is the same.
      }
      throw wrong(whole, "\"" + Texts.shortened(text) + "\" is no address");
    }

    private static byte[] mapped(byte[] four) {
      byte[] address = new byte[16];
      address[10] = (byte) 0xFF;
      address[11] = (byte) 0xFF;
      System.arraycopy(four, 0, address, 12, 4);
      return address;
    }

    private static FunctionException wrong(String text, String why) {
      return new FunctionException(
          0, "\"%s\" is no network: %s".formatted(Texts.shortened(text), why));
    }

    String mask() {
      BigInteger ones = BigInteger.ONE.shiftLeft(prefix).subtract(BigInteger.ONE);
      return shown(ones.shiftLeft(bits - prefix), bits);
    }

    /** How many addresses it has. */
    BigInteger size() {
      return BigInteger.ONE.shiftLeft(bits - prefix);
    }

    @Override
    public String toString() {
      return shown(address, bits) + "/" + prefix;
    }

    /** As RFC 5952 writes it. */
    static String shown(BigInteger address, int bits) {
      if (bits == Integer.SIZE) {
        long value = address.longValueExact();
        return "%d.%d.%d.%d"
            .formatted(value >> 24 & 0xFF, value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF);
      }
      int[] groups = new int[8];
      for (int i = 0; i < groups.length; i++) {
        groups[i] = address.shiftRight(16 * (7 - i)).intValue() & 0xFFFF;
      }
      if (address.shiftRight(32).equals(BigInteger.valueOf(0xFFFF))) {
        return shown(address.mod(BigInteger.ONE.shiftLeft(32)), Integer.SIZE);
      }
      return compressed(groups);
    }

    /** The longest run of at least two zeros, the first of several, is left out. */
    private static String compressed(int[] groups) {
      int from = 0;
      int longest = 1;
      for (int i = 0; i < groups.length; i++) {
        int length = 0;
        while (i + length < groups.length && groups[i + length] == 0) {
          length++;
        }
        if (length > longest) {
          from = i;
          longest = length;
        }
      }
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < groups.length; i++) {
        if (longest > 1 && i == from) {
          text.append("::");
          i += longest - 1;
        } else {
          text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
              .append(Integer.toHexString(groups[i]));
        }
      }
      return text.toString();
    }
  }

  private static String host(Network network, long number) throws FunctionException {
    BigInteger offset = BigInteger.valueOf(number);
    BigInteger size = network.size();
    boolean fits = number < 0 ? offset.negate().compareTo(size) <= 0 : offset.compareTo(size) < 0;
    if (!fits) {
      throw new FunctionException(
          1, "the network %s has no host %d: it has %s addresses".formatted(network, number, size));
    }
    BigInteger first = number < 0 ? network.address.add(size) : network.address;
    return Network.shown(first.add(offset), network.bits);
  }

  private static Network subnet(Network network, long newBits, long number)
      throws FunctionException {
    if (newBits > MOST_NEW_BITS || newBits < 0) {
      throw new FunctionException(1, "the number of new bits is from 0 to 32, not " + newBits);
    }
    int prefix = network.prefix + (int) newBits;
    if (prefix > network.bits) {
      throw new FunctionException(
          1, "%s cannot be divided by %d more bits".formatted(network, newBits));
    }
    if (number < 0 || number >= 1L << newBits) {
      throw new FunctionException(
          2, "with %d bits there is no network number %d".formatted(newBits, number));
    }
    return new Network(
        network.address.add(BigInteger.valueOf(number).shiftLeft(network.bits - prefix)),
        prefix,
        network.bits);
  }

  private static Value subnets(Arguments arguments) throws FunctionException {
    Network network = Network.parse(arguments.text(0));
    List<Value> subnets = new ArrayList<>();
    BigInteger end = network.address.add(network.size());
    BigInteger next = network.address;
    for (int i = 1; i < arguments.size(); i++) {
      long newBits = arguments.whole(i);
      if (newBits < 1 || newBits > MOST_NEW_BITS) {
        throw new FunctionException(i, "the number of new bits is from 1 to 32, not " + newBits);
      }
      int prefix = network.prefix + (int) newBits;
      if (prefix > network.bits) {
        throw new FunctionException(
            i, "an address has %d bits, so %d are too many".formatted(network.bits, prefix));
      }
      BigInteger size = BigInteger.ONE.shiftLeft(network.bits - prefix);
      BigInteger start = next.add(size).subtract(BigInteger.ONE).divide(size).multiply(size);
      if (start.add(size).compareTo(end) > 0) {
        throw new FunctionException(
            i, "%s has no room left for a network of %d bits".formatted(network, prefix));
      }
      subnets.add(Value.of(new Network(start, prefix, network.bits).toString()));
      next = start.add(size);
    }
    return new Value.ListOf(Types.STRING, subnets);
  }
}
