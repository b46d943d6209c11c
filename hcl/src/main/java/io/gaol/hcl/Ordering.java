package io.gaol.hcl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The orders of the language: of names, and of the elements of a set. */
final class Ordering {
  /** By code points, which is also the order of the bytes of UTF-8. */
  static final Comparator<String> BY_CODE_POINTS = Ordering::compareCodePoints;

  /**
   * Numbers by size, strings by code points, false before true; then what is unknown, then null.
   * Composed values by a text that has all their content, as the reference implementation has it.
   */
  static final Comparator<Value> OF_SETS = Ordering::compareElements;

  private Ordering() {}

  /** The entries by their names. */
  static List<Map.Entry<String, Value>> sorted(Map<String, Value> entries) {
    List<Map.Entry<String, Value>> sorted = new ArrayList<>(entries.entrySet());
    sorted.sort(Map.Entry.comparingByKey(BY_CODE_POINTS));
    return Collections.unmodifiableList(sorted);
  }

  private static int compareCodePoints(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int i = 0; i < shorter; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all others.
        return Character.isSurrogate(a) == Character.isSurrogate(b)
            ? Character.compare(a, b)
            : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  private static int compareElements(Value left, Value right) {
    int byRank = Integer.compare(rank(left), rank(right));
    if (byRank != 0) {
      return byRank;
    }
    if (left instanceof Value.Num(var a) && right instanceof Value.Num(var b)) {
      return a.compareTo(b);
    }
    if (left instanceof Value.Text(String a) && right instanceof Value.Text(String b)) {
      return compareCodePoints(a, b);
    }
    if (left instanceof Value.Bool(boolean a) && right instanceof Value.Bool(boolean b)) {
      return Boolean.compare(a, b);
    }
    return compareCodePoints(content(left), content(right));
  }

  private static int rank(Value value) {
    return switch (value) {
      case Value.Unknown _ -> 1;
      case Value.Null _ -> 2;
      default -> 0;
    };
  }

  private static String content(Value value) {
    StringBuilder text = new StringBuilder();
    append(text, value);
    return text.toString();
  }

  private static void append(StringBuilder text, Value value) {
    switch (value) {
      case Value.Unknown _ -> text.append('?');
      case Value.Null _ -> text.append('~');
      case Value.Bool(boolean bool) -> text.append(bool ? 'T' : 'F');
      case Value.Num number -> text.append(number);
      case Value.Text(String string) ->
          text.append('"').append(string.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      case Value.Tuple tuple -> appendAll(text, '<', tuple.elements(), '>');
      case Value.ListOf list -> appendAll(text, '[', list.elements(), ']');
      case Value.SetOf set -> appendAll(text, '[', set.elements(), ']');
      case Value.Obj object ->
          appendAll(
              text, '<', sorted(object.entries()).stream().map(Map.Entry::getValue).toList(), '>');
      case Value.MapOf map -> {
        text.append('{');
        for (Map.Entry<String, Value> entry : sorted(map.entries())) {
          append(text, Value.of(entry.getKey()));
          text.append(':');
          append(text, entry.getValue());
          text.append(';');
        }
        text.append('}');
      }
    }
  }

  private static void appendAll(StringBuilder text, char open, List<Value> parts, char close) {
    text.append(open);
    for (Value part : parts) {
      append(text, part);
      text.append(';');
    }
    text.append(close);
  }
}
