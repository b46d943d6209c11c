package io.gaol.testing.host;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encodes a decoded config as an agent does (go-cty's msgpack package): each integer in its
 * smallest form, what is exactly a double as one, every other number as text; keys in order.
 *
 * @see <a href="https://github.com/msgpack/msgpack/blob/master/spec.md">MessagePack</a>
 */
public final class MessagePack {
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private final ByteString.Output bytes = ByteString.newOutput();

  private MessagePack() {}

  /**
   * The bytes of a value.
   *
   * @param value null, a string, a number, a boolean, a collection or a map, with any of these in
   *     it
   */
  public static ByteString encode(Object value) {
    MessagePack pack = new MessagePack();
    pack.write(value);
    return pack.bytes.toByteString();
  }

  private void write(Object value) {
    switch (value) {
      case null -> bytes.write(0xc0);
      case Boolean truth -> bytes.write(truth ? 0xc3 : 0xc2);
      case String text -> text(text);
      case BigDecimal number -> number(number);
      case Number number -> number(new BigDecimal(number.toString()));
      case Collection<?> elements -> {
        size(elements.size(), 0x90, 0xdc);
        elements.forEach(this::write);
      }
      case Map<?, ?> map -> {
        Map<String, Object> ordered = new TreeMap<>();
        map.forEach((key, element) -> ordered.put(String.valueOf(key), element));
        size(ordered.size(), 0x80, 0xde);
        ordered.forEach(
            (key, element) -> {
              text(key);
              write(element);
            });
      }
      default -> throw new IllegalArgumentException("no value of a config: " + value.getClass());
    }
  }

  private void number(BigDecimal number) {
    BigDecimal plain = number.stripTrailingZeros();
    if (plain.scale() <= 0) {
      BigInteger integer = plain.toBigInteger();
      if (integer.compareTo(LONG_MIN) >= 0 && integer.compareTo(LONG_MAX) <= 0) {
        integer(integer.longValueExact());
        return;
      }
      text(plain.toPlainString());
      return;
    }
    double nearest = number.doubleValue();
    if (!Double.isInfinite(nearest) && new BigDecimal(nearest).compareTo(number) == 0) {
      bytes.write(0xcb);
      big(Double.doubleToRawLongBits(nearest), Long.BYTES);
    } else {
      text(plain.toPlainString());
    }
  }

  private void integer(long value) {
    if (value >= -32 && value < 128) {
      bytes.write((int) value);
    } else if (value > 0) {
      unsigned(value);
    } else if (value >= Byte.MIN_VALUE) {
      tagged(0xd0, value, Byte.BYTES);
    } else if (value >= Short.MIN_VALUE) {
      tagged(0xd1, value, Short.BYTES);
    } else if (value >= Integer.MIN_VALUE) {
      tagged(0xd2, value, Integer.BYTES);
    } else {
      tagged(0xd3, value, Long.BYTES);
    }
  }

  private void unsigned(long value) {
    if (value < 1L << 8) {
      tagged(0xcc, value, Byte.BYTES);
    } else if (value < 1L << 16) {
      tagged(0xcd, value, Short.BYTES);
    } else if (value < 1L << 32) {
      tagged(0xce, value, Integer.BYTES);
    } else {
      tagged(0xcf, value, Long.BYTES);
    }
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length < 32) {
      bytes.write(0xa0 | utf8.length);
    } else if (utf8.length < 1 << 8) {
      tagged(0xd9, utf8.length, Byte.BYTES);
    } else if (utf8.length < 1 << 16) {
      tagged(0xda, utf8.length, Short.BYTES);
    } else {
      tagged(0xdb, utf8.length, Integer.BYTES);
    }
    bytes.write(utf8, 0, utf8.length);
  }

  /** How many elements: in the tag itself, or in the two or four bytes after it. */
  private void size(int size, int smallTag, int tag) {
    if (size < 16) {
      bytes.write(smallTag | size);
    } else if (size < 1 << 16) {
      tagged(tag, size, Short.BYTES);
    } else {
      tagged(tag + 1, size, Integer.BYTES);
    }
  }

  private void tagged(int tag, long value, int length) {
    bytes.write(tag);
    big(value, length);
  }

  /** Big-endian. */
  private void big(long value, int length) {
    for (int shift = (length - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes.write((int) (value >>> shift));
    }
  }
}
