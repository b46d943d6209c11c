package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

/**
 * What is wrong, and where.
 *
 * @param severity whether the text can be used nevertheless
 * @param summary one short sentence without a full stop
 * @param detail what to do or more facts, in full sentences; may be empty
 * @param range the place
 */
public record Diagnostic(Severity severity, String summary, String detail, SourceRange range) {
  private static final int SHOWN_BEFORE = 60;
  private static final int SHOWN_AFTER = 100;

  /** How bad it is. */
  public enum Severity {
    /** The text cannot be used. */
    ERROR,
    /** The text can be used, but probably does not say what was meant. */
    WARNING
  }

  /** Checks that nothing is missing. */
  public Diagnostic {
    requireNonNull(severity, "severity");
    requireNonNull(summary, "summary");
    requireNonNull(detail, "detail");
    requireNonNull(range, "range");
  }

  /** An error. */
  public static Diagnostic error(SourceRange range, String summary, String detail) {
    return new Diagnostic(Severity.ERROR, summary, detail, range);
  }

  static Diagnostic alreadySet(Attribute attribute, Attribute first) {
    Position place = first.nameRange().start();
    return error(
        attribute.nameRange(),
        "The attribute \"%s\" is already set".formatted(attribute.name()),
        "It is set at line %d, column %d; an attribute can be set once."
            .formatted(place.line(), place.column()));
  }

  /** The summary and the detail as one line. */
  public String message() {
    return detail.isEmpty() ? summary : summary + ". " + detail;
  }

  /**
   * {@code file:line:column: message}, the source line, and a line that marks the place in it. Of a
   * very long line the part around the place is shown; control characters are shown as a
   * replacement character, so that the text cannot disturb a terminal.
   */
  public String render() {
    Position start = range.start();
    String line = range.source().line(start.line());
    int column = Math.min(start.column() - 1, line.codePointCount(0, line.length()));
    int at = line.offsetByCodePoints(0, column);
    int from = Math.max(0, at - SHOWN_BEFORE);
    int to = Math.min(line.length(), at + SHOWN_AFTER);
    if (from > 0 && Character.isLowSurrogate(line.charAt(from))) {
      from--;
    }
    if (to < line.length() && Character.isLowSurrogate(line.charAt(to))) {
      to++;
    }
    String before = line.substring(from, at);
    int marked = Math.max(at, Math.min(to, at + range.end().offset() - start.offset()));
    int width = Math.max(1, line.codePointCount(at, marked));
    return "%s: %s\n  %s%s%s\n  %s%s%s"
        .formatted(
            range,
            message(),
            from > 0 ? "…" : "",
            printable(line.substring(from, to)),
            to < line.length() ? "…" : "",
            from > 0 ? " " : "",
            blank(before),
            "^".repeat(width));
  }

  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) && c != '\t' ? 0xFFFD : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String blank(String text) {
    return text.codePoints()
        .map(c -> c == '\t' ? '\t' : ' ')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Override
  public String toString() {
    return range + ": " + message();
  }
}
