package io.gaol.cli.language;

import io.gaol.cli.language.Key.Standing;
import io.gaol.hcl.Schema;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A type of block of the job specification: what may stand in it.
 *
 * @param noun what errors call one: "restart block"
 * @param keys by name
 */
record BlockType(String noun, Map<String, Key> keys) {
  BlockType {
    keys = Collections.unmodifiableMap(keys);
  }

  static BlockType of(String noun) {
    return new BlockType(noun, Map.of());
  }

  private BlockType with(Standing standing, Key... more) {
    Map<String, Key> all = new LinkedHashMap<>(keys);
    for (Key key : more) {
      all.put(key.name(), key.standing(standing, key.advice()));
    }
    return new BlockType(noun, all);
  }

  /** This type with keys that are carried out. */
  BlockType with(Key... more) {
    return with(Standing.HONOURED, more);
  }

  /** This type with keys that need a cluster. */
  BlockType cluster(Key... more) {
    return with(Standing.CLUSTER, more);
  }

  /** This type with keys that have no effect, and need none. */
  BlockType silent(Key... more) {
    return with(Standing.SILENT, more);
  }

  /** This type with a key that is to be replaced, as a sentence says. */
  BlockType deprecated(Key key, String advice) {
    return with(Standing.DEPRECATED, key.standing(Standing.DEPRECATED, advice));
  }

  /** This type with a key that Nomad does not take any more. */
  BlockType removed(Key key, String advice) {
    return with(Standing.REMOVED, key.standing(Standing.REMOVED, advice));
  }

  Optional<Key> key(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  Collection<Key> all() {
    return keys.values();
  }

  /** The key that the API calls so; letter case does not matter there. */
  Optional<Key> apiKey(String name) {
    return all().stream().filter(key -> key.apiName().equalsIgnoreCase(name)).findFirst();
  }

  /** "a task", "an update block". */
  String withArticle() {
    return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  /** What in JSON is a block. */
  Schema schema() {
    Schema schema = Schema.attributes();
    for (Key key : all()) {
      schema =
          switch (key.shape()) {
            case Key.Shape.Attribute _ -> schema;
            case Key.Shape.Names _, Key.Shape.Free _ ->
                schema.block(key.name(), Schema.attributes());
            case Key.Shape.Blocks blocks ->
                schema.block(
                    key.name(),
                    blocks.labelled() ? List.of("name") : List.of(),
                    _ -> blocks.body().schema());
          };
    }
    return schema.block("dynamic", List.of("type"), types -> dynamicSchema(types.getFirst()));
  }

  private Schema dynamicSchema(String type) {
    Schema content =
        key(type)
            .map(Key::shape)
            .map(shape -> shape instanceof Key.Shape.Blocks blocks ? blocks.body().schema() : null)
            .orElse(Schema.attributes());
    return Schema.attributes().block("content", content);
  }
}
