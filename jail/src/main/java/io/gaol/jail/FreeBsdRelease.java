package io.gaol.jail;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of FreeBSD.
 *
 * @param major as 14 in 14.3
 * @param minor as 3 in 14.3
 */
public record FreeBsdRelease(int major, int minor) implements Comparable<FreeBsdRelease> {
  private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})([-_.].*)?");

  /**
   * Reads {@code 14.3}, or what {@code uname -r} says, such as {@code 14.3-RELEASE-p2}.
   *
   * @return empty if it is neither
   */
  public static Optional<FreeBsdRelease> parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    return written.matches()
        ? Optional.of(
            new FreeBsdRelease(
                Integer.parseInt(written.group(1)), Integer.parseInt(written.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(FreeBsdRelease other) {
    int byMajor = Integer.compare(major, other.major);
    return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
