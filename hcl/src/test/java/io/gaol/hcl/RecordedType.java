package io.gaol.hcl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A type that was recorded with a value.
 *
 * @param name {@code string}, {@code list} …
 * @param parts what is in brackets after it, by attribute name, or by position
 */
record RecordedType(String name, Map<String, RecordedType> parts) {

  /** The type of an element of a list, a set or a tuple. */
  RecordedType element(int index) {
    return name.equals("tuple") ? parts.get(String.valueOf(index)) : parts.get("0");
  }

  /** The type of an element of a map, or of an attribute of an object. */
  RecordedType attribute(String key) {
    return name.equals("object") ? parts.get(key) : parts.get("0");
  }

  /** Reads {@code object({a=number,"b c"=list(string)})}. */
  static RecordedType of(String text) {
    return new Reader(text).type();
  }

  private static final class Reader {
    private static final List<Character> ENDS = List.of('(', ')', '[', ']', '{', '}', ',', '=');

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    RecordedType type() {
      String name = word();
      Map<String, RecordedType> parts = new LinkedHashMap<>();
      if (skip('(')) {
        if (skip('[')) {
          while (!skip(']')) {
            parts.put(String.valueOf(parts.size()), type());
            skip(',');
          }
        } else if (skip('{')) {
          while (!skip('}')) {
            String attribute = word();
            skip('=');
            parts.put(attribute, type());
            skip(',');
          }
        } else {
          parts.put("0", type());
        }
        skip(')');
      }
      return new RecordedType(name, parts);
    }

    private boolean skip(char expected) {
      boolean there = at < text.length() && text.charAt(at) == expected;
      at += there ? 1 : 0;
      return there;
    }

    private String word() {
      int start = at;
      if (text.charAt(at) == '"') {
        at = text.indexOf('"', at + 1) + 1;
        return text.substring(start + 1, at - 1);
      }
      while (at < text.length() && !ENDS.contains(text.charAt(at))) {
        at++;
      }
      return text.substring(start, at);
    }
  }
}
