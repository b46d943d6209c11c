package io.gaol.jail.conf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Takes a file apart as jail(8)'s lexer does (usr.sbin/jail/jaillex.l). It sees bytes, one in each
 * char, and passes each a bounded number of times.
 */
final class Lexer {
  private static final boolean[] UNQUOTED = unquoted();
  private static final char NUL = '\0';

  private final String file;
  private final String bytes;
  private final Problems problems;

  private int at;
  private int quoteEnd = -1;
  private boolean glued;
  private boolean onNewLine;
  private boolean endsInside;

  /** What {@link #advanceTo} has counted so far. */
  private int counted;

  private int line = 1;
  private int column = 1;

  Lexer(JailConfSource source, Problems problems) {
    this.file = source.name();
    this.bytes = source.bytes();
    this.problems = problems;
  }

  /** The next token; after the last one {@code END}, again and again. */
  Token next() {
    while (true) {
      if (quoteEnd >= 0) {
        if (at == quoteEnd) {
          at++;
          quoteEnd = -1;
        } else {
          return bytes.charAt(at) == '$' ? variable() : quotedText(at);
        }
        continue;
      }
      if (at >= bytes.length()) {
        return token(Token.Kind.END, "", at, at);
      }
      char c = bytes.charAt(at);
      switch (c) {
        case '\n' -> {
          onNewLine = true;
          skipTo(at + 1);
        }
        case ' ', '\t', '\r' -> skipTo(at + 1);
        case '#' -> skipTo(lineEnd());
        case ',' -> {
          return mark(Token.Kind.COMMA, 1);
        }
        case ';' -> {
          return mark(Token.Kind.SEMICOLON, 1);
        }
        case '=' -> {
          return mark(Token.Kind.SET, 1);
        }
        case '{' -> {
          return mark(Token.Kind.OPEN, 1);
        }
        case '}' -> {
          return mark(Token.Kind.CLOSE, 1);
        }
        case '+' -> {
          return follows('=') ? mark(Token.Kind.APPEND, 2) : piece("+", at + 1);
        }
        case '/' -> {
          if (follows('/')) {
            skipTo(lineEnd());
          } else if (follows('*')) {
            skipComment();
          } else {
            return piece("/", at + 1);
          }
        }
        case '\'' -> {
          int end = quote(c);
          return piece(endsInside ? "" : unescape(at + 1, end), endsInside ? end : end + 1);
        }
        case '"' -> {
          int end = quote(c);
          if (endsInside) {
            return piece("", end);
          }
          quoteEnd = end;
          return quotedText(at + 1);
        }
        case '$' -> {
          return variable();
        }
        case '*' -> {
          return piece("*", at + 1);
        }
        case '\\' -> {
          if (at + 1 == bytes.length()) {
            problem(at, "nothing follows the \"\\\" at the end of the file");
            skipTo(at + 1);
          } else {
            int end = at + escapeLength(at, bytes.length());
            return piece(unescape(at, end), end);
          }
        }
        default -> {
          if (isUnquoted(c)) {
            int end = at + 1;
            while (end < bytes.length() && isUnquoted(bytes.charAt(end))) {
              end++;
            }
            return piece(bytes.substring(at, end), end);
          }
          if (c >= 0x80) {
            return foreignLetters();
          }
          problem(
              at,
              "the control character 0x%02x cannot stand here".formatted((int) c)
                  + (c == NUL ? ": this is no text file" : ""));
          skipTo(at + 1);
        }
      }
    }
  }

  /** Whether the file ended in a string or a comment: what else is missing then was swallowed. */
  boolean endsInside() {
    return endsInside;
  }

  /** The place of an offset that was passed already; it is looked for from the start. */
  Place placeOf(int offset) {
    int l = 1;
    int c = 1;
    for (int i = 0; i < offset; i++) {
      char b = bytes.charAt(i);
      if (b == '\n') {
        l++;
        c = 1;
      } else if (!isContinuation(b)) {
        c++;
      }
    }
    return new Place(file, l, c);
  }

  // ---- what tokens are made of

  /** All of a text in double quotes up to the next variable; nothing before the first one. */
  private Token quotedText(int from) {
    int end = from;
    while (end < quoteEnd && bytes.charAt(end) != '$') {
      end += bytes.charAt(end) == '\\' ? 2 : 1;
    }
    end = Math.min(end, quoteEnd);
    return piece(unescape(from, end), end);
  }

  /** A variable, or a dollar sign that is none. */
  private Token variable() {
    int limit = quoteEnd >= 0 ? quoteEnd : bytes.length();
    char c = at + 1 < limit ? bytes.charAt(at + 1) : NUL;
    if (isNameStart(c)) {
      int end = at + 2;
      while (end < limit && isNamePart(bytes.charAt(end))) {
        end++;
      }
      return variable(bytes.substring(at + 1, end), end);
    }
    if (c != '{') {
      return piece("$", at + 1);
    }
    int end = closingBrace(at + 2, limit);
    if (end < 0) {
      int lineEnd = Math.min(lineEnd(), limit);
      problem(
          at, "the variable " + Shown.quoted(bytes.substring(at, lineEnd)) + " lacks its \"}\"");
      return piece("", lineEnd);
    }
    return variable(unescape(at + 2, end), end + 1);
  }

  private Token variable(String name, int end) {
    Token token = token(glued ? Token.Kind.MORE_VARIABLE : Token.Kind.VARIABLE, name, at, end);
    glued = true;
    at = end;
    return token;
  }

