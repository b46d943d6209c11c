package io.gaol.jail;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One parameter of jail(8): a row of the {@link JailParameterCatalogue}.
 *
 * @param name jail(8)'s own name, such as {@code exec.poststart}
 * @param group what it is about
 * @param kind who carries it out
 * @param type what its value is
 * @param repeatable whether jail(8) takes several values
 * @param settable when it may be set
 * @param setter who may set it
 * @param availability which releases of FreeBSD know it
 * @param byDefault what holds where it is not given, for people; empty if nothing does
 * @param description what it is for, in a sentence or two
 * @param relations how it bears on other parameters
 * @param linux what Linux makes of it
 * @param policy what an operator has to open for jobs to set it; a flag's false needs nothing
 * @param otherNames spellings in Nomad jobs that do not follow from {@code name}, such as {@code
 *     nic} for {@code interface}
 * @param addsTo the parameter whose values those of this one are added to: it is a synonym
 */
public record JailParameter(
    String name,
    ParameterGroup group,
    Kind kind,
    ParameterType type,
    boolean repeatable,
    Settable settable,
    Setter setter,
    Availability availability,
    String byDefault,
    String description,
    List<Relation> relations,
    ByValue<LinuxVerdict> linux,
    ByValue<PolicyGroup> policy,
    List<String> otherNames,
    Optional<String> addsTo) {

  /** Checks and copies. */
  public JailParameter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(settable, "settable");
    Objects.requireNonNull(setter, "setter");
    Objects.requireNonNull(availability, "availability");
    Objects.requireNonNull(byDefault, "byDefault");
    Objects.requireNonNull(description, "description");
    relations = List.copyOf(relations);
    Objects.requireNonNull(linux, "linux");
    Objects.requireNonNull(policy, "policy");
    otherNames = List.copyOf(otherNames);
    Objects.requireNonNull(addsTo, "addsTo");
  }

  /** Who carries a parameter out. */
  public enum Kind {
    /** The kernel: jail_set(2). */
    KERNEL,
    /** jail(8) itself; the kernel never hears of it. */
    PSEUDO
  }

  /** When a parameter may be set. */
  public enum Settable {
    /** Only when the jail is created; jail(8) says "cannot be changed after creation" later. */
    AT_CREATION,
    /** When the jail is created, and while it is there. */
    AT_ANY_TIME,
    /** Never: it can only be read. */
    NEVER
  }

  /** Who may set a parameter. */
  public enum Setter {
    /** The superuser ({@code PRIV_JAIL_SET}); in a jail, one that may have children. */
    ROOT,
    /** The superuser, but in a jail never beyond what that jail has itself. */
    ROOT_WITHIN_ITS_OWN_LIMITS,
    /** Only the kernel. */
    KERNEL
  }

  /**
   * The spelling of a Nomad job: jail(8)'s name with underscores for dots and an upper-case first
   * letter, as {@code Exec_poststart}.
   */
  public String nomadName() {
    String underscored = name.replace('.', '_');
    return underscored.substring(0, 1).toUpperCase(Locale.ROOT) + underscored.substring(1);
  }

  /**
   * The name that says the opposite, {@code no} before its last part ({@code allow.noraw_sockets},
   * {@code nopersist}): of a flag, its false; of commands, that there are none.
   *
   * @return empty if jail(8) has no such form of it, as of {@code vnet}
   */
  public Optional<String> negation() {
    if (!(type instanceof ParameterType.Flag) && !(type instanceof ParameterType.CommandLine)) {
      return Optional.empty();
    }
    int last = name.lastIndexOf('.') + 1;
    return Optional.of(name.substring(0, last) + "no" + name.substring(last));
  }

  /** This row under another name: how a family's member is made of its family. */
  JailParameter named(String member) {
    return new JailParameter(
        member,
        group,
        kind,
        type,
        repeatable,
        settable,
        setter,
        availability,
        byDefault,
        description,
        relations,
        linux,
        policy,
        List.of(),
        Optional.empty());
  }
}
