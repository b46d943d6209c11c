package io.gaol.testing.host;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import io.gaol.nomad.config.ConfigDecoder;
import io.gaol.nomad.config.ConfigRefusedException;
import io.gaol.nomad.config.Evaluation;
import io.gaol.nomad.config.Schema;
import io.gaol.nomad.proto.hclspec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A config as a plugin gets it: decoded by the schema that the plugin itself gave, so that every
 * key of it is there.
 */
public final class ConfigSpec {
  private ConfigSpec() {}

  /**
   * What an agent sends for a config.
   *
   * @param spec the plugin's own
   * @param config as a job's JSON has it
   * @throws PluginHostException if an agent would refuse the config, or the schema
   */
  public static ByteString encode(Spec spec, Map<String, ?> config) {
    if (!(schema(spec, "") instanceof Schema.Fields fields)) {
      throw new PluginHostException("the root of a schema has to be an object");
    }
    try {
      return MessagePack.encode(ConfigDecoder.decode(fields, config, Evaluation.NONE));
    } catch (ConfigRefusedException refused) {
      throw new PluginHostException("failed to parse config: " + refused.getMessage(), refused);
    }
  }

  /**
   * A schema as it was sent.
   *
   * @param implied the name of what names itself not: its key in the object around it
   */
  static Schema schema(Spec spec, String implied) {
    return switch (spec.getBlockCase()) {
      case OBJECT -> {
        Map<String, Schema> fields = new LinkedHashMap<>();
        spec.getObject()
            .getAttributesMap()
            .forEach((name, field) -> fields.put(name, schema(field, name)));
        yield new Schema.Fields(fields);
      }
      case ARRAY ->
          new Schema.Positions(
              spec.getArray().getValuesList().stream().map(value -> schema(value, "")).toList());
      case ATTR -> {
        var attr = spec.getAttr();
        yield new Schema.Attr(
            name(attr.getName(), implied),
            TypeExpression.parse(attr.getType()),
            attr.getRequired());
      }
      case BLOCK_VALUE -> {
        var block = spec.getBlockValue();
        yield new Schema.Block(
            name(block.getName(), implied), schema(block.getNested(), ""), block.getRequired());
      }
      case BLOCK_ATTRS -> {
        var block = spec.getBlockAttrs();
        yield new Schema.BlockAttrs(
            name(block.getName(), implied),
            TypeExpression.parse(block.getType()),
            block.getRequired());
      }
      case BLOCK_LIST -> {
        var list = spec.getBlockList();
        yield new Schema.BlockList(
            name(list.getName(), implied),
            schema(list.getNested(), ""),
            Math.toIntExact(list.getMinItems()),
            Math.toIntExact(list.getMaxItems()));
      }
      case BLOCK_SET -> {
        var set = spec.getBlockSet();
        yield new Schema.BlockSet(
            name(set.getName(), implied),
            schema(set.getNested(), ""),
            Math.toIntExact(set.getMinItems()),
            Math.toIntExact(set.getMaxItems()));
      }
      case BLOCK_MAP -> {
        var map = spec.getBlockMap();
        yield new Schema.BlockMap(
            name(map.getName(), implied), map.getLabelsList(), schema(map.getNested(), ""));
      }
      // The names of its two do not follow from the object around it.
      case DEFAULT ->
          new Schema.Default(
              schema(spec.getDefault().getPrimary(), ""),
              schema(spec.getDefault().getDefault(), ""));
      case LITERAL -> new Schema.Literal(literal(spec.getLiteral().getValue()));
      case BLOCK_NOT_SET -> throw new PluginHostException("Invalid spec block");
    };
  }

  private static String name(String own, String implied) {
    String name = own.isEmpty() ? implied : own;
    if (name.isEmpty()) {
      throw new PluginHostException("a part of the schema has no name");
    }
    return name;
  }

  /** Literals are expressions of HCL, which for constants are those of JSON. */
  private static Object literal(String expression) {
    try {
      return plain(JsonParser.parseString(expression));
    } catch (JsonParseException noConstant) {
      throw new PluginHostException("not a constant: " + expression, noConstant);
    }
  }

  private static Object plain(JsonElement element) {
    return switch (element) {
      case JsonNull _ -> null;
      case JsonPrimitive primitive when primitive.isBoolean() -> primitive.getAsBoolean();
      case JsonPrimitive primitive when primitive.isNumber() -> primitive.getAsBigDecimal();
      case JsonPrimitive primitive -> primitive.getAsString();
      case JsonArray array -> {
        List<Object> elements = new ArrayList<>();
        array.forEach(one -> elements.add(plain(one)));
        yield elements;
      }
      case JsonObject object -> {
        Map<String, Object> map = new LinkedHashMap<>();
        object.asMap().forEach((key, value) -> map.put(key, plain(value)));
        yield map;
      }
      default -> throw new IllegalStateException(element.toString());
    };
  }
}
