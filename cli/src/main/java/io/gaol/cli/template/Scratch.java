package io.gaol.cli.template;

import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code scratch} gives: a place for values while a template is rendered. */
final class Scratch {
  static final List<String> METHODS =
      List.of("Get", "Key", "MapSet", "MapSetX", "MapValues", "Set", "SetX");

  private final Map<Object, Object> values = new HashMap<>();

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value, or nothing. */
  Object get(String key) {
    return GoTypes.concrete(values.get(key));
  }

  void set(String key, Object value) {
    values.put(key, GoTypes.contained(value));
  }

  void setIfAbsent(String key, Object value) {
    values.putIfAbsent(key, GoTypes.contained(value));
  }

  void setInMap(String key, String mapKey, Object value, boolean replace) throws FunctionException {
    Object map = values.computeIfAbsent(key, _ -> Mapping.any(new HashMap<>()));
    if (!(map instanceof Mapping mapping) || !GoTypes.name(map).equals("map[string]interface {}")) {
      throw new FunctionException("\"" + ByteText.text(key) + "\" is not a map");
    }
    if (replace) {
      mapping.values().put(mapKey, GoTypes.contained(value));
    } else {
      mapping.values().putIfAbsent(mapKey, GoTypes.contained(value));
    }
  }

  /** The values of a map in the order of its keys. */
  Sequence mapValues(String key) {
    return values.get(key) instanceof Mapping map
            && GoTypes.name(map).equals("map[string]interface {}")
        ? Sequence.any(map.sortedKeys().stream().map(map::get).toList())
        : Sequence.any(List.of());
  }
}
