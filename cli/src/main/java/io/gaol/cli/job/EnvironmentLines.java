package io.gaol.cli.job;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Variables as a template with {@code env = true} writes them: {@code NAME=value} lines, as
 * hashicorp/go-envparse reads them. Blank lines and those that begin with {@code #} say nothing;
 * {@code export} before a name is passed over; a value may be in single quotes, as it is, or in
 * double quotes, with escapes.
 */
final class EnvironmentLines {
  private EnvironmentLines() {}

  /** A line that is none. */
  static final class WrongLineException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongLineException(int line, String problem) {
      super("line " + line + " of its variables: " + problem);
    }
  }

  /**
   * Reads variables.
   *
   * @throws WrongLineException at the first line that is none; no value is in the message
   */
  static Map<String, String> parse(String text) throws WrongLineException {
    Map<String, String> variables = new LinkedHashMap<>();
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new WrongLineException(number, "there is no \"=\" in it");
      }
      String name = line.substring(0, equals).strip();
      name = name.startsWith("export ") ? name.substring("export ".length()).strip() : name;
      if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
        throw new WrongLineException(number, "\"" + name + "\" is no variable's name");
      }
      variables.put(name, value(line.substring(equals + 1).strip(), number));
    }
    return variables;
  }

  private static String value(String text, int line) throws WrongLineException {
    if (text.isEmpty()) {
      return text;
    }
    char quote = text.charAt(0);
    if (quote != '"' && quote != '\'') {
      int comment = text.indexOf(" #");
      return (comment < 0 ? text : text.substring(0, comment)).strip();
    }
    StringBuilder value = new StringBuilder();
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        String rest = text.substring(i + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
          throw new WrongLineException(line, "something follows the closing quote");
        }
        return value.toString();
      }
      if (c == '\\' && quote == '"' && i + 1 < text.length()) {
        i++;
        value.append(escaped(text.charAt(i)));
      } else {
        value.append(c);
      }
    }
    throw new WrongLineException(line, "a quote is not closed");
  }

  private static String escaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case '"', '\\', '\'', '$', '`' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }
}
