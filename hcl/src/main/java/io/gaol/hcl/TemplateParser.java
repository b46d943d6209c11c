package io.gaol.hcl;

import static java.util.stream.Collectors.joining;

import io.gaol.hcl.Expression.ForIntro;
import io.gaol.hcl.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Parses quoted strings and heredocs: first into a flat list of pieces, to which strip markers and
 * the indentation of heredocs are applied, then into an expression.
 */
final class TemplateParser {
  private final Source source;
  private final String text;
  private final Parser parser;
  private BiConsumer<Integer, Integer> whenParsed = (_, _) -> {};

  TemplateParser(Source source, Parser parser) {
    this.source = source;
    this.text = source.text();
    this.parser = parser;
  }

  /** Calls back with the offsets of start and end of every template. */
  void whenParsed(BiConsumer<Integer, Integer> callback) {
    whenParsed = callback;
  }

  /** A part of a template before the parts are put together. */
  sealed interface Piece {
    SourceRange range();
  }

  /** Literal text, escapes resolved; in a heredoc at most one line. */
  record Text(String value, SourceRange range) implements Piece {}

  /** <code>${ … }</code>. */
  record Interpolated(Expression expression, SourceRange range) implements Piece {}

  /** <code>%{ if … }</code>. */
  record If(Expression condition, SourceRange range) implements Piece {}

  /** <code>%{ for … }</code>. */
  record For(ForIntro intro, SourceRange range) implements Piece {}

  /** <code>%{ else }</code>, <code>%{ endif }</code>, <code>%{ endfor }</code>. */
  record Mark(String word, SourceRange range) implements Piece {}

  // ---- the two forms

  /** A quoted string as an expression; the opening quote is consumed. */
  Expression quoted(Token open) {
    return expression(quotedPieces(open), range(open.start(), parser.position()));
  }

  /** A quoted string that is a block's label. */
  Block.Label label(Token open) {
    StringBuilder name = new StringBuilder();
    for (Piece piece : quotedPieces(open)) {
      if (!(piece instanceof Text(String value, _))) {
        throw HclException.at(
            piece.range(),
            "A label cannot contain interpolations or directives",
            "Double the first character to mean it literally: \"$${\", \"%%{\".");
      }
      name.append(value);
    }
    return new Block.Label(name.toString(), range(open.start(), parser.position()));
  }

  /** Consumes the string with its closing quote. */
  private List<Piece> quotedPieces(Token open) {
    Pieces pieces = new Pieces(open.end());
    while (true) {
      int at = pieces.at;
      char c = at < text.length() ? text.charAt(at) : '\n';
      if (c == '"') {
        pieces.endText();
        parser.seek(at + 1);
        whenParsed.accept(open.start(), at + 1);
        return pieces.list;
      } else if (c == '\n' || text.startsWith("\r\n", at)) {
        throw HclException.at(
            open.range(),
            "This string has no closing quote on its line",
            "Write \\n for a line end, or use a heredoc (<<EOT).");
      } else if (c == '\\') {
        escape(pieces);
      } else {
        pieces.sequenceOrChar(open);
      }
    }
  }

  private void escape(Pieces pieces) {
    int at = pieces.at;
    char selector = at + 1 < text.length() ? text.charAt(at + 1) : '\n';
    switch (selector) {
      case 'n' -> pieces.append("\n", 2);
      case 'r' -> pieces.append("\r", 2);
      case 't' -> pieces.append("\t", 2);
      case '"' -> pieces.append("\"", 2);
      case '\\' -> pieces.append("\\", 2);
      case 'u' -> pieces.append(codePoint(at, 4), 6);
      case 'U' -> pieces.append(codePoint(at, 8), 10);
      default ->
          throw HclException.at(
              range(at, Math.min(at + 2, text.length())),
              "There is no such escape sequence",
              "There are \\n, \\r, \\t, \\\", \\\\, \\uXXXX and \\UXXXXXXXX; a backslash is"
                  + " written \\\\.");
    }
  }

  private String codePoint(int escape, int digits) {
    int end = escape + 2;
    while (end < text.length() && end < escape + 2 + digits && isHex(text.charAt(end))) {
      end++;
    }
    if (end < escape + 2 + digits) {
      throw HclException.at(
          range(escape, end),
          "%d hexadecimal digits are needed after \\%c".formatted(digits, text.charAt(escape + 1)));
    }
    long value = Long.parseLong(text, escape + 2, end, 16);
    if (value > Character.MAX_CODE_POINT || (value >= 0xD800 && value <= 0xDFFF)) {
      throw HclException.at(range(escape, end), "There is no such Unicode character");
    }
    return Character.toString((int) value);
  }

