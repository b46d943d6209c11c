package io.gaol.jail.conf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gaol.jail.conf.Statement.Assignment;
import io.gaol.jail.conf.Statement.Block;
import io.gaol.jail.conf.Statement.Include;
import io.gaol.jail.conf.Statement.Piece;
import io.gaol.jail.conf.Statement.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the statements of one file (usr.sbin/jail/jailparse.y). What is wrong is told, and read as
 * it was probably meant, so that the next thing can be told too.
 */
final class Parser {
  /** More levels than a name of 255 bytes has room for. */
  private static final int DEEPEST = 128;

  private final Lexer lexer;
  private final Problems problems;

  private Token token;
  private int end;

  private Parser(JailConfSource source, Problems problems) {
    this.lexer = new Lexer(source, problems);
    this.problems = problems;
    this.token = lexer.next();
  }

  /** The statements of a file, as far as they can be made out. */
  static List<Statement> parse(JailConfSource source, Problems problems) {
    Parser parser = new Parser(source, problems);
    List<Statement> statements = new ArrayList<>();
    while (!parser.token.is(Token.Kind.END) && !problems.isFull()) {
      parser.statementsUpToBrace(statements, 0);
      if (parser.token.is(Token.Kind.CLOSE)) {
        problems.add(parser.token.place(), "there is no block that this \"}\" could end");
        parser.take();
      }
    }
    return statements;
  }

  private void statementsUpToBrace(List<Statement> statements, int depth) {
    while (!token.is(Token.Kind.END) && !token.is(Token.Kind.CLOSE) && !problems.isFull()) {
      if (token.is(Token.Kind.SEMICOLON)) {
        take();
      } else if (token.beginsText()) {
        statement(statements, depth);
      } else {
        problems.add(
            token.place(), "a name of a parameter or jail is missing before " + token.shown());
        skipStatement();
      }
    }
  }

  private void statement(List<Statement> statements, int depth) {
    Token first = take();
    StringBuilder words = new StringBuilder(first.text());
    Token more = token;
    boolean oneWord = !more.continuesText();
    while (token.continuesText()) {
      words.append(take().text());
    }
    String name = words.toString();
    if (token.is(Token.Kind.OPEN)) {
      if (!oneWord || first.is(Token.Kind.VARIABLE)) {
        problems.add(first.place(), badJailName(first, name));
      }
      block(statements, first, name, depth);
      return;
    }
    if (!oneWord) {
      problems.add(
          more.place(),
          "a parameter's name has no "
              + more.shown()
              + " in it: only letters, digits, \"_\", \"-\" and \".\"");
    }
    assignment(statements, first, name, depth);
  }

  private static String badJailName(Token first, String name) {
    if (first.is(Token.Kind.VARIABLE)) {
      return "a variable cannot name a jail: write its name before \"{\"";
    }
    return "this name needs quotes: write " + Shown.quoted(name) + " {";
  }

  private void block(List<Statement> statements, Token first, String name, int depth) {
    take();
    if (name.isEmpty()) {
      problems.add(first.place(), "the name of a jail cannot be empty");
    }
    List<Statement> inner = new ArrayList<>();
    if (depth == DEEPEST) {
      problems.add(first.place(), "blocks can be nested " + DEEPEST + " deep, but not deeper");
      skipBlock();
      return;
    }
    statementsUpToBrace(inner, depth + 1);
    if (token.is(Token.Kind.CLOSE)) {
      take();
    } else {
      missing(
          first.place(), "the block of " + Shown.quoted(name) + " begins here and lacks its \"}\"");
    }
    statements.add(new Block(decode(name, first.place()), first.place(), inner));
  }

  private void assignment(List<Statement> statements, Token first, String name, int depth) {
    Token sign = token;
    boolean signed = sign.is(Token.Kind.SET) || sign.is(Token.Kind.APPEND);
    List<Text> values = new ArrayList<>();
    if (signed) {
      take();
    }
    if (signed || token.beginsText()) {
      if (!values(values)) {
        return;
      }
    }
    if (token.is(Token.Kind.OPEN)) {
      problems.add(
          first.place(),
          "a block begins with one name, as in web { ... }, but here are several words before"
              + " \"{\"");
      block(statements, first, name, depth);
      return;
    }
    if (first.is(Token.Kind.WORD) && name.equals(".include")) {
      include(statements, first, signed, values);
    } else {
      statements.add(
          new Assignment(
              decode(name, first.place()),
              first.is(Token.Kind.VARIABLE),
              sign.is(Token.Kind.APPEND),
              values,
              first.place()));
    }
    semicolon(name);
  }

