package io.gaol.hcl;

import io.gaol.hcl.TemplateParser.Piece;
import io.gaol.hcl.TemplateParser.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * The indentation of {@code <<-} heredocs: what all lines have in common is taken away. Only text
 * as it is written counts, never what an interpolation results in; lines of white space do not
 * count and stay as they are.
 */
final class Indentation {
  private Indentation() {}

  static List<Piece> strip(List<Piece> pieces) {
    int common = Integer.MAX_VALUE;
    for (int i = 0; i < pieces.size(); i++) {
      if (startsLine(pieces, i) && !isBlank(pieces.get(i))) {
        common = Math.min(common, width(pieces.get(i)));
      }
    }
    List<Piece> stripped = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      boolean strips = startsLine(pieces, i) && !isBlank(piece);
      stripped.add(
          strips && piece instanceof Text(String value, SourceRange range)
              ? new Text(value.substring(Math.min(common, width(piece))), range)
              : piece);
    }
    return stripped;
  }

  private static boolean startsLine(List<Piece> pieces, int index) {
    return index == 0
        || (pieces.get(index - 1) instanceof Text(String before, _) && before.endsWith("\n"));
  }

  private static boolean isBlank(Piece piece) {
    return piece instanceof Text(String value, _)
        && value.endsWith("\n")
        && Characters.leadingSpaces(value) == value.length();
  }

  private static int width(Piece piece) {
    return piece instanceof Text(String value, _) ? Characters.leadingSpaces(value) : 0;
  }
}
