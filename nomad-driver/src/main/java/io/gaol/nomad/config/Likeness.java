package io.gaol.nomad.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of the known names a misspelt one is meant to be. */
final class Likeness {
  /** An agent suggests nothing that is further away. */
  private static final int FURTHEST = 2;

  private Likeness() {}

  static Optional<String> nearest(String name, List<String> known) {
    return known.stream()
        .filter(candidate -> distance(name, candidate) <= FURTHEST)
        .min(Comparator.comparingInt((String candidate) -> distance(name, candidate)));
  }

  /** Levenshtein's: how many letters to add, remove or replace. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
