package io.gaol.cli.template;

import io.gaol.cli.template.Function.Arguments;
import io.gaol.cli.template.Function.Parameter;
import io.gaol.cli.template.GoTypes.Channel;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import io.gaol.cli.template.Node.Branch;
import io.gaol.cli.template.Node.Command;
import io.gaol.cli.template.Node.Operand;
import io.gaol.cli.template.Node.Pipe;
import io.gaol.cli.template.Node.Statement;
import io.gaol.hcl.Source;
import io.gaol.hcl.SourceRange;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Renders one parsed template, once. */
final class Interpreter {
  private static final int MOST_CALLS = 200;

  /** Where a pipeline brings no value from the command before. */
  private static final Missing MISSING = Missing.MISSING;

  private enum Missing {
    MISSING
  }

  private final Source source;
  private final Map<String, List<Statement>> templates;
  private final Rendering rendering;
  private final boolean errorOnMissingKey;
  private Output out = new Output();
  private int calls;

  /** The variables that can be seen, the newest last. */
  private List<Variable> variables = new ArrayList<>();

  private static final class Variable {
    private final String name;
    private Object value;

    Variable(String name, Object value) {
      this.name = name;
      this.value = value;
    }
  }

  /** How a statement ended. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  /** An error of a template that another one executed as a function: it has its own place. */
  private static final class Nested extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient TemplateException error;

