package io.gaol.hcl;

import io.gaol.hcl.Expression.Binary;
import io.gaol.hcl.Expression.BinaryOperator;
import io.gaol.hcl.Expression.Call;
import io.gaol.hcl.Expression.Conditional;
import io.gaol.hcl.Expression.ForIntro;
import io.gaol.hcl.Expression.ForObject;
import io.gaol.hcl.Expression.ForTuple;
import io.gaol.hcl.Expression.GetAttribute;
import io.gaol.hcl.Expression.GetIndex;
import io.gaol.hcl.Expression.Interpolation;
import io.gaol.hcl.Expression.Join;
import io.gaol.hcl.Expression.Literal;
import io.gaol.hcl.Expression.ObjectConstructor;
import io.gaol.hcl.Expression.Parentheses;
import io.gaol.hcl.Expression.Reference;
import io.gaol.hcl.Expression.Splat;
import io.gaol.hcl.Expression.SplatElement;
import io.gaol.hcl.Expression.Template;
import io.gaol.hcl.Expression.TupleConstructor;
import io.gaol.hcl.Expression.Unary;
import io.gaol.hcl.Value.Bool;
import io.gaol.hcl.Value.Mapping;
import io.gaol.hcl.Value.Obj;
import io.gaol.hcl.Value.Sequence;
import io.gaol.hcl.Value.Text;
import io.gaol.hcl.Value.Tuple;
import io.gaol.hcl.Value.Unknown;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Evaluates one expression once. */
final class Evaluator {
  /** More than any configuration needs, and little enough to end within seconds. */
  private static final int MOST_STEPS = 5_000_000;

  private static final int CHARS_PER_STEP = 64;

  /** Functions make large texts of little; so these cost more. */
  private static final int RESULT_CHARS_PER_STEP = 16;

  private final Scope scope;
  private int stepsLeft = MOST_STEPS;

  Evaluator(Scope scope) {
    this.scope = scope;
  }

  Value evaluate(Expression expression) {
    return evaluate(expression, Locals.NONE);
  }

  /** The names that surrounding {@code for} expressions and splats define, innermost first. */
  private record Locals(Map<String, Value> values, Optional<Locals> outer) {
    private static final Locals NONE = new Locals(Map.of(), Optional.empty());

    /** No identifier, so it hides no name. */
    private static final String SPLAT_ELEMENT = "*";

    Locals with(Map<String, Value> inner) {
      return new Locals(inner, Optional.of(this));
    }

    Optional<Value> find(String name) {
      for (Optional<Locals> at = Optional.of(this); at.isPresent(); at = at.get().outer) {
        Value value = at.get().values.get(name);
        if (value != null) {
          return Optional.of(value);
        }
      }
      return Optional.empty();
    }

    Set<String> names() {
      Set<String> names = new HashSet<>();
      for (Optional<Locals> at = Optional.of(this); at.isPresent(); at = at.get().outer) {
        names.addAll(at.get().values.keySet());
      }
      names.remove(SPLAT_ELEMENT);
      return names;
    }
  }

  /**
   * The left side of operators, attributes and indexes is walked in a loop: chains of them can be
   * longer than the stack is deep. Everything else nests as deep as the parser allows.
   */
  private Value evaluate(Expression expression, Locals locals) {
    Deque<Expression> chain = new ArrayDeque<>();
    Expression first = expression;
    for (Optional<Expression> left = left(first); left.isPresent(); left = left(first)) {
      chain.push(first);
      first = left.get();
    }
    Value value = evaluateFirst(first, locals);
    while (!chain.isEmpty()) {
      value = apply(value, chain.pop(), locals);
    }
    return value;
  }

  private static Optional<Expression> left(Expression expression) {
    return switch (expression) {
      case Binary binary -> Optional.of(binary.left());
      case GetAttribute get -> Optional.of(get.object());
      case GetIndex get -> Optional.of(get.collection());
      default -> Optional.empty();
    };
  }

  private Value apply(Value left, Expression expression, Locals locals) {
    spend(1, expression);
    return switch (expression) {
      case Binary binary -> binary(left, binary, locals);
      case GetAttribute get -> attribute(left, get.name(), get.nameRange());
      case GetIndex get -> index(left, evaluate(get.key(), locals), get.keyRange());
      default -> throw new IllegalStateException(expression.getClass().getName());
    };
  }

