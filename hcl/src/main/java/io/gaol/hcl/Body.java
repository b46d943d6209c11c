package io.gaol.hcl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of a file or a block.
 *
 * @param attributes the attributes by name, in the order of the text
 * @param blocks the blocks in the order of the text
 * @param range the whole content: in the native syntax without its braces, in JSON with them
 */
public record Body(Map<String, Attribute> attributes, List<Block> blocks, SourceRange range) {
  /** Copies, so that nothing changes afterwards. */
  public Body {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    blocks = List.copyOf(blocks);
  }

  /** The blocks of one type. */
  public List<Block> blocks(String type) {
    return blocks.stream().filter(block -> block.type().equals(type)).toList();
  }
}
