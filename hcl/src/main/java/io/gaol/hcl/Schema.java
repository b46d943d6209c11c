package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which properties of a JSON object are blocks, for {@link Json#body}. JSON does not tell blocks
 * from attributes, and not labels from content; in the native syntax the text itself does, and no
 * schema is needed.
 *
 * <p>Whatever is not said to be a block is an attribute, known or not: who reads the body refuses
 * what it does not know, and need not care which syntax it came from.
 *
 * {@snippet :
 * Schema task = Schema.attributes().block("config", Schema.attributes());
 * Schema group = Schema.attributes().block("task", List.of("name"), task);
 * Schema file = Schema.attributes().block("group", List.of("name"), group);
 * }
 */
public final class Schema {
  private static final Schema ATTRIBUTES = new Schema(Map.of());

  private final Map<String, BlockType> blocks;

  private Schema(Map<String, BlockType> blocks) {
    this.blocks = blocks;
  }

  /**
   * A type of block.
   *
   * @param labels what its labels mean, for errors
   * @param body the schema of its content, by the values of the labels
   */
  record BlockType(List<String> labels, Function<List<String>, Schema> body) {}

  /** Every property is an attribute. */
  public static Schema attributes() {
    return ATTRIBUTES;
  }

  /** This schema with a type of block that has no labels. */
  public Schema block(String type, Schema body) {
    return block(type, List.of(), body);
  }

  /**
   * This schema with a type of block.
   *
   * @param labels what the labels mean, in order, as errors call it: "name"
   * @param body the schema of its content
   */
  public Schema block(String type, List<String> labels, Schema body) {
    requireNonNull(body, "body");
    return block(type, labels, _ -> body);
  }

  /**
   * This schema with a type of block whose content depends on its labels, or whose schema contains
   * itself.
   *
   * @param labels what the labels mean, in order, as errors call it: "name"
   * @param body the schema of its content, by the values of the labels; asked for each block
   */
  public Schema block(String type, List<String> labels, Function<List<String>, Schema> body) {
    requireNonNull(type, "type");
    requireNonNull(body, "body");
    Map<String, BlockType> more = new LinkedHashMap<>(blocks);
    more.put(type, new BlockType(List.copyOf(labels), body));
    return new Schema(more);
  }

  Optional<BlockType> block(String type) {
    return Optional.ofNullable(blocks.get(type));
  }

  boolean hasBlocks() {
    return !blocks.isEmpty();
  }
}