  private Value evaluateFirst(Expression expression, Locals locals) {
    spend(1, expression);
    return switch (expression) {
      case Literal(Value value, _) -> value;
      case Reference(Traversal traversal) -> reference(traversal, locals);
      case Parentheses(Expression inner, _) -> evaluate(inner, locals);
      case Interpolation(Expression inner, _) -> evaluate(inner, locals);
      case Template template -> template(template, locals);
      case Join join -> join(join, locals);
      case TupleConstructor(List<Expression> elements, _) -> tuple(elements, locals);
      case ObjectConstructor object -> object(object, locals);
      case Call call -> call(call, locals);
      case Unary unary -> unary(unary, locals);
      case Conditional conditional -> conditional(conditional, locals);
      case ForTuple loop -> forTuple(loop, locals);
      case ForObject loop -> forObject(loop, locals);
      case Splat splat -> splat(splat, locals);
      case SplatElement _ -> locals.find(Locals.SPLAT_ELEMENT).orElseThrow();
      case Binary _, GetAttribute _, GetIndex _ ->
          throw new IllegalStateException(expression.getClass().getName());
    };
  }

  private void spend(int steps, Expression at) {
    stepsLeft -= steps;
    if (stepsLeft < 0) {
      throw HclException.at(
          at.range(),
          "This expression takes too long",
          "Its evaluation was ended after %d steps.".formatted(MOST_STEPS));
    }
  }

  // ---- references

  private Value reference(Traversal traversal, Locals locals) {
    Optional<Value> root =
        locals
            .find(traversal.root())
            .or(() -> Optional.ofNullable(scope.variables().get(traversal.root())));
    if (root.isEmpty()) {
      return scope
          .unresolved()
          .resolve(traversal, traversal.sourceText())
          .orElseThrow(() -> unknownVariable(traversal, locals));
    }
    Value value = root.get();
    for (Traversal.Step step : traversal.steps()) {
      value =
          switch (step) {
            case Traversal.Attribute(String name, SourceRange range) ->
                attribute(value, name, range);
            case Traversal.Index(Value key, SourceRange range) -> index(value, key, range);
          };
    }
    return value;
  }

  private HclException unknownVariable(Traversal traversal, Locals locals) {
    Set<String> known = locals.names();
    known.addAll(scope.variables().keySet());
    return HclException.at(
        traversal.rootRange(),
        "Unknown variable \"%s\"".formatted(traversal.root()),
        Names.suggestion(traversal.root(), known));
  }

  private static Value attribute(Value object, String name, SourceRange range) {
    if (object instanceof Value.Null) {
      throw HclException.at(range, "Null has no attribute \"%s\"".formatted(name));
    }
    return switch (object) {
      case Mapping mapping -> member(mapping.entries(), name, object.typeName(), range);
      case Unknown(Type.Any _) -> object;
      case Unknown(Type.MapOf(Type element)) -> Value.unknown(element);
      case Unknown(Type.Obj type) when type.attributes().containsKey(name) ->
          Value.unknown(type.attributes().get(name));
      case Unknown(Type.Obj type) ->
          throw missing(name, type.attributes().keySet(), "attribute", range);
      case Sequence _ ->
          throw HclException.at(
              range,
              "A %s has no attribute \"%s\"".formatted(object.typeName(), name),
              object instanceof Value.SetOf
                  ? "To take it from every element, write [*].%s.".formatted(name)
                  : "Take one element by its index first: [0]; or it from every element: [*].%s."
                      .formatted(name));
      default ->
          throw HclException.at(
              range, "A %s has no attribute \"%s\"".formatted(object.typeName(), name));
    };
  }

  private static Value index(Value collection, Value key, SourceRange range) {
    if (collection instanceof Value.Null) {
      throw HclException.at(range, "Null has no elements");
    }
    if (key instanceof Value.Null) {
      throw HclException.at(range, "The index is null");
    }
    if (collection.type() instanceof Type.Any || key.type() instanceof Type.Any) {
      return Value.unknown(Types.ANY);
    }
    return switch (collection.type()) {
      case Type.ListOf(Type type) -> element(collection, key, type, range);
      case Type.Tuple _ -> element(collection, key, Types.ANY, range);
      case Type.MapOf(Type type) -> entry(collection, key, type, range);
      case Type.Obj _ -> entry(collection, key, Types.ANY, range);
      case Type.SetOf _ ->
          throw HclException.at(
              range,
              "The elements of a set have no index",
              "A for expression or [*] goes through all of them.");
      case Type.Any _, Type.Primitive _ ->
          throw HclException.at(range, "A %s has no elements".formatted(collection.typeName()));
    };
  }

