package io.gaol.hcl;

import io.gaol.hcl.Token.Kind;
import java.text.BreakIterator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Puts the white space of a text in order, by the rules of {@code hclfmt}: first the indentation of
 * each line by the brackets that are open, then the blanks between tokens, then the columns of
 * equals signs and comments. It works on tokens, so that nothing else of the text can change.
 */
final class Formatter {
  /** That a file is old is no reason not to format it. */
  private static final ParseOptions WHAT_MAY_BE =
      ParseOptions.standard().collectingRepeatedAttributes(_ -> {});

  private final Source source;
  private final String text;
  private final Lexer lexer;

  /** Where each template ends, by its start. */
  private final Map<Integer, Integer> templates = new HashMap<>();

  private Formatter(Source source) {
    this.source = source;
    this.text = source.text();
    this.lexer = new Lexer(source);
  }

  static String format(Source source) {
    return new Formatter(source).format();
  }

  private String format() {
    Parser.showingTemplates(source, WHAT_MAY_BE, templates::put).file();
    List<Line> lines = lines();
    indent(lines);
    lines.forEach(Formatter::separate);
    align(lines, line -> !line.assign.isEmpty(), line -> columns(line.lead), line -> line.assign);
    align(
        lines,
        line -> !line.comment.isEmpty(),
        line -> columns(line.lead) + columns(line.assign),
        line -> line.comment);
    StringBuilder formatted = new StringBuilder(text.length());
    formatted.append(text, 0, source.begin());
    for (Line line : lines) {
      line.lead.forEach(piece -> piece.write(formatted));
      line.assign.forEach(piece -> piece.write(formatted));
      line.comment.forEach(piece -> piece.write(formatted));
    }
    return formatted.toString();
  }

  /** A token, and how many blanks stand before it. */
  private static final class Piece {
    private final Kind kind;
    private final String text;
    private int blanks;

    Piece(Kind kind, String text, int blanks) {
      this.kind = kind;
      this.text = text;
      this.blanks = blanks;
    }

    boolean is(Kind other) {
      return kind == other;
    }

    /** How many more brackets are open behind it. */
    int brackets() {
      return switch (kind) {
        case OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN -> 1;
        case CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN -> -1;
        default -> 0;
      };
    }

    void write(StringBuilder out) {
      out.repeat(' ', blanks).append(text);
    }
  }

  /**
   * A line: what comes first, from its equals sign on, and its comment with the line end. A heredoc
   * or comment of several lines is one piece, and part of one line.
   */
  private record Line(List<Piece> lead, List<Piece> assign, List<Piece> comment) {
    static Line of(List<Piece> pieces) {
      int comment = commentStart(pieces);
      int assign = assignStart(pieces.subList(0, comment));
      return new Line(
          pieces.subList(0, assign),
          pieces.subList(assign, comment),
          pieces.subList(comment, pieces.size()));
    }

    /** A comment that stands alone is no comment to something. */
    private static int commentStart(List<Piece> pieces) {
      int end = pieces.size();
      int last = end > 0 && pieces.getLast().is(Kind.NEWLINE) ? end - 2 : end - 1;
      return last > 0
              && pieces.get(last).is(Kind.COMMENT)
              && !pieces.get(last).text.startsWith("/*")
          ? last
          : end;
    }

    /** The first equals sign, if what follows it ends on this line. */
    private static int assignStart(List<Piece> pieces) {
      for (int i = 1; i < pieces.size(); i++) {
        if (pieces.get(i).is(Kind.ASSIGN)) {
          int open = pieces.subList(i, pieces.size()).stream().mapToInt(Piece::brackets).sum();
          return open == 0 ? i : pieces.size();
        }
      }
      return pieces.size();
    }
  }

