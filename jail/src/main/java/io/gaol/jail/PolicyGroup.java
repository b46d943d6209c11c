package io.gaol.jail;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an operator opens to jobs at once, of the parameters of jail(8): each belongs to one of
 * these, in the {@link JailParameterCatalogue}.
 */
public enum PolicyGroup {
  /** Stays in the jail, or takes from it. */
  SAFE("it stays in the jail"),
  /** Takes part in the host's network. */
  NETWORK("it takes part in the host's network"),
  /** Mounts file systems for the jail, or lets it mount them. */
  MOUNT("it has to do with mounts, which the host's kernel does for all"),
  /** Reaches beyond the jail: in no group but {@code all}, which opens the others too. */
  ALL("it reaches beyond the jail, and only the group \"all\" has it"),
  /** Commands that the host runs, which no group opens. */
  HOST_HOOK("it is about commands that run on the host as root");

  private final String reason;

  PolicyGroup(String reason) {
    this.reason = reason;
  }

  /** The name in an operator's list. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Why an operator would want to be asked, as part of a sentence about a parameter. */
  public String reason() {
    return reason;
  }

  /** Those that an operator's list may name. */
  public static List<PolicyGroup> openable() {
    return List.of(SAFE, NETWORK, MOUNT, ALL);
  }

  /** The group of a keyword; empty if no list may name it. */
  public static Optional<PolicyGroup> find(String keyword) {
    return openable().stream().filter(group -> group.keyword().equals(keyword)).findFirst();
  }

  /** Whether to open this group opens another one. */
  public boolean opens(PolicyGroup other) {
    return this == other || (this == ALL && other != HOST_HOOK);
  }
}
