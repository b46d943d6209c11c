package io.gaol.hcl;

import io.gaol.hcl.Expression.BinaryOperator;
import io.gaol.hcl.Expression.ForIntro;
import io.gaol.hcl.Expression.ObjectConstructor.Item;
import io.gaol.hcl.Expression.UnaryOperator;
import io.gaol.hcl.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Parses bodies and expressions by recursive descent. After an error it goes on with the next
 * attribute or block, so that several errors are found at once.
 */
final class Parser {
  /** How deep blocks and expressions may nest; the stack must bear it. */
  static final int DEEPEST = 200;

  private static final int MOST_ERRORS = 50;
  private static final String LITERALLY = "Write \"$${\" or \"%%{\" to mean it literally.";

  private final Source source;
  private final ParseOptions options;
  private final Lexer lexer;
  private final TemplateParser templates;
  private final Braces braces;
  private final List<Diagnostic> errors = new ArrayList<>();

  private int position;
  private Optional<Token> peeked = Optional.empty();
  private boolean newlines = true;
  private int depth;

  Parser(Source source) {
    this(source, ParseOptions.standard());
  }

  Parser(Source source, ParseOptions options) {
    this.source = source;
    this.options = options;
    this.lexer = new Lexer(source);
    this.templates = new TemplateParser(source, this);
    this.braces = new Braces(source);
    this.position = source.begin();
  }

  /** Calls back with the offsets of start and end of every template, once it is parsed. */
  static Parser showingTemplates(
      Source source, ParseOptions options, BiConsumer<Integer, Integer> templates) {
    Parser parser = new Parser(source, options);
    parser.templates.whenParsed(templates);
    return parser;
  }

  /** For a text that is itself within so many levels. */
  static Parser within(Source source, int depth) {
    Parser parser = new Parser(source);
    parser.depth = depth;
    return parser;
  }

  // ---- structure

  Body file() {
    source.requireUnicode();
    Body body = body(Optional.empty());
    if (errors.isEmpty()) {
      return body;
    }
    errors.sort(Comparator.comparingInt(error -> error.range().startOffset()));
    throw new HclException(errors);
  }

  /** Up to the end of the text, or for a block up to its closing brace, which is not consumed. */
  private Body body(Optional<Token> openBrace) {
    int start = position;
    int outerDepth = depth;
    Attributes attributes = new Attributes();
    List<Block> blocks = new ArrayList<>();
    while (true) {
      int itemStart = position;
      try {
        Token next = peek();
        itemStart = next.start();
        if (next.is(Kind.END) || (openBrace.isPresent() && next.is(Kind.CLOSE_BRACE))) {
          openBrace.ifPresent(open -> closeBody(open, next));
          return new Body(attributes.all(options.repeated()), blocks, range(start, next.start()));
        }
        if (next.is(Kind.NEWLINE)) {
          consume();
        } else {
          item(attributes, blocks);
        }
      } catch (HclException e) {
        e.diagnostics().forEach(this::report);
        recover(itemStart, e.diagnostics().getFirst().range().startOffset(), outerDepth);
      }
    }
  }

  private void closeBody(Token open, Token close) {
    if (close.is(Kind.CLOSE_BRACE)) {
      braces.closed(open, close);
    } else if (errors.size() < MOST_ERRORS) {
      braces.unclosed(open).ifPresent(this::report);
    }
  }

