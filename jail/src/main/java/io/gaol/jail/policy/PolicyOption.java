package io.gaol.jail.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An option of the operator's: a list of what jobs may ask for. All are of the form {@code key =
 * ["entry", ...]}, but {@link #ALLOW_HOST_HOOKS}, which is true or false.
 */
public enum PolicyOption {
  /**
   * Groups of parameters ({@link io.gaol.jail.PolicyGroup}), and jail(8)'s names of single ones.
   */
  ALLOW_PARAMS("safe"),
  /** Commands that the host runs, as root: exec.prepare, exec.prestart and so on. */
  ALLOW_HOST_HOOKS,
  /** Directories of the host that may be, or hold, a jail's root. */
  ALLOW_ROOTS,
  /** Files and directories of the host that a jail may use, with all below them. */
  ALLOW_HOST_PATHS,
  /** Files of {@code mount.fstab}, where jobs cannot write. */
  ALLOW_FSTABS(),
  /** ZFS datasets that may be mounted for a jail or attached to it, with all below them. */
  ALLOW_DATASETS,
  /**
   * Interfaces of the host that a jail may have, or have its addresses on; {@code *} at the end.
   */
  ALLOW_INTERFACES,
  /** Rulesets of devfs(8): which devices a jail sees. */
  ALLOW_DEVFS_RULESETS("4"),
  /** Users that a task may run as, names or numbers; {@code *} at the end. */
  ALLOW_USERS("*"),
  /** Actions of a job's own rctl(8) rules; {@code *} at the end. */
  ALLOW_RCTL_ACTIONS("deny", "throttle", "sig*");

  /** The one entry of an option that is true or false. */
  public static final String TRUE = "true";

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes what cannot change.
  private final List<String> byDefault;

  PolicyOption(String... byDefault) {
    this.byDefault = List.of(byDefault);
  }

  /** The key in the plugin's config, such as {@code allow_params}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The option of a key. */
  public static Optional<PolicyOption> find(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }

  /** Whether it is true or false, and no list. */
  public boolean isFlag() {
    return this == ALLOW_HOST_HOOKS;
  }

  /** What holds where the operator says nothing. */
  public List<String> byDefault() {
    return byDefault;
  }

  /**
   * The parameters of jail(8) whose values it is asked about, once {@link #ALLOW_PARAMS} permits
   * that they are set at all.
   */
  public List<String> parameters() {
    return switch (this) {
      case ALLOW_PARAMS, ALLOW_HOST_HOOKS, ALLOW_RCTL_ACTIONS -> List.of();
      case ALLOW_ROOTS -> List.of("path");
      case ALLOW_HOST_PATHS -> List.of("mount", "exec.consolelog");
      case ALLOW_FSTABS -> List.of("mount.fstab");
      case ALLOW_DATASETS -> List.of("mount", "zfs.dataset");
      case ALLOW_INTERFACES -> List.of("interface", "vnet.interface", "ip4.addr", "ip6.addr");
      case ALLOW_DEVFS_RULESETS -> List.of("mount", "devfs_ruleset");
      case ALLOW_USERS -> List.of("exec.jail_user");
    };
  }

  /** As an operator's config has it: {@code allow_params = ["safe"]}. */
  public String written(List<String> entries) {
    String value =
        isFlag()
            ? String.valueOf(entries.contains(TRUE))
            : "[" + String.join(", ", entries.stream().map(HclText::quoted).toList()) + "]";
    return key() + " = " + value;
  }
}
