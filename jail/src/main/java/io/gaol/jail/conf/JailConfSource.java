package io.gaol.jail.conf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/** A file's name and its bytes. */
public final class JailConfSource {
  private final String name;
  private final String bytes;

  private JailConfSource(String name, String bytes) {
    this.name = Objects.requireNonNull(name, "name");
    this.bytes = bytes;
  }

  /**
   * From a file.
   *
   * @param name how errors call it; names in {@code .include} are relative to its directory
   */
  public static JailConfSource of(String name, byte[] bytes) {
    return new JailConfSource(name, new String(bytes, ISO_8859_1));
  }

  /**
   * From a text.
   *
   * @param name how errors call it; names in {@code .include} are relative to its directory
   */
  public static JailConfSource of(String name, String text) {
    return of(name, text.getBytes(UTF_8));
  }

  /** How errors call it. */
  public String name() {
    return name;
  }

  /** Its bytes, one in each char: jail(8) reads bytes, and cares for no encoding. */
  String bytes() {
    return bytes;
  }

  /** How many bytes it has. */
  int size() {
    return bytes.length();
  }
}