  private void item(Attributes attributes, List<Block> blocks) {
    Token name = consume();
    if (!name.is(Kind.IDENTIFIER)) {
      if (name.is(Kind.CLOSE_BRACE) && braces.areUncertain()) {
        return;
      }
      throw notAnItem(name);
    }
    Token next = peek();
    switch (next.kind()) {
      case ASSIGN -> {
        Attribute attribute = attribute(name);
        requireLineEnd("an attribute");
        define(attribute, attributes);
      }
      case QUOTE, IDENTIFIER, OPEN_BRACE -> {
        blocks.add(block(name));
        requireLineEnd("a block");
      }
      case EQUAL, COLON, ARROW ->
          throw error(
              next,
              "An attribute is set with \"=\", not with " + next.describe(),
              "Write \"%s = …\".".formatted(name.describeText()));
      case DOT ->
          throw error(
              name,
              "The name of an attribute has no dots",
              "Keys of an object can have them, in quotes: name = { \"a.b\" = … }.");
      default -> {
        if (Recovery.openingBrace(source.text(), next.start()).isPresent()) {
          blocks.add(block(name)); // its header is reported
          requireLineEnd("a block");
          return;
        }
        throw error(
            name,
            "An attribute or a block is expected here",
            "Write \"%s = …\" or \"%s { … }\"."
                .formatted(name.describeText(), name.describeText()));
      }
    }
  }

  private static HclException notAnItem(Token token) {
    return switch (token.kind()) {
      case QUOTE ->
          error(
              token,
              "An attribute or a block is expected here",
              "The names of attributes and the types of blocks are not quoted; keys of an object"
                  + " can be: name = { \"key\" = … }.");
      case CLOSE_BRACE -> error(token, "This closing brace closes nothing", "");
      default ->
          error(
              token,
              "An attribute or a block is expected here, not " + token.describe(),
              "Both begin with a name.");
    };
  }

  private Attribute attribute(Token name) {
    consume(); // =
    Expression value = expression();
    return new Attribute(name.text(), name.range(), value, name.range().to(value.range()));
  }

  private void define(Attribute attribute, Attributes attributes) {
    attributes
        .add(attribute)
        .ifPresent(
            first -> {
              if (options.repeated().isPresent()) {
                attributes.repeat(attribute);
              } else {
                report(Diagnostic.alreadySet(attribute, first));
              }
            });
  }

  private void requireLineEnd(String after) {
    Token next = peek();
    switch (next.kind()) {
      case NEWLINE -> consume();
      case END -> {}
      case COMMA ->
          throw error(
              next,
              "The line must end after %s, here is a comma".formatted(after),
              "Attributes and blocks are separated by line ends, not by commas.");
      case CLOSE_BRACE ->
          throw error(
              next,
              "The line must end after %s, here is %s".formatted(after, next.describe()),
              "The closing brace stands on the next line.");
      default ->
          throw error(
              next,
              "The line must end after %s, here is %s".formatted(after, next.describe()),
              "Each attribute and each block begins on a line of its own.");
    }
  }

  private Block block(Token type) {
    List<Block.Label> labels = new ArrayList<>();
    Token open = header(labels);
    enter(open.range());
    consume();
    Body body =
        switch (peek().kind()) {
          case NEWLINE, END, CLOSE_BRACE -> body(Optional.of(open));
          default -> oneLineBody();
        };
    leave();
    Token close = peek();
    if (close.is(Kind.CLOSE_BRACE)) {
      consume();
    }
    return new Block(type.text(), type.range(), labels, body, type.range().to(close.range()));
  }

  /**
   * The labels and the opening brace, which is not consumed. When something is wrong but the brace
   * is there, it is reported and the content is parsed nevertheless.
   */
  private Token header(List<Block.Label> labels) {
    int start = position;
    try {
      labels(labels);
      Token open = peek();
      if (open.is(Kind.OPEN_BRACE)) {
        return open;
      }
      throw noBrace(open, labels);
    } catch (HclException e) {
      Optional<Integer> brace = Recovery.openingBrace(source.text(), start);
      if (brace.isEmpty() || errors.size() + 1 >= MOST_ERRORS) {
        throw e;
      }
      e.diagnostics().forEach(this::report);
      newlines = true;
      seek(brace.get());
      return peek();
    }
  }

  private static HclException noBrace(Token found, List<Block.Label> labels) {
    return error(
        found,
        "A label or \"{\" is expected here, not " + found.describe(),
        switch (found.kind()) {
          case NEWLINE, END ->
              "The opening brace of a block stands on the line of its type and labels"
                  + (labels.size() == 1 ? "; an attribute has \"=\" after its name." : ".");
          case ASSIGN -> "A block has no equals sign; an attribute has no labels.";
          default -> "Labels are names, or quoted strings.";
        });
  }

