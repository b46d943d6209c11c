package io.gaol.jail.policy;

/** Texts as HCL writes them, so that a message can be copied to a config. */
final class HclText {
  private HclText() {}

  /** A text in quotes, on one line, of which HCL makes the same text again. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      switch (character) {
        case '"', '\\' -> quoted.append('\\').append(character);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '$', '%' -> {
          boolean template = i + 1 < text.length() && text.charAt(i + 1) == '{';
          quoted.append(character).append(template ? character : "");
        }
        default -> {
          if (Character.isISOControl(character)) {
            quoted.append(String.format("\\u%04x", (int) character));
          } else {
            quoted.append(character);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