  private static Value entry(Value mapping, Value key, Type type, SourceRange range) {
    if (!Conversion.exists(key.type(), Types.STRING, true)) {
      throw HclException.at(
          range,
          "%s key is a string, not %s"
              .formatted(
                  mapping.type() instanceof Type.Obj ? "An object's" : "A map's",
                  a(key.typeName())));
    }
    if (key instanceof Unknown || !(mapping instanceof Mapping known)) {
      return Value.unknown(type);
    }
    String name = Conversion.toText(key).orElseThrow().value();
    return member(known.entries(), name, mapping.typeName(), range);
  }

  private static Value element(Value sequence, Value key, Type type, SourceRange range) {
    String kind = sequence.typeName();
    if (key instanceof Unknown && Conversion.exists(key.type(), Types.NUMBER, true)) {
      return Value.unknown(type);
    }
    BigDecimal index =
        checked(range, () -> Conversion.toNumber(key))
            .orElseThrow(
                () ->
                    HclException.at(
                        range,
                        "A %s's index is a whole number, not %s"
                            .formatted(kind, a(key.typeName()))))
            .value();
    if (index.scale() > 0) {
      throw HclException.at(range, "A %s's index is a whole number".formatted(kind));
    }
    if (!(sequence instanceof Sequence known)) {
      return Value.unknown(type);
    }
    List<Value> elements = known.elements();
    if (index.signum() < 0 || index.compareTo(BigDecimal.valueOf(elements.size())) >= 0) {
      throw HclException.at(
          range,
          "There is no element at this index",
          elements.isEmpty()
              ? "The %s is empty.".formatted(kind)
              : "The indexes go from 0 to %d.".formatted(elements.size() - 1));
    }
    return elements.get(index.intValueExact());
  }

  private static Value member(
      Map<String, Value> members, String name, String kind, SourceRange range) {
    Value value = members.get(name);
    if (value == null) {
      throw missing(name, members.keySet(), kind.equals("map") ? "element" : "attribute", range);
    }
    return value;
  }

  private static HclException missing(
      String name, Set<String> known, String part, SourceRange range) {
    return HclException.at(
        range, "There is no %s \"%s\"".formatted(part, name), Names.suggestion(name, known));
  }

  // ---- templates

  private Value template(Template template, Locals locals) {
    StringBuilder text = new StringBuilder();
    boolean isKnown = true;
    for (Expression part : template.parts()) {
      isKnown &= append(text, evaluate(part, locals), part);
    }
    return isKnown ? new Text(text.toString()) : Value.unknown(Types.STRING);
  }

  private Value join(Join join, Locals locals) {
    if (!(evaluate(join.tuple(), locals) instanceof Sequence parts)) {
      return Value.unknown(Types.STRING);
    }
    StringBuilder text = new StringBuilder();
    boolean isKnown = true;
    for (Value part : parts.elements()) {
      isKnown &= append(text, part, join);
    }
    return isKnown ? new Text(text.toString()) : Value.unknown(Types.STRING);
  }

  /** Whether the part is known. */
  private boolean append(StringBuilder text, Value part, Expression at) {
    if (part instanceof Value.Null) {
      throw HclException.at(at.range(), "A string cannot include null");
    }
    if (part instanceof Unknown) {
      return false;
    }
    String piece =
        Conversion.toText(part)
            .orElseThrow(
                () ->
                    HclException.at(
                        at.range(),
                        "A string cannot include " + a(part.typeName()),
                        "Only strings, numbers and bools can be interpolated."))
            .value();
    spend(piece.length() / CHARS_PER_STEP, at);
    if (text.length() + piece.length() > Function.MOST_CHARACTERS) {
      throw HclException.at(
          at.range(),
          "This string is too long",
          "A string has at most %d characters.".formatted(Function.MOST_CHARACTERS));
    }
    text.append(piece);
    return true;
  }

  // ---- collections

  private Value tuple(List<Expression> elements, Locals locals) {
    List<Value> values = new ArrayList<>(elements.size());
    for (Expression element : elements) {
      values.add(evaluate(element, locals));
    }
    return new Tuple(values);
  }