  private void labels(List<Block.Label> labels) {
    while (true) {
      Token label = peek();
      if (label.is(Kind.IDENTIFIER)) {
        consume();
        labels.add(new Block.Label(label.text(), label.range()));
      } else if (label.is(Kind.QUOTE)) {
        consume();
        labels.add(templates.label(label));
      } else {
        return;
      }
    }
  }

  /** The body of <code>a { b = 1 }</code>. */
  private Body oneLineBody() {
    Token name = consume();
    if (!name.is(Kind.IDENTIFIER)) {
      throw notAnItem(name);
    }
    if (!peek().is(Kind.ASSIGN)) {
      boolean isBlock = peek().is(Kind.OPEN_BRACE);
      throw HclException.at(
          isBlock ? name.range().to(peek().range()) : name.range(),
          "A block on one line can hold only one attribute",
          "Write a nested block on lines of its own.");
    }
    Attribute attribute = attribute(name);
    Token next = peek();
    if (!next.is(Kind.CLOSE_BRACE)) {
      throw error(
          next,
          "A block on one line must end after its attribute, here is " + next.describe(),
          "Write each of several attributes on a line of its own, and both braces on others.");
    }
    return new Body(Map.of(attribute.name(), attribute), List.of(), attribute.range());
  }

  // ---- errors

  private void report(Diagnostic error) {
    errors.add(error);
    if (errors.size() >= MOST_ERRORS) {
      position = source.text().length();
      peeked = Optional.empty();
    }
  }

  private void recover(int itemStart, int errorOffset, int outerDepth) {
    newlines = true;
    depth = outerDepth;
    if (errors.size() >= MOST_ERRORS) {
      seek(source.text().length());
      return;
    }
    Recovery.Place place = Recovery.next(source.text(), itemStart, errorOffset);
    if (!place.balanced()) {
      braces.areNowUncertain();
    }
    seek(place.offset());
  }

  private static HclException error(Token at, String summary, String detail) {
    return HclException.at(at.range(), summary, detail);
  }

  /** Every nesting passes here, so that no text overflows the stack. */
  void enter(SourceRange at) {
    depth++;
    if (depth > DEEPEST) {
      throw HclException.at(at, "Nested more than %d levels deep".formatted(DEEPEST));
    }
  }

  void leave() {
    depth--;
  }

  // ---- tokens

  private Token peek() {
    if (peeked.isEmpty()) {
      peeked = Optional.of(lexer.next(position, newlines));
    }
    return peeked.get();
  }

  private Token consume() {
    Token token = peek();
    seek(token.end());
    return token;
  }

  /** Goes on behind a template, whose text is not made of tokens. */
  void seek(int offset) {
    position = offset;
    peeked = Optional.empty();
  }

  /** The end of what was consumed. */
  int position() {
    return position;
  }

  private boolean consumeIf(Kind kind) {
    boolean found = peek().is(kind);
    if (found) {
      consume();
    }
    return found;
  }

  /** Whether line ends are tokens, from here on; returns what was before. */
  private boolean newlines(boolean significant) {
    boolean before = newlines;
    newlines = significant;
    peeked = Optional.empty();
    return before;
  }

  /** Consumes the closing token of brackets, and treats line ends as before them. */
  private Token close(Token open, Kind kind, boolean newlinesBefore) {
    Token close = peek();
    if (!close.is(kind)) {
      throw notClosed(open, close, kind.description() + " is expected here");
    }
    consume();
    newlines(newlinesBefore);
    return close;
  }

  private static HclException notClosed(Token open, Token found, String expected) {
    return notClosed(open, found, expected, "");
  }

  private static HclException notClosed(Token open, Token found, String expected, String detail) {
    if (found.is(Kind.END)) {
      return error(open, "%s is not closed".formatted(open.kind().description()), "");
    }
    Position place = open.range().start();
    return error(
        found,
        "%s, not %s".formatted(expected, found.describe()),
        place.line() == found.range().start().line()
            ? detail
            : "%s at line %d, column %d is not closed. %s"
                .formatted(open.kind().description(), place.line(), place.column(), detail)
                .strip());
  }

