package io.gaol.engine;

import io.gaol.jail.Assignment;
import io.gaol.jail.JailParameters;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the planner of any host asks of a spec. */
public final class PlannedSpec {
  private PlannedSpec() {}

  /**
   * The parameters as a plan shows them, each with who wants it: the job, a default, or the host.
   *
   * @param ofHost what the host adds, by jail(8)'s names
   */
  public static List<String> settings(JailParameters parameters, Map<String, String> ofHost) {
    List<String> settings = new ArrayList<>();
    for (String name : parameters.names()) {
      String who =
          parameters
              .provenance(name)
              .map(JailParameters.Provenance::origin)
              .orElse(Assignment.Origin.JOB)
              .name()
              .toLowerCase(Locale.ROOT);
      settings.add(name + " = " + String.join(", ", parameters.values(name)) + " (" + who + ")");
    }
    ofHost.forEach((name, value) -> settings.add(name + " = " + value + " (host)"));
    return settings;
  }

  /** Why nothing would run in the jail, nor keep it; empty if something does. */
  public static Optional<String> nothingToRun(JailSpec spec) {
    boolean starts = !spec.parameters().values("exec.start").isEmpty();
    boolean persists = spec.parameters().flag("persist").orElse(false);
    return spec.command().isEmpty() && !starts && !persists
        ? Optional.of(
            "there is nothing to run: set command, or Exec_start, or Persist = true"
                + " (jail(8): a new jail must persist or attach)")
        : Optional.empty();
  }

  /** Why it is not clear whom commands in the jail run as; empty if it is. */
  public static Optional<String> twoUsers(JailSpec spec) {
    Optional<String> jailUser = spec.parameters().value("exec.jail_user");
    return spec.user().isPresent() && jailUser.isPresent() && !spec.user().equals(jailUser)
        ? Optional.of(
            "user = \""
                + spec.user().get()
                + "\" and exec.jail_user = \""
                + jailUser.get()
                + "\" differ: the commands of a jail run as one user here; drop one")
        : Optional.empty();
  }

  /**
   * Whom the hooks on the host run as: {@code exec.system_user}.
   *
   * @param host the host's users
   * @param problems gets why there is no such user
   */
  public static Optional<JailUser> systemUser(
      JailParameters parameters, JailUser.Accounts host, List<String> problems) throws IOException {
    Optional<String> wanted = parameters.value("exec.system_user");
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    Optional<JailUser> user = JailUser.find(host, wanted.get());
    if (user.isEmpty()) {
      problems.add(
          "exec.system_user = \""
              + wanted.get()
              + "\": there is no such user in /etc/passwd of the host");
    }
    return user;
  }
}
