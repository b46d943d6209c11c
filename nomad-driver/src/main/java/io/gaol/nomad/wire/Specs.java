package io.gaol.nomad.wire;

import io.gaol.nomad.config.ConfigType;
import io.gaol.nomad.config.Schema;
import io.gaol.nomad.proto.hclspec.Array;
import io.gaol.nomad.proto.hclspec.Attr;
import io.gaol.nomad.proto.hclspec.Block;
import io.gaol.nomad.proto.hclspec.BlockAttrs;
import io.gaol.nomad.proto.hclspec.BlockList;
import io.gaol.nomad.proto.hclspec.BlockMap;
import io.gaol.nomad.proto.hclspec.BlockSet;
import io.gaol.nomad.proto.hclspec.Default;
import io.gaol.nomad.proto.hclspec.Literal;
import io.gaol.nomad.proto.hclspec.Object;
import io.gaol.nomad.proto.hclspec.Spec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Schemas as a Nomad agent is told them: its messages of the package {@code hclspec}.
 *
 * <p>What an agent cannot take is refused here, so that a driver's author sees it and not an
 * operator: of some mistakes an agent says nothing but stops.
 */
public final class Specs {
  private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");

  /** Whether what is below is a type that an agent must know beforehand. */
  private final boolean belowBlockMap;

  private final String place;

  private Specs(String place, boolean belowBlockMap) {
    this.place = place;
    this.belowBlockMap = belowBlockMap;
  }

  /**
   * The message of a schema. All names are in it, also those that an agent would find out.
   *
   * @throws IllegalArgumentException if an agent could not take it: a name is empty, a type of an
   *     object has a name that is no identifier, a fallback is a block, least and most are no
   *     range, a literal is of no type of HCL, or the type {@code any} is below a block map, which
   *     stops an agent
   */
  public static Spec of(Schema schema) {
    return new Specs("the schema", false).spec(schema);
  }

  private Spec spec(Schema schema) {
    Spec.Builder spec = Spec.newBuilder();
    return switch (schema) {
      case Schema.Fields(Map<String, Schema> fields) -> {
        Object.Builder object = Object.newBuilder();
        fields.forEach(
            (name, field) ->
                object.putAttributes(named(name), in(name, belowBlockMap).spec(field)));
        yield spec.setObject(object).build();
      }
      case Schema.Positions(List<Schema> elements) -> {
        Array.Builder array = Array.newBuilder();
        elements.forEach(element -> array.addValues(spec(element)));
        yield spec.setArray(array).build();
      }
      case Schema.Attr(String name, ConfigType type, boolean required) ->
          spec.setAttr(
                  Attr.newBuilder().setName(named(name)).setType(type(type)).setRequired(required))
              .build();
      case Schema.Block(String name, Schema nested, boolean required) ->
          spec.setBlockValue(
                  Block.newBuilder()
                      .setName(named(name))
                      .setNested(in(name, belowBlockMap).spec(nested))
                      .setRequired(required))
              .build();
      case Schema.BlockList(String name, Schema nested, int least, int most) -> {
        checkRange(least, most);
        yield spec.setBlockList(
                BlockList.newBuilder()
                    .setName(named(name))
                    .setMinItems(least)
                    .setMaxItems(most)
                    .setNested(in(name, belowBlockMap).spec(nested)))
            .build();
      }
      case Schema.BlockSet(String name, Schema nested, int least, int most) -> {
        checkRange(least, most);
        yield spec.setBlockSet(
                BlockSet.newBuilder()
                    .setName(named(name))
                    .setMinItems(least)
                    .setMaxItems(most)
                    .setNested(in(name, belowBlockMap).spec(nested)))
            .build();
      }
      case Schema.BlockMap(String name, List<String> labels, Schema nested) ->
          spec.setBlockMap(
                  BlockMap.newBuilder()
                      .setName(named(name))
                      .addAllLabels(labels)
                      .setNested(in(name, true).spec(nested)))
              .build();
      case Schema.BlockAttrs(String name, ConfigType type, boolean required) ->
          spec.setBlockAttrs(
                  BlockAttrs.newBuilder()
                      .setName(named(name))
                      .setType(type(type))
                      .setRequired(required))
              .build();
      case Schema.Default(Schema primary, Schema otherwise) -> {
        if (takesBlocks(otherwise)) {
          throw refused("the fallback of a default cannot be a block");
        }
        yield spec.setDefault(
                Default.newBuilder().setPrimary(spec(primary)).setDefault(spec(otherwise)))
            .build();
      }
      case Schema.Literal(java.lang.Object value) -> {
        if (belowBlockMap && hasNull(value)) {
          throw refused("a null below a block map has no type that an agent knows beforehand");
        }
        try {
          yield spec.setLiteral(Literal.newBuilder().setValue(Hcl.expression(value))).build();
        } catch (IllegalArgumentException none) {
          throw refused(none.getMessage());
        }
      }
    };
  }