  private SourceRange range(int start, int end) {
    return new SourceRange(source, start, Math.max(start, end));
  }

  // ---- expressions

  /** A whole text that is one expression. */
  Expression loneExpression() {
    source.requireUnicode();
    newlines(false);
    Expression expression = expression();
    Token next = peek();
    if (!next.is(Kind.END)) {
      throw error(next, "The expression must end here, here is " + next.describe(), "");
    }
    return expression;
  }

  /** A whole text that is one template. */
  Expression loneTemplate() {
    source.requireUnicode();
    return templates.bare();
  }

  Expression expression() {
    enter(peek().range());
    Expression condition = binary(1);
    Expression result = peek().is(Kind.QUESTION) ? conditional(condition) : condition;
    leave();
    return result;
  }

  private Expression conditional(Expression condition) {
    consume(); // ?
    Expression whenTrue = expression();
    Token colon = peek();
    if (!colon.is(Kind.COLON)) {
      throw error(
          colon,
          "The \":\" of a conditional is expected here, not " + colon.describe(),
          "A conditional is written \"condition ? one : other\".");
    }
    consume();
    Expression whenFalse = expression();
    return new Expression.Conditional(
        condition, whenTrue, whenFalse, condition.range().to(whenFalse.range()));
  }

  private Expression binary(int loosest) {
    Expression left = unary();
    while (true) {
      Optional<BinaryOperator> operator =
          BinaryOperator.of(peek().kind()).filter(found -> found.precedence() >= loosest);
      if (operator.isEmpty()) {
        return left;
      }
      consume();
      Expression right = binary(operator.get().precedence() + 1);
      left = new Expression.Binary(operator.get(), left, right, left.range().to(right.range()));
    }
  }

  private Expression unary() {
    Token sign = peek();
    return switch (sign.kind()) {
      case MINUS -> unary(UnaryOperator.NEGATE, sign);
      case NOT -> unary(UnaryOperator.NOT, sign);
      default -> postfix(term());
    };
  }

  private Expression unary(UnaryOperator operator, Token sign) {
    enter(sign.range());
    consume();
    Expression operand = unary();
    leave();
    return new Expression.Unary(operator, operand, sign.range().to(operand.range()));
  }

  private Expression term() {
    Token token = peek();
    return switch (token.kind()) {
      case NUMBER -> new Expression.Literal(Value.of(number(consume())), token.range());
      case IDENTIFIER -> named(consume());
      case QUOTE -> templates.quoted(consume());
      case HEREDOC -> templates.heredoc(consume());
      case OPEN_PAREN -> parentheses(consume());
      case OPEN_BRACKET -> tuple(consume());
      case OPEN_BRACE -> object(consume());
      default ->
          throw error(
              token, "A value is expected here, not " + token.describe(), adviceForValue(token));
    };
  }

  private static String adviceForValue(Token token) {
    return switch (token.kind()) {
      case NEWLINE -> "The value begins on this line; only within brackets it can go on below.";
      case EQUAL, ASSIGN -> "An attribute is set with one \"=\".";
      default -> "";
    };
  }

  private static BigDecimal number(Token token) {
    try {
      return Numbers.ofLiteral(token.text())
          .orElseThrow(
              () -> error(token, "This is not a number", "Numbers are decimal: 42, 0.5, 1e3."));
    } catch (ArithmeticException e) {
      throw error(token, "This number is too long: " + e.getMessage(), "");
    }
  }

  private Expression named(Token name) {
    Token next = peek();
    if (next.is(Kind.OPEN_PAREN)) {
      return call(name.text(), name.range());
    }
    if (next.is(Kind.DOUBLE_COLON)) {
      return qualifiedCall(name);
    }
    return switch (name.text()) {
      case "true" -> new Expression.Literal(Value.of(true), name.range());
      case "false" -> new Expression.Literal(Value.of(false), name.range());
      case "null" -> new Expression.Literal(Value.ofNull(), name.range());
      default ->
          new Expression.Reference(
              new Traversal(name.text(), name.range(), List.of(), name.range()));
    };
  }

