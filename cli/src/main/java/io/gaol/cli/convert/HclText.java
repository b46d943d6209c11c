package io.gaol.cli.convert;

/** Texts as they are written in a job file, so that they arrive as they are. */
final class HclText {
  private HclText() {}

  /**
   * A text in a driver's {@code config}. It is a template twice: for the parser of the job, and for
   * the client that starts the task.
   */
  static String ofConfig(String text) {
    return quoted(literal(literal(text)));
  }

  /** A name of a block: it is a template once. */
  static String ofLabel(String text) {
    return quoted(literal(text));
  }

  /** A template that gives the text: HCL's specification, "Template Literals". */
  static String literal(String text) {
    return text.replace("${", "$${").replace("%{", "%%{");
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (Character.isISOControl(c) || c == '\ufeff' || c == '\u2028' || c == '\u2029') {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