  private Value object(ObjectConstructor object, Locals locals) {
    Map<String, Value> values = new LinkedHashMap<>();
    boolean isKnown = true;
    for (ObjectConstructor.Item item : object.items()) {
      Optional<String> key = key(evaluate(item.key(), locals), item.key());
      Value value = evaluate(item.value(), locals);
      key.ifPresent(name -> values.put(name, value));
      isKnown &= key.isPresent();
    }
    return isKnown ? new Obj(values) : Value.unknown(Types.ANY);
  }

  /** Nothing, if it is not known. */
  private static Optional<String> key(Value key, Expression at) {
    if (key instanceof Value.Null) {
      throw HclException.at(at.range(), "An object's key cannot be null");
    }
    if (!Conversion.exists(key.type(), Types.STRING, true)) {
      throw HclException.at(at.range(), "An object's key is a string, not " + a(key.typeName()));
    }
    return Conversion.toText(key).map(Text::value);
  }

  private record Element(Value key, Value value) {}

  /**
   * The elements in the order in which a {@code for} visits them: objects by their keys. Nothing if
   * they are not known.
   */
  private static Optional<List<Element>> elements(Value collection, Expression at) {
    return switch (collection) {
      case Value.SetOf(_, List<Value> values) ->
          Optional.of(values.stream().map(value -> new Element(value, value)).toList());
      case Sequence sequence -> {
        List<Element> elements = new ArrayList<>(sequence.elements().size());
        for (Value value : sequence.elements()) {
          elements.add(new Element(Value.of(elements.size()), value));
        }
        yield Optional.of(elements);
      }
      case Mapping mapping ->
          Optional.of(
              Ordering.sorted(mapping.entries()).stream()
                  .map(entry -> new Element(Value.of(entry.getKey()), entry.getValue()))
                  .toList());
      case Unknown(Type type) when !(type instanceof Type.Primitive) -> Optional.empty();
      default -> throw HclException.at(at.range(), "There are no elements in " + shown(collection));
    };
  }

  private static Locals locals(ForIntro intro, Element element, Locals outer) {
    if (intro.keyName().isEmpty()) {
      return outer.with(Map.of(intro.valueName(), element.value));
    }
    Map<String, Value> inner = new HashMap<>();
    inner.put(intro.keyName().get(), element.key);
    inner.put(intro.valueName(), element.value);
    return outer.with(inner);
  }

  /**
   * Evaluates the condition with nothing known of an element: what is wrong with it for every
   * element is an error even where there is none, as in the reference implementation.
   */
  private void checkCondition(ForIntro intro, Optional<Expression> condition, Locals locals) {
    Element any = new Element(Value.unknown(Types.ANY), Value.unknown(Types.ANY));
    condition.ifPresent(expression -> condition(expression, locals(intro, any, locals)));
  }

  /** Nothing, if it is not known. */
  private Optional<Boolean> isIncluded(Optional<Expression> condition, Locals locals) {
    return condition.isEmpty() ? Optional.of(true) : condition(condition.get(), locals);
  }

  /**
   * Walks a collection.
   *
   * @param body gets the names of each element that is included; tells whether what it makes of it
   *     is known
   * @return whether it is known which elements there are, which are included, and what is made of
   *     them
   */
  private boolean walk(
      ForIntro intro, Optional<Expression> condition, Locals locals, Predicate<Locals> body) {
    Value walked = evaluate(intro.collection(), locals);
    Optional<List<Element>> elements = elements(walked, intro.collection());
    checkCondition(intro, condition, locals);
    boolean isKnown = elements.isPresent();
    for (Element element : elements.orElse(List.of())) {
      Locals inner = locals(intro, element, locals);
      Optional<Boolean> isIncluded = isIncluded(condition, inner);
      isKnown &= isIncluded.isPresent();
      if (isIncluded.orElse(false)) {
        isKnown &= body.test(inner);
      }
    }
    return isKnown;
  }

  private Value forTuple(ForTuple loop, Locals locals) {
    List<Value> values = new ArrayList<>();
    boolean isKnown =
        walk(
            loop.intro(),
            loop.condition(),
            locals,
            inner -> values.add(evaluate(loop.value(), inner)));
    return isKnown ? new Tuple(values) : Value.unknown(Types.ANY);
  }

