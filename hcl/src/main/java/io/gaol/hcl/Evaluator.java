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
import io.gaol.hcl.Value.Num;
import io.gaol.hcl.Value.Obj;
import io.gaol.hcl.Value.Text;
import io.gaol.hcl.Value.Tuple;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Evaluates one expression once. */
final class Evaluator {
  /** More than any configuration needs, and little enough to end within seconds. */
  private static final int MOST_STEPS = 5_000_000;

  private static final int CHARS_PER_STEP = 64;

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
    return switch (object) {
      case Obj(Map<String, Value> attributes) -> member(attributes, name, range);
      case Tuple _ ->
          throw HclException.at(
              range,
              "A tuple has no attribute \"%s\"".formatted(name),
              "Take one element by its index first: [0].");
      case Value.Null _ ->
          throw HclException.at(range, "Null has no attribute \"%s\"".formatted(name));
      case Bool _, Num _, Text _ ->
          throw HclException.at(
              range, "A %s has no attribute \"%s\"".formatted(object.typeName(), name));
    };
  }

  private static Value index(Value collection, Value key, SourceRange range) {
    if (key instanceof Value.Null) {
      throw HclException.at(range, "The index is null");
    }
    return switch (collection) {
      case Tuple(List<Value> elements) -> element(elements, key, range);
      case Obj(Map<String, Value> attributes) ->
          member(
              attributes,
              Conversion.toText(key)
                  .orElseThrow(
                      () ->
                          HclException.at(
                              range, "An object's key is a string, not " + a(key.typeName())))
                  .value(),
              range);
      case Value.Null _ -> throw HclException.at(range, "Null has no elements");
      case Bool _, Num _, Text _ ->
          throw HclException.at(range, "A %s has no elements".formatted(collection.typeName()));
    };
  }

  private static Value element(List<Value> elements, Value key, SourceRange range) {
    BigDecimal index =
        checked(range, () -> Conversion.toNumber(key))
            .orElseThrow(
                () ->
                    HclException.at(
                        range, "A tuple's index is a whole number, not " + a(key.typeName())))
            .value();
    if (index.scale() > 0) {
      throw HclException.at(range, "A tuple's index is a whole number");
    }
    if (index.signum() < 0 || index.compareTo(BigDecimal.valueOf(elements.size())) >= 0) {
      throw HclException.at(
          range,
          "There is no element at this index",
          elements.isEmpty()
              ? "The tuple is empty."
              : "The indexes go from 0 to %d.".formatted(elements.size() - 1));
    }
    return elements.get(index.intValueExact());
  }

  private static Value member(Map<String, Value> attributes, String name, SourceRange range) {
    Value value = attributes.get(name);
    if (value == null) {
      throw HclException.at(
          range,
          "There is no attribute \"%s\"".formatted(name),
          Names.suggestion(name, attributes.keySet()));
    }
    return value;
  }

  // ---- templates

  private Value template(Template template, Locals locals) {
    StringBuilder text = new StringBuilder();
    for (Expression part : template.parts()) {
      append(text, evaluate(part, locals), part);
    }
    return new Text(text.toString());
  }

  private Value join(Join join, Locals locals) {
    StringBuilder text = new StringBuilder();
    for (Value part : ((Tuple) evaluate(join.tuple(), locals)).elements()) {
      append(text, part, join);
    }
    return new Text(text.toString());
  }

  private void append(StringBuilder text, Value part, Expression at) {
    if (part instanceof Value.Null) {
      throw HclException.at(at.range(), "A string cannot include null");
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
    text.append(piece);
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
    for (ObjectConstructor.Item item : object.items()) {
      String key = key(evaluate(item.key(), locals), item.key());
      values.put(key, evaluate(item.value(), locals));
    }
    return new Obj(values);
  }

  private static String key(Value key, Expression at) {
    if (key instanceof Value.Null) {
      throw HclException.at(at.range(), "An object's key cannot be null");
    }
    return Conversion.toText(key)
        .orElseThrow(
            () ->
                HclException.at(
                    at.range(), "An object's key is a string, not " + a(key.typeName())))
        .value();
  }

  private record Element(Value key, Value value) {}

  /** The elements in the order in which a {@code for} visits them: objects by their keys. */
  private static List<Element> elements(Value collection, Expression at) {
    return switch (collection) {
      case Tuple(List<Value> values) -> {
        List<Element> elements = new ArrayList<>(values.size());
        for (Value value : values) {
          elements.add(new Element(Value.of(elements.size()), value));
        }
        yield elements;
      }
      case Obj(Map<String, Value> attributes) ->
          attributes.entrySet().stream()
              .sorted(Map.Entry.comparingByKey(Evaluator::compareCodePoints))
              .map(entry -> new Element(Value.of(entry.getKey()), entry.getValue()))
              .toList();
      case Value.Null _ -> throw HclException.at(at.range(), "There are no elements in null");
      case Bool _, Num _, Text _ ->
          throw HclException.at(at.range(), "There are no elements in " + a(collection.typeName()));
    };
  }

  private static int compareCodePoints(String left, String right) {
    return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
  }

  private static Locals locals(ForIntro intro, Element element, Locals outer) {
    Map<String, Value> inner = new LinkedHashMap<>();
    intro.keyName().ifPresent(name -> inner.put(name, element.key));
    inner.put(intro.valueName(), element.value);
    return outer.with(inner);
  }

  private boolean isIncluded(Optional<Expression> condition, Locals locals) {
    return condition.isEmpty() || condition(condition.get(), locals);
  }

  private Value forTuple(ForTuple loop, Locals locals) {
    List<Value> values = new ArrayList<>();
    Expression collection = loop.intro().collection();
    for (Element element : elements(evaluate(collection, locals), collection)) {
      Locals inner = locals(loop.intro(), element, locals);
      if (isIncluded(loop.condition(), inner)) {
        values.add(evaluate(loop.value(), inner));
      }
    }
    return new Tuple(values);
  }

  private Value forObject(ForObject loop, Locals locals) {
    Map<String, List<Value>> values = new LinkedHashMap<>();
    Expression collection = loop.intro().collection();
    for (Element element : elements(evaluate(collection, locals), collection)) {
      Locals inner = locals(loop.intro(), element, locals);
      if (isIncluded(loop.condition(), inner)) {
        String key = key(evaluate(loop.key(), inner), loop.key());
        List<Value> group = values.computeIfAbsent(key, _ -> new ArrayList<>());
        if (!loop.group() && !group.isEmpty()) {
          throw HclException.at(
              loop.key().range(),
              "Two elements have the key \"%s\"".formatted(key),
              "Write \"...\" after the value to collect the values of a key in a tuple.");
        }
        group.add(evaluate(loop.value(), inner));
      }
    }
    Map<String, Value> result = new LinkedHashMap<>();
    values.forEach(
        (key, group) -> result.put(key, loop.group() ? new Tuple(group) : group.getFirst()));
    return new Obj(result);
  }

  /** What is no tuple is treated as a tuple of itself; null as an empty one. */
  private Value splat(Splat splat, Locals locals) {
    List<Value> elements =
        switch (evaluate(splat.source(), locals)) {
          case Value.Null _ -> List.of();
          case Tuple(List<Value> values) -> values;
          case Value single -> List.of(single);
        };
    List<Value> results = new ArrayList<>(elements.size());
    for (Value element : elements) {
      results.add(evaluate(splat.each(), locals.with(Map.of(Locals.SPLAT_ELEMENT, element))));
    }
    return new Tuple(results);
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
    List<Value> arguments = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      arguments.add(evaluate(argument, locals));
    }
    if (call.expandLast()) {
      Value last = arguments.removeLast();
      if (!(last instanceof Tuple(List<Value> elements))) {
        throw HclException.at(
            call.arguments().getLast().range(),
            "Only a tuple can be expanded into arguments, not " + a(last.typeName()));
      }
      arguments.addAll(elements);
    }
    try {
      return function.call(List.copyOf(arguments));
    } catch (FunctionException e) {
      throw HclException.at(blamed(call, e), "%s: %s".formatted(call.name(), e.getMessage()));
    }
  }

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
      case NEGATE -> Value.of(number(operand, unary.operand()).negate());
      case NOT -> Value.of(!bool(operand, unary.operand()));
    };
  }

  private Value binary(Value left, Binary binary, Locals locals) {
    BinaryOperator operator = binary.operator();
    if (operator == BinaryOperator.AND || operator == BinaryOperator.OR) {
      boolean decisive = operator == BinaryOperator.OR;
      return Value.of(
          bool(left, binary.left()) == decisive
              ? decisive
              : bool(evaluate(binary.right(), locals), binary.right()));
    }
    Value right = evaluate(binary.right(), locals);
    return switch (operator) {
      case EQUAL -> Value.of(left.equals(right));
      case NOT_EQUAL -> Value.of(!left.equals(right));
      default -> arithmetic(number(left, binary.left()), number(right, binary.right()), binary);
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
    boolean condition = condition(conditional.condition(), locals);
    Value chosen = evaluate(condition ? conditional.whenTrue() : conditional.whenFalse(), locals);
    Value other;
    try {
      other = evaluate(condition ? conditional.whenFalse() : conditional.whenTrue(), locals);
    } catch (HclException _) {
      return chosen;
    }
    Type type =
        Type.unify(List.of(Type.of(chosen), Type.of(other)))
            .orElseThrow(
                () ->
                    HclException.at(
                        conditional.range(),
                        "The two results of a conditional must have one type",
                        "One is %s, the other %s."
                            .formatted(
                                described(condition ? chosen : other),
                                described(condition ? other : chosen))));
    return type.convert(chosen);
  }

  private static String described(Value value) {
    return a(value.typeName());
  }

  private boolean condition(Expression expression, Locals locals) {
    return bool(evaluate(expression, locals), expression);
  }

  private static boolean bool(Value value, Expression at) {
    return Conversion.toBool(value)
        .orElseThrow(
            () -> HclException.at(at.range(), "A bool is needed here, not " + shown(value)))
        .value();
  }

  private static BigDecimal number(Value value, Expression at) {
    return checked(at.range(), () -> Conversion.toNumber(value))
        .orElseThrow(
            () -> HclException.at(at.range(), "A number is needed here, not " + shown(value)))
        .value();
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
