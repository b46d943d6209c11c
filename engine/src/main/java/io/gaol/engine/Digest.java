package io.gaol.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name for a text of any length: it follows from the text alone, and no two share it. */
public final class Digest {
  private Digest() {}

  /** The first so many of the 64 hexadecimal digits of a text's SHA-256. */
  public static String of(String text, int digits) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
          .substring(0, digits);
    } catch (NoSuchAlgorithmException impossible) { // Every Java has it.
      throw new IllegalStateException(impossible);
    }
  }
}