  /**
   * The last brace that can close a variable's name: a backslash may stand for itself or hide the
   * next byte.
   */
  private int closingBrace(int from, int limit) {
    int found = -1;
    boolean inside = true;
    boolean escaped = false;
    for (int i = from; i < limit && (inside || escaped); i++) {
      char c = bytes.charAt(i);
      if (inside && c == '}') {
        found = i;
      }
      boolean ordinary = inside && c != '\n' && c != '{' && c != '}';
      boolean hides = inside && c == '\\';
      inside = ordinary || escaped;
      escaped = hides;
    }
    return found;
  }

  private Token foreignLetters() {
    int end = at;
    while (end < bytes.length() && bytes.charAt(end) >= 0x80) {
      end++;
    }
    String letters = bytes.substring(at, end);
    String text = new String(letters.getBytes(ISO_8859_1), UTF_8);
    problem(
        at,
        "„“”‚‘’«»".indexOf(text.charAt(0)) >= 0
            ? "the typographic quote " + text.charAt(0) + " is no quote: write \" or '"
            : Shown.quoted(letters) + " can only stand in quotes");
    return piece(letters, end);
  }

  /** The offset of the quote that ends a string; if there is none, the end of the file. */
  private int quote(char quote) {
    for (int i = at + 1; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (c == quote) {
        return i;
      }
      if (c == '\\') {
        i++;
      }
    }
    problem(at, "the string that begins here lacks its ending " + quote);
    endsInside = true;
    return bytes.length();
  }

  private void skipComment() {
    int end = bytes.indexOf("*/", at + 2);
    if (end < 0) {
      problem(at, "the comment that begins here lacks its \"*/\"");
      endsInside = true;
      skipTo(bytes.length());
      return;
    }
    onNewLine |= bytes.substring(at, end).indexOf('\n') >= 0;
    skipTo(end + 2);
  }

  /** Bytes with their backslashes worked out. */
  private String unescape(int from, int to) {
    if (bytes.indexOf('\\', from, to) < 0) {
      String plain = bytes.substring(from, to);
      if (plain.indexOf(NUL) >= 0) {
        noNul();
      }
      return plain;
    }
    StringBuilder text = new StringBuilder(to - from);
    for (int i = from; i < to; ) {
      char c = bytes.charAt(i);
      if (c == '\\' && i + 1 < to) {
        int length = escapeLength(i, to);
        appendEscaped(text, i + 1, i + length);
        i += length;
      } else {
        text.append(c);
        i++;
      }
    }
    if (text.indexOf("\0") >= 0) {
      noNul();
    }
    return text.toString();
  }

  private void noNul() {
    problem(at, "jail(8) cannot hold a NUL byte: the text would end there");
  }

  /** How many bytes an escape has, its backslash included: up to three octal digits, or xHH. */
  private int escapeLength(int backslash, int limit) {
    int i = backslash + 1;
    char c = bytes.charAt(i);
    if (isOctal(c)) {
      int end = i + 1;
      while (end < limit && end < i + 3 && isOctal(bytes.charAt(end))) {
        end++;
      }
      return end - backslash;
    }
    if (c == 'x') {
      int end = i + 1;
      while (end < limit && end < i + 3 && Character.digit(bytes.charAt(end), 16) >= 0) {
        end++;
      }
      return end - backslash;
    }
    return 2;
  }

  private void appendEscaped(StringBuilder text, int from, int to) {
    char c = bytes.charAt(from);
    if (isOctal(c)) {
      text.append((char) (Integer.parseInt(bytes.substring(from, to), 8) & 0xFF));
      return;
    }
    switch (c) {
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'v' -> text.append('\u000b');
      case 'x' ->
          text.append(to == from + 1 ? NUL : (char) Integer.parseInt(bytes, from + 1, to, 16));
      case '\n' -> {
        // The line goes on.
      }
      default -> text.append(c);
    }
  }

  // ---- tokens and places

  private Token mark(Token.Kind kind, int length) {
    Token token = token(kind, bytes.substring(at, at + length), at, at + length);
    skipTo(at + length);
    return token;
  }

  private Token piece(String text, int end) {
    Token token = token(glued ? Token.Kind.MORE_WORD : Token.Kind.WORD, text, at, end);
    glued = true;
    at = end;
    return token;
  }

  private Token token(Token.Kind kind, String text, int start, int end) {
    advanceTo(start);
    Token token = new Token(kind, text, new Place(file, line, column), end, onNewLine);
    onNewLine = false;
    return token;
  }

  private void skipTo(int offset) {
    glued = false;
    at = offset;
  }

  private void problem(int offset, String message) {
    advanceTo(offset);
    problems.add(new Place(file, line, column), message);
  }

  private void advanceTo(int offset) {
    for (; counted < offset; counted++) {
      char b = bytes.charAt(counted);
      if (b == '\n') {
        line++;
        column = 1;
      } else if (!isContinuation(b)) {
        column++;
      }
    }
  }

  private int lineEnd() {
    int end = bytes.indexOf('\n', at);
    return end < 0 ? bytes.length() : end;
  }

  private boolean follows(char c) {
    return at + 1 < bytes.length() && bytes.charAt(at + 1) == c;
  }

  /** Not the first byte of a character in UTF-8. */
  private static boolean isContinuation(char b) {
    return (b & 0xC0) == 0x80;
  }

  /** Whether a byte may stand without quotes, together with others of its sort. */
  private static boolean isUnquoted(char c) {
    return c < UNQUOTED.length && UNQUOTED[c];
  }

  private static boolean[] unquoted() {
    boolean[] unquoted = new boolean[0x80];
    for (char c = 0; c < unquoted.length; c++) {
      unquoted[c] = isNamePart(c) || "_!%&()-.:<>?@[]^`|~".indexOf(c) >= 0;
    }
    return unquoted;
  }

  private static boolean isNameStart(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || (c >= '0' && c <= '9');
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }
}
