package io.gaol.cli.template;

import static io.gaol.cli.template.Token.Kind.ASSIGN;
import static io.gaol.cli.template.Token.Kind.CLOSE;
import static io.gaol.cli.template.Token.Kind.CLOSE_PAREN;
import static io.gaol.cli.template.Token.Kind.DECLARE;
import static io.gaol.cli.template.Token.Kind.END;
import static io.gaol.cli.template.Token.Kind.FIELD;
import static io.gaol.cli.template.Token.Kind.KEYWORD;
import static io.gaol.cli.template.Token.Kind.OPEN;
import static io.gaol.cli.template.Token.Kind.OTHER;
import static io.gaol.cli.template.Token.Kind.PIPE;
import static io.gaol.cli.template.Token.Kind.RAW_STRING;
import static io.gaol.cli.template.Token.Kind.SPACE;
import static io.gaol.cli.template.Token.Kind.STRING;
import static io.gaol.cli.template.Token.Kind.TEXT;
import static io.gaol.cli.template.Token.Kind.VARIABLE;

import io.gaol.cli.template.Node.Branch;
import io.gaol.cli.template.Node.Command;
import io.gaol.cli.template.Node.Operand;
import io.gaol.cli.template.Node.Pipe;
import io.gaol.cli.template.Node.Statement;
import io.gaol.cli.template.Token.Kind;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Source;
import io.gaol.hcl.SourceRange;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parses a template, and the templates that it defines, by the grammar of Go's text/template. */
final class Parser {
  /** The name of the template itself, beside those that it defines. */
  static final String MAIN = "";

  private static final int MOST_LEVELS = 100;
  private static final int LONGEST_NAME = 64;

  private final Source source;
  private final Lexer lexer;
  private final Map<String, Function> functions;
  private final Map<String, List<Statement>> templates = new HashMap<>();
  private final List<Diagnostic> refused = new ArrayList<>();
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int levels;

  /** The variables that can be seen, the newest last. */
  private List<String> variables = new ArrayList<>(List.of("$"));

  private int ranges;

  /**
   * What a template consists of.
   *
   * @param templates itself, by the name {@link #MAIN}, and those it defines
   * @param refused the functions it names that can only fail
   */
  record Parsed(Map<String, List<Statement>> templates, List<Diagnostic> refused) {}

  private Parser(Source source, Lexer lexer, Map<String, Function> functions) {
    this.source = source;
    this.lexer = lexer;
    this.functions = functions;
  }

  static Parsed parse(Source source, Lexer lexer, Map<String, Function> functions)
      throws TemplateException {
    Parser parser = new Parser(source, lexer, functions);
    List<Statement> main = parser.main();
    parser.define(MAIN, main, parser.peek());
    return new Parsed(Map.copyOf(parser.templates), List.copyOf(parser.refused));
  }

