package io.gaol.hcl;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Trees as text without their places, so that those of two texts can be compared. */
final class Trees {
  private Trees() {}

  static String show(Object node) {
    return switch (node) {
      case SourceRange _ -> "";
      case Optional<?> optional -> optional.map(Trees::show).orElse("-");
      case List<?> list ->
          list.stream().map(Trees::show).collect(Collectors.joining(",", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> show(entry.getKey()) + ":" + show(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case Record record ->
          Stream.of(record.getClass().getRecordComponents())
              .map(component -> show(get(record, component)))
              .collect(Collectors.joining(" ", record.getClass().getSimpleName() + "(", ")"));
      default -> node.toString();
    };
  }

  private static Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
