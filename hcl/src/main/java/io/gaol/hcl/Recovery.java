package io.gaol.hcl;

import java.util.ArrayDeque;
import java.util.Deque;

/** Finds where parsing can go on after an error in an attribute or block. */
final class Recovery {
  private final String text;
  private final int error;
  private final Deque<Character> open = new ArrayDeque<>();
  private int openStrings;
  private int at;

  private Recovery(String text, int from, int error) {
    this.text = text;
    this.at = from;
    this.error = error;
  }

  /**
   * The first line end, or closing brace of the surrounding block, that lies behind the error and
   * outside of all brackets and strings that were opened since the start of the item. A best
   * effort: what is wrong may be the brackets themselves.
   */
  static int next(String text, int itemStart, int error) {
    Recovery recovery = new Recovery(text, itemStart, error);
    while (recovery.at < text.length() && !recovery.isEnd()) {
      recovery.step();
    }
    return Math.max(recovery.at, Math.min(itemStart + 1, text.length()));
  }

  private boolean isEnd() {
    char c = text.charAt(at);
    return open.isEmpty() && (c == '\n' || c == '}') && at >= error;
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
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
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
    if (c == '"' || c == '{' || c == '[' || c == '(') {
      push(c);
    } else if ((c == '}' || c == ']' || c == ')') && !open.isEmpty()) {
      pop();
    }
  }

  private void push(char c) {
    open.push(c);
    openStrings += c == '"' ? 1 : 0;
  }

  private void pop() {
    openStrings -= open.pop() == '"' ? 1 : 0;
  }

  /** A string ends with its line at the latest, and so do the interpolations in it. */
  private void closeAllStrings() {
    while (openStrings > 0) {
      pop();
    }
  }

  private void heredoc() {
    int start = text.startsWith("<<-", at) ? at + 3 : at + 2;
    int end = Characters.identifierEnd(text, start);
    String marker = text.substring(start, end);
    int line = text.indexOf('\n', end);
    at = end;
    while (!marker.isEmpty() && line >= 0) {
      int next = text.indexOf('\n', line + 1);
      if (text.substring(line + 1, next < 0 ? text.length() : next).strip().equals(marker)) {
        at = next < 0 ? text.length() : next;
        return;
      }
      line = next;
    }
  }
}
