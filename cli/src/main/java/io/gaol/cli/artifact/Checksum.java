package io.gaol.cli.artifact;

import io.gaol.jail.Spelling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file's bytes must give.
 *
 * @param type how they are summed up
 * @param value hexadecimal, lower case
 */
public record Checksum(Type type, String value) {
  /** Begins a checksum that is in a file of checksums. */
  static final String IN_FILE = "file:";

  private static final Pattern BSD =
      Pattern.compile("([A-Za-z0-9]+) ?\\((.+)\\) ?= ?([0-9A-Fa-f]+)");
  private static final Pattern GNU = Pattern.compile("\\\\?([0-9A-Fa-f]+)(?:\\s+[*?]?(.+))?");

  /** A way to sum up, weakest first. */
  public enum Type {
    MD5("MD5", 32),
    SHA1("SHA-1", 40),
    SHA256("SHA-256", 64),
    SHA512("SHA-512", 128);

    private final String algorithm;
    private final int digits;

    Type(String algorithm, int digits) {
      this.algorithm = algorithm;
      this.digits = digits;
    }

    /** The type of a name, in any letter case. */
    public static Optional<Type> named(String name) {
      return List.of(values()).stream()
          .filter(type -> type.name().equalsIgnoreCase(name))
          .findFirst();
    }

    /** Whether a text is a value of this type. */
    public boolean fits(String value) {
      return value.matches("[0-9A-Fa-f]{" + digits + "}");
    }

    /** How many hexadecimal digits a value has. */
    public int digits() {
      return digits;
    }

    /** As it is written before a value: {@code sha256}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Type> ofLength(int digits) {
      return List.of(values()).stream().filter(type -> type.digits == digits).findFirst();
    }
  }

  /**
   * Reads {@code type:value}, or a value alone, whose length tells the type.
   *
   * @throws ArtifactException if it is neither
   */
  static Checksum of(String text, String shown) throws ArtifactException {
    int colon = text.indexOf(':');
    String value = text.substring(colon + 1).strip();
    Optional<Type> type =
        colon < 0 ? Type.ofLength(value.length()) : Type.named(text.substring(0, colon).strip());
    if (type.isEmpty()) {
      throw new ArtifactException(
          shown,
          "the checksum "
              + Shown.quoted(text)
              + " is not of a type that there is: md5, sha1, sha256, sha512, or file:URL"
              + (colon < 0
                  ? ""
                  : Spelling.suggestion(
                      text.substring(0, colon),
                      Set.of("md5", "sha1", "sha256", "sha512", "file"))));
    }
    if (!type.get().fits(value)) {
      throw new ArtifactException(
          shown,
          "a checksum of type "
              + type.get()
              + " has "
              + type.get().digits
              + " hexadecimal digits, not "
              + Shown.quoted(value));
    }
    return new Checksum(type.get(), value.toLowerCase(Locale.ROOT));
  }

  /**
   * Finds a file's checksum in a file of checksums, as the GNU and the BSD tools write them: the
   * strongest of those that are there. A line without a name is good for any file.
   *
   * @param names that the file may have there
   */
  static Optional<Checksum> find(List<String> lines, Set<String> names) {
    List<Checksum> found = new ArrayList<>();
    for (String line : lines) {
      Matcher bsd = BSD.matcher(line.strip());
      Matcher gnu = GNU.matcher(line.strip());
      if (bsd.matches()) {
        Type.named(bsd.group(1))
            .filter(type -> isFor(bsd.group(2), names) && bsd.group(3).length() == type.digits)
            .ifPresent(type -> found.add(new Checksum(type, lowerCase(bsd.group(3)))));
      } else if (gnu.matches() && (gnu.group(2) == null || isFor(gnu.group(2), names))) {
        Type.ofLength(gnu.group(1).length())
            .ifPresent(type -> found.add(new Checksum(type, lowerCase(gnu.group(1)))));
      }
    }
    return found.stream().max(Comparator.comparing(Checksum::type));
  }

  private static boolean isFor(String name, Set<String> names) {
    return names.contains(name.replaceFirst("^\\./", ""));
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * Compares with what is there.
   *
   * @throws ArtifactException if it differs
   */
  void verify(Path file, String shown) throws IOException, ArtifactException, InterruptedException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(type.algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        digest.update(buffer, 0, count);
      }
    }
    String got = HexFormat.of().formatHex(digest.digest());
    if (!got.equals(value)) {
      throw new ArtifactException(
          shown,
          "its checksum is wrong: expected "
              + type
              + ":"
              + value
              + ", got "
              + type
              + ":"
              + got
              + "; nothing of it is kept");
    }
  }
}