  /** {@code namespace::function( … )}. */
  private Expression qualifiedCall(Token first) {
    StringBuilder name = new StringBuilder(first.text());
    Token last = first;
    while (consumeIf(Kind.DOUBLE_COLON)) {
      last = peek();
      if (!last.is(Kind.IDENTIFIER)) {
        throw error(last, "A name is expected after \"::\", not " + last.describe(), "");
      }
      name.append("::").append(consume().text());
    }
    if (!peek().is(Kind.OPEN_PAREN)) {
      throw error(
          peek(),
          "\"(\" is expected here, not " + peek().describe(),
          "Only functions are in namespaces (\"::\").");
    }
    return call(name.toString(), first.range().to(last.range()));
  }

  private Expression parentheses(Token open) {
    boolean before = newlines(false);
    Expression inner = expression();
    Token close = close(open, Kind.CLOSE_PAREN, before);
    return new Expression.Parentheses(inner, open.range().to(close.range()));
  }

  private Expression call(String name, SourceRange nameRange) {
    Token open = consume();
    boolean before = newlines(false);
    List<Expression> arguments = new ArrayList<>();
    boolean expandLast = false;
    while (!peek().is(Kind.CLOSE_PAREN)) {
      arguments.add(expression());
      if (consumeIf(Kind.ELLIPSIS)) {
        expandLast = true;
        break;
      }
      if (!consumeIf(Kind.COMMA)) {
        break;
      }
    }
    if (!expandLast && !peek().is(Kind.CLOSE_PAREN)) {
      throw notClosed(open, peek(), "\",\" or \")\" is expected here");
    }
    Token close = close(open, Kind.CLOSE_PAREN, before);
    return new Expression.Call(name, nameRange, arguments, expandLast, nameRange.to(close.range()));
  }

  private Expression tuple(Token open) {
    boolean before = newlines(false);
    if (peek().isWord("for")) {
      return forTuple(open, before);
    }
    List<Expression> elements = new ArrayList<>();
    while (!peek().is(Kind.CLOSE_BRACKET)) {
      elements.add(expression());
      if (!consumeIf(Kind.COMMA)) {
        break;
      }
    }
    if (!peek().is(Kind.CLOSE_BRACKET)) {
      throw notClosed(
          open, peek(), "\",\" or \"]\" is expected here", "Elements are separated by commas.");
    }
    Token close = close(open, Kind.CLOSE_BRACKET, before);
    return new Expression.TupleConstructor(elements, open.range().to(close.range()));
  }

  private Expression object(Token open) {
    boolean before = newlines(false);
    if (peek().isWord("for")) {
      return forObject(open, before);
    }
    newlines(true);
    List<Item> items = new ArrayList<>();
    skipNewlines();
    while (!peek().is(Kind.CLOSE_BRACE)) {
      items.add(objectItem(open));
      if (!consumeIf(Kind.COMMA) && !peek().is(Kind.NEWLINE)) {
        break;
      }
      skipNewlines();
    }
    if (!peek().is(Kind.CLOSE_BRACE)) {
      throw notClosed(open, peek(), "\",\", \"}\" or the end of the line is expected here");
    }
    Token close = close(open, Kind.CLOSE_BRACE, before);
    return new Expression.ObjectConstructor(items, open.range().to(close.range()));
  }

  private void skipNewlines() {
    while (peek().is(Kind.NEWLINE)) {
      consume();
    }
  }

  private Item objectItem(Token open) {
    Expression key = objectKey();
    Token sign = peek();
    if (!sign.is(Kind.ASSIGN) && !sign.is(Kind.COLON)) {
      throw notClosed(open, sign, "\"=\" or \":\" is expected after a key");
    }
    consume();
    return new Item(key, expression());
  }

