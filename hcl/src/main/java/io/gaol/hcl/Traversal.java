package io.gaol.hcl;

import java.util.ArrayList;
import java.util.List;

/**
 * A reference to a variable and the constant steps from there: {@code node.unique.id}, {@code
 * env["HOME"]}, {@code meta.owner}.
 *
 * @param root the name of the variable
 * @param rootRange where the name stands
 * @param steps what is taken from it, in order
 * @param range the whole reference; {@link #sourceText()} is its text
 */
public record Traversal(String root, SourceRange rootRange, List<Step> steps, SourceRange range) {
  /** Copies, so that nothing changes afterwards. */
  public Traversal {
    steps = List.copyOf(steps);
  }

  /** One step from a value to a part of it. */
  public sealed interface Step {
    /** The step with its dot or brackets. */
    SourceRange range();
  }

  /** {@code .name}. */
  public record Attribute(String name, SourceRange range) implements Step {}

  /** {@code [0]}, {@code ["key"]} or the legacy form {@code .0}; the key is a number or string. */
  public record Index(Value key, SourceRange range) implements Step {}

  /** The reference as it is written. */
  public String sourceText() {
    return range.text();
  }

  /**
   * The reference as an interpolation, for callers that leave it to someone else to resolve:
   * exactly as written, spaces included, where it is all of one; otherwise put into one.
   */
  public String asInterpolation() {
    String text = range.source().text();
    int start = range.startOffset();
    while (start > 0 && isBlank(text.charAt(start - 1))) {
      start--;
    }
    int end = range.endOffset();
    while (end < text.length() && isBlank(text.charAt(end))) {
      end++;
    }
    return text.startsWith("${", start - 2) && text.startsWith("}", end)
        ? text.substring(start - 2, end + 1)
        : "${" + sourceText() + "}";
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  Traversal with(Step step) {
    List<Step> longer = new ArrayList<>(steps);
    longer.add(step);
    return new Traversal(root, rootRange, longer, range.to(step.range()));
  }
}
