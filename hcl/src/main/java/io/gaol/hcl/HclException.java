package io.gaol.hcl;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** The text is not HCL, or an expression in it has no value. Says where and why. */
public final class HclException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  /** With at least one diagnostic. */
  public HclException(List<Diagnostic> diagnostics) {
    super(
        diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")),
        null,
        false,
        true);
    if (diagnostics.isEmpty()) {
      throw new IllegalArgumentException("no diagnostics");
    }
    this.diagnostics = List.copyOf(diagnostics);
  }

  static HclException at(SourceRange range, String summary, String detail) {
    return new HclException(List.of(Diagnostic.error(range, summary, detail)));
  }

  static HclException at(SourceRange range, String summary) {
    return at(range, summary, "");
  }

  /** What is wrong, in the order of the text; at least one. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** All diagnostics with the lines of source they are about. */
  public String render() {
    return diagnostics.stream().map(Diagnostic::render).collect(Collectors.joining("\n"));
  }
}
