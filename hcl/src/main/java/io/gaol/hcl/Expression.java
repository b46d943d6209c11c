package io.gaol.hcl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An expression as it was parsed: it can be evaluated any number of times. */
public sealed interface Expression {

  /** Where it stands. */
  SourceRange range();

  /** The expressions it is made of, in the order of the text. */
  List<Expression> children();

  /**
   * Its value.
   *
   * @throws HclException with the place, if it has none in this scope
   */
  default Value evaluate(Scope scope) {
    return new Evaluator(scope).evaluate(this);
  }

  /**
   * The references to the scope's variables, in the order of the text. Names that the expression
   * itself defines (in a {@code for}) are not among them.
   */
  default List<Traversal> variables() {
    return Variables.of(this);
  }

  /** A number, truth value, null, or text without interpolation. */
  record Literal(Value value, SourceRange range) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }
  }

  /** A reference to a variable with constant steps. */
  record Reference(Traversal traversal) implements Expression {
    @Override
    public SourceRange range() {
      return traversal.range();
    }

    @Override
    public List<Expression> children() {
      return List.of();
    }
  }

  /** {@code ( … )}. */
  record Parentheses(Expression inner, SourceRange range) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(inner);
    }
  }

  /** A string of several parts; each is converted to a string. */
  record Template(List<Expression> parts, SourceRange range) implements Expression {
    /** Copies, so that nothing changes afterwards. */
    public Template {
      parts = List.copyOf(parts);
    }

    @Override
    public List<Expression> children() {
      return parts;
    }
  }

  /** A string that is a single interpolation: the value keeps its type. */
  record Interpolation(Expression inner, SourceRange range) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(inner);
    }
  }

  /** The results of a template's {@code for} directive as one string. */
  record Join(Expression tuple, SourceRange range) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(tuple);
    }
  }

  /** {@code [ a, b ]}. */
  record TupleConstructor(List<Expression> elements, SourceRange range) implements Expression {
    /** Copies, so that nothing changes afterwards. */
    public TupleConstructor {
      elements = List.copyOf(elements);
    }

    @Override
    public List<Expression> children() {
      return elements;
    }
  }

  /** <code>{ a = 1, (b) = 2 }</code>; a key written as a plain name is a literal. */
  record ObjectConstructor(List<Item> items, SourceRange range) implements Expression {
    /** Copies, so that nothing changes afterwards. */
    public ObjectConstructor {
      items = List.copyOf(items);
    }

    /** One key and its value. */
    public record Item(Expression key, Expression value) {}

    @Override
    public List<Expression> children() {
      return items.stream()
          .<Expression>mapMulti(
              (i, sink) -> {
                sink.accept(i.key);
                sink.accept(i.value);
              })
          .toList();
    }
  }

  /** {@code object.name}, where the object is not itself part of a reference. */
  record GetAttribute(Expression object, String name, SourceRange nameRange, SourceRange range)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(object);
    }
  }

  /** {@code collection[key]}, where it is not part of a reference. */
  record GetIndex(Expression collection, Expression key, SourceRange keyRange, SourceRange range)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(collection, key);
    }
  }

  /** {@code name(arguments)}; with {@code expandLast}, the last argument is a list of arguments. */
  record Call(
      String name,
      SourceRange nameRange,
      List<Expression> arguments,
      boolean expandLast,
      SourceRange range)
      implements Expression {
    /** Copies, so that nothing changes afterwards. */
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public List<Expression> children() {
      return arguments;
    }
  }

  /** {@code -a} or {@code !a}. */
  record Unary(UnaryOperator operator, Expression operand, SourceRange range)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(operand);
    }
  }

  /** {@code a + b} and the like. */
  record Binary(BinaryOperator operator, Expression left, Expression right, SourceRange range)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(left, right);
    }
  }

  /** {@code condition ? whenTrue : whenFalse}. */
  record Conditional(
      Expression condition, Expression whenTrue, Expression whenFalse, SourceRange range)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(condition, whenTrue, whenFalse);
    }
  }

  /** {@code for key, value in collection}: the names a {@code for} defines and what it walks. */
  record ForIntro(Optional<String> keyName, String valueName, Expression collection) {
    /** The names that are defined for each element. */
    List<String> names() {
      List<String> names = new ArrayList<>();
      keyName.ifPresent(names::add);
      names.add(valueName);
      return names;
    }
  }

  /** {@code [for v in c: value if condition]}. */
  record ForTuple(
      ForIntro intro, Expression value, Optional<Expression> condition, SourceRange range)
      implements Expression {
    @Override
    public List<Expression> children() {
      return concat(List.of(intro.collection, value), condition);
    }
  }

  /** <code>{for k, v in c: key => value... if condition}</code>. */
  record ForObject(
      ForIntro intro,
      Expression key,
      Expression value,
      boolean group,
      Optional<Expression> condition,
      SourceRange range)
      implements Expression {
    @Override
    public List<Expression> children() {
      return concat(List.of(intro.collection, key, value), condition);
    }
  }

  /** {@code source[*]…} or {@code source.*…}; {@code each} is evaluated for every element. */
  record Splat(Expression source, Expression each, SourceRange range) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(source, each);
    }
  }

  /** The element that a splat is at. */
  record SplatElement(SourceRange range) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }
  }

  /** The operators with one operand. */
  enum UnaryOperator {
    /** {@code -}. */
    NEGATE,
    /** {@code !}. */
    NOT
  }

  /** The operators with two operands. */
  enum BinaryOperator {
    /** {@code ||}. */
    OR(1),
    /** {@code &&}. */
    AND(2),
    /** {@code ==}. */
    EQUAL(3),
    /** {@code !=}. */
    NOT_EQUAL(3),
    /** {@code <}. */
    LESS(4),
    /** {@code <=}. */
    LESS_OR_EQUAL(4),
    /** {@code >}. */
    GREATER(4),
    /** {@code >=}. */
    GREATER_OR_EQUAL(4),
    /** {@code +}. */
    ADD(5),
    /** {@code -}. */
    SUBTRACT(5),
    /** {@code *}. */
    MULTIPLY(6),
    /** {@code /}. */
    DIVIDE(6),
    /** {@code %}. */
    REMAINDER(6);

    private final int precedence;

    BinaryOperator(int precedence) {
      this.precedence = precedence;
    }

    /** How tightly it binds; more is tighter. */
    int precedence() {
      return precedence;
    }

    static Optional<BinaryOperator> of(Token.Kind token) {
      return switch (token) {
        case OR -> Optional.of(OR);
        case AND -> Optional.of(AND);
        case EQUAL -> Optional.of(EQUAL);
        case NOT_EQUAL -> Optional.of(NOT_EQUAL);
        case LESS -> Optional.of(LESS);
        case LESS_OR_EQUAL -> Optional.of(LESS_OR_EQUAL);
        case GREATER -> Optional.of(GREATER);
        case GREATER_OR_EQUAL -> Optional.of(GREATER_OR_EQUAL);
        case PLUS -> Optional.of(ADD);
        case MINUS -> Optional.of(SUBTRACT);
        case STAR -> Optional.of(MULTIPLY);
        case SLASH -> Optional.of(DIVIDE);
        case PERCENT -> Optional.of(REMAINDER);
        default -> Optional.empty();
      };
    }
  }

  private static List<Expression> concat(List<Expression> first, Optional<Expression> last) {
    List<Expression> all = new ArrayList<>(first);
    last.ifPresent(all::add);
    return List.copyOf(all);
  }
}