  private void include(
      List<Statement> statements, Token first, boolean signed, List<Text> patterns) {
    if (signed) {
      problems.add(
          first.place(), ".include takes no \"=\": write .include \"/etc/jail.conf.d/*.conf\";");
    } else if (patterns.isEmpty()) {
      problems.add(first.place(), "a file is missing: write .include \"/etc/jail.conf.d/*.conf\";");
    } else {
      statements.add(new Include(patterns, first.place()));
    }
  }

  /** Reads values with commas between them; if one is missing, skips the statement. */
  private boolean values(List<Text> values) {
    while (true) {
      if (!token.beginsText()) {
        missing(
            token.onNewLine() || token.is(Token.Kind.END) ? lexer.placeOf(end) : token.place(),
            "a value is missing; an empty one is written \"\"");
        skipStatement();
        return false;
      }
      values.add(text());
      if (!token.is(Token.Kind.COMMA)) {
        return true;
      }
      take();
    }
  }

  private Text text() {
    Place place = token.place();
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    do {
      Token piece = take();
      if (piece.is(Token.Kind.WORD) || piece.is(Token.Kind.MORE_WORD)) {
        literal.append(piece.text());
      } else {
        addLiteral(pieces, literal, place);
        pieces.add(new Piece.Reference(decode(piece.text(), piece.place()), piece.place()));
      }
    } while (token.continuesText());
    if (pieces.isEmpty() || !literal.isEmpty()) {
      pieces.add(new Piece.Literal(decode(literal.toString(), place)));
    }
    return new Text(List.copyOf(pieces), place);
  }

  private void addLiteral(List<Piece> pieces, StringBuilder literal, Place place) {
    if (!literal.isEmpty()) {
      pieces.add(new Piece.Literal(decode(literal.toString(), place)));
      literal.setLength(0);
    }
  }

  private void semicolon(String name) {
    if (token.is(Token.Kind.SEMICOLON)) {
      take();
      return;
    }
    if (token.is(Token.Kind.END) || token.is(Token.Kind.CLOSE) || token.onNewLine()) {
      missing(lexer.placeOf(end), "the \";\" after " + Shown.quoted(name) + " is missing");
      return;
    }
    problems.add(
        token.place(),
        token.beginsText()
            ? "a value with blanks needs quotes, and several values need commas: "
                + token.shown()
                + " stands here where \";\" is expected"
            : token.shown() + " stands here where \";\" is expected");
    skipStatement();
  }

  /** Tells what is missing, unless a string or comment that does not end has swallowed it. */
  private void missing(Place place, String message) {
    if (!token.is(Token.Kind.END) || !lexer.endsInside()) {
      problems.add(place, message);
    }
  }

  // ---- tokens

  private Token take() {
    Token taken = token;
    end = taken.end();
    token = lexer.next();
    return taken;
  }

  private void skipStatement() {
    while (!token.is(Token.Kind.END) && !token.is(Token.Kind.CLOSE)) {
      Token skipped = take();
      if (skipped.is(Token.Kind.SEMICOLON)) {
        return;
      }
      if (skipped.is(Token.Kind.OPEN)) {
        skipBlock();
        return;
      }
    }
  }

  /** Skips the rest of a block, with the blocks in it. */
  private void skipBlock() {
    int open = 1;
    while (open > 0 && !token.is(Token.Kind.END)) {
      Token skipped = take();
      if (skipped.is(Token.Kind.OPEN)) {
        open++;
      } else if (skipped.is(Token.Kind.CLOSE)) {
        open--;
      }
    }
  }

  /** The text of bytes in UTF-8. */
  private String decode(String bytes, Place place) {
    boolean ascii = true;
    for (int i = 0; i < bytes.length() && ascii; i++) {
      ascii = bytes.charAt(i) < 0x80;
    }
    if (ascii) {
      return bytes;
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1))).toString();
    } catch (CharacterCodingException notUtf8) {
      problems.add(place, Shown.quoted(bytes) + " is not UTF-8: save the file as UTF-8");
      return "";
    }
  }
}
