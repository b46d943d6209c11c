package io.gaol.hcl;

import java.util.List;

/**
 * {@code type "label" … { body }}.
 *
 * @param type the type
 * @param typeRange where the type stands
 * @param labels the labels, in order
 * @param body what stands between the braces
 * @param range from the type to the closing brace
 */
public record Block(
    String type, SourceRange typeRange, List<Label> labels, Body body, SourceRange range) {
  /** Copies, so that nothing changes afterwards. */
  public Block {
    labels = List.copyOf(labels);
  }

  /**
   * A label.
   *
   * @param name its text, escapes resolved
   * @param range where it stands, with its quotes
   */
  public record Label(String name, SourceRange range) {}

  /** The labels' texts. */
  public List<String> labelNames() {
    return labels.stream().map(Label::name).toList();
  }
}
