package io.gaol.hcl;

import io.gaol.hcl.Token.Kind;

/**
 * Finds the token at an offset. Keeps no state: the parser knows whether it is in an expression or
 * in a template, and reads the text of templates itself.
 */
final class Lexer {
  private final Source source;
  private final String text;

  Lexer(Source source) {
    this.source = source;
    this.text = source.text();
  }

  /**
   * The first token at or after an offset, behind white space and comments.
   *
   * @param newlines whether a line end is a token; otherwise it is white space
   */
  Token next(int from, boolean newlines) {
    int at = skipSpace(from, newlines);
    if (at >= text.length()) {
      return token(Kind.END, text.length(), text.length());
    }
    int c = text.codePointAt(at);
    if (Characters.isDigit(c)) {
      return token(Kind.NUMBER, at, numberEnd(at));
    }
    int nameEnd = Characters.identifierEnd(text, at);
    if (nameEnd > at) {
      return token(Kind.IDENTIFIER, at, nameEnd);
    }
    return symbol(at, c);
  }

  private Token symbol(int at, int c) {
    return switch (c) {
      case '\n' -> token(Kind.NEWLINE, at, at + 1);
      case '\r' -> followedBy(at, "\r\n") ? token(Kind.NEWLINE, at, at + 2) : invalid(at, c);
      case '"' -> token(Kind.QUOTE, at, at + 1);
      case '{' -> token(Kind.OPEN_BRACE, at, at + 1);
      case '}' -> token(Kind.CLOSE_BRACE, at, at + 1);
      case '[' -> token(Kind.OPEN_BRACKET, at, at + 1);
      case ']' -> token(Kind.CLOSE_BRACKET, at, at + 1);
      case '(' -> token(Kind.OPEN_PAREN, at, at + 1);
      case ')' -> token(Kind.CLOSE_PAREN, at, at + 1);
      case '?' -> token(Kind.QUESTION, at, at + 1);
      case ',' -> token(Kind.COMMA, at, at + 1);
      case '+' -> token(Kind.PLUS, at, at + 1);
      case '-' -> token(Kind.MINUS, at, at + 1);
      case '*' ->
          followedBy(at, "**")
              ? unsupported(
                  at, "There is no operator \"**\"", "Powers are calculated by a function.")
              : token(Kind.STAR, at, at + 1);
      case '/' -> token(Kind.SLASH, at, at + 1);
      case '%' -> token(Kind.PERCENT, at, at + 1);
      case ':' -> either(at, "::", Kind.DOUBLE_COLON, Kind.COLON);
      case '.' -> either(at, "...", Kind.ELLIPSIS, Kind.DOT);
      case '!' -> either(at, "!=", Kind.NOT_EQUAL, Kind.NOT);
      case '>' -> either(at, ">=", Kind.GREATER_OR_EQUAL, Kind.GREATER);
      case '=' ->
          followedBy(at, "=>")
              ? token(Kind.ARROW, at, at + 2)
              : either(at, "==", Kind.EQUAL, Kind.ASSIGN);
      case '<' ->
          followedBy(at, "<<") ? heredoc(at) : either(at, "<=", Kind.LESS_OR_EQUAL, Kind.LESS);
      case '&' ->
          followedBy(at, "&&")
              ? token(Kind.AND, at, at + 2)
              : unsupported(at, "There is no operator \"&\"", "The logical operator is \"&&\".");
      case '|' ->
          followedBy(at, "||")
              ? token(Kind.OR, at, at + 2)
              : unsupported(at, "There is no operator \"|\"", "The logical operator is \"||\".");
      case '~' ->
          followedBy(at, "~}")
              ? token(Kind.STRIP_CLOSE_BRACE, at, at + 2)
              : unsupported(at, "There is no operator \"~\"", "Logical negation is \"!\".");
      case '\'' ->
          unsupported(at, "Single quotes are not valid", "Write strings in double quotes (\").");
      case '`' ->
          unsupported(
              at,
              "Backticks are not valid",
              "Write strings in double quotes (\"), and text of several lines as a heredoc"
                  + " (<<EOT).");
      case '\u201C', '\u201D', '\u201E', '\u2018', '\u2019', '\u00AB', '\u00BB' ->
          unsupported(
              at,
              "Typographic quotes are not valid",
              "Write strings in straight double quotes (\").");
      case ';' -> unsupported(at, "\";\" is not valid", "Write each definition on its own line.");
      case '^' -> unsupported(at, "There is no operator \"^\"", "There are no bitwise operators.");
      case '$' ->
          unsupported(
              at,
              "\"$\" is not valid here",
              "Interpolations (${ … }) are written within strings; outside of strings their"
                  + " expression stands alone.");
      default -> invalid(at, c);
    };
  }

