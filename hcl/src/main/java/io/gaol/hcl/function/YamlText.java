package io.gaol.hcl.function;

/** Strings as YAML writes them. */
final class YamlText {
  /** Longer lines are folded at the next space. */
  private static final int WIDTH = 80;

  private YamlText() {}

  /** In double quotes on one line, with what does not print escaped. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> append(quoted, c));
    return quoted.append('"').toString();
  }

  /** In double quotes, folded where it is long; ends the line. */
  static void folded(StringBuilder yaml, String text, int indent) {
    int column = yaml.length() - (yaml.lastIndexOf("\n") + 1);
    StringBuilder line = new StringBuilder("\"");
    boolean wasSpace = false;
    int[] characters = text.codePoints().toArray();
    for (int i = 0; i < characters.length; i++) {
      boolean isSpace = characters[i] == ' ';
      if (isSpace
          && !wasSpace
          && column + line.length() > WIDTH
          && i > 0
          && i < characters.length - 1) {
        yaml.append(line).append('\n').append(" ".repeat(Math.max(2, indent)));
        column = Math.max(2, indent);
        line.setLength(0);
        if (characters[i + 1] == ' ') {
          line.append('\\');
        }
      } else {
        append(line, characters[i]);
      }
      wasSpace = isSpace;
    }
    yaml.append(line).append("\"\n");
  }

  private static void append(StringBuilder quoted, int c) {
    switch (c) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case 0 -> quoted.append("\\0");
      case 7 -> quoted.append("\\a");
      case '\b' -> quoted.append("\\b");
      case '\t' -> quoted.append("\\t");
      case '\n' -> quoted.append("\\n");
      case 0x0B -> quoted.append("\\v");
      case '\f' -> quoted.append("\\f");
      case '\r' -> quoted.append("\\r");
      case 0x1B -> quoted.append("\\e");
      case 0x85 -> quoted.append("\\N");
      case 0x2028 -> quoted.append("\\L");
      case 0x2029 -> quoted.append("\\P");
      default -> {
        if (isPrintable(c)) {
          quoted.appendCodePoint(c);
        } else {
          quoted.append(
              c <= 0xFF
                  ? "\\x%02X".formatted(c)
                  : c <= 0xFFFF ? "\\u%04X".formatted(c) : "\\U%08X".formatted(c));
        }
      }
    }
  }

  /** As the reference implementation has it: nothing beyond the basic plane. */
  private static boolean isPrintable(int c) {
    return (c >= ' ' && c < 0x7F) || (c >= 0xA0 && c < 0xFFFE && c != 0xFEFF);
  }

  /** As a literal block, where a block can have it; otherwise in quotes. Ends the line. */
  static void block(StringBuilder yaml, String text, int indent) {
    boolean canBeBlock =
        text.codePoints().allMatch(c -> c == '\n' || (isPrintable(c) && c != 0x2028 && c != 0x2029))
            && text.lines().noneMatch(line -> line.endsWith(" "));
    if (!canBeBlock) {
      folded(yaml, text, indent);
      return;
    }
    boolean needsHint = text.startsWith(" ") || text.startsWith("\n");
    int trailing = text.length() - text.replaceAll("\n+$", "").length();
    yaml.append('|')
        .append(needsHint ? "2" : "")
        .append(trailing == 0 ? "-" : trailing == 1 && text.length() > 1 ? "" : "+")
        .append('\n');
    String spaces = " ".repeat(Math.max(2, indent));
    for (String line : text.substring(0, text.length() - Math.min(1, trailing)).split("\n", -1)) {
      yaml.append(line.isEmpty() ? "" : spaces).append(line).append('\n');
    }
  }
}
