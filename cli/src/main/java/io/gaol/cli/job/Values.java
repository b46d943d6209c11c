package io.gaol.cli.job;

import io.gaol.hcl.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns HCL's values into plain ones, with a task's references replaced. */
final class Values {
  private Values() {}

  static Object plain(Value value, NomadVariables variables)
      throws NomadVariables.UnknownReferenceException {
    return switch (value) {
      case Value.Null n -> null;
      case Value.Unknown unknown ->
          throw new IllegalArgumentException("a value that is not known: " + unknown);
      case Value.Bool(boolean flag) -> flag;
      case Value.Num(BigDecimal number) -> number;
      case Value.Text(String text) -> variables.resolve(text);
      case Value.Sequence sequence -> {
        List<Object> list = new ArrayList<>();
        for (Value element : sequence.elements()) {
          list.add(plain(element, variables));
        }
        yield list;
      }
      case Value.Mapping mapping -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, Value> attribute : mapping.entries().entrySet()) {
          map.put(attribute.getKey(), plain(attribute.getValue(), variables));
        }
        yield map;
      }
    };
  }
}
