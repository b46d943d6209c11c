package io.gaol.engine;

import java.util.List;
import java.util.stream.Collectors;

/** Text for sh(1). */
public final class ShellText {
  private ShellText() {}

  /** One word, whatever is in it. */
  public static String word(String text) {
    return text.matches("[A-Za-z0-9_./:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** A command line of these words. */
  public static String line(List<String> words) {
    return words.stream().map(ShellText::word).collect(Collectors.joining(" "));
  }
}