  private Value forObject(ForObject loop, Locals locals) {
    Map<String, List<Value>> values = new LinkedHashMap<>();
    boolean isKnown =
        walk(loop.intro(), loop.condition(), locals, inner -> addEntry(loop, inner, values));
    if (!isKnown) {
      return Value.unknown(Types.ANY);
    }
    Map<String, Value> result = new LinkedHashMap<>();
    values.forEach(
        (key, group) -> result.put(key, loop.group() ? new Tuple(group) : group.getFirst()));
    return new Obj(result);
  }

  /** Whether its key is known. */
  private boolean addEntry(ForObject loop, Locals locals, Map<String, List<Value>> values) {
    Optional<String> key = key(evaluate(loop.key(), locals), loop.key());
    if (key.isEmpty()) {
      return false;
    }
    Value value = evaluate(loop.value(), locals);
    List<Value> group = values.computeIfAbsent(key.get(), _ -> new ArrayList<>());
    if (!loop.group() && !group.isEmpty()) {
      throw HclException.at(
          loop.key().range(),
          "Two elements have the key \"%s\"".formatted(key.get()),
          "Write \"...\" after the value to collect the values of a key in a tuple.");
    }
    group.add(value);
    return true;
  }

  /** What is no sequence is treated as a tuple of itself; null as an empty one. */
  private Value splat(Splat splat, Locals locals) {
    Value source = evaluate(splat.source(), locals);
    return switch (source) {
      case Value.Null(Type type) when isSequence(type) ->
          throw HclException.at(
              splat.source().range(), "A %s that is null has no elements".formatted(type.kind()));
      case Value.Null _ -> new Tuple(List.of());
      case Tuple(List<Value> elements) -> new Tuple(each(splat, elements, locals));
      case Sequence sequence -> listOf(splat, sequence, locals);
      case Unknown(Type type) -> unknownSplat(splat, type, locals);
      default -> new Tuple(each(splat, List.of(source), locals));
    };
  }

  private List<Value> each(Splat splat, List<Value> elements, Locals locals) {
    List<Value> results = new ArrayList<>(elements.size());
    for (Value element : elements) {
      results.add(evaluate(splat.each(), locals.with(Map.of(Locals.SPLAT_ELEMENT, element))));
    }
    return results;
  }

  private Value listOf(Splat splat, Sequence sequence, Locals locals) {
    Type element =
        sequence.type() instanceof Type.SetOf(Type type)
            ? type
            : ((Type.ListOf) sequence.type()).element();
    List<Value> results = each(splat, sequence.elements(), locals);
    if (results.isEmpty()) {
      results = each(splat, List.of(Value.unknown(element)), locals);
      return new Value.ListOf(results.getFirst().type(), List.of());
    }
    Type type = results.getFirst().type();
    if (!results.stream().allMatch(result -> result.type().equals(type))) {
      throw HclException.at(
          splat.each().range(),
          "The elements of this splat have different types",
          "A for expression can give a tuple of them.");
    }
    return new Value.ListOf(type, results);
  }

  private Value unknownSplat(Splat splat, Type type, Locals locals) {
    return switch (type) {
      case Type.ListOf(Type element) -> unknownList(splat, element, locals);
      case Type.SetOf(Type element) -> unknownList(splat, element, locals);
      case Type.Tuple(List<Type> types) -> {
        List<Value> results = each(splat, types.stream().map(Value::unknown).toList(), locals);
        yield Value.unknown(new Type.Tuple(results.stream().map(Type::of).toList()));
      }
      case Type.Any _ -> Value.unknown(Types.ANY);
      case Type single -> {
        // It may still be null, and then there is no element.
        each(splat, List.of(Value.unknown(single)), locals);
        yield Value.unknown(Types.ANY);
      }
    };
  }

  private Value unknownList(Splat splat, Type element, Locals locals) {
    Value result = each(splat, List.of(Value.unknown(element)), locals).getFirst();
    return Value.unknown(new Type.ListOf(result.type()));
  }

  private static boolean isSequence(Type type) {
    return type instanceof Type.Tuple || type instanceof Type.ListOf || type instanceof Type.SetOf;
  }

  // ---- calls

