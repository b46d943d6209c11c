package io.gaol.cli.template;

import io.gaol.cli.template.Token.Kind;
import io.gaol.hcl.Source;
import io.gaol.hcl.SourceRange;
import java.util.Set;

/**
 * Cuts a template into tokens, by the rules of Go's text/template: white space counts within an
 * action, and a {@code -} beside a delimiter takes the white space of the text next to it.
 */
final class Lexer {
  private static final Set<String> KEYWORDS =
      Set.of(
          "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with");
  private static final int NOTHING = -1;

  private final Source source;
  private final String text;
  private final String left;
  private final String right;
  private int at;
  private boolean inAction;
  private int actionStart;
  private int parens;

  /**
   * @param left what opens an action; not empty
   * @param right what closes one; not empty
   */
  Lexer(Source source, String left, String right) {
    this.source = source;
    this.text = source.text();
    this.left = left;
    this.right = right;
  }

  /** The next token; at the end of the template {@link Kind#END}, again and again. */
  Token next() throws TemplateException {
    return inAction ? inAction() : text();
  }

  private Token text() throws TemplateException {
    int start = at;
    while (true) {
      int open = text.indexOf(left, at);
      if (open < 0) {
        at = text.length();
        return at > start ? token(Kind.TEXT, start) : token(Kind.END, at);
      }
      boolean trim = isTrimMarker(open + left.length());
      int end = trim ? withoutTrailingSpace(start, open) : open;
      if (end > start) {
        at = open;
        return new Token(Kind.TEXT, start, end);
      }
      int inside = open + left.length() + (trim ? 2 : 0);
      if (!text.startsWith("/*", inside)) {
        at = inside;
        inAction = true;
        actionStart = open;
        parens = 0;
        return new Token(Kind.OPEN, open, open + left.length());
      }
      at = commentEnd(open, inside);
      start = at;
    }
  }

  private int commentEnd(int open, int inside) throws TemplateException {
    int close = text.indexOf("*/", inside + 2);
    if (close < 0) {
      throw error(open, inside + 2, "This comment is not closed", "It ends with */" + right);
    }
    int after = close + 2;
    boolean trim = isTrimmedClose(after);
    int delimiter = trim ? after + 2 : after;
    if (!text.startsWith(right, delimiter)) {
      throw error(
          close,
          after,
          "A comment fills its action",
          "Write " + right + " directly after */ (or \" -" + right + "\").");
    }
    int end = delimiter + right.length();
    return trim ? withoutLeadingSpace(end) : end;
  }