  /** A plain name is a key by that name, even if it is the name of a variable or a keyword. */
  private Expression objectKey() {
    Token first = peek();
    Expression key = expression();
    if (!first.is(Kind.IDENTIFIER)) {
      return key;
    }
    if (key.range().endOffset() == first.range().endOffset()) {
      return new Expression.Literal(Value.of(first.text()), first.range());
    }
    if (key instanceof Expression.Reference) {
      throw HclException.at(
          key.range(),
          "It is not clear whether this key is a name or a reference",
          "Put a name with dots in quotes, and a reference in parentheses.");
    }
    return key;
  }

  // ---- for

  private Expression forTuple(Token open, boolean newlinesBefore) {
    ForIntro intro = forIntro(open);
    Expression value = expression();
    Optional<Expression> condition = forCondition();
    Token close = close(open, Kind.CLOSE_BRACKET, newlinesBefore);
    return new Expression.ForTuple(intro, value, condition, open.range().to(close.range()));
  }

  private Expression forObject(Token open, boolean newlinesBefore) {
    ForIntro intro = forIntro(open);
    Expression key = expression();
    Token arrow = peek();
    if (!arrow.is(Kind.ARROW)) {
      throw notClosed(open, arrow, "\"=>\" is expected after the key");
    }
    consume();
    Expression value = expression();
    boolean group = consumeIf(Kind.ELLIPSIS);
    Optional<Expression> condition = forCondition();
    Token close = close(open, Kind.CLOSE_BRACE, newlinesBefore);
    return new Expression.ForObject(
        intro, key, value, group, condition, open.range().to(close.range()));
  }

  private ForIntro forIntro(Token open) {
    ForIntro intro = forNames(open);
    Token colon = peek();
    if (!colon.is(Kind.COLON)) {
      throw notClosed(open, colon, "\":\" is expected after what the \"for\" walks");
    }
    consume();
    return intro;
  }

  /** {@code for k, v in collection}. */
  private ForIntro forNames(Token open) {
    consume(); // for
    String name = forName(open);
    Optional<String> key = Optional.empty();
    if (consumeIf(Kind.COMMA)) {
      key = Optional.of(name);
      name = forName(open);
    }
    if (!peek().isWord("in")) {
      throw notClosed(open, peek(), "\"in\" is expected after the names of a \"for\"");
    }
    consume();
    return new ForIntro(key, name, expression());
  }

  private String forName(Token open) {
    Token name = peek();
    if (!name.is(Kind.IDENTIFIER)) {
      throw notClosed(open, name, "A name is expected after \"for\"");
    }
    return consume().text();
  }

  private Optional<Expression> forCondition() {
    if (!peek().isWord("if")) {
      return Optional.empty();
    }
    consume();
    return Optional.of(expression());
  }

  // ---- what follows a term

  private Expression postfix(Expression term) {
    Expression expression = term;
    while (true) {
      Token next = peek();
      if (next.is(Kind.DOT)) {
        expression = dot(expression, consume());
      } else if (next.is(Kind.OPEN_BRACKET)) {
        expression = bracket(expression, consume());
      } else {
        return expression;
      }
    }
  }

  private Expression dot(Expression object, Token dot) {
    Token name = peek();
    return switch (name.kind()) {
      case IDENTIFIER -> {
        consume();
        yield step(object, new Traversal.Attribute(name.text(), dot.range().to(name.range())));
      }
      case NUMBER -> {
        consume();
        yield step(object, legacyIndex(dot, name));
      }
      case STAR -> {
        consume();
        yield attributeSplat(object, dot.range().to(name.range()));
      }
      default -> throw error(name, "A name is expected after \".\", not " + name.describe(), "");
    };
  }

  private static Traversal.Index legacyIndex(Token dot, Token number) {
    String digits = number.text();
    if (!digits.chars().allMatch(Characters::isDigit)) {
      throw error(
          number,
          "An index after a dot is a whole number",
          "Write [%s].".formatted(digits.replace(".", "][")));
    }
    return new Traversal.Index(Value.of(number(number)), dot.range().to(number.range()));
  }

