package io.gaol.hcl;

import io.gaol.hcl.Expression.Call;
import io.gaol.hcl.Expression.Literal;
import io.gaol.hcl.Expression.ObjectConstructor;
import io.gaol.hcl.Expression.Reference;
import io.gaol.hcl.Expression.TupleConstructor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a type constraint from the expression that it is written as. */
final class TypeParser {
  private static final List<String> KEYWORDS = List.of("string", "number", "bool", "any");
  private static final List<String> CONSTRUCTORS = List.of("list", "set", "map", "tuple", "object");

  private TypeParser() {}

  static Type parse(Expression expression) {
    return switch (expression) {
      case Reference(Traversal traversal) when traversal.steps().isEmpty() -> keyword(traversal);
      case Call call -> constructed(call);
      default ->
          throw HclException.at(
              expression.range(),
              "This is not a type",
              "Write string, number, bool, any, list(…), set(…), map(…), tuple([…]) or object({…}),"
                  + " without quotes.");
    };
  }

  private static Type keyword(Traversal traversal) {
    String name = traversal.root();
    return switch (name) {
      case "string" -> Types.STRING;
      case "number" -> Types.NUMBER;
      case "bool" -> Types.BOOL;
      case "any" -> Types.ANY;
      case "list", "set", "map" ->
          throw HclException.at(
              traversal.range(),
              "A %s needs the type of its elements".formatted(name),
              "Write %s(string), for example.".formatted(name));
      case "tuple" ->
          throw HclException.at(
              traversal.range(),
              "A tuple needs the types of its elements",
              "Write tuple([string, number]), for example.");
      case "object" ->
          throw HclException.at(
              traversal.range(),
              "An object needs the types of its attributes",
              "Write object({name = string}), for example.");
      default -> throw unknown(name, traversal.range());
    };
  }

  private static HclException unknown(String name, SourceRange range) {
    List<String> known =
        java.util.stream.Stream.concat(KEYWORDS.stream(), CONSTRUCTORS.stream()).toList();
    return HclException.at(
        range, "There is no type \"%s\"".formatted(name), Names.suggestion(name, known));
  }

  private static Type constructed(Call call) {
    String name = call.name();
    if (KEYWORDS.contains(name)) {
      throw HclException.at(call.range(), "The type %s takes no arguments".formatted(name));
    }
    if (name.equals("optional")) {
      throw HclException.at(call.range(), "Only an attribute of an object can be optional");
    }
    if (!CONSTRUCTORS.contains(name)) {
      throw unknown(name, call.nameRange());
    }
    if (call.arguments().size() != 1 || call.expandLast()) {
      throw HclException.at(
          call.range(),
          "The type %s takes one argument, not %d".formatted(name, call.arguments().size()));
    }
    Expression argument = call.arguments().getFirst();
    return switch (name) {
      case "list" -> new Type.ListOf(parse(argument));
      case "set" -> new Type.SetOf(parse(argument));
      case "map" -> new Type.MapOf(parse(argument));
      case "tuple" -> tuple(argument);
      default -> object(argument);
    };
  }

  private static Type tuple(Expression argument) {
    if (argument instanceof TupleConstructor(List<Expression> elements, _)) {
      return new Type.Tuple(elements.stream().map(TypeParser::parse).toList());
    }
    throw HclException.at(
        argument.range(), "A tuple's types stand in brackets", "Write tuple([string, number]).");
  }

  private static Type object(Expression argument) {
    if (!(argument instanceof ObjectConstructor(List<ObjectConstructor.Item> items, _))) {
      throw HclException.at(
          argument.range(), "An object's types stand in braces", "Write object({name = string}).");
    }
    Map<String, Type> attributes = new LinkedHashMap<>();
    Map<String, Value> optional = new HashMap<>();
    for (ObjectConstructor.Item item : items) {
      if (!(item.key() instanceof Literal(Value.Text(String name), _))) {
        throw HclException.at(item.key().range(), "The name of an attribute is expected here");
      }
      if (attributes.containsKey(name)) {
        throw HclException.at(
            item.key().range(), "The attribute \"%s\" has a type already".formatted(name));
      }
      if (item.value() instanceof Call call && call.name().equals("optional")) {
        Type type = optional(call);
        attributes.put(name, type);
        optional.put(name, otherwise(call, type));
      } else {
        attributes.put(name, parse(item.value()));
      }
    }
    return new Type.Obj(attributes, optional);
  }

  private static Type optional(Call call) {
    int count = call.arguments().size();
    if (count < 1 || count > 2 || call.expandLast()) {
      throw HclException.at(
          call.range(),
          "optional takes a type and, if wanted, a default, not %d arguments".formatted(count));
    }
    return parse(call.arguments().getFirst());
  }

  private static Value otherwise(Call call, Type type) {
    if (call.arguments().size() == 1) {
      return Value.ofNull();
    }
    Expression expression = call.arguments().getLast();
    try {
      return type.convert(expression.evaluate(Scope.empty()));
    } catch (ConversionException e) {
      throw HclException.at(
          expression.range(),
          "The default does not fit the attribute's type",
          e.getMessage() + ".");
    }
  }
}