    Nested(TemplateException error) {
      super(error);
      this.error = error;
    }
  }

  private Interpreter(
      Source source, Map<String, List<Statement>> templates, TemplateContext context) {
    this.source = source;
    this.templates = templates;
    this.rendering = new Rendering(context, this::execute);
    this.errorOnMissingKey = context.errorOnMissingKey();
  }

  static Rendered render(
      Source source, Map<String, List<Statement>> templates, TemplateContext context)
      throws TemplateException {
    Interpreter interpreter = new Interpreter(source, templates, context);
    try {
      interpreter.run(templates.get(Parser.MAIN), null);
    } catch (Nested nested) {
      throw nested.error;
    }
    return new Rendered(interpreter.out.toString(), interpreter.rendering.filesRead());
  }

  /** Runs a template's statements with variables of their own. */
  private void run(List<Statement> statements, Object dot) throws TemplateException {
    List<Variable> outside = variables;
    variables = new ArrayList<>(List.of(new Variable("$", dot)));
    statements(statements, dot);
    variables = outside;
  }

  private String execute(String name, Object dot) throws FunctionException {
    List<Statement> statements = templates.get(name);
    if (statements == null) {
      throw new FunctionException(unknownTemplate(name));
    }
    requireCalls();
    Output outside = out;
    out = new Output();
    calls++;
    try {
      run(statements, dot);
    } catch (TemplateException wrong) {
      throw new Nested(wrong);
    }
    calls--;
    String made = out.toString();
    out = outside;
    return made;
  }

  private void requireCalls() throws FunctionException {
    if (calls >= MOST_CALLS) {
      throw new FunctionException("Templates call each other more than " + MOST_CALLS + " deep");
    }
  }

  private String unknownTemplate(String name) {
    List<String> known =
        templates.keySet().stream().filter(other -> !other.isEmpty()).map(ByteText::text).toList();
    return "There is no template \""
        + ByteText.text(name)
        + "\"."
        + (name.length() > 64 ? "" : Spelling.suggestion(ByteText.text(name), known));
  }

  private Flow statements(List<Statement> statements, Object dot) throws TemplateException {
    for (Statement statement : statements) {
      Flow flow = statement(statement, dot);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow statement(Statement statement, Object dot) throws TemplateException {
    switch (statement) {
      case Node.Text text -> at(text, () -> out.append(text.bytes()));
      case Node.Action action -> {
        Object value = pipe(action.pipe(), dot);
        if (action.pipe().variables().isEmpty()) {
          at(action, () -> out.append(GoFormat.action(value)));
        }
      }
      case Node.Choice choice -> {
        return choice(choice, dot);
      }
      case Node.Range range -> {
        return range(range, dot);
      }
      case Node.Call call -> call(call, dot);
      case Node.Break _ -> {
        return Flow.BREAK;
      }
      case Node.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NEXT;
  }

  private Flow choice(Node.Choice choice, Object dot) throws TemplateException {
    int visible = variables.size();
    Flow flow = null;
    for (Branch branch : choice.branches()) {
      Object value = pipe(branch.condition(), dot);
      if (GoTypes.isTrue(value)) {
        flow = statements(branch.body(), choice.binds() ? value : dot);
        break;
      }
    }
    if (flow == null) {
      flow = statements(choice.otherwise(), dot);
    }
    hideVariables(visible);
    return flow;
  }

  /** The body of a range for one element; true if it goes on. */
  @FunctionalInterface
  private interface Round {
    boolean run(Object index, Object element) throws TemplateException;
  }

  private Flow range(Node.Range range, Object dot) throws TemplateException {
    int visible = variables.size();
    Object over = pipe(range.pipe(), dot);
    int inside = variables.size();
    Round round =
        (index, element) -> {
          at(range, rendering::step);
          bind(range.pipe(), index, element);
          Flow flow = statements(range.body(), element);
          hideVariables(inside);
          return flow != Flow.BREAK;
        };
    boolean any = rounds(range, over, round);
    Flow flow = any ? Flow.NEXT : statements(range.otherwise(), dot);
    hideVariables(visible);
    return flow;
  }

  /** Goes through a value; false if there was nothing. */
  private boolean rounds(Node.Range range, Object over, Round round) throws TemplateException {
    return switch (over) {
      case null -> false;
      case Sequence list -> {
        List<Object> values = List.copyOf(list.values());
        for (int i = 0; i < values.size() && round.run(Int.of(i), values.get(i)); i++) {
          // The round did it.
        }
        yield !values.isEmpty();
      }
      case Mapping map -> {
        boolean any = false;
        for (Object key : map.sortedKeys()) {
          any = true;
          if (!round.run(key, map.get(key))) {
            break;
          }
        }
        yield any;
      }
      case Channel channel -> {
        boolean any = channel.hasNext();
        for (long i = 0; channel.hasNext() && round.run(Int.of(i), channel.next()); i++) {
          // The round did it.
        }
        yield any;
      }
      case Int number -> {
        if (range.pipe().variables().size() > 1) {
          throw error(range.pipe(), "A range over a number has one variable", "There is no index.");
        }
        boolean any = number.type().signed() ? number.value() > 0 : number.value() != 0;
        for (long i = 0; any && i != number.value(); i++) {
          if (!round.run(null, new Int(number.type(), i))) {
            break;
          }
        }
        yield any;
      }
      default ->
          throw error(
              range.pipe(),
              "A range cannot go over a " + GoTypes.name(over),
              "It goes over lists, maps, whole numbers and what loop gives.");
    };
  }

  private void bind(Pipe pipe, Object index, Object element) throws TemplateException {
    List<String> names = pipe.variables();
    if (names.isEmpty()) {
      return;
    }
    Object first = names.size() > 1 ? index : element;
    if (pipe.assigns()) {
      assign(pipe, names.getFirst(), first);
      if (names.size() > 1) {
        assign(pipe, names.get(1), element);
      }
    } else {
      variables.getLast().value = element;
      if (names.size() > 1) {
        variables.get(variables.size() - 2).value = index;
      }
    }
  }

  private void call(Node.Call call, Object dot) throws TemplateException {
    List<Statement> statements = templates.get(call.name());
    if (statements == null) {
      throw error(call, unknownTemplate(call.name()), "");
    }
    at(call, this::requireCalls);
    at(call, rendering::step);
    Object argument = call.argument().isPresent() ? pipe(call.argument().get(), dot) : null;
    calls++;
    run(statements, argument);
    calls--;
  }

  private void hideVariables(int visible) {
    variables.subList(visible, variables.size()).clear();
  }

  private void assign(Node where, String name, Object value) throws TemplateException {
    variable(where, name).value = value;
  }

  private Variable variable(Node where, String name) throws TemplateException {
    for (int i = variables.size() - 1; i >= 0; i--) {
      if (variables.get(i).name.equals(name)) {
        return variables.get(i);
      }
    }
    throw error(where, "There is no variable " + name, "It is declared with \":=\" first.");
  }

  private Object pipe(Pipe pipe, Object dot) throws TemplateException {
    Object value = MISSING;
    for (Command command : pipe.commands()) {
      value = GoTypes.concrete(command(command, dot, value));
    }
    for (String name : pipe.variables()) {
      if (pipe.assigns()) {
        assign(pipe, name, value);
      } else {
        variables.add(new Variable(name, value));
      }
    }
    return value;
  }

  private Object command(Command command, Object dot, Object last) throws TemplateException {
    at(command, rendering::step);
    Operand first = command.operands().getFirst();
    List<Operand> arguments = command.operands().subList(1, command.operands().size());
    return switch (first) {
      case Node.Name name -> function(name, arguments, dot, last);
      case Node.Field field -> path(field, dot, field.path(), arguments, dot, last);
      case Node.Variable variable when !variable.path().isEmpty() ->
          path(
              variable,
              variable(variable, variable.name()).value,
              variable.path(),
              arguments,
              dot,
              last);
      case Node.Chain chain ->
          path(chain, operand(chain.of(), dot), chain.path(), arguments, dot, last);
      case Node.Nil nil -> throw error(nil, "nil alone is not a value", "Pass it to a function.");
      default -> {
        if (!arguments.isEmpty() || last != MISSING) {
          throw error(first, "This is not a function, so it takes no arguments", "");
        }
        yield operand(first, dot);
      }
    };
  }

  /** The value of an operand, where it can be of any type. */
  private Object operand(Operand operand, Object dot) throws TemplateException {
    return switch (operand) {
      case Pipe pipe -> pipe(pipe, dot);
      case Node.Dot _ -> dot;
      case Node.Nil _ -> null;
      case Node.Bool bool -> bool.value();
      case Node.Literal literal -> literal.bytes();
      case Node.NumberLiteral number -> constant(number);
      case Node.Name name -> function(name, List.of(), dot, MISSING);
      case Node.Field field -> path(field, dot, field.path(), List.of(), dot, MISSING);
      case Node.Variable variable ->
          path(
              variable,
              variable(variable, variable.name()).value,
              variable.path(),
              List.of(),
              dot,
              MISSING);
      case Node.Chain chain ->
          path(chain, operand(chain.of(), dot), chain.path(), List.of(), dot, MISSING);
    };
  }

  private Object constant(Node.NumberLiteral number) throws TemplateException {
    NumberConstant constant = number.value();
    if (constant.written()) {
      return constant.real();
    }
    return constant
        .whole()
        .map(Int::of)
        .orElseThrow(() -> error(number, "This number does not fit into 64 bits", ""));
  }

  /** Goes along fields; the last one gets the arguments if it is a method. */
  private Object path(
      Operand where,
      Object from,
      List<String> path,
      List<Operand> arguments,
      Object dot,
      Object last)
      throws TemplateException {
    Object value = from;
    for (int i = 0; i < path.size(); i++) {
      boolean isLast = i == path.size() - 1;
      value =
          field(
              where,
              value,
              path.get(i),
              isLast ? arguments : List.of(),
              dot,
              isLast ? last : MISSING);
    }
    return value;
  }

  private Object field(
      Operand where, Object of, String name, List<Operand> arguments, Object dot, Object last)
      throws TemplateException {
    if (of == null) {
      if (errorOnMissingKey) {
        throw error(where, "There is no value that could have a \"" + shown(name) + "\"", "");
      }
      return null;
    }
    if (of instanceof Scratch scratch) {
      Function method = ScratchMethods.of(scratch, name);
      if (method == null) {
        throw error(
            where,
            "scratch has no method \"" + shown(name) + "\"",
            "It has " + String.join(", ", Scratch.METHODS) + ".");
      }
      return call(where, method, arguments, dot, last);
    }
    if (of instanceof Mapping map) {
      if (!arguments.isEmpty() || last != MISSING) {
        throw error(where, "\"" + shown(name) + "\" is a key of a map; it takes no arguments", "");
      }
      if (errorOnMissingKey && !map.values().containsKey(name)) {
        throw error(where, "The map has no key \"" + shown(name) + "\"", nearestKey(name, map));
      }
      return map.get(name);
    }
    throw error(
        where,
        of == GoTypes.NIL
            ? "nil has no \"" + shown(name) + "\""
            : "A " + GoTypes.name(of) + " has no \"" + shown(name) + "\"",
        of == GoTypes.NIL ? "The key before it is missing, or its value is null." : "");
  }

  private static String nearestKey(String name, Mapping map) {
    List<String> keys =
        map.values().keySet().stream()
            .filter(key -> key instanceof String text && text.length() <= 64)
            .limit(1000)
            .map(key -> shown((String) key))
            .toList();
    return name.length() > 64 ? "" : Spelling.suggestion(shown(name), keys).strip();
  }

  private static String shown(String bytes) {
    return ByteText.text(bytes);
  }

  private Object function(Node.Name name, List<Operand> arguments, Object dot, Object last)
      throws TemplateException {
    Function function = name.function();
    boolean isOr = function.name().equals("or");
    if (isOr || function.name().equals("and")) {
      return firstThat(name, isOr, arguments, dot, last);
    }
    return call(name, function, arguments, dot, last);
  }

  /** {@code and} and {@code or}: arguments are looked at until one decides. */
  private Object firstThat(
      Operand where, boolean truth, List<Operand> arguments, Object dot, Object last)
      throws TemplateException {
    if (arguments.isEmpty() && last == MISSING) {
      throw error(where, "\"" + (truth ? "or" : "and") + "\" needs an argument", "");
    }
    Object value = null;
    for (Operand argument : arguments) {
      value = operand(argument, dot);
      if (GoTypes.isTrue(value) == truth) {
        return value;
      }
    }
    return last == MISSING ? value : last;
  }

  private Object call(
      Operand where, Function function, List<Operand> arguments, Object dot, Object last)
      throws TemplateException {
    if (function.refusal().isPresent()) {
      throw error(where, Function.refused(function.name()), function.refusal().get());
    }
    int given = arguments.size() + (last == MISSING ? 0 : 1);
    int needed = function.parameters().size();
    if (given < needed || (given > needed && function.rest().isEmpty())) {
      throw error(
          where,
          "\"%s\" takes %s%d argument%s, not %d"
              .formatted(
                  function.name(),
                  function.rest().isPresent() ? "at least " : "",
                  needed,
                  needed == 1 ? "" : "s",
                  given),
          last == MISSING || given <= needed ? "" : "The value before \"|\" is the last argument.");
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      values.add(argument(arguments.get(i), parameter(function, i), dot));
    }
    if (last != MISSING) {
      values.add(checked(where, last, parameter(function, given - 1)));
    }
    return at(
        where,
        () -> {
          rendering.taken(values);
          Object value = function.body().call(new Arguments(values), rendering);
          rendering.made(value);
          return value;
        });
  }

  private static Parameter parameter(Function function, int index) {
    return index < function.parameters().size()
        ? function.parameters().get(index)
        : function.rest().orElseThrow();
  }

  /** The value of an argument; a constant takes the type that is asked for. */
  private Object argument(Operand operand, Parameter type, Object dot) throws TemplateException {
    return switch (operand) {
      case Node.Literal literal when type != Parameter.STRING && type != Parameter.ANY ->
          throw expected(operand, type, "a string");
      case Node.Bool _ when type != Parameter.ANY -> throw expected(operand, type, "a bool");
      case Node.NumberLiteral number when type == Parameter.INT ->
          number
              .value()
              .whole()
              .map(Int::of)
              .orElseThrow(() -> expected(operand, type, "a fraction"));
      case Node.NumberLiteral _ when type != Parameter.ANY ->
          throw expected(operand, type, "a number");
      default -> checked(operand, operand(operand, dot), type);
    };
  }

  private Object checked(Operand where, Object value, Parameter type) throws TemplateException {
    Object concrete = GoTypes.concrete(value);
    boolean isNil = where instanceof Node.Nil || value == null;
    return switch (type) {
      case ANY -> concrete;
      case STRINGS -> isNil ? Sequence.strings(List.of()) : typed(where, concrete, type);
      case LIST -> isNil ? Sequence.any(List.of()) : typed(where, concrete, type);
      case MAP -> isNil ? Mapping.any(new HashMap<>()) : typed(where, concrete, type);
      case STRING, INT -> typed(where, concrete, type);
    };
  }

  private Object typed(Operand where, Object value, Parameter type) throws TemplateException {
    if (!GoTypes.name(value).equals(type.goName())) {
      throw expected(where, type, value == null ? "nothing" : "a " + GoTypes.name(value));
    }
    return value;
  }

  private TemplateException expected(Operand where, Parameter type, String found) {
    String hint =
        switch (type) {
          case STRING -> found.equals("nothing") ? "" : "printf \"%v\" or toJSON make a string.";
          case STRINGS -> "split gives such a list.";
          case INT, ANY, LIST, MAP -> "";
        };
    return error(where, "Expected a " + type.goName() + ", found " + found, hint);
  }

  /** What can fail for a reason, but does not know its place. */
  @FunctionalInterface
  private interface Attempt<T> {
    T get() throws FunctionException;
  }

  @FunctionalInterface
  private interface Effect {
    void run() throws FunctionException;
  }

  private <T> T at(Node where, Attempt<T> attempt) throws TemplateException {
    try {
      return attempt.get();
    } catch (FunctionException wrong) {
      throw error(where, wrong.getMessage(), "");
    }
  }

  private void at(Node where, Effect effect) throws TemplateException {
    try {
      effect.run();
    } catch (FunctionException wrong) {
      throw error(where, wrong.getMessage(), "");
    }
  }

  private TemplateException error(Node where, String summary, String detail) {
    return TemplateException.at(
        new SourceRange(source, where.start(), Math.max(where.start(), where.end())),
        summary,
        detail);
  }
}
