package io.gaol.jail.policy;

import io.gaol.jail.InvalidValueException;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameter.Settable;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.JailSpec;
import io.gaol.jail.PolicyGroup;
import io.gaol.jail.RctlAction;
import io.gaol.jail.Spelling;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an operator permits jobs to ask for. Whatever reaches the host from a jail has to be
 * permitted; {@link #DEFAULT} permits nothing that does. Immutable.
 */
public final class Policy {
  /** Where the operator says nothing. */
  public static final Policy DEFAULT = of(Map.of());

  private final Map<PolicyOption, List<String>> entries;

  private Policy(Map<PolicyOption, List<String>> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * The policy of an operator's options.
   *
   * @param given the entries of the options that are set; every other one has its default
   * @throws InvalidValueException with all that is wrong, each problem with its option
   */
  public static Policy of(Map<PolicyOption, List<String>> given) {
    Map<PolicyOption, List<String>> entries = new EnumMap<>(PolicyOption.class);
    List<String> problems = new ArrayList<>();
    for (PolicyOption option : PolicyOption.values()) {
      List<String> read = new ArrayList<>();
      for (String entry : given.getOrDefault(option, option.byDefault())) {
        switch (Entry.read(option, entry)) {
          case Entry.Good(String value) -> read.add(value);
          case Entry.Wrong(String rule) -> problems.add(option.key() + ": " + rule);
        }
      }
      entries.put(option, read.stream().distinct().toList());
    }
    if (!problems.isEmpty()) {
      throw new InvalidValueException(problems.stream().distinct().toList());
    }
    return new Policy(entries);
  }

  /** The entries of an option. */
  public List<String> entries(PolicyOption option) {
    return entries.get(option);
  }

  /** This policy, and one thing more. */
  public Policy with(Grant grant) {
    Map<PolicyOption, List<String>> more = new EnumMap<>(entries);
    more.put(grant.option(), withEntry(grant));
    return of(more);
  }

  /** The option as it would permit something too: {@code allow_params = ["safe", "network"]}. */
  String written(Grant grant) {
    return grant.option().written(withEntry(grant));
  }

  private List<String> withEntry(Grant grant) {
    List<String> both = new ArrayList<>(entries(grant.option()));
    both.add(grant.entry());
    return both.stream().distinct().toList();
  }

  /**
   * What of a spec is not permitted.
   *
   * <p>The directories, volumes and devices that Nomad hands over are not asked about: its own
   * config says which there are. What a symbolic link leads to is looked up once, now: who carries
   * the spec out must not follow one that appears later.
   *
   * @param allocation the directories that are the job's own
   * @param real where a path of the host leads once all symbolic links are followed; of a path that
   *     is not there, its nearest directory that is there, and the rest
   * @return all of it, each once, in the order in which the spec has it; empty if all is permitted
   */
  public List<Refusal> check(JailSpec spec, Allocation allocation, UnaryOperator<Path> real) {
    return new PolicyCheck(this, spec, allocation, real).refusals();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Policy that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  /** As an operator's config has it, an option a line. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    entries.forEach((option, values) -> lines.add(option.written(values)));
    return String.join("\n", lines);
  }

  /** One entry of an option, read. */
  private sealed interface Entry {
    record Good(String value) implements Entry {}

    record Wrong(String rule) implements Entry {}

    static Entry read(PolicyOption option, String entry) {
      return switch (option) {
        case ALLOW_PARAMS -> parameter(entry);
        case ALLOW_HOST_HOOKS -> new Good(entry);
        case ALLOW_ROOTS, ALLOW_HOST_PATHS, ALLOW_FSTABS -> path(entry);
        case ALLOW_DATASETS -> dataset(entry);
        case ALLOW_INTERFACES ->
            pattern(entry, "the name of an interface", "[^\\s,|/*-][^\\s,|/*]*");
        case ALLOW_DEVFS_RULESETS -> ruleset(entry);
        case ALLOW_USERS -> pattern(entry, "a user", "[^\\s*]+");
        case ALLOW_RCTL_ACTIONS -> action(entry);
      };
    }

    private static Entry parameter(String entry) {
      if (PolicyGroup.find(entry).isPresent()) {
        return new Good(entry);
      }
      Optional<JailParameter> parameter = JailParameterCatalogue.find(entry);
      if (parameter.isEmpty()) {
        List<String> known =
            new ArrayList<>(PolicyGroup.openable().stream().map(PolicyGroup::keyword).toList());
        JailParameterCatalogue.all().forEach(one -> known.add(one.name()));
        return new Wrong(
            HclText.quoted(entry)
                + " is neither a group of parameters (safe, network, mount, all) nor a parameter of"
                + " jail(8)."
                + Spelling.suggestion(entry, known));
      }
      if (parameter.get().policy().otherwise() == PolicyGroup.HOST_HOOK) {
        return new Wrong(
            HclText.quoted(entry)
                + " is about commands that run on the host as root: "
                + PolicyOption.ALLOW_HOST_HOOKS.key()
                + " = true permits them, all at once");
      }
      return parameter.get().settable() == Settable.NEVER
          ? new Wrong(HclText.quoted(entry) + " can only be read: the kernel sets it")
          : new Good(parameter.get().name());
    }

    private static Entry path(String entry) {
      try {
        Path path = Path.of(entry);
        if (!path.isAbsolute()) {
          return new Wrong(
              HclText.quoted(entry) + " must be absolute: a path of the host that begins with /");
        }
        if (HostPaths.goesUp(path)) {
          return new Wrong(
              HclText.quoted(entry)
                  + " may not hold \"..\": write "
                  + HclText.quoted(path.normalize().toString()));
        }
        return new Good(HostPaths.plain(path).toString());
      } catch (InvalidPathException notAPath) {
        return new Wrong(HclText.quoted(entry) + " is not a path");
      }
    }

    private static Entry dataset(String entry) {
      return Datasets.isName(entry)
          ? new Good(entry)
          : new Wrong(HclText.quoted(entry) + " is not a dataset, such as \"zroot/jobs\"");
    }

    private static Entry pattern(String entry, String what, String name) {
      String stem = entry.endsWith("*") ? entry.substring(0, entry.length() - 1) : entry;
      return entry.equals("*") || stem.matches(name)
          ? new Good(entry)
          : new Wrong(
              HclText.quoted(entry) + " is not " + what + ", nor the beginning of one and *");
    }

    private static Entry ruleset(String entry) {
      return entry.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(entry) <= 65_535
          ? new Good(entry)
          : new Wrong(
              HclText.quoted(entry) + " is not the number of a devfs ruleset, from 0 to 65535");
    }

    private static Entry action(String entry) {
      if (RctlAction.find(entry).isPresent()) {
        return new Good(RctlAction.find(entry).get().keyword());
      }
      List<String> keywords = new ArrayList<>(List.of("sig*"));
      for (RctlAction action : RctlAction.values()) {
        keywords.add(action.keyword());
      }
      String stem = entry.endsWith("*") ? entry.substring(0, entry.length() - 1) : " ";
      return keywords.stream().anyMatch(keyword -> keyword.startsWith(stem))
          ? new Good(entry)
          : new Wrong(
              HclText.quoted(entry)
                  + " is not an action of rctl(8)."
                  + Spelling.suggestion(entry, keywords));
    }
  }
}
