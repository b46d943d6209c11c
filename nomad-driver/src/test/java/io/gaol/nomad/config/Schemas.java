package io.gaol.nomad.config;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The schemas of the recorded configs, by name. */
final class Schemas {
  private static final ConfigType TEXTS = ConfigType.listOf(ConfigType.string());
  private static final ConfigType TEXT_MAP = ConfigType.mapOf(ConfigType.string());

  static final Map<String, Schema.Fields> ALL =
      Map.ofEntries(
          Map.entry(
              "scalars",
              fields(
                  attr("text", ConfigType.string()),
                  attr("number", ConfigType.number()),
                  attr("flag", ConfigType.bool()),
                  attr("anything", ConfigType.any()))),
          Map.entry(
              "required",
              fields(new Schema.Attr("command", ConfigType.string(), true), attr("args", TEXTS))),
          Map.entry(
              "collections",
              fields(
                  attr("list", TEXTS),
                  attr("set", ConfigType.setOf(ConfigType.number())),
                  attr("map", TEXT_MAP),
                  attr("maps", ConfigType.listOf(TEXT_MAP)),
                  attr(
                      "object",
                      new ConfigType.ObjectOf(
                          Map.of("a", ConfigType.string(), "b", ConfigType.number()))),
                  attr(
                      "tuple",
                      new ConfigType.TupleOf(List.of(ConfigType.string(), ConfigType.bool()))),
                  attr("lists", ConfigType.listOf(ConfigType.listOf(ConfigType.number()))),
                  attr("anys", ConfigType.listOf(ConfigType.any())),
                  attr("anymap", ConfigType.mapOf(ConfigType.any())))),
          Map.entry(
              "deep",
              fields(
                  attr(
                      "objects",
                      ConfigType.listOf(
                          new ConfigType.ObjectOf(
                              Map.of(
                                  "a",
                                  ConfigType.string(),
                                  "b",
                                  ConfigType.listOf(ConfigType.number()))))),
                  attr("tuples", new ConfigType.TupleOf(List.of(ConfigType.string(), TEXTS))),
                  attr("sets", ConfigType.setOf(TEXTS)),
                  attr(
                      "three",
                      new ConfigType.ObjectOf(
                          Map.of(
                              "a",
                              ConfigType.string(),
                              "b",
                              ConfigType.string(),
                              "c",
                              ConfigType.string()))))),
          Map.entry(
              "block",
              fields(
                  new Schema.Block(
                      "mount",
                      fields(
                          new Schema.Attr("path", ConfigType.string(), true),
                          attr("mode", ConfigType.string())),
                      false))),
          Map.entry(
              "required block",
              fields(new Schema.Block("mount", fields(attr("path", ConfigType.string())), true))),
          Map.entry(
              "block list",
              fields(
                  new Schema.BlockList(
                      "mount",
                      fields(attr("path", ConfigType.string()), attr("size", ConfigType.number())),
                      0,
                      0))),
          Map.entry(
              "limited block list",
              fields(
                  new Schema.BlockList("mount", fields(attr("path", ConfigType.string())), 1, 2))),
          Map.entry(
              "block set",
              fields(
                  new Schema.BlockSet("mount", fields(attr("path", ConfigType.string())), 0, 0))),
          Map.entry(
              "block map",
              fields(
                  new Schema.BlockMap(
                      "rule",
                      List.of("resource"),
                      fields(
                          new Schema.Attr("action", ConfigType.string(), true),
                          attr("amount", ConfigType.string()))))),
          Map.entry(
              "block map of two",
              fields(
                  new Schema.BlockMap(
                      "rule",
                      List.of("resource", "action"),
                      fields(attr("amount", ConfigType.number()))))),
          Map.entry(
              "block attrs", fields(new Schema.BlockAttrs("params", ConfigType.string(), false))),
          Map.entry(
              "required block attrs",
              fields(new Schema.BlockAttrs("params", ConfigType.number(), true))),
          Map.entry(
              "blocks of anything",
              fields(new Schema.BlockList("item", fields(attr("x", ConfigType.any())), 0, 0))),
          Map.entry(
              "defaults",
              new Schema.Fields(
                  Map.of(
                      "mode",
                      new Schema.Default(
                          attr("mode", ConfigType.string()), new Schema.Literal("private")),
                      "tries",
                      new Schema.Default(
                          attr("tries", ConfigType.number()),
                          new Schema.Literal(BigDecimal.valueOf(3))),
                      "list",
                      new Schema.Default(attr("list", TEXTS), new Schema.Literal(List.of("a"))),
                      "old",
                      new Schema.Default(
                          attr("new", ConfigType.string()), attr("old", ConfigType.string())),
                      "fixed",
                      new Schema.Literal(true)))),
          Map.entry(
              "nested",
              fields(
                  new Schema.BlockList(
                      "outer",
                      fields(
                          attr("name", ConfigType.string()),
                          new Schema.BlockList(
                              "inner",
                              fields(new Schema.Attr("flag", ConfigType.bool(), true)),
                              0,
                              0)),
                      0,
                      0))),
          Map.entry(
              "array",
              new Schema.Fields(
                  Map.of(
                      "pair",
                      new Schema.Positions(
                          List.of(
                              attr("first", ConfigType.string()),
                              attr("second", ConfigType.number())))))));

  private Schemas() {}

  private static Schema attr(String name, ConfigType type) {
    return new Schema.Attr(name, type, false);
  }

  /** Each under its own name. */
  private static Schema.Fields fields(Schema... fields) {
    Map<String, Schema> named = new HashMap<>();
    for (Schema field : fields) {
      named.put(field.names().getFirst(), field);
    }
    return new Schema.Fields(named);
  }
}
