package io.gaol.jail;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant who misspelt a name. */
public final class Spelling {
  private Spelling() {}

  /**
   * The name most like a given one, letter case aside.
   *
   * @return empty if none is near: within two edits, or a third of a long word
   */
  public static Optional<String> nearest(String given, Collection<String> names) {
    String word = given.toLowerCase(Locale.ROOT);
    int limit = Math.max(2, word.length() / 3);
    record Candidate(String name, int distance) {}
    return names.stream()
        .map(name -> new Candidate(name, distance(word, name.toLowerCase(Locale.ROOT))))
        .filter(candidate -> candidate.distance() <= limit)
        .filter(candidate -> candidate.distance() < word.length())
        .min(
            Comparator.comparingInt(Candidate::distance)
                .thenComparingInt(candidate -> distance(given, candidate.name()))
                .thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  /** " Did you mean ...?" with the nearest name, or nothing. */
  public static String suggestion(String given, Collection<String> names) {
    return nearest(given, names).map(name -> " Did you mean \"" + name + "\"?").orElse("");
  }

  /** The number of letters to insert, delete, replace or swap with their neighbour. */
  private static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