  // ---- reading

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    List<Piece> line = new ArrayList<>();
    int at = source.begin();
    while (true) {
      int start = skipBlanks(at);
      if (start >= text.length()) {
        lines.add(Line.of(line));
        return lines;
      }
      Kind kind;
      if (isComment(start)) {
        kind = Kind.COMMENT;
        at = lexer.commentEnd(start);
      } else {
        Token token = lexer.next(start, true);
        kind = token.kind();
        at = templates.getOrDefault(start, token.end());
      }
      line.add(new Piece(kind, text.substring(start, at), start - skippedFrom(start)));
      if (kind == Kind.NEWLINE) {
        lines.add(Line.of(line));
        line = new ArrayList<>();
      }
    }
  }

  private boolean isComment(int at) {
    return text.charAt(at) == '#' || text.startsWith("//", at) || text.startsWith("/*", at);
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private int skippedFrom(int start) {
    return start > source.begin() && isBlank(text.charAt(start - 1)) ? start - 1 : start;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  // ---- indentation

  private static void indent(List<Line> lines) {
    // for each level, how many brackets one line has opened
    Deque<Integer> levels = new ArrayDeque<>();
    for (Line line : lines) {
      if (line.lead.isEmpty()) {
        continue;
      }
      Piece first = line.lead.getFirst();
      int open = brackets(line.lead) + brackets(line.assign);
      close(levels, -open);
      first.blanks = first.is(Kind.NEWLINE) ? 0 : 2 * levels.size();
      if (open > 0) {
        levels.push(open);
      }
    }
  }

  private static void close(Deque<Integer> levels, int brackets) {
    int left = brackets;
    while (left > 0 && !levels.isEmpty()) {
      int level = levels.pop();
      if (level > left) {
        levels.push(level - left);
      }
      left -= level;
    }
  }

  private static int brackets(List<Piece> pieces) {
    return pieces.stream().mapToInt(Piece::brackets).sum();
  }

  // ---- between tokens

  private static void separate(Line line) {
    separate(line.lead);
    separate(line.assign);
    separate(line.comment);
  }

  private static void separate(List<Piece> pieces) {
    for (int i = 0; i + 1 < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      Piece after = pieces.get(i + 1);
      Kind before = i == 0 ? Kind.END : pieces.get(i - 1).kind;
      boolean numbersWouldJoin = isBetweenNumbers(pieces, i) || isBetweenNumbers(pieces, i + 1);
      after.blanks =
          numbersWouldJoin ? Math.min(after.blanks, 1) : isApart(before, piece, after) ? 1 : 0;
    }
  }

  /** A dot between two numbers would with them become one number. */
  private static boolean isBetweenNumbers(List<Piece> pieces, int i) {
    return pieces.get(i).is(Kind.DOT)
        && i > 0
        && i + 1 < pieces.size()
        && pieces.get(i - 1).is(Kind.NUMBER)
        && pieces.get(i + 1).is(Kind.NUMBER);
  }

  /** Whether a blank stands between a token and the one after it. */
  private static boolean isApart(Kind before, Piece piece, Piece after) {
    if (after.is(Kind.NEWLINE)
        || (piece.is(Kind.IDENTIFIER) && after.is(Kind.OPEN_PAREN))
        || piece.is(Kind.DOUBLE_COLON)
        || after.is(Kind.DOUBLE_COLON)
        || piece.is(Kind.DOT)
        || after.is(Kind.DOT)
        || after.is(Kind.COMMA)
        || after.is(Kind.ELLIPSIS)) {
      return false;
    }
    if (piece.is(Kind.COMMA)) {
      return true;
    }
    if (piece.is(Kind.IDENTIFIER) && piece.text.equals("in") && before == Kind.IDENTIFIER) {
      return true;
    }
    if (after.is(Kind.OPEN_BRACKET)
        && (piece.is(Kind.IDENTIFIER) || piece.is(Kind.NUMBER) || piece.brackets() < 0)) {
      return false;
    }
    if (piece.is(Kind.NOT)) {
      return false;
    }
    if (piece.is(Kind.MINUS)) {
      return !isBeforeOperand(before);
    }
    if (piece.is(Kind.OPEN_BRACE) || after.is(Kind.CLOSE_BRACE)) {
      return !(piece.is(Kind.OPEN_BRACE) && after.is(Kind.CLOSE_BRACE));
    }
    return piece.brackets() <= 0 && after.brackets() >= 0;
  }

  /** Whether a minus after it is a sign: no operand ends with it. */
  private static boolean isBeforeOperand(Kind kind) {
    return switch (kind) {
      case END,
          OPEN_PAREN,
          OPEN_BRACE,
          OPEN_BRACKET,
          ASSIGN,
          COLON,
          COMMA,
          QUESTION,
          PLUS,
          STAR,
          SLASH,
          PERCENT,
          MINUS,
          EQUAL,
          NOT_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          LESS,
          LESS_OR_EQUAL,
          AND,
          OR,
          NOT ->
          true;
      default -> false;
    };
  }

  // ---- columns

  /** Gives a part of neighbouring lines that all have it one column, behind the widest of them. */
  private static void align(
      List<Line> lines,
      Predicate<Line> has,
      ToIntFunction<Line> width,
      java.util.function.Function<Line, List<Piece>> part) {
    int start = 0;
    while (start < lines.size()) {
      int end = start;
      int widest = 0;
      while (end < lines.size() && has.test(lines.get(end))) {
        widest = Math.max(widest, width.applyAsInt(lines.get(end)));
        end++;
      }
      for (Line line : lines.subList(start, end)) {
        part.apply(line).getFirst().blanks = widest - width.applyAsInt(line) + 1;
      }
      start = Math.max(end, start + 1);
    }
  }

  private static int columns(List<Piece> pieces) {
    return pieces.stream().mapToInt(piece -> piece.blanks + columns(piece.text)).sum();
  }

  /** As many as a reader sees characters: combined ones are one. */
  private static int columns(String text) {
    if (text.chars().allMatch(c -> c < 0x300)) {
      return text.length();
    }
    BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    int count = 0;
    while (characters.next() != BreakIterator.DONE) {
      count++;
    }
    return count;
  }
}