  private Specs in(String name, boolean map) {
    return new Specs(place + ", " + name, map);
  }

  private IllegalArgumentException refused(String problem) {
    return new IllegalArgumentException(place + ": " + problem);
  }

  private String named(String name) {
    if (name.isEmpty()) {
      throw refused("a name is empty");
    }
    return name;
  }

  private void checkRange(int least, int most) {
    if (least < 0 || most < 0 || (most > 0 && least > most)) {
      throw refused("at least " + least + " and at most " + most + " blocks is no range");
    }
  }

  private String type(ConfigType type) {
    if (belowBlockMap && hasAny(type)) {
      throw refused("the type any below a block map makes an agent panic");
    }
    checkNames(type);
    return type.text();
  }

  private void checkNames(ConfigType type) {
    switch (type) {
      case ConfigType.Primitive _, ConfigType.Any _ -> {
        // There are no names in it.
      }
      case ConfigType.ListOf(ConfigType element) -> checkNames(element);
      case ConfigType.SetOf(ConfigType element) -> checkNames(element);
      case ConfigType.MapOf(ConfigType element) -> checkNames(element);
      case ConfigType.TupleOf(List<ConfigType> elements) -> elements.forEach(this::checkNames);
      case ConfigType.ObjectOf(Map<String, ConfigType> attributes) ->
          attributes.forEach(
              (name, attribute) -> {
                if (!IDENTIFIER.matcher(name).matches()) {
                  throw refused("a type cannot have the name \"" + name + "\"");
                }
                checkNames(attribute);
              });
    }
  }

  private static boolean hasAny(ConfigType type) {
    return switch (type) {
      case ConfigType.Any _ -> true;
      case ConfigType.Primitive _ -> false;
      case ConfigType.ListOf(ConfigType element) -> hasAny(element);
      case ConfigType.SetOf(ConfigType element) -> hasAny(element);
      case ConfigType.MapOf(ConfigType element) -> hasAny(element);
      case ConfigType.TupleOf(List<ConfigType> elements) ->
          elements.stream().anyMatch(Specs::hasAny);
      case ConfigType.ObjectOf(Map<String, ConfigType> attributes) ->
          attributes.values().stream().anyMatch(Specs::hasAny);
    };
  }

  private static boolean hasNull(java.lang.Object value) {
    return switch (value) {
      case null -> true;
      case Collection<?> list -> list.stream().anyMatch(Specs::hasNull);
      case Map<?, ?> map -> map.values().stream().anyMatch(Specs::hasNull);
      default -> false;
    };
  }

  private static boolean takesBlocks(Schema schema) {
    return switch (schema) {
      case Schema.Attr _, Schema.Literal _ -> false;
      case Schema.Block _,
          Schema.BlockList _,
          Schema.BlockSet _,
          Schema.BlockMap _,
          Schema.BlockAttrs _ ->
          true;
      case Schema.Fields(Map<String, Schema> fields) ->
          fields.values().stream().anyMatch(Specs::takesBlocks);
      case Schema.Positions(List<Schema> elements) ->
          elements.stream().anyMatch(Specs::takesBlocks);
      case Schema.Default(Schema primary, Schema otherwise) ->
          takesBlocks(primary) || takesBlocks(otherwise);
    };
  }
}