  private List<Statement> main() throws TemplateException {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Block block = block(Set.of("define"));
      statements.addAll(block.statements);
      if (block.ended.is(END)) {
        return statements;
      }
      if (!text(block.ended).equals("define")) {
        throw error(
            block.ended, "There is nothing that this \"" + text(block.ended) + "\" belongs to", "");
      }
      definition(block.ended);
    }
  }

  private void definition(Token keyword) throws TemplateException {
    Token nameToken = nextVisible();
    String name = templateName(nameToken, "define");
    expect(CLOSE, "define");
    define(name, body(keyword, "define"), nameToken);
  }

  /** The statements of a template of its own, which sees no variables from outside, and the end. */
  private List<Statement> body(Token keyword, String what) throws TemplateException {
    List<String> outside = variables;
    int rangesOutside = ranges;
    variables = new ArrayList<>(List.of("$"));
    ranges = 0;
    Block block = block(Set.of());
    requireEnd(block, keyword, what);
    variables = outside;
    ranges = rangesOutside;
    return block.statements;
  }

  private void define(String name, List<Statement> statements, Token where)
      throws TemplateException {
    List<Statement> known = templates.get(name);
    if (known == null || isBlank(known)) {
      templates.put(name, List.copyOf(statements));
    } else if (!isBlank(statements)) {
      throw error(where, "There is already a template \"" + name + "\"", "");
    }
  }

  private static boolean isBlank(List<Statement> statements) {
    return statements.stream().allMatch(s -> s instanceof Node.Text text && text.bytes().isBlank());
  }

  /** Statements up to a keyword that ends them, which is read, or to the end of the template. */
  private record Block(List<Statement> statements, Token ended) {}

  private Block block(Set<String> alsoEnding) throws TemplateException {
    if (++levels > MOST_LEVELS) {
      throw error(peek(), "Nested more than " + MOST_LEVELS + " levels deep", "");
    }
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = nextVisible();
      if (token.is(END)) {
        levels--;
        return new Block(statements, token);
      }
      if (token.is(TEXT)) {
        statements.add(new Node.Text(token.start(), token.end(), ByteText.of(text(token))));
        continue;
      }
      Token first = peekVisible();
      if (first.is(KEYWORD)) {
        String keyword = text(first);
        if (keyword.equals("end") || keyword.equals("else") || alsoEnding.contains(keyword)) {
          levels--;
          return new Block(statements, nextVisible());
        }
        statements.add(control(nextVisible()));
      } else {
        Pipe pipe = pipe("an action", CLOSE);
        statements.add(new Node.Action(pipe.start(), pipe.end(), pipe));
      }
    }
  }

  private Statement control(Token keyword) throws TemplateException {
    return switch (text(keyword)) {
      case "if" -> choice(keyword, "if", false);
      case "with" -> choice(keyword, "with", true);
      case "range" -> range(keyword);
      case "template" -> call(keyword);
      case "block" -> blockDefinition(keyword);
      case "break" -> {
        requireRange(keyword);
        yield new Node.Break(keyword.start(), keyword.end());
      }
      case "continue" -> {
        requireRange(keyword);
        yield new Node.Continue(keyword.start(), keyword.end());
      }
      default ->
          throw error(
              keyword,
              "A template can be defined at the outermost level only",
              "Move it before or after the block it stands in.");
    };
  }

  private void requireRange(Token keyword) throws TemplateException {
    expect(CLOSE, text(keyword));
    if (ranges == 0) {
      throw error(keyword, "\"" + text(keyword) + "\" stands outside of a range", "");
    }
  }

  private Statement choice(Token keyword, String word, boolean binds) throws TemplateException {
    int visible = variables.size();
    List<Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    while (true) {
      Pipe condition = pipe(word, CLOSE);
      Block block = block(Set.of());
      branches.add(new Branch(condition, List.copyOf(block.statements)));
      if (isElse(block)) {
        Token after = peekVisible();
        if (after.is(KEYWORD) && text(after).equals(word)) {
          nextVisible();
          continue;
        }
        otherwise = otherwise(keyword, word);
      } else {
        requireEnd(block, keyword, word);
      }
      hideVariables(visible);
      return new Node.Choice(
          keyword.start(), keyword.end(), binds, List.copyOf(branches), List.copyOf(otherwise));
    }
  }

  private boolean isElse(Block block) {
    return block.ended.is(KEYWORD) && text(block.ended).equals("else");
  }

  private List<Statement> otherwise(Token keyword, String word) throws TemplateException {
    expect(CLOSE, "else");
    Block block = block(Set.of());
    if (isElse(block)) {
      throw error(block.ended, "A second \"else\" of one \"" + word + "\"", "");
    }
    requireEnd(block, keyword, word);
    return block.statements;
  }

  private void requireEnd(Block block, Token keyword, String word) throws TemplateException {
    if (block.ended.is(END)) {
      throw error(keyword, "This \"" + word + "\" has no end", "Every block needs an {{ end }}.");
    }
    if (!text(block.ended).equals("end")) {
      throw error(
          block.ended, "\"" + text(block.ended) + "\" cannot stand in a \"" + word + "\"", "");
    }
    expect(CLOSE, "end");
  }

  private Statement range(Token keyword) throws TemplateException {
    int visible = variables.size();
    Pipe pipe = pipe("range", CLOSE);
    ranges++;
    Block block = block(Set.of());
    ranges--;
    List<Statement> otherwise = List.of();
    if (isElse(block)) {
      otherwise = otherwise(keyword, "range");
    } else {
      requireEnd(block, keyword, "range");
    }
    hideVariables(visible);
    return new Node.Range(
        keyword.start(),
        keyword.end(),
        pipe,
        List.copyOf(block.statements),
        List.copyOf(otherwise));
  }

  private Statement call(Token keyword) throws TemplateException {
    String name = templateName(nextVisible(), "template");
    if (peekVisible().is(CLOSE)) {
      nextVisible();
      return new Node.Call(keyword.start(), keyword.end(), name, Optional.empty());
    }
    return new Node.Call(
        keyword.start(), keyword.end(), name, Optional.of(pipe("template", CLOSE)));
  }

  private Statement blockDefinition(Token keyword) throws TemplateException {
    Token nameToken = nextVisible();
    String name = templateName(nameToken, "block");
    Pipe argument = pipe("block", CLOSE);
    define(name, body(keyword, "block"), nameToken);
    return new Node.Call(keyword.start(), keyword.end(), name, Optional.of(argument));
  }

  private String templateName(Token token, String keyword) throws TemplateException {
    if (!token.is(STRING) && !token.is(RAW_STRING)) {
      throw error(token, "A \"" + keyword + "\" needs a name in quotes", "");
    }
    return string(token);
  }

  private void hideVariables(int visible) {
    variables.subList(visible, variables.size()).clear();
  }

  /**
   * A pipeline and what ends it.
   *
   * @param what what it belongs to, for errors
   */
  private Pipe pipe(String what, Kind end) throws TemplateException {
    Token first = peekVisible();
    List<String> declared = new ArrayList<>();
    boolean assigns = false;
    while (peekVisible().is(VARIABLE)) {
      int before = at;
      Token variable = nextVisible();
      Token after = peekVisible();
      if (after.is(ASSIGN) || after.is(DECLARE)) {
        nextVisible();
        assigns = after.is(ASSIGN);
        declare(variable, declared);
        break;
      }
      if (!after.is(OTHER) || !text(after).equals(",")) {
        at = before;
        break;
      }
      nextVisible();
      declare(variable, declared);
      if (!what.equals("range") || declared.size() > 1) {
        throw error(after, "Too many variables are declared", "Only a range has two at most.");
      }
      Token second = peekVisible();
      if (!second.is(VARIABLE)) {
        if (second.is(CLOSE) || second.is(CLOSE_PAREN)) {
          break;
        }
        throw error(second, "A variable is missing", "A range declares variables only.");
      }
    }
    List<Command> commands = new ArrayList<>();
    while (true) {
      Token token = peekVisible();
      if (token.is(end)) {
        nextVisible();
        checkPipe(commands, what, first, token);
        return new Pipe(
            first.start(),
            Math.max(first.start(), token.start()),
            assigns,
            List.copyOf(declared),
            List.copyOf(commands));
      }
      if (!beginsOperand(token)) {
        throw unexpected(token, what);
      }
      commands.add(command());
    }
  }

  private void declare(Token variable, List<String> declared) {
    String name = text(variable);
    declared.add(name);
    variables.add(name);
  }

  private void checkPipe(List<Command> commands, String what, Token first, Token end)
      throws TemplateException {
    if (commands.isEmpty()) {
      throw error(
          first.is(end.kind()) ? end : first,
          "A value is missing",
          "For " + what + " there is none.");
    }
    for (Command command : commands.subList(1, commands.size())) {
      switch (command.operands().getFirst()) {
        case Node.Bool _, Node.Dot _, Node.Nil _, Node.NumberLiteral _, Node.Literal _ ->
            throw error(
                command,
                "A value cannot take the result of a pipeline",
                "After \"|\" comes a function.");
        default -> {}
      }
    }
  }

  private static boolean beginsOperand(Token token) {
    return switch (token.kind()) {
      case BOOL,
          CHARACTER,
          DOT,
          FIELD,
          IDENTIFIER,
          NUMBER,
          NIL,
          RAW_STRING,
          STRING,
          VARIABLE,
          OPEN_PAREN ->
          true;
      default -> false;
    };
  }

  private Command command() throws TemplateException {
    List<Operand> operands = new ArrayList<>();
    while (true) {
      Token token = peekVisible();
      if (beginsOperand(token)) {
        operands.add(operand());
      }
      Token after = next();
      switch (after.kind()) {
        case SPACE -> {
          continue;
        }
        case CLOSE, CLOSE_PAREN -> at--;
        case PIPE -> {}
        default -> throw unexpected(after, "an operand");
      }
      return new Command(
          operands.getFirst().start(), operands.getLast().end(), List.copyOf(operands));
    }
  }

  private Operand operand() throws TemplateException {
    Operand term = term();
    if (!peek().is(FIELD)) {
      return term;
    }
    List<String> path = new ArrayList<>();
    int end = term.end();
    while (peek().is(FIELD)) {
      Token field = next();
      path.add(fieldName(field));
      end = field.end();
    }
    return switch (term) {
      case Node.Field field -> new Node.Field(field.start(), end, joined(field.path(), path));
      case Node.Variable variable ->
          new Node.Variable(variable.start(), end, variable.name(), path);
      case Node.Bool _, Node.Literal _, Node.NumberLiteral _, Node.Nil _, Node.Dot _ ->
          throw error(term, "This has no fields", "");
      default -> new Node.Chain(term.start(), end, term, List.copyOf(path));
    };
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return List.copyOf(both);
  }

  private Operand term() throws TemplateException {
    Token token = nextVisible();
    int start = token.start();
    int end = token.end();
    return switch (token.kind()) {
      case IDENTIFIER -> new Node.Name(start, end, function(token));
      case DOT -> new Node.Dot(start, end);
      case NIL -> new Node.Nil(start, end);
      case VARIABLE -> {
        String name = text(token);
        if (!variables.contains(name)) {
          throw error(
              token,
              "There is no variable " + name,
              nearest(name, variables)
                  .map(near -> "Did you mean " + near + "?")
                  .orElse("A variable is declared with \":=\" and ends with its block."));
        }
        yield new Node.Variable(start, end, name, List.of());
      }
      case FIELD -> new Node.Field(start, end, List.of(fieldName(token)));
      case BOOL -> new Node.Bool(start, end, text(token).equals("true"));
      case NUMBER ->
          new Node.NumberLiteral(
              start,
              end,
              NumberConstant.parse(text(token))
                  .orElseThrow(() -> error(token, "This is not a number, or too large", "")));
      case CHARACTER ->
          new Node.NumberLiteral(start, end, NumberConstant.ofCharacter(character(token)));
      case STRING, RAW_STRING -> new Node.Literal(start, end, string(token));
      case OPEN_PAREN -> {
        if (++levels > MOST_LEVELS) {
          throw error(token, "Nested more than " + MOST_LEVELS + " levels deep", "");
        }
        Pipe pipe = pipe("parentheses", CLOSE_PAREN);
        levels--;
        yield new Pipe(
            start, tokens.get(at - 1).end(), pipe.assigns(), pipe.variables(), pipe.commands());
      }
      default -> throw unexpected(token, "a command");
    };
  }

  private Function function(Token token) throws TemplateException {
    String name = text(token);
    Function function = functions.get(name);
    if (function == null) {
      throw error(
          token,
          "There is no function \"" + name + "\"",
          nearest(name, functions.keySet())
              .map(near -> "Did you mean \"" + near + "\"?")
              .orElse(""));
    }
    function
        .refusal()
        .ifPresent(
            why ->
                refused.add(
                    Diagnostic.error(
                        range(token.start(), token.end()), Function.refused(name), why)));
    return function;
  }

  private static Optional<String> nearest(String name, Collection<String> known) {
    return name.length() > LONGEST_NAME ? Optional.empty() : Spelling.nearest(name, known);
  }

  private String fieldName(Token field) {
    return ByteText.of(source.text().substring(field.start() + 1, field.end()));
  }

  private String string(Token token) throws TemplateException {
    if (token.is(RAW_STRING)) {
      return ByteText.of(
          source.text().substring(token.start() + 1, token.end() - 1).replace("\r", ""));
    }
    return unquoted(token);
  }

  private int character(Token token) throws TemplateException {
    String text = text(token);
    String inside = text.substring(1, text.length() - 1);
    if (inside.codePointCount(0, inside.length()) == 1 && !inside.equals("\\")) {
      return inside.codePointAt(0);
    }
    // An escape of a byte is that number, not a character in UTF-8.
    String value = unquoted(token);
    boolean one = !value.isEmpty() && ByteText.decode(value, 0).length() == value.length();
    if (!one || !inside.startsWith("\\")) {
      throw error(token, "A character constant has one character", "Strings are in double quotes.");
    }
    return value.length() == 1 ? value.charAt(0) : ByteText.decode(value, 0).codePoint();
  }

  private String unquoted(Token token) throws TemplateException {
    String text = text(token);
    Optional<String> value = GoQuote.unquote(text.substring(1, text.length() - 1), text.charAt(0));
    return value.orElseThrow(
        () -> error(token, "There is an escape in this that Go does not know", ""));
  }

  private String text(Token token) {
    return source.text().substring(token.start(), token.end());
  }

  private void expect(Kind kind, String where) throws TemplateException {
    Token token = nextVisible();
    if (!token.is(kind)) {
      throw error(
          token,
          kind.words() + " is missing here",
          "In \"" + where + "\" nothing else can follow.");
    }
  }

  private Token next() throws TemplateException {
    Token token = peek();
    at++;
    return token;
  }

  private Token peek() throws TemplateException {
    while (tokens.size() <= at) {
      tokens.add(lexer.next());
    }
    return tokens.get(at);
  }

  private Token nextVisible() throws TemplateException {
    Token token = peekVisible();
    at++;
    return token;
  }

  private Token peekVisible() throws TemplateException {
    while (peek().is(SPACE)) {
      at++;
    }
    return peek();
  }

  private TemplateException unexpected(Token token, String what) {
    String shown =
        token.is(CLOSE) || token.is(END) || token.is(OPEN)
            ? token.kind().words()
            : "\"" + text(token) + "\"";
    String detail =
        token.is(KEYWORD)
            ? "A keyword is the first word of its action."
            : token.is(PIPE) ? "A value is missing before it." : "";
    return error(token, shown + " cannot stand in " + what, detail);
  }

  private TemplateException error(Token token, String summary, String detail) {
    return TemplateException.at(range(token.start(), token.end()), summary, detail);
  }

  private TemplateException error(Node node, String summary, String detail) {
    return TemplateException.at(range(node.start(), node.end()), summary, detail);
  }

  private SourceRange range(int start, int end) {
    return new SourceRange(source, start, end);
  }
}
