package io.gaol.hcl.function;

/** Strings as YAML writes them. */
final class YamlText {
  private YamlText() {}

  /** In double quotes, with what does not print escaped. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
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
                case 0xA0 -> quoted.append("\\_");
                case 0x2028 -> quoted.append("\\L");
                case 0x2029 -> quoted.append("\\P");
                case 0xFEFF -> quoted.append("\\uFEFF");
                default -> {
                  if (c < ' ' || (c >= 0x7F && c < 0xA0)) {
                    quoted.append("\\x%02X".formatted(c));
                  } else {
                    quoted.appendCodePoint(c);
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }

  /** As a literal block, where a block can have it; otherwise in quotes. */
  static void block(StringBuilder yaml, String text, int indent) {
    boolean canBeBlock =
        text.codePoints().allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7F && c != 0xFEFF))
            && text.lines().noneMatch(line -> line.endsWith(" "));
    if (!canBeBlock) {
      yaml.append(quoted(text)).append('\n');
      return;
    }
    boolean needsHint = text.startsWith(" ") || text.startsWith("\n");
    int trailing = text.length() - text.replaceAll("\n+$", "").length();
    yaml.append('|')
        .append(needsHint ? "2" : "")
        .append(trailing == 0 ? "-" : trailing == 1 ? "" : "+")
        .append('\n');
    String spaces = " ".repeat(Math.max(2, indent));
    for (String line : text.substring(0, text.length() - Math.min(1, trailing)).split("\n", -1)) {
      yaml.append(line.isEmpty() ? "" : spaces).append(line).append('\n');
    }
  }
}