  /** The introduction of a heredoc, up to the end of its marker. */
  private Token heredoc(int at) {
    int marker = followedBy(at, "<<-") ? at + 3 : at + 2;
    int end = Characters.identifierEnd(text, marker);
    if (end == marker) {
      return unsupported(
          at, "A heredoc needs a marker", "Write a name directly after \"<<\" or \"<<-\".");
    }
    if (!followedBy(end, "\n") && !followedBy(end, "\r\n")) {
      throw HclException.at(
          range(at, end),
          "A heredoc begins on the next line",
          "Nothing may follow the marker on its line.");
    }
    return token(Kind.HEREDOC, at, end);
  }

  /**
   * The end of what looks like a number; the parser judges it. A final dot belongs to what follows:
   * {@code a.0.b}.
   */
  private int numberEnd(int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Characters.isDigit(c) || c == '.') {
        at++;
      } else if ((c == 'e' || c == 'E') && exponentDigits(at + 1)) {
        at += 2;
      } else {
        break;
      }
    }
    while (text.charAt(at - 1) == '.') {
      at--;
    }
    return at;
  }

  private boolean exponentDigits(int at) {
    int digit =
        at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? at + 1 : at;
    return digit < text.length() && Characters.isDigit(text.charAt(digit));
  }

  private int skipSpace(int from, boolean newlines) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
      } else if (!newlines && (c == '\n' || followedBy(at, "\r\n"))) {
        at += c == '\n' ? 1 : 2;
      } else if (c == '#' || followedBy(at, "//") || followedBy(at, "/*")) {
        at = commentEnd(at);
      } else {
        break;
      }
    }
    return at;
  }

  private int lineEnd(int from) {
    int newline = text.indexOf('\n', from);
    if (newline < 0) {
      return text.length();
    }
    return newline > from && text.charAt(newline - 1) == '\r' ? newline - 1 : newline;
  }

  /** The end of the comment that begins at an offset; a line end is not part of it. */
  int commentEnd(int from) {
    if (!followedBy(from, "/*")) {
      return lineEnd(from);
    }
    int end = text.indexOf("*/", from + 2);
    if (end < 0) {
      throw HclException.at(range(from, from + 2), "This comment has no end", "Close it with */.");
    }
    return end + 2;
  }

  private Token either(int at, String longer, Kind ifLonger, Kind otherwise) {
    return followedBy(at, longer)
        ? token(ifLonger, at, at + longer.length())
        : token(otherwise, at, at + 1);
  }

  private boolean followedBy(int at, String expected) {
    return text.startsWith(expected, at);
  }

  private Token unsupported(int at, String summary, String detail) {
    throw HclException.at(range(at, at + 1), summary, detail);
  }

  private Token invalid(int at, int c) {
    throw HclException.at(
        range(at, at + Character.charCount(c)),
        "%s is not valid here".formatted(capitalized(Characters.describe(c))),
        switch (c) {
          case 0 -> "This does not seem to be a text.";
          case '\r' -> "Lines end with a line feed, or with a carriage return and a line feed.";
          case '\uFEFF' -> "A byte order mark can only begin the text.";
          case '\u00A0', '\u2003', '\u2009', '\u202F', '\u3000', '\u200B' ->
              "It looks like a space; write a plain one.";
          default -> "Outside of strings and comments only names, numbers and operators can stand.";
        });
  }

  private static String capitalized(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private Token token(Kind kind, int start, int end) {
    return new Token(kind, range(start, end));
  }

  private SourceRange range(int start, int end) {
    return new SourceRange(source, start, end);
  }
}
