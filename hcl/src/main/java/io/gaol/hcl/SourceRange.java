package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

/**
 * A piece of a source.
 *
 * @param source the source
 * @param startOffset the offset of its first char
 * @param endOffset the offset after its last char
 */
public record SourceRange(Source source, int startOffset, int endOffset) {
  /** Checks that nothing is missing. */
  public SourceRange {
    requireNonNull(source, "source");
    if (startOffset < 0 || endOffset < startOffset || endOffset > source.text().length()) {
      throw new IllegalArgumentException(startOffset + " to " + endOffset);
    }
  }

  /** The place of its first character. */
  public Position start() {
    return source.position(startOffset);
  }

  /** The place after its last character. */
  public Position end() {
    return source.position(endOffset);
  }

  /** The text as it is written in the source. */
  public String text() {
    return source.text().substring(startOffset, endOffset);
  }

  /** The range from the start of this one to the end of another one. */
  SourceRange to(SourceRange last) {
    return new SourceRange(source, startOffset, last.endOffset);
  }

  /** {@code file:line:column}. */
  @Override
  public String toString() {
    Position start = start();
    return source.name() + ":" + start.line() + ":" + start.column();
  }
}
