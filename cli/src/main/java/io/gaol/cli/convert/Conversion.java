package io.gaol.cli.convert;

import java.util.List;

/**
 * What became of a file.
 *
 * @param text the other file
 * @param notCarried what of the first is not in it, or means something else there; each whole
 */
public record Conversion(String text, List<String> notCarried) {
  /** Copies. */
  public Conversion {
    notCarried = List.copyOf(notCarried);
  }
}
