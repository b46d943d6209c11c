package io.gaol.hcl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types as they are written, what values become by them, and why they do not. */
final class TypeTest {
  private static Type type(String constraint) {
    return Type.parse(Hcl.parseExpression("t", constraint));
  }

  private static Value value(String expression) {
    return Hcl.parseExpression("t", expression).evaluate(Scope.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "string",
        "number",
        "bool",
        "any",
        "list(string)",
        "set(list(any))",
        "map(number)",
        "tuple([])",
        "tuple([string, list(bool)])",
        "object({})",
        "object({a = string, b = optional(list(number))})"
      })
  void aTypeIsReadAndWritten(String constraint) {
    assertThat(type(constraint).asWritten()).isEqualTo(constraint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          strng                             | t:1:1: There is no type "strng". Did you mean "string"?
          lst(string)                       | t:1:1: There is no type "lst". Did you mean "list"?
          "string"                          | t:1:1: This is not a type. Write string
          list                              | t:1:1: A list needs the type of its elements
          object                            | t:1:1: An object needs the types of its attributes
          tuple                             | t:1:1: A tuple needs the types of its elements
          list()                            | t:1:1: The type list takes one argument, not 0
          list(string, number)              | t:1:1: The type list takes one argument, not 2
          string(1)                         | t:1:1: The type string takes no arguments
          tuple(string)                     | t:1:7: A tuple's types stand in brackets
          object([string])                  | t:1:8: An object's types stand in braces
          object({a = strin})               | t:1:13: There is no type "strin"
          object({a = string, a = number})  | t:1:21: The attribute "a" has a type already
          object({a = optional()})          | t:1:13: optional takes a type and, if wanted, a default
          object({a = optional(number, "x")}) | t:1:30: The default does not fit the attribute's type. a number is needed
          optional(string)                  | t:1:1: Only an attribute of an object can be optional
          1 + 1                             | t:1:1: This is not a type
          """)
  void whatIsNoTypeNamesThePlaceAndTheNearestType(String constraint, String message) {
    assertThatExceptionOfType(HclException.class)
        .isThrownBy(() -> type(constraint))
        .satisfies(e -> assertThat(e.diagnostics().getFirst().toString()).startsWith(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                   | object({a = optional(string)})           | {a = null(string)}
          {}                   | object({a = optional(number, "5")})      | {a = 5}
          {a = null}           | object({a = optional(number, 5)})        | {a = 5}
          {a = 1}              | object({a = optional(number, 5)})        | {a = 1}
          [{}, {a = 1}]        | list(object({a = optional(number, 5)}))  | list[{a = 5}, {a = 1}]
          {x = {}}             | map(object({a = optional(string, "d")})) | map{x = {a = "d"}}
          {a = 1, b = 2}       | object({b = string})                     | {b = "2"}
          """)
  void optionalAttributesAreFilledIn(String expression, String constraint, String expected)
      throws ConversionException {
    assertThat(Show.value(type(constraint).convert(value(expression)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "x"                   | number                    | a number is needed, not "x"
          [1, "x"]              | list(number)              | [1]: a number is needed, not "x"
          [[1], ["x"]]          | list(list(number))        | [1][0]: a number is needed, not "x"
          {a = [1, {}]}         | object({a = list(string)}) | .a[1]: a string is needed, not an object
          {a = 1, b = []}       | map(string)               | ["b"]: a string is needed, not a tuple
          {a = "x"}             | map(number)               | ["a"]: a number is needed, not "x"
          {}                    | object({name = string})   | the attribute "name" is required
          {nmae = 1}            | object({name = string})   | the attribute "name" is required; did you mean it by "nmae"?
          [{}]                  | list(object({a = string})) | [0]: the attribute "a" is required
          [1]                   | tuple([number, number])   | a tuple of 2 elements is needed, not of 1
          [1, "x"]              | tuple([number, number])   | [1]: a number is needed, not "x"
          [true, 1]             | list(any)                 | all elements must have one type
          {a = true, b = 1}     | map(any)                  | all elements of a map must have one type
          "True"                | bool                      | a bool is needed, not "True"; write "true"
          5                     | list(string)              | a list of string is needed, not a number
          "a"                   | object({})                | an object is needed, not a string
          """)
  void whatDoesNotFitIsNamedWithItsPath(String expression, String constraint, String message) {
    assertThatExceptionOfType(ConversionException.class)
        .isThrownBy(() -> type(constraint).convert(value(expression)))
        .withMessage(message);
  }

  @Test
  void anErrorKnowsItsPathAndItsReason() {
    assertThatExceptionOfType(ConversionException.class)
        .isThrownBy(() -> type("list(number)").convert(value("[\"x\"]")))
        .satisfies(
            e -> {
              assertThat(e.path()).isEqualTo("[0]");
              assertThat(e.reason()).isEqualTo("a number is needed, not \"x\"");
            });
  }

  @Test
  void aSafeConversionIsOneThatEveryValueSurvives() throws ConversionException {
    assertThat(Types.STRING.convertSafely(Value.of(5))).isEqualTo(Value.of("5"));
    assertThatExceptionOfType(ConversionException.class)
        .isThrownBy(() -> Types.NUMBER.convertSafely(Value.of("5")))
        .withMessage("a number is needed, not a string");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          string        | number                | string
          number        | bool                  |
          tuple([number]) | tuple([string])     | tuple([string])
          tuple([number]) | tuple([string, bool]) | list(string)
          object({a = number}) | object({b = string}) | map(string)
          list(string)  | set(number)           | list(string)
          list(number)  | tuple([])             | list(number)
          map(number)   | object({a = string})  | map(string)
          list(string)  | map(string)           |
          any           | number                | number
          any           | list(number)          | any
          """)
  void typesAreUnified(String one, String other, String expected) {
    for (var types :
        java.util.List.of(
            java.util.List.of(type(one), type(other)), java.util.List.of(type(other), type(one)))) {
      assertThat(Type.unify(types).map(Type::asWritten).orElse(null)).isEqualTo(expected);
    }
  }

  @Test
  void setsAreSortedAndHaveNoElementTwice() {
    Value set =
        new Value.SetOf(
            Types.NUMBER,
            java.util.List.of(Value.of(3), Value.of(1), Value.ofNull(Types.NUMBER), Value.of(3)));
    assertThat(Show.value(set)).isEqualTo("set[1, 3, null(number)]");
  }
}
