package io.gaol.jail;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whose use an amount is compared with: what stands behind the {@code /} of a rule of rctl(8). */
public enum RctlSubject {
  /** Each process by itself. */
  PROCESS,
  /** All processes of a user in the jail. */
  USER,
  /** All processes of a login class in the jail. */
  LOGINCLASS,
  /** The whole jail: what a rule for a jail means when it says nothing. */
  JAIL;

  /** The name in a rule, such as {@code process}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The subject of a keyword in any letter case, as rctl(8) reads it. */
  public static Optional<RctlSubject> find(String keyword) {
    return Arrays.stream(values())
        .filter(subject -> subject.keyword().equalsIgnoreCase(keyword))
        .findFirst();
  }

  /** " Did you mean ...?" with the subject that was most likely meant, or nothing. */
  static String suggestion(String given) {
    List<String> keywords = Arrays.stream(values()).map(RctlSubject::keyword).toList();
    return Spelling.suggestion(given, keywords);
  }
}