  private Token inAction() throws TemplateException {
    int start = at;
    if (isTrimmedClose(at) || text.startsWith(right, at)) {
      return close(start);
    }
    if (at >= text.length()) {
      throw error(
          actionStart,
          actionStart + left.length(),
          "This action is not closed",
          "It ends with " + right);
    }
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case ' ', '\t', '\r', '\n' -> space(start);
      case '=' -> token(Kind.ASSIGN, start);
      case ':' -> {
        if (!accept("=")) {
          throw error(
              start, at, "\":\" alone has no meaning", "A variable is declared with \":=\".");
        }
        yield token(Kind.DECLARE, start);
      }
      case '|' -> token(Kind.PIPE, start);
      case '"' -> quoted(start, '"', Kind.STRING, "string");
      case '\'' -> quoted(start, '\'', Kind.CHARACTER, "character constant");
      case '`' -> rawString(start);
      case '$' -> name(start, Kind.VARIABLE, Kind.VARIABLE);
      case '(' -> {
        parens++;
        yield token(Kind.OPEN_PAREN, start);
      }
      case ')' -> {
        if (--parens < 0) {
          throw error(start, at, "There is no \"(\" that this \")\" closes", "");
        }
        yield token(Kind.CLOSE_PAREN, start);
      }
      case '.' -> isDigit(peek()) ? number(start) : name(start, Kind.FIELD, Kind.DOT);
      case '+', '-' -> number(start);
      default -> {
        if (isDigit(c)) {
          yield number(start);
        }
        if (isAlphaNumeric(c)) {
          yield identifier(start);
        }
        if (c > ' ' && c < 0x7F) {
          yield token(Kind.OTHER, start);
        }
        throw error(start, at, "This character has no meaning in an action", "");
      }
    };
  }

  private Token close(int start) throws TemplateException {
    if (parens > 0) {
      throw error(start, start + 1, "A \"(\" of this action is not closed", "");
    }
    boolean trim = isTrimmedClose(start);
    int end = (trim ? start + 2 : start) + right.length();
    at = trim ? withoutLeadingSpace(end) : end;
    inAction = false;
    return new Token(Kind.CLOSE, start, end);
  }

  private Token space(int start) throws TemplateException {
    while (isSpace(peek())) {
      at++;
    }
    // The last space may belong to a " -}}".
    if (at - 1 > start && isTrimmedClose(at - 1)) {
      at--;
    } else if (isTrimmedClose(start)) {
      return close(start);
    }
    return token(Kind.SPACE, start);
  }

  private Token quoted(int start, char quote, Kind kind, String words) throws TemplateException {
    while (at < text.length() && text.charAt(at) != '\n') {
      char c = text.charAt(at++);
      if (c == quote) {
        return token(kind, start);
      }
      if (c == '\\' && at < text.length() && text.charAt(at) != '\n') {
        at++;
      }
    }
    throw error(start, at, "This " + words + " is not closed", "It ends on its line with " + quote);
  }

  private Token rawString(int start) throws TemplateException {
    int end = text.indexOf('`', at);
    if (end < 0) {
      throw error(start, start + 1, "This raw string is not closed", "It ends with `");
    }
    at = end + 1;
    return token(Kind.RAW_STRING, start);
  }

  /** A variable or a field, whose first character was read; without a name it is the other kind. */
  private Token name(int start, Kind named, Kind bare) throws TemplateException {
    if (isTerminator()) {
      return token(bare, start);
    }
    skipAlphaNumeric();
    requireTerminator();
    return token(named, start);
  }

  private Token identifier(int start) throws TemplateException {
    skipAlphaNumeric();
    requireTerminator();
    String word = text.substring(start, at);
    Kind kind =
        KEYWORDS.contains(word)
            ? Kind.KEYWORD
            : switch (word) {
              case "nil" -> Kind.NIL;
              case "true", "false" -> Kind.BOOL;
              default -> Kind.IDENTIFIER;
            };
    return token(kind, start);
  }

  /** What looks like a number; the parser judges it. */
  private Token number(int start) throws TemplateException {
    at = start;
    boolean good = scanNumber();
    if (good && (peek() == '+' || peek() == '-')) {
      scanNumber();
      throw error(start, at, "Complex numbers are not supported", "");
    }
    if (!good) {
      throw error(start, at, "This is not a number", "");
    }
    return token(Kind.NUMBER, start);
  }

  private boolean scanNumber() {
    acceptAny("+-");
    String digits = "0123456789_";
    if (accept("0")) {
      if (acceptAny("xX")) {
        digits = "0123456789abcdefABCDEF_";
      } else if (acceptAny("oO")) {
        digits = "01234567_";
      } else if (acceptAny("bB")) {
        digits = "01_";
      }
    }
    acceptRun(digits);
    if (accept(".")) {
      acceptRun(digits);
    }
    String exponent = digits.length() > 20 ? "pP" : "eE";
    if (digits.length() > 10 && acceptAny(exponent)) {
      acceptAny("+-");
      acceptRun("0123456789_");
    }
    accept("i");
    if (isAlphaNumeric(peek())) {
      skipAlphaNumeric();
      return false;
    }
    return true;
  }

  private void skipAlphaNumeric() {
    while (isAlphaNumeric(peek())) {
      at += Character.charCount(peek());
    }
  }

  private void requireTerminator() throws TemplateException {
    if (!isTerminator()) {
      int c = peek();
      throw error(
          at,
          at + Character.charCount(c),
          "\"" + Character.toString(c) + "\" cannot follow a name directly",
          "Operands are separated by spaces; there are no operators.");
    }
  }

  private boolean isTerminator() {
    int c = peek();
    return c == NOTHING || isSpace(c) || ".,|:)(".indexOf(c) >= 0 || text.startsWith(right, at);
  }

  private boolean isTrimMarker(int offset) {
    return offset + 1 < text.length()
        && text.charAt(offset) == '-'
        && isSpace(text.charAt(offset + 1));
  }

  private boolean isTrimmedClose(int offset) {
    return offset + 1 < text.length()
        && isSpace(text.charAt(offset))
        && text.charAt(offset + 1) == '-'
        && text.startsWith(right, offset + 2);
  }

  private int withoutTrailingSpace(int from, int to) {
    int end = to;
    while (end > from && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private int withoutLeadingSpace(int from) {
    int start = from;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return start;
  }

  private int peek() {
    return at < text.length() ? text.codePointAt(at) : NOTHING;
  }

  private boolean accept(String exactly) {
    if (!text.startsWith(exactly, at)) {
      return false;
    }
    at += exactly.length();
    return true;
  }

  private boolean acceptAny(String characters) {
    int c = peek();
    if (c == NOTHING || characters.indexOf(c) < 0) {
      return false;
    }
    at++;
    return true;
  }

  private void acceptRun(String characters) {
    boolean more = acceptAny(characters);
    while (more) {
      more = acceptAny(characters);
    }
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAlphaNumeric(int c) {
    return c == '_' || (c != NOTHING && (Character.isLetter(c) || Character.isDigit(c)));
  }

  private Token token(Kind kind, int start) {
    return new Token(kind, start, at);
  }

  private TemplateException error(int start, int end, String summary, String detail) {
    int last = Math.min(text.length(), Math.max(start, end));
    return TemplateException.at(
        new SourceRange(source, Math.min(start, last), last), summary, detail);
  }
}
