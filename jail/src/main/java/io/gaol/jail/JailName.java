package io.gaol.jail;

/**
 * The name of one jail on its host, unique for each start. Safe wherever it is used: as jail(8)
 * name (no dot, which would mean a parent; not all digits), in rctl(8) rules (no colon), as OCI
 * container id, as directory and cgroup name.
 *
 * @param value a letter, then letters, digits, {@code -} and {@code _}; at most 64 characters
 */
public record JailName(String value) {
  /** The longest name: a host name of 64 characters still fits Linux and FreeBSD. */
  public static final int MAXIMUM_LENGTH = 64;

  /** The longest that is made for a task: rctl(8)'s lines in the host's log have 128 bytes. */
  public static final int MADE_LENGTH = 40;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if {@code value} is not such a name
   */
  public JailName {
    if (!value.matches("[A-Za-z][A-Za-z0-9_-]*") || value.length() > MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "not a jail name: \""
              + value
              + "\" (a letter, then letters, digits, \"-\" and \"_\", at most "
              + MAXIMUM_LENGTH
              + ")");
    }
  }

  /**
   * A name that tells a person what runs in the jail, made of any text whatever; at most {@value
   * #MADE_LENGTH} characters, unless what tells it apart takes half of them.
   *
   * @param label such as the task's name; characters that a jail name may not have become {@code -}
   * @param unique told apart by this: letters, digits and {@code -}, such as part of an allocation
   *     id
   */
  public static JailName of(String label, String unique) {
    String safe = label.replaceAll("[^A-Za-z0-9_]+", "-").replaceAll("^[^A-Za-z]+", "");
    int most = unique.length() < MADE_LENGTH / 2 ? MADE_LENGTH : MAXIMUM_LENGTH;
    int room = most - unique.length() - 1;
    if (safe.length() > room) {
      safe = safe.substring(0, room);
    }
    safe = safe.replaceAll("-+$", "");
    return new JailName((safe.isEmpty() ? "task" : safe) + "-" + unique);
  }

  @Override
  public String toString() {
    return value;
  }
}
