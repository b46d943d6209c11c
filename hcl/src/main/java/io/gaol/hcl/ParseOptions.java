package io.gaol.hcl;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Consumer;

/** What a text may have that HCL 2 refuses. */
public final class ParseOptions {
  private static final ParseOptions STANDARD = new ParseOptions(Optional.empty());

  private final Optional<Consumer<Diagnostic>> repeated;

  private ParseOptions(Optional<Consumer<Diagnostic>> repeated) {
    this.repeated = repeated;
  }

  /** Nothing: the language as it is specified. */
  public static ParseOptions standard() {
    return STANDARD;
  }

  /**
   * With attributes that are set more than once in a body, as HCL 1 had them. Such an attribute
   * becomes one whose value is a tuple of all the values, in order.
   *
   * @param warnings is given a warning for each such attribute: where it is set, and how HCL 2
   *     wants it written
   */
  public ParseOptions collectingRepeatedAttributes(Consumer<Diagnostic> warnings) {
    return new ParseOptions(Optional.of(requireNonNull(warnings, "warnings")));
  }

  /** Who is told of repeated attributes; nobody if they are errors. */
  Optional<Consumer<Diagnostic>> repeated() {
    return repeated;
  }
}
