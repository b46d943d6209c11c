package io.gaol.nomad.wire;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads MessagePack, one thing after the other. A length that claims more than is there is refused
 * before anything is made of it.
 *
 * <p>Ours and small: the library for it warns of {@code sun.misc.Unsafe} on a new Java, and its
 * first call takes longer than all of a plugin's others.
 */
final class MessagePack {
  private final ByteBuffer bytes;

  MessagePack(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  /** What comes next: the head of a container, or a whole value. */
  sealed interface Item {
    /** What a message calls it. */
    String description();
  }

  /** {@code nil}. */
  record Nil() implements Item {
    @Override
    public String description() {
      return "null";
    }
  }

  /** {@code true} or {@code false}. */
  record Flag(boolean value) implements Item {
    @Override
    public String description() {
      return "a boolean";
    }
  }

  /** An integer or a floating point number. */
  record Numeral(BigDecimal value) implements Item {
    @Override
    public String description() {
      return "a number";
    }
  }

  /** A string, old or new, or binary data that is text. */
  record Text(String value) implements Item {
    @Override
    public String description() {
      return "a string";
    }
  }

  /** So many values follow. */
  record ArrayHead(int size) implements Item {
    @Override
    public String description() {
      return "a list";
    }
  }

  /** So many keys follow, each with its value. */
  record MapHead(int size) implements Item {
    @Override
    public String description() {
      return "a map";
    }
  }

  /** Bytes that are not MessagePack, or nothing that a config is made of. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String problem) {
      super(problem);
    }
  }

  /** How many bytes are left. */
  int remaining() {
    return bytes.remaining();
  }

  /** Where it stands, for {@link #returnTo}. */
  int position() {
    return bytes.position();
  }

  /** Reads from an earlier place again. */
  void returnTo(int position) {
    bytes.position(position);
  }

  /** Whether {@code nil} comes next. */
  boolean nilFollows() {
    return bytes.hasRemaining() && bytes.get(bytes.position()) == (byte) 0xc0;
  }

  /** Reads what comes next. */
  Item next() throws MalformedException {
    int head = (int) unsigned(1);
    if (head <= 0x7f) {
      return numeral(head);
    }
    if (head <= 0x8f) {
      return map(head & 0x0f);
    }
    if (head <= 0x9f) {
      return array(head & 0x0f);
    }
    if (head <= 0xbf) {
      return text(head & 0x1f);
    }
    if (head >= 0xe0) {
      return numeral((byte) head);
    }
    return switch (head) {
      case 0xc0 -> new Nil();
      case 0xc2 -> new Flag(false);
      case 0xc3 -> new Flag(true);
      case 0xc4, 0xd9 -> text(unsigned(1));
      case 0xc5, 0xda -> text(unsigned(2));
      case 0xc6, 0xdb -> text(unsigned(4));
      case 0xca -> floating(Float.intBitsToFloat((int) signed(4)));
      case 0xcb -> floating(Double.longBitsToDouble(signed(8)));
      case 0xcc -> numeral(unsigned(1));
      case 0xcd -> numeral(unsigned(2));
      case 0xce -> numeral(unsigned(4));
      case 0xcf -> new Numeral(new BigDecimal(Long.toUnsignedString(signed(8))));
      case 0xd0 -> numeral(signed(1));
      case 0xd1 -> numeral(signed(2));
      case 0xd2 -> numeral(signed(4));
      case 0xd3 -> numeral(signed(8));
      case 0xdc -> array(unsigned(2));
      case 0xdd -> array(unsigned(4));
      case 0xde -> map(unsigned(2));
      case 0xdf -> map(unsigned(4));
      case 0xc1 -> throw new MalformedException("the byte 0xc1 is nothing in MessagePack");
      default -> throw new MalformedException("an extension of MessagePack is nothing in a config");
    };
  }

  private static Numeral numeral(long value) {
    return new Numeral(BigDecimal.valueOf(value));
  }

  /** Exactly: what an agent sends as a floating point number is one without loss. */
  private static Numeral floating(double value) throws MalformedException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new MalformedException(value + " is no number of a config");
    }
    return new Numeral(new BigDecimal(value));
  }

  private Text text(long length) throws MalformedException {
    require(length, "a string of " + length + " bytes");
    ByteBuffer part = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    try {
      return new Text(StandardCharsets.UTF_8.newDecoder().decode(part).toString());
    } catch (CharacterCodingException garbage) {
      throw new MalformedException("a string is not UTF-8");
    }
  }

  private ArrayHead array(long size) throws MalformedException {
    require(size, "a list of " + size + " values");
    return new ArrayHead((int) size);
  }

  private MapHead map(long size) throws MalformedException {
    require(2 * size, "a map of " + size + " keys");
    return new MapHead((int) size);
  }

  private void require(long least, String what) throws MalformedException {
    if (least > bytes.remaining()) {
      throw new MalformedException(
          what + " is announced, but only " + bytes.remaining() + " bytes are left");
    }
  }

  /** Of at most four bytes. */
  private long unsigned(int size) throws MalformedException {
    return signed(size) & ((1L << (8 * size)) - 1);
  }

  private long signed(int size) throws MalformedException {
    require(size, "a value");
    return switch (size) {
      case 1 -> bytes.get();
      case 2 -> bytes.getShort();
      case 4 -> bytes.getInt();
      default -> bytes.getLong();
    };
  }
}
