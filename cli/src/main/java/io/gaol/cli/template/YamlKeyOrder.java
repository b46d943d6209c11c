package io.gaol.cli.template;

import io.gaol.cli.template.GoTypes.Int;
import java.util.Comparator;

/** The order of keys in the YAML that is written: numbers in texts count as numbers. */
final class YamlKeyOrder {
  static final Comparator<Object> ORDER = YamlKeyOrder::compare;

  private YamlKeyOrder() {}

  private static int compare(Object left, Object right) {
    int ranks = Integer.compare(rank(left), rank(right));
    if (ranks != 0) {
      return ranks;
    }
    return left instanceof String l && right instanceof String r
        ? compareTexts(
            ByteText.text(l).codePoints().toArray(), ByteText.text(r).codePoints().toArray())
        : Double.compare(number(left), number(right));
  }

  private static int rank(Object key) {
    return key instanceof String ? 2 : key == GoTypes.NIL ? 1 : 0;
  }

  private static double number(Object key) {
    return switch (key) {
      case Int number -> number.real();
      case Double number -> number;
      case Boolean bool -> bool ? 1 : 0;
      default -> 0;
    };
  }

  private static int compareTexts(int[] left, int[] right) {
    int i = 0;
    while (i < left.length && i < right.length && left[i] == right[i]) {
      i++;
    }
    if (i == left.length || i == right.length) {
      return Integer.compare(left.length, right.length);
    }
    boolean leftLetter = Character.isLetter(left[i]);
    boolean rightLetter = Character.isLetter(right[i]);
    if (leftLetter || rightLetter) {
      return leftLetter && rightLetter ? Integer.compare(left[i], right[i]) : rightLetter ? -1 : 1;
    }
    boolean zero = left[i] == '0' || right[i] == '0';
    long start = zero && followsNumber(left, i) ? 1 : 0;
    int byNumber = Long.compare(digits(left, i, start), digits(right, i, start));
    if (byNumber != 0) {
      return byNumber;
    }
    int byLength = Integer.compare(digitsEnd(left, i), digitsEnd(right, i));
    return byLength != 0 ? byLength : Integer.compare(left[i], right[i]);
  }

  /** Whether digits before an index are more than zeros. */
  private static boolean followsNumber(int[] text, int at) {
    for (int j = at - 1; j >= 0 && Character.isDigit(text[j]); j--) {
      if (text[j] != '0') {
        return true;
      }
    }
    return false;
  }

  private static long digits(int[] text, int from, long start) {
    long value = start;
    for (int i = from; i < text.length && Character.isDigit(text[i]); i++) {
      value = value * 10 + (text[i] - '0');
    }
    return value;
  }

  private static int digitsEnd(int[] text, int from) {
    int end = from;
    while (end < text.length && Character.isDigit(text[end])) {
      end++;
    }
    return end;
  }
}
