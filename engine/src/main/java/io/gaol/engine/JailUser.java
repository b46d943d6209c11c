package io.gaol.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A user of the jail's own passwd(5) and group(5).
 *
 * @param name as there, or the number if it is not there
 * @param uid number
 * @param gid primary group
 * @param groups further groups
 * @param home directory
 * @param shell login shell
 */
public record JailUser(
    String name, int uid, int gid, List<Integer> groups, String home, String shell) {
  /** Copies. */
  public JailUser {
    groups = List.copyOf(groups);
  }

  /** Where users and groups are told. */
  @FunctionalInterface
  public interface Accounts {
    /**
     * The lines of a file of passwd(5) or group(5).
     *
     * @param file {@code /etc/passwd} or {@code /etc/group}
     * @return none if it is not there
     */
    List<String> lines(Path file) throws IOException;
  }

  /**
   * Finds a user.
   *
   * @param accounts of the jail, or of the host
   * @param wanted a name, {@code uid}, {@code uid:gid}, {@code name:group}
   * @return empty if there is no such user or group; a number needs no entry
   */
  public static Optional<JailUser> find(Accounts accounts, String wanted) throws IOException {
    String[] parts = wanted.split(":", 2);
    Optional<JailUser> user = findUser(accounts, parts[0]);
    if (user.isEmpty() || parts.length == 1) {
      return user;
    }
    Optional<Integer> gid = findGroup(accounts, parts[1]);
    return gid.map(
        number ->
            new JailUser(
                user.get().name(),
                user.get().uid(),
                number,
                List.of(),
                user.get().home(),
                user.get().shell()));
  }

  private static Optional<JailUser> findUser(Accounts accounts, String wanted) throws IOException {
    for (String line : accounts.lines(Path.of("/etc/passwd"))) {
      String[] fields = line.split(":", -1);
      if (fields.length < 7 || !isNumber(fields[2]) || !isNumber(fields[3])) {
        continue;
      }
      if (fields[0].equals(wanted) || (isNumber(wanted) && sameNumber(fields[2], wanted))) {
        return Optional.of(
            new JailUser(
                fields[0],
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                furtherGroups(accounts, fields[0]),
                fields[5].isEmpty() ? "/" : fields[5],
                fields[6].isEmpty() ? "/bin/sh" : fields[6]));
      }
    }
    if (isNumber(wanted)) {
      int uid = Integer.parseInt(wanted);
      return Optional.of(new JailUser(wanted, uid, uid, List.of(), "/", "/bin/sh"));
    }
    if (wanted.equals("root")) {
      // A root directory without passwd(5) has a root all the same.
      return Optional.of(new JailUser("root", 0, 0, List.of(), "/root", "/bin/sh"));
    }
    return Optional.empty();
  }

  private static List<Integer> furtherGroups(Accounts accounts, String user) throws IOException {
    List<Integer> groups = new ArrayList<>();
    for (String line : accounts.lines(Path.of("/etc/group"))) {
      String[] fields = line.split(":", -1);
      if (fields.length >= 4
          && isNumber(fields[2])
          && Arrays.asList(fields[3].split(",")).contains(user)) {
        groups.add(Integer.valueOf(fields[2]));
      }
    }
    return groups;
  }

  private static Optional<Integer> findGroup(Accounts accounts, String wanted) throws IOException {
    for (String line : accounts.lines(Path.of("/etc/group"))) {
      String[] fields = line.split(":", -1);
      if (fields.length >= 3 && fields[0].equals(wanted) && isNumber(fields[2])) {
        return Optional.of(Integer.valueOf(fields[2]));
      }
    }
    return isNumber(wanted) ? Optional.of(Integer.valueOf(wanted)) : Optional.empty();
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,9}");
  }

  private static boolean sameNumber(String one, String other) {
    return Integer.parseInt(one) == Integer.parseInt(other);
  }
}
