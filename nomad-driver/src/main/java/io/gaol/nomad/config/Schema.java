package io.gaol.nomad.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What may be in a driver's {@code config}: the kinds of Nomad's plugin protocol ({@code hclspec}).
 *
 * <p>A schema is of a <em>body</em>: of the config itself, or of a block in it. {@link Attr} and
 * the kinds of blocks take what their name says from the body; {@link Fields}, {@link Positions},
 * {@link Default} and {@link Literal} say what becomes of it.
 */
public sealed interface Schema {

  /** A map of all these keys; {@code object} in the protocol. */
  record Fields(Map<String, Schema> fields) implements Schema {
    public Fields {
      fields = Collections.unmodifiableMap(new TreeMap<>(fields));
    }
  }

  /** A list of all these, in order; {@code array} in the protocol. */
  record Positions(List<Schema> elements) implements Schema {
    public Positions {
      elements = List.copyOf(elements);
    }
  }

  /**
   * One attribute, null where it is absent.
   *
   * @param required whether it has to be there; null is there
   */
  record Attr(String name, ConfigType type, boolean required) implements Schema {}

  /** At most one block, null where it is absent. */
  record Block(String name, Schema nested, boolean required) implements Schema {}

  /**
   * Blocks of one name, as a list.
   *
   * @param least how many there have to be
   * @param most how many there may be; 0 is any number
   */
  record BlockList(String name, Schema nested, int least, int most) implements Schema {}

  /**
   * Blocks of one name, of which those that are equal count once.
   *
   * @param least how many there have to be
   * @param most how many there may be; 0 is any number
   */
  record BlockSet(String name, Schema nested, int least, int most) implements Schema {}

  /**
   * Labelled blocks, as maps by label.
   *
   * @param labels what each label is, for messages
   */
  record BlockMap(String name, List<String> labels, Schema nested) implements Schema {
    public BlockMap {
      labels = List.copyOf(labels);
      if (labels.isEmpty()) {
        throw new IllegalArgumentException("a block map has at least one label");
      }
    }
  }

  /** At most one block of any attributes, which have one type; null where it is absent. */
  record BlockAttrs(String name, ConfigType type, boolean required) implements Schema {}

  /** The first, or the second where the first is null. */
  record Default(Schema primary, Schema otherwise) implements Schema {}

  /**
   * Always this value, which nothing in the config changes.
   *
   * @param value null, a string, a {@link java.math.BigDecimal}, a boolean, a list or a map
   */
  record Literal(Object value) implements Schema {}

  /** The names that a body of this schema knows. */
  default List<String> names() {
    List<String> names = new ArrayList<>();
    switch (this) {
      case Fields(Map<String, Schema> fields) ->
          fields.values().forEach(field -> names.addAll(field.names()));
      case Positions(List<Schema> elements) ->
          elements.forEach(element -> names.addAll(element.names()));
      case Attr attr -> names.add(attr.name());
      case Block block -> names.add(block.name());
      case BlockList list -> names.add(list.name());
      case BlockSet set -> names.add(set.name());
      case BlockMap map -> names.add(map.name());
      case BlockAttrs attributes -> names.add(attributes.name());
      case Default(Schema primary, Schema otherwise) -> {
        names.addAll(primary.names());
        names.addAll(otherwise.names());
      }
      case Literal _ -> {
        // It takes nothing from the body.
      }
    }
    return names;
  }
}