  /** References grow by constant steps, so that they can be shown as a whole. */
  private static Expression step(Expression from, Traversal.Step step) {
    if (from instanceof Expression.Reference(Traversal traversal)) {
      if (traversal.steps().size() >= DEEPEST) {
        throw HclException.at(step.range(), "A reference of more than %d steps".formatted(DEEPEST));
      }
      return new Expression.Reference(traversal.with(step));
    }
    SourceRange range = from.range().to(step.range());
    return switch (step) {
      case Traversal.Attribute(String name, SourceRange nameRange) ->
          new Expression.GetAttribute(from, name, nameRange, range);
      case Traversal.Index(Value key, SourceRange keyRange) ->
          new Expression.GetIndex(from, new Expression.Literal(key, keyRange), keyRange, range);
    };
  }

  private Expression bracket(Expression collection, Token open) {
    boolean before = newlines(false);
    if (peek().is(Kind.STAR)) {
      consume();
      Token close = close(open, Kind.CLOSE_BRACKET, before);
      return fullSplat(collection, open.range().to(close.range()));
    }
    Expression key = expression();
    Token close = close(open, Kind.CLOSE_BRACKET, before);
    SourceRange range = open.range().to(close.range());
    return key instanceof Expression.Literal(Value value, _)
            && (value instanceof Value.Num || value instanceof Value.Text)
        ? step(collection, new Traversal.Index(value, range))
        : new Expression.GetIndex(collection, key, range, collection.range().to(range));
  }

  /** {@code [*]} applies all that follows to each element. */
  private Expression fullSplat(Expression source, SourceRange marker) {
    enter(marker);
    Expression each = postfix(new Expression.SplatElement(marker));
    leave();
    return new Expression.Splat(source, each, source.range().to(each.range()));
  }

  /** {@code .*} applies the attributes that follow to each element; an index is for the whole. */
  private Expression attributeSplat(Expression source, SourceRange marker) {
    Expression each = new Expression.SplatElement(marker);
    while (peek().is(Kind.DOT)) {
      Token dot = consume();
      if (peek().is(Kind.STAR)) {
        throw error(peek(), "A \".*\" cannot stand within another", "Write [*] instead.");
      }
      each = dot(each, dot);
    }
    return new Expression.Splat(source, each, source.range().to(each.range()));
  }

  // ---- what templates need

  /** An interpolation or directive, whether it strips what follows, and the offset behind it. */
  record Sequence(TemplateParser.Piece piece, boolean strip, int end) {}

  /** An interpolation or directive; the open token ends where it begins. */
  Sequence sequence(Token open, Token template) {
    seek(open.end());
    boolean before = newlines(false);
    TemplateParser.Piece piece =
        open.is(Kind.INTERPOLATION) ? interpolation(open) : directive(open);
    Token close = peek();
    boolean strip = close.is(Kind.STRIP_CLOSE_BRACE);
    if (!strip && !close.is(Kind.CLOSE_BRACE)) {
      throw close.is(Kind.END) || (template.is(Kind.QUOTE) && close.is(Kind.QUOTE))
          ? error(open, "%s is not closed".formatted(open.kind().description()), LITERALLY)
          : error(close, "\"}\" is expected here, not " + close.describe(), LITERALLY);
    }
    consume();
    newlines(before);
    return new Sequence(piece, strip, close.end());
  }

  private TemplateParser.Piece interpolation(Token open) {
    Expression expression = expression();
    return new TemplateParser.Interpolated(expression, open.range().to(expression.range()));
  }

  private TemplateParser.Piece directive(Token open) {
    Token word = peek();
    SourceRange range = open.range().to(word.range());
    return switch (word.is(Kind.IDENTIFIER) ? word.text() : "") {
      case "if" -> {
        consume();
        yield new TemplateParser.If(expression(), range);
      }
      case "for" -> new TemplateParser.For(forNames(open), range);
      case "else", "endif", "endfor" -> new TemplateParser.Mark(consume().text(), range);
      default ->
          throw error(
              word,
              "A directive is expected here, not " + word.describe(),
              "There are if, else, endif, for and endfor. Write \"%%{\" for a literal \"%{\".");
    };
  }
}
