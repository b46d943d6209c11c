package io.gaol.driver;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers of users or groups: {@code 0,10-15}, as Nomad's {@code denied_host_uids} has them.
 *
 * @param ranges which
 */
public record IdRanges(List<Range> ranges) {
  /** No number at all. */
  public static final IdRanges NONE = new IdRanges(List.of());

  private static final long MOST = 0xffff_ffffL;

  /** Copies. */
  public IdRanges {
    ranges = List.copyOf(ranges);
  }

  /**
   * All numbers between two, which are among them.
   *
   * @param least the smallest
   * @param most the greatest
   */
  public record Range(long least, long most) {
    /** Checks. */
    public Range {
      if (least > most) {
        throw new IllegalArgumentException("lower bound cannot be greater than upper bound");
      }
    }
  }

  /**
   * Reads ranges; an empty text is none.
   *
   * @param called what they are, for the message
   * @throws IllegalArgumentException if one is not valid; the message is Nomad's
   */
  static IdRanges parse(String called, String text) {
    List<Range> ranges = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String range : text.split(",", -1)) {
        try {
          ranges.add(range(range));
        } catch (IllegalArgumentException wrong) {
          throw new IllegalArgumentException(
              "invalid range " + called + " \"" + range + "\": " + wrong.getMessage(), wrong);
        }
      }
    }
    return new IdRanges(ranges);
  }

  private static Range range(String text) {
    String[] bounds = text.split("-", -1);
    if (bounds.length > 2) {
      throw new IllegalArgumentException("range bound not valid");
    }
    return new Range(bound(bounds[0]), bound(bounds[bounds.length - 1]));
  }

  private static long bound(String text) {
    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > MOST) {
      throw new IllegalArgumentException("range bound not valid");
    }
    return Long.parseLong(text);
  }

  /** Whether a number is in one of them. */
  public boolean contains(long id) {
    return ranges.stream().anyMatch(range -> range.least() <= id && id <= range.most());
  }
}
