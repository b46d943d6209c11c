package io.gaol.hcl;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Finds where parsing can go on after an error in an attribute or block. */
final class Recovery {
  private final String text;
  private final int itemStart;
  private final int itemIndentation;
  private final int error;
  private final boolean indented;
  private final Deque<Character> open = new ArrayDeque<>();
  private int openStrings;
  private int at;

  private Recovery(String text, int itemStart, int error) {
    this.text = text;
    this.itemStart = itemStart;
    this.itemIndentation = indentation(text, itemStart);
    this.at = itemStart;
    this.error = error;
    this.indented = isIndented();
  }

  /**
   * Where to go on.
   *
   * @param balanced whether all brackets that the item had opened are closed there
   */
  record Place(int offset, boolean balanced) {}

  /**
   * The first line end, or closing brace of the surrounding block, that lies behind the error and
   * outside of all brackets and strings that were opened since the start of the item; or before
   * that a line that by its indentation is the next item, for what is wrong may be the brackets
   * themselves.
   */
  static Place next(String text, int itemStart, int error) {
    Recovery recovery = new Recovery(text, itemStart, error);
    while (recovery.at < text.length() && !recovery.isEnd()) {
      recovery.step();
    }
    return new Place(
        Math.max(recovery.at, Math.min(itemStart + 1, text.length())), recovery.open.isEmpty());
  }

  /** The brace of a block's content, if it ends the line of an offset or begins the next one. */
  static Optional<Integer> openingBrace(String text, int offset) {
    int end = lineEnd(text, offset);
    int last = end - 1;
    while (last >= offset && isBlank(text.charAt(last))) {
      last--;
    }
    if (last >= offset && text.charAt(last) == '{') {
      return Optional.of(last);
    }
    int next = skipBlank(text, Math.min(end + 1, text.length()));
    return next < text.length() && text.charAt(next) == '{' ? Optional.of(next) : Optional.empty();
  }

  /** How many blanks the line of an offset begins with. */
  static int indentation(String text, int offset) {
    int start = text.lastIndexOf('\n', offset - 1) + 1;
    return skipBlank(text, start) - start;
  }

  private boolean isEnd() {
    return switch (text.charAt(at)) {
      case '\n' ->
          open.isEmpty() ? at >= error : openStrings == 0 && indented && isNextItem(at + 1);
      case '}' -> openStrings == 0 && at >= error && !open.contains('{');
      default -> false;
    };
  }

  /** Whether a line begins as an item does that is not within this one. */
  private boolean isNextItem(int line) {
    int first = skipBlank(text, line);
    if (first < error || first >= text.length()) {
      return false;
    }
    int other = first - line;
    return text.charAt(first) == '}'
        ? other < itemIndentation
        : other <= itemIndentation && Characters.identifierEnd(text, first) > first;
  }

  /** Whether indentation tells what is within the item: not if nothing is indented at all. */
  private boolean isIndented() {
    int end = lineEnd(text, itemStart);
    int last = end - 1;
    while (last > itemStart && isBlank(text.charAt(last))) {
      last--;
    }
    boolean opens = last >= 0 && last < text.length() && "{[(".indexOf(text.charAt(last)) >= 0;
    int next = end;
    while (next < text.length() && (text.charAt(next) == '\n' || isBlank(text.charAt(next)))) {
      next++;
    }
    return !opens
        || next >= text.length()
        || "}])".indexOf(text.charAt(next)) >= 0
        || indentation(text, next) > itemIndentation;
  }

  private void step() {
    if (!open.isEmpty() && open.peek() == '"') {
      inString();
    } else {
      inCode();
    }
  }

  private void inString() {
    char c = text.charAt(at);
    if (c == '"') {
      pop();
      at++;
    } else if (c == '\n') {
      closeAllStrings();
    } else if (c == '\\' || text.startsWith("$${", at) || text.startsWith("%%{", at)) {
      at += 2;
    } else if (text.startsWith("${", at) || text.startsWith("%{", at)) {
      push('{');
      at += 2;
    } else {
      at++;
    }
  }

  private void inCode() {
    char c = text.charAt(at);
    if (c == '#' || text.startsWith("//", at)) {
      at = lineEnd(text, at);
    } else if (text.startsWith("/*", at)) {
      int end = text.indexOf("*/", at + 2);
      at = end < 0 ? text.length() : end + 2;
    } else if (text.startsWith("<<", at)) {
      heredoc();
    } else {
      bracket(c);
      at++;
    }
  }

  private void bracket(char c) {
    switch (c) {
      case '"', '{', '[', '(' -> push(c);
      case '}' -> {
        while (open.contains('{') && pop() != '{') {}
      }
      case ']' -> popIf('[');
      case ')' -> popIf('(');
      default -> {}
    }
  }

  private void popIf(char c) {
    if (!open.isEmpty() && open.peek() == c) {
      pop();
    }
  }

  private void push(char c) {
    open.push(c);
    openStrings += c == '"' ? 1 : 0;
  }

  private char pop() {
    char c = open.pop();
    openStrings -= c == '"' ? 1 : 0;
    return c;
  }

  /** A string ends with its line at the latest, and so do the interpolations in it. */
  private void closeAllStrings() {
    while (openStrings > 0) {
      pop();
    }
  }

  /** All after the introduction of a heredoc that has no end is its text, or so it seems. */
  private void heredoc() {
    int start = text.startsWith("<<-", at) ? at + 3 : at + 2;
    int end = Characters.identifierEnd(text, start);
    String marker = text.substring(start, end);
    int line = text.indexOf('\n', end);
    at = end;
    while (!marker.isEmpty() && line >= 0) {
      int next = lineEnd(text, line + 1);
      if (text.substring(line + 1, next).strip().equals(marker)) {
        at = next;
        return;
      }
      line = next < text.length() ? next : -1;
    }
    if (!marker.isEmpty() && error <= start) {
      open.push('<');
      at = text.length();
    }
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private static int skipBlank(String text, int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }
}