  private Value call(Call call, Locals locals) {
    Function function = scope.functions().get(call.name());
    if (function == null) {
      throw HclException.at(
          call.nameRange(),
          "Unknown function \"%s\"".formatted(call.name()),
          Names.suggestion(call.name(), scope.functions().keySet()));
    }
    List<Function.Argument> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      arguments.add(new LazyArgument(argument, locals));
    }
    if (call.expandLast()) {
      Expression last = arguments.removeLast().expression();
      switch (evaluate(last, locals)) {
        case Sequence sequence ->
            sequence.elements().forEach(value -> arguments.add(new Expanded(last, value)));
        case Unknown(Type type) when type instanceof Type.Any || isSequence(type) -> {
          return Value.unknown(Types.ANY);
        }
        case Value other ->
            throw HclException.at(
                last.range(),
                "Only a tuple, a list or a set can be expanded into arguments, not "
                    + shown(other));
      }
    }
    try {
      Value result = function.callWith(Collections.unmodifiableList(arguments));
      spend(size(result), call);
      return result;
    } catch (FunctionException e) {
      throw HclException.at(blamed(call, e), "%s: %s".formatted(call.name(), e.getMessage()));
    }
  }

  /** What making a value has cost, in steps; its parts were paid for before. */
  private static int size(Value value) {
    return switch (value) {
      case Text(String text) -> text.length() / RESULT_CHARS_PER_STEP;
      case Sequence sequence -> sequence.elements().size();
      case Mapping mapping -> mapping.entries().size();
      default -> 0;
    };
  }

  private final class LazyArgument implements Function.Argument {
    private final Expression expression;
    private final Locals locals;

    LazyArgument(Expression expression, Locals locals) {
      this.expression = expression;
      this.locals = locals;
    }

    @Override
    public Expression expression() {
      return expression;
    }

    @Override
    public Value value() {
      return evaluate(expression, locals);
    }
  }

  private record Expanded(Expression expression, Value value) implements Function.Argument {}

  private static SourceRange blamed(Call call, FunctionException e) {
    int last = call.arguments().size() - 1;
    return e.argument().isPresent() && last >= 0
        ? call.arguments().get(Math.clamp(e.argument().getAsInt(), 0, last)).range()
        : call.range();
  }

  // ---- operators

  private Value unary(Unary unary, Locals locals) {
    Value operand = evaluate(unary.operand(), locals);
    return switch (unary.operator()) {
      case NEGATE ->
          number(operand, unary.operand())
              .map(number -> Value.of(number.negate()))
              .orElse(Value.unknown(Types.NUMBER));
      case NOT ->
          bool(operand, unary.operand())
              .map(bool -> Value.of(!bool))
              .orElse(Value.unknown(Types.BOOL));
    };
  }

  /** Both sides count, also of "and" and "or": what is wrong with either is an error. */
  private Value binary(Value left, Binary binary, Locals locals) {
    Value right = evaluate(binary.right(), locals);
    return switch (binary.operator()) {
      case EQUAL -> left.isEqualTo(right);
      case NOT_EQUAL ->
          left.isEqualTo(right) instanceof Bool(boolean equal)
              ? Value.of(!equal)
              : Value.unknown(Types.BOOL);
      case AND, OR -> logical(left, right, binary);
      default -> {
        Optional<BigDecimal> one = number(left, binary.left());
        Optional<BigDecimal> other = number(right, binary.right());
        yield one.isPresent() && other.isPresent()
            ? arithmetic(one.get(), other.get(), binary)
            : Value.unknown(isComparison(binary.operator()) ? Types.BOOL : Types.NUMBER);
      }
    };
  }

  private static Value logical(Value left, Value right, Binary binary) {
    Optional<Boolean> one = bool(left, binary.left());
    Optional<Boolean> other = bool(right, binary.right());
    if (one.isEmpty() || other.isEmpty()) {
      return Value.unknown(Types.BOOL);
    }
    return Value.of(
        binary.operator() == BinaryOperator.AND
            ? one.get() && other.get()
            : one.get() || other.get());
  }

  private static boolean isComparison(BinaryOperator operator) {
    return switch (operator) {
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
      default -> false;
    };
  }

  private static Value arithmetic(BigDecimal left, BigDecimal right, Binary binary) {
    return checked(
        binary.range(),
        () ->
            switch (binary.operator()) {
              case LESS -> Value.of(left.compareTo(right) < 0);
              case LESS_OR_EQUAL -> Value.of(left.compareTo(right) <= 0);
              case GREATER -> Value.of(left.compareTo(right) > 0);
              case GREATER_OR_EQUAL -> Value.of(left.compareTo(right) >= 0);
              case ADD -> Value.of(Numbers.add(left, right));
              case SUBTRACT -> Value.of(Numbers.subtract(left, right));
              case MULTIPLY -> Value.of(Numbers.multiply(left, right));
              case DIVIDE -> Value.of(Numbers.divide(left, right));
              case REMAINDER -> Value.of(Numbers.remainder(left, right));
              case AND, OR, EQUAL, NOT_EQUAL ->
                  throw new IllegalStateException(binary.operator().name());
            });
  }

  /**
   * Both results are evaluated, because the type of the one depends on the other; but an error in
   * the one that is not chosen does not count.
   */
  private Value conditional(Conditional conditional, Locals locals) {
    Optional<Boolean> condition = condition(conditional.condition(), locals);
    if (condition.isEmpty()) {
      return unknownResult(conditional, locals);
    }
    boolean isTrue = condition.get();
    Value chosen = evaluate(isTrue ? conditional.whenTrue() : conditional.whenFalse(), locals);
    Value other;
    try {
      other = evaluate(isTrue ? conditional.whenFalse() : conditional.whenTrue(), locals);
    } catch (HclException e) {
      spend(0, conditional);
      return chosen;
    }
    Type type = common(conditional, isTrue ? chosen : other, isTrue ? other : chosen);
    try {
      return type.convert(chosen);
    } catch (ConversionException e) {
      throw HclException.at(
          (isTrue ? conditional.whenTrue() : conditional.whenFalse()).range(),
          "This does not fit the other result of the conditional",
          e.getMessage() + ".");
    }
  }

  /** Without a condition, only the type is known; and an error in one of them may not count. */
  private Value unknownResult(Conditional conditional, Locals locals) {
    Value whenTrue;
    Value whenFalse;
    try {
      whenTrue = evaluate(conditional.whenTrue(), locals);
      whenFalse = evaluate(conditional.whenFalse(), locals);
    } catch (HclException e) {
      spend(0, conditional);
      return Value.unknown(Types.ANY);
    }
    Type type = common(conditional, whenTrue, whenFalse);
    return whenTrue instanceof Value.Null && whenFalse instanceof Value.Null
        ? Value.ofNull(type)
        : Value.unknown(type);
  }

  private static Type common(Conditional conditional, Value whenTrue, Value whenFalse) {
    if (whenTrue.equals(Value.ofNull())) {
      return whenFalse.type();
    }
    if (whenFalse.equals(Value.ofNull())) {
      return whenTrue.type();
    }
    if (whenTrue.type() instanceof Type.Any || whenFalse.type() instanceof Type.Any) {
      return Types.ANY;
    }
    return Type.unify(List.of(whenTrue.type(), whenFalse.type()))
        .orElseThrow(
            () ->
                HclException.at(
                    conditional.range(),
                    "The two results of a conditional must have one type",
                    "One is %s, the other %s."
                        .formatted(a(whenTrue.type().kind()), a(whenFalse.type().kind()))));
  }

  private Optional<Boolean> condition(Expression expression, Locals locals) {
    return bool(evaluate(expression, locals), expression);
  }

  /** Nothing, if it is not known. */
  private static Optional<Boolean> bool(Value value, Expression at) {
    if (value instanceof Unknown(Type type) && Conversion.exists(type, Types.BOOL, true)) {
      return Optional.empty();
    }
    return Optional.of(
        Conversion.toBool(value)
            .orElseThrow(
                () -> HclException.at(at.range(), "A bool is needed here, not " + shown(value)))
            .value());
  }

  /** Nothing, if it is not known. */
  private static Optional<BigDecimal> number(Value value, Expression at) {
    if (value instanceof Unknown(Type type) && Conversion.exists(type, Types.NUMBER, true)) {
      return Optional.empty();
    }
    return Optional.of(
        checked(at.range(), () -> Conversion.toNumber(value))
            .orElseThrow(
                () -> HclException.at(at.range(), "A number is needed here, not " + shown(value)))
            .value());
  }

  private static String shown(Value value) {
    return value instanceof Value.Null ? "null" : a(value.typeName());
  }

  /** The noun with its article. */
  private static String a(String noun) {
    return switch (noun) {
      case "null" -> noun;
      case "object" -> "an " + noun;
      default -> "a " + noun;
    };
  }

  private static <T> T checked(SourceRange range, Supplier<T> calculation) {
    try {
      return calculation.get();
    } catch (ArithmeticException e) {
      throw HclException.at(range, "This cannot be calculated: " + e.getMessage());
    }
  }
}
