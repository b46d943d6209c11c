package io.gaol.cli.language;

import com.google.gson.JsonPrimitive;
import io.gaol.hcl.Value;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The texts that must not be shown: the values of sensitive variables, and those that were made
 * from them.
 */
public final class Secrets {
  private static final String INSTEAD = "(sensitive)";

  /** Anything shorter would be found in the middle of other words. */
  private static final int SHORT = 4;

  private final Set<String> texts = new TreeSet<>(Secrets::longestFirst);

  private static int longestFirst(String left, String right) {
    return left.length() == right.length()
        ? left.compareTo(right)
        : Integer.compare(right.length(), left.length());
  }

  /** Every text and number in the value is a secret from now on. */
  void add(Value value) {
    switch (value) {
      case Value.Text(String text) when !text.isBlank() -> addText(text);
      case Value.Num number -> texts.add(number.toString());
      case Value.Sequence sequence -> sequence.elements().forEach(this::add);
      case Value.Mapping mapping -> mapping.entries().values().forEach(this::add);
      default -> {}
    }
  }

  /** Errors and plans show texts line by line. */
  private void addText(String text) {
    addWritten(text);
    text.lines().filter(line -> !line.isBlank()).map(String::strip).forEach(this::addWritten);
  }

  /** Plans write texts between single quotes, for sh(1) and for jail.conf(5), and all in JSON. */
  private void addWritten(String text) {
    for (String written :
        List.of(text, text.replace("'", "'\\''"), text.replace("\\", "\\\\").replace("'", "\\'"))) {
      texts.add(written);
      String json = new JsonPrimitive(written).toString();
      texts.add(json.substring(1, json.length() - 1));
    }
  }

  /** A text without the secrets in it. */
  public String redact(String text) {
    String redacted = text;
    for (String secret : texts) {
      redacted =
          secret.length() < SHORT ? word(redacted, secret) : redacted.replace(secret, INSTEAD);
    }
    return redacted;
  }

  private static String word(String text, String secret) {
    StringBuilder result = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
      int end = at + secret.length();
      boolean alone =
          (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
              && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
      if (alone && at >= from) {
        result.append(text, from, at).append(INSTEAD);
        from = end;
      }
    }
    return result.append(text, from, text.length()).toString();
  }
}
