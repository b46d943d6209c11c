package io.gaol.cli.template;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Go's bound on repeats in regular expressions: within each other they come to 1000 times at most.
 * The library has it for each one alone, and would write <code>((a{1000}){1000}){1000}</code> out.
 */
final class RegexRepeats {
  private static final int MOST = 1000;
  private static final Pattern REPEAT = Pattern.compile("\\{(\\d{1,6})(,(\\d{1,6})?)?\\}");

  private RegexRepeats() {}

  /**
   * Complains of an expression that repeats too much.
   *
   * @throws FunctionException if it does
   */
  static void require(String pattern) throws FunctionException {
    Deque<Long> outside = new ArrayDeque<>();
    long inGroup = 1;
    long last = 1;
    int at = 0;
    Matcher repeat = REPEAT.matcher(pattern);
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '{' && repeat.region(at, pattern.length()).lookingAt()) {
        String most = repeat.group(3) == null ? repeat.group(1) : repeat.group(3);
        last *= Math.max(1, Long.parseLong(most));
        if (last > MOST) {
          throw new FunctionException(
              "The regular expression repeats something more than " + MOST + " times");
        }
        inGroup = Math.max(inGroup, last);
        at = repeat.end();
        continue;
      }
      switch (c) {
        case '(' -> {
          outside.push(inGroup);
          inGroup = 1;
          last = 1;
        }
        case ')' -> {
          last = inGroup;
          inGroup = Math.max(last, outside.isEmpty() ? 1 : outside.pop());
        }
        case '*', '+', '?' -> {}
        default -> last = 1;
      }
      at = end(pattern, at);
    }
  }

  /** Where what begins at an index ends: a character, an escape, a quotation or a class. */
  private static int end(String pattern, int at) {
    if (pattern.startsWith("\\Q", at)) {
      int end = pattern.indexOf("\\E", at);
      return end < 0 ? pattern.length() : end + 2;
    }
    if (pattern.charAt(at) == '\\') {
      return at + 2;
    }
    if (pattern.charAt(at) != '[') {
      return at + 1;
    }
    int i = pattern.startsWith("^", at + 1) ? at + 2 : at + 1;
    i = pattern.startsWith("]", i) ? i + 1 : i;
    while (i < pattern.length() && pattern.charAt(i) != ']') {
      int named = pattern.startsWith("[:", i) ? pattern.indexOf(":]", i) : -1;
      i = named >= 0 ? named + 2 : pattern.charAt(i) == '\\' ? i + 2 : i + 1;
    }
    return i + 1;
  }
}
