package io.gaol.hcl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/**
 * Tables of expressions and what they give, one case on two lines: the expression, and after an
 * arrow its value as {@link Show} writes it, or after a cross the place and the beginning of the
 * error. Lines that begin with # and empty lines are not read.
 */
final class ResultTable {
  private static final String VALUE = "  → ";
  private static final String ERROR = "  ✗ ";

  private ResultTable() {}

  /** One line of a table. */
  record Case(String expression, String expected, boolean isError) {
    @Override
    public String toString() {
      return expression;
    }
  }

  static Stream<Case> cases(String resource) {
    try (InputStream in = ResultTable.class.getResourceAsStream(resource)) {
      String[] lines =
          new String(in.readAllBytes(), UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#") && !line.isBlank())
              .toArray(String[]::new);
      Stream.Builder<Case> cases = Stream.builder();
      for (int i = 0; i < lines.length; i += 2) {
        String result = lines[i + 1];
        if (!result.startsWith(VALUE) && !result.startsWith(ERROR)) {
          throw new IllegalArgumentException("neither a value nor an error: " + result);
        }
        boolean isError = result.startsWith(ERROR);
        cases.add(new Case(lines[i], result.substring(ERROR.length()), isError));
      }
      return cases.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the case gives, in the notation of the table. */
  static String result(Case given, Scope scope) {
    try {
      Value value = Hcl.parseExpression("t", given.expression()).evaluate(scope);
      return given.isError() ? "the value " + Show.value(value) : Show.value(value);
    } catch (HclException e) {
      String message = e.diagnostics().getFirst().toString().substring("t:".length());
      return given.isError() && message.startsWith(given.expected())
          ? given.expected()
          : "the error " + message;
    }
  }
}
