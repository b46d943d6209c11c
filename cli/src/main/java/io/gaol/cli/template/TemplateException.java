package io.gaol.cli.template;

import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.SourceRange;
import java.io.Serial;

/** A template cannot be parsed or rendered. Says where and why. */
public final class TemplateException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Diagnostic diagnostic;

  TemplateException(Diagnostic diagnostic) {
    super(diagnostic.toString(), null, false, true);
    this.diagnostic = diagnostic;
  }

  static TemplateException at(SourceRange range, String summary, String detail) {
    return new TemplateException(Diagnostic.error(range, summary, detail));
  }

  /** What is wrong, and where. */
  public Diagnostic diagnostic() {
    return diagnostic;
  }

  /** {@code name:line:column: message}, the source line, and a mark below the place in it. */
  public String render() {
    return diagnostic.render();
  }
}
