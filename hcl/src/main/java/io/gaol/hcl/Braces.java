package io.gaol.hcl;

import java.util.Optional;

/**
 * Finds the block whose closing brace is missing. At the end of the text it is the outermost that
 * is open, for every closing brace belongs to the innermost; but when texts are indented as usual,
 * the first closing brace that stands less deep than the line of its block tells which it is.
 */
final class Braces {
  private final Source source;
  private Optional<Suspect> suspect = Optional.empty();
  private boolean uncertain;
  private boolean reported;

  Braces(Source source) {
    this.source = source;
  }

  private record Suspect(Token open, Token close) {}

  /** After an error within brackets that does not show where they should end. */
  void areNowUncertain() {
    uncertain = true;
  }

  /** Whether a brace too few or too many is probably the consequence of an earlier error. */
  boolean areUncertain() {
    return uncertain;
  }

  void closed(Token open, Token close) {
    if (suspect.isEmpty() && indentation(close.start()) < indentation(open.start())) {
      suspect = Optional.of(new Suspect(open, close));
    }
  }

  /** The error for a block that is open at the end of the text, unless it has been told. */
  Optional<Diagnostic> unclosed(Token open) {
    if (uncertain || reported) {
      return Optional.empty();
    }
    reported = true;
    return Optional.of(
        suspect
            .map(
                found ->
                    Diagnostic.error(
                        found.open.range(),
                        "This block has no closing brace",
                        "By its indentation the brace at line %d closes an outer block."
                            .formatted(found.close.range().start().line())))
            .orElseGet(
                () -> Diagnostic.error(open.range(), "This block has no closing brace", "")));
  }

  /** How far the line of an offset is indented. */
  private int indentation(int offset) {
    return Recovery.indentation(source.text(), offset);
  }
}