  private static boolean isHex(char c) {
    return Characters.isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  /** A heredoc as an expression; its introduction is consumed, up to the end of the marker. */
  Expression heredoc(Token open) {
    boolean flush = open.text().startsWith("<<-");
    String marker = open.text().substring(flush ? 3 : 2);
    Pieces pieces = new Pieces(text.indexOf('\n', open.end()) + 1);
    int end = closingLine(pieces, open, marker);
    while (end < 0) {
      heredocLine(pieces, open, marker);
      end = closingLine(pieces, open, marker);
    }
    parser.seek(end);
    whenParsed.accept(open.start(), end);
    List<Piece> list = flush ? Indentation.strip(pieces.list) : pieces.list;
    return expression(list, range(open.start(), end));
  }

  /** The end of the marker if the heredoc ends with this line, or less than 0. */
  private int closingLine(Pieces pieces, Token open, String marker) {
    int end = text.indexOf('\n', pieces.at);
    String line = text.substring(pieces.at, end < 0 ? text.length() : end);
    boolean isMarker = Characters.stripTrailing(Characters.stripLeading(line)).equals(marker);
    if (end < 0 && isMarker) {
      throw HclException.at(
          open.range(),
          "The closing line \"%s\" of this heredoc is not complete".formatted(marker),
          "A line end is needed after the marker.");
    }
    if (end < 0) {
      throw heredocNotClosed(open, marker);
    }
    return isMarker ? pieces.at + Characters.leadingSpaces(line) + marker.length() : -1;
  }

  private HclException heredocNotClosed(Token open, String marker) {
    int near = text.indexOf(marker, open.end());
    while (near >= 0 && !beginsLine(near)) {
      near = text.indexOf(marker, near + 1);
    }
    return HclException.at(
        open.range(),
        "This heredoc has no closing line \"%s\"".formatted(marker),
        near < 0
            ? "The marker must stand alone on its line."
            : "The marker must stand alone on its line; at line %d more follows it."
                .formatted(source.position(near).line()));
  }

  private boolean beginsLine(int offset) {
    int at = offset;
    while (at > 0 && (text.charAt(at - 1) == ' ' || text.charAt(at - 1) == '\t')) {
      at--;
    }
    return at > 0 && text.charAt(at - 1) == '\n';
  }

  private void heredocLine(Pieces pieces, Token open, String marker) {
    while (pieces.at < text.length()) {
      if (text.charAt(pieces.at) == '\n') {
        pieces.append("\n", 1);
        pieces.endText();
        return;
      }
      pieces.sequenceOrChar(open);
    }
    throw heredocNotClosed(open, marker);
  }

  /** All of the text as a template. */
  Expression bare() {
    Token all = new Token(Kind.HEREDOC, range(source.begin(), source.begin()));
    Pieces pieces = new Pieces(source.begin());
    while (pieces.at < text.length()) {
      boolean lineEnd = text.charAt(pieces.at) == '\n';
      pieces.sequenceOrChar(all);
      if (lineEnd) {
        pieces.endText();
      }
    }
    pieces.endText();
    return expression(pieces.list, range(source.begin(), text.length()));
  }

  // ---- pieces

  /** The pieces of one template, as they are read. */
  private final class Pieces {
    private final List<Piece> list = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private int at;
    private int pendingStart;
    private boolean stripNext;

    Pieces(int at) {
      this.at = at;
      this.pendingStart = at;
    }

    void append(String value, int consumed) {
      pending.append(value);
      at += consumed;
    }

    void add(Piece piece) {
      list.add(piece);
    }

    void endText() {
      if (at > pendingStart) {
        String value = pending.toString();
        add(new Text(stripNext ? Characters.stripLeading(value) : value, range(pendingStart, at)));
        stripNext = false;
      }
      pending.setLength(0);
      pendingStart = at;
    }

    void sequenceOrChar(Token template) {
      if (text.startsWith("$${", at) || text.startsWith("%%{", at)) {
        append(text.substring(at + 1, at + 3), 3);
      } else if (text.startsWith("${", at) || text.startsWith("%{", at)) {
        endText();
        sequence(template);
      } else {
        plain();
      }
    }

    /** One char, and those after it that mean nothing but themselves. */
    private void plain() {
      int end = at + 1;
      while (end < text.length() && isPlain(text.charAt(end))) {
        end++;
      }
      pending.append(text, at, end);
      at = end;
    }

    private boolean isPlain(char c) {
      return c != '"' && c != '\\' && c != '\n' && c != '\r' && c != '$' && c != '%';
    }

    private void sequence(Token template) {
      boolean strip = text.startsWith("~", at + 2);
      if (strip && !list.isEmpty() && list.getLast() instanceof Text(String value, var range)) {
        list.set(list.size() - 1, new Text(Characters.stripTrailing(value), range));
      }
      Kind kind = text.charAt(at) == '$' ? Kind.INTERPOLATION : Kind.DIRECTIVE;
      Token open = new Token(kind, range(at, strip ? at + 3 : at + 2));
      Parser.Sequence sequence = parser.sequence(open, template);
      add(sequence.piece());
      stripNext = sequence.strip();
      at = sequence.end();
      pendingStart = at;
    }
  }

  // ---- putting together

  private Expression expression(List<Piece> pieces, SourceRange range) {
    if (pieces.size() == 1
        && pieces.getFirst() instanceof Interpolated(Expression inner, SourceRange _)) {
      return new Expression.Interpolation(inner, range);
    }
    if (pieces.stream().allMatch(Text.class::isInstance)) {
      return new Expression.Literal(
          Value.of(pieces.stream().map(piece -> ((Text) piece).value).collect(joining())), range);
    }
    return new Expression.Template(new Builder(pieces).sequence(Optional.empty()), range);
  }

  /** Nests the pieces between directives. */
  private final class Builder {
    private final List<Piece> pieces;
    private int next;

    Builder(List<Piece> pieces) {
      this.pieces = pieces;
    }

    /** Up to the mark that belongs to the directive, which is left; or to the end. */
    List<Expression> sequence(Optional<Piece> directive) {
      List<Expression> parts = new ArrayList<>();
      while (next < pieces.size()) {
        Piece piece = pieces.get(next);
        if (piece instanceof Mark(String word, var range)) {
          if (directive.isEmpty()) {
            throw HclException.at(
                range, "There is no directive that \"%s\" belongs to".formatted(word));
          }
          return parts;
        }
        next++;
        switch (piece) {
          case Text(String value, var range) -> literal(parts, value, range);
          case Interpolated(Expression inner, _) -> parts.add(inner);
          case If directiveIf -> parts.add(conditional(directiveIf));
          case For directiveFor -> parts.add(loop(directiveFor));
          case Mark _ -> throw new IllegalStateException();
        }
      }
      directive.ifPresent(
          open -> {
            throw HclException.at(
                open.range(),
                "This directive has no end",
                open instanceof If ? "It ends with %{ endif }." : "It ends with %{ endfor }.");
          });
      return parts;
    }

    private void literal(List<Expression> parts, String value, SourceRange range) {
      if (!value.isEmpty()) {
        parts.add(new Expression.Literal(Value.of(value), range));
      }
    }

    private Expression conditional(If open) {
      parser.enter(open.range);
      List<Expression> whenTrue = sequence(Optional.of(open));
      List<Expression> whenFalse = List.of();
      if (mark("else")) {
        whenFalse = sequence(Optional.of(open));
      }
      SourceRange range = open.range.to(end("endif"));
      parser.leave();
      return new Expression.Conditional(
          open.condition,
          new Expression.Template(whenTrue, range),
          new Expression.Template(whenFalse, range),
          range);
    }

    private Expression loop(For open) {
      parser.enter(open.range);
      List<Expression> body = sequence(Optional.of(open));
      SourceRange range = open.range.to(end("endfor"));
      parser.leave();
      Expression each = new Expression.Template(body, range);
      return new Expression.Join(
          new Expression.ForTuple(open.intro, each, Optional.empty(), range), range);
    }

    private boolean mark(String word) {
      boolean found = pieces.get(next) instanceof Mark(String actual, _) && actual.equals(word);
      next += found ? 1 : 0;
      return found;
    }

    private SourceRange end(String word) {
      Piece piece = pieces.get(next);
      if (!mark(word)) {
        throw HclException.at(piece.range(), "Here %{ " + word + " } is expected");
      }
      return piece.range();
    }
  }

  private SourceRange range(int start, int end) {
    return new SourceRange(source, start, end);
  }
}
