package io.gaol.nomad.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes values as an agent does: integers in their smallest form, keys sorted. */
public final class Packer {
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private Packer() {}

  /** The bytes of null, strings, numbers, booleans, lists and maps. */
  public static byte[] pack(Object value) {
    Packer packer = new Packer();
    try {
      packer.write(value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packer.bytes.toByteArray();
  }

  private void write(Object value) throws IOException {
    switch (value) {
      case null -> out.writeByte(0xc0);
      case Boolean flag -> out.writeByte(flag ? 0xc3 : 0xc2);
      case String text -> write(text);
      case Integer number -> integer(number);
      case Long number -> integer(number);
      case BigDecimal number -> number(number);
      case List<?> list -> {
        head(list.size(), 0x90, 0xdc);
        for (Object element : list) {
          write(element);
        }
      }
      case Map<?, ?> map -> {
        head(map.size(), 0x80, 0xde);
        for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
          write(String.valueOf(entry.getKey()));
          write(entry.getValue());
        }
      }
      default -> throw new IllegalArgumentException("no value of a config: " + value.getClass());
    }
  }

  private void number(BigDecimal number) throws IOException {
    boolean integral = number.stripTrailingZeros().scale() <= 0;
    if (integral && number.compareTo(LONG_MIN) >= 0 && number.compareTo(LONG_MAX) <= 0) {
      integer(number.longValueExact());
    } else if (!integral && new BigDecimal(number.doubleValue()).compareTo(number) == 0) {
      out.writeByte(0xcb);
      out.writeDouble(number.doubleValue());
    } else {
      write(number.toPlainString());
    }
  }

  private void integer(long number) throws IOException {
    if (number >= -32 && number < 128) {
      out.writeByte((int) number);
    } else if (number >= 0) {
      int size = number < 1L << 8 ? 0 : number < 1L << 16 ? 1 : number < 1L << 32 ? 2 : 3;
      out.writeByte(0xcc + size);
      low(number, 1 << size);
    } else {
      int size =
          number >= Byte.MIN_VALUE
              ? 0
              : number >= Short.MIN_VALUE ? 1 : number >= Integer.MIN_VALUE ? 2 : 3;
      out.writeByte(0xd0 + size);
      low(number, 1 << size);
    }
  }

  private void low(long number, int size) throws IOException {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      out.writeByte((int) (number >>> shift));
    }
  }

  private void write(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length < 32) {
      out.writeByte(0xa0 + utf8.length);
    } else if (utf8.length < 256) {
      out.writeByte(0xd9);
      out.writeByte(utf8.length);
    } else if (utf8.length < 65_536) {
      out.writeByte(0xda);
      out.writeShort(utf8.length);
    } else {
      out.writeByte(0xdb);
      out.writeInt(utf8.length);
    }
    out.write(utf8);
  }

  private void head(int size, int fixed, int longer) throws IOException {
    if (size < 16) {
      out.writeByte(fixed + size);
    } else if (size < 65_536) {
      out.writeByte(longer);
      out.writeShort(size);
    } else {
      out.writeByte(longer + 1);
      out.writeInt(size);
    }
  }
}
