package io.gaol.jail;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How parameters are spelled, and which one somebody meant. */
final class ParameterNames {
  /** What people write who know other tools, and what jail(8) calls it. */
  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("address", "ip4.addr"),
          Map.entry("addresses", "ip4.addr"),
          Map.entry("chroot", "path"),
          Map.entry("cmd", "exec.start"),
          Map.entry("dataset", "zfs.dataset"),
          Map.entry("depends", "depend"),
          Map.entry("depends_on", "depend"),
          Map.entry("devfs", "mount.devfs"),
          Map.entry("entrypoint", "exec.start"),
          Map.entry("exec", "exec.start"),
          Map.entry("fstab", "mount.fstab"),
          Map.entry("hostname", "host.hostname"),
          Map.entry("ip", "ip4.addr"),
          Map.entry("ip_address", "ip4.addr"),
          Map.entry("ipv4", "ip4"),
          Map.entry("ipv4_address", "ip4.addr"),
          Map.entry("ipv6", "ip6"),
          Map.entry("ipv6_address", "ip6.addr"),
          Map.entry("mounts", "mount"),
          Map.entry("network_interface", "interface"),
          Map.entry("ping", "allow.raw_sockets"),
          Map.entry("procfs", "mount.procfs"),
          Map.entry("root", "path"),
          Map.entry("rootdir", "path"),
          Map.entry("rootfs", "path"),
          Map.entry("ruleset", "devfs_ruleset"),
          Map.entry("shutdown", "exec.stop"),
          Map.entry("start", "exec.start"),
          Map.entry("stop", "exec.stop"),
          Map.entry("timeout", "exec.timeout"),
          Map.entry("user", "exec.jail_user"),
          Map.entry("volume", "mount"),
          Map.entry("volumes", "mount"));

  private final List<JailParameter> parameters;
  private final List<ParameterFamily> families;
  private final Map<String, JailParameter> byName = new HashMap<>();
  private final Map<String, JailParameter> byKey = new HashMap<>();
  private final Map<String, JailParameter> byNegation = new HashMap<>();
  private final Map<String, JailParameter> byNomadSpelling = new LinkedHashMap<>();

  ParameterNames(List<JailParameter> parameters, List<ParameterFamily> families) {
    this.parameters = List.copyOf(parameters);
    this.families = List.copyOf(families);
    for (JailParameter parameter : parameters) {
      byName.put(parameter.name(), parameter);
      byKey.put(key(parameter.name()), parameter);
      parameter.negation().ifPresent(negation -> byNegation.put(key(negation), parameter));
      List<String> spellings = new ArrayList<>(List.of(parameter.nomadName()));
      spellings.addAll(parameter.otherNames());
      for (String spelling : spellings) {
        byKey.put(key(spelling), parameter);
        byNomadSpelling.put(spelling, parameter);
        byNomadSpelling.put(spelling.toLowerCase(Locale.ROOT), parameter);
      }
    }
    // A job's own "command" is the main process.
    byNomadSpelling.remove("command");
  }

  /** These, and what the modules of a kernel add. */
  ParameterNames and(Collection<JailParameter> others) {
    List<JailParameter> more = new ArrayList<>(parameters);
    more.addAll(others);
    return new ParameterNames(more, families);
  }

  /**
   * A spelling understood.
   *
   * @param parameter which, never a synonym
   * @param negated whether it was the {@code no} form
   * @param last whether its values come after those of the parameter's own name
   */
  record Found(JailParameter parameter, boolean negated, boolean last) {}

  List<String> nomadSpellings() {
    return List.copyOf(byNomadSpelling.keySet());
  }

  List<String> nomadSpellingsOf(JailParameter parameter) {
    return byNomadSpelling.entrySet().stream()
        .filter(entry -> entry.getValue().name().equals(parameter.name()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Any spelling that is no negation; finds synonyms as such. */
  Optional<JailParameter> find(String spelling) {
    JailParameter known = byKey.get(key(spelling));
    return known != null
        ? Optional.of(known)
        : families.stream()
            .flatMap(
                family ->
                    family.member(spelling).stream()
                        .filter(parameter -> !isNegation(family, parameter)))
            .findFirst();
  }

  /** What a synonym is a synonym of; any other parameter is itself. */
  JailParameter meant(JailParameter parameter) {
    return parameter.addsTo().map(byName::get).orElse(parameter);
  }

  /** As a source of assignments spells it. */
  Optional<Found> resolve(String spelling, Assignment.Source source) {
    if (source == Assignment.Source.JOB_CONFIG) {
      return Optional.ofNullable(byNomadSpelling.get(spelling)).map(this::plain);
    }
    JailParameter known = byKey.get(key(spelling));
    if (known != null) {
      return Optional.of(plain(known));
    }
    JailParameter negated = byNegation.get(key(spelling));
    if (negated != null) {
      return Optional.of(new Found(meant(negated), true, false));
    }
    for (ParameterFamily family : families) {
      Optional<Found> member =
          family.member(spelling).flatMap(parameter -> familyMember(family, parameter));
      if (member.isPresent()) {
        return member;
      }
    }
    return Optional.empty();
  }

  private Found plain(JailParameter parameter) {
    return new Found(meant(parameter), false, parameter.addsTo().isPresent());
  }

  /**
   * {@code allow.mount.nop9fs} is the negation of {@code allow.mount.p9fs}; that of a negation is
   * nothing.
   */
  private static Optional<Found> familyMember(ParameterFamily family, JailParameter parameter) {
    if (!isNegation(family, parameter)) {
      return Optional.of(new Found(parameter, false, false));
    }
    String end = parameter.name().substring(family.prefix().length() + 2);
    JailParameter positive = parameter.named(family.prefix() + end);
    return isNegation(family, positive)
        ? Optional.empty()
        : Optional.of(new Found(positive, true, false));
  }

  private static boolean isNegation(ParameterFamily family, JailParameter parameter) {
    String end = parameter.name().substring(family.prefix().length());
    return parameter.type() instanceof ParameterType.Flag
        && end.startsWith("no")
        && end.length() > 2;
  }

  /**
   * What to say to somebody who wrote a name that there is not.
   *
   * @param otherKeys what else could stand there
   */
  String unknown(String spelling, Assignment.Source source, Collection<String> otherKeys) {
    Optional<JailParameter> otherwise =
        source == Assignment.Source.JOB_CONFIG ? find(spelling).map(this::meant) : Optional.empty();
    return otherwise
        .map(
            parameter ->
                "a job does not spell the parameter "
                    + parameter.name()
                    + " so: write "
                    + style(parameter, spelling, source))
        .orElseGet(
            () ->
                "no jail parameter is named "
                    + Shown.text(spelling)
                    + "."
                    + suggestion(spelling, source, otherKeys));
  }

  private String suggestion(
      String spelling, Assignment.Source source, Collection<String> otherKeys) {
    return withoutForm(spelling, source)
        .or(
            () ->
                didYouMean(synonym(spelling).map(parameter -> style(parameter, spelling, source))))
        .or(() -> didYouMean(nearest(spelling, source, otherKeys)))
        .or(() -> didYouMean(ending(spelling).map(found -> style(found, spelling, source))))
        .orElse("");
  }

  private static Optional<String> didYouMean(Optional<String> name) {
    return name.map(meant -> " Did you mean \"" + meant + "\"?");
  }

  /** A {@code no} before a name that has no such form, or before the wrong part of one. */
  private Optional<String> withoutForm(String spelling, Assignment.Source source) {
    String key = key(spelling);
    JailParameter meant = null;
    for (JailParameter parameter : parameters) {
      int last = parameter.name().lastIndexOf('.') + 1;
      String name = parameter.name();
      if (key.equals(key("no" + name))
          || key.equals(key(name.substring(0, last) + "no" + name.substring(last)))) {
        meant = parameter;
      }
    }
    if (meant == null) {
      return Optional.empty();
    }
    if (meant.type() instanceof ParameterType.Choice choice) {
      String none = choice.choices().getFirst().equals("disable") ? "disable" : "inherit";
      return Optional.of(
          " " + meant.name() + " has no \"no\" form: give it the value \"" + none + "\".");
    }
    if (source == Assignment.Source.JOB_CONFIG && meant.negation().isPresent()) {
      String none = meant.type() instanceof ParameterType.Flag ? "false" : "[]";
      return Optional.of(" Write " + style(meant, spelling, source) + " = " + none + ".");
    }
    return didYouMean(meant.negation());
  }

  private Optional<JailParameter> synonym(String spelling) {
    return Optional.ofNullable(SYNONYMS.get(key(spelling))).map(byName::get);
  }

  private Optional<String> nearest(
      String spelling, Assignment.Source source, Collection<String> otherKeys) {
    Set<String> known = new LinkedHashSet<>(otherKeys);
    if (source == Assignment.Source.JOB_CONFIG) {
      known.addAll(byNomadSpelling.keySet());
    } else {
      for (JailParameter parameter : parameters) {
        known.add(parameter.name());
        parameter.negation().ifPresent(known::add);
      }
    }
    return Spelling.nearest(spelling, known);
  }

  /** {@code raw_sockets} is the end of {@code allow.raw_sockets}. */
  private Optional<JailParameter> ending(String spelling) {
    String end = "_" + key(spelling);
    List<JailParameter> found =
        parameters.stream().filter(parameter -> key(parameter.name()).endsWith(end)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private static String style(JailParameter parameter, String spelling, Assignment.Source source) {
    if (source != Assignment.Source.JOB_CONFIG) {
      return parameter.name();
    }
    boolean lower = spelling.equals(spelling.toLowerCase(Locale.ROOT));
    return lower ? parameter.nomadName().toLowerCase(Locale.ROOT) : parameter.nomadName();
  }

  private static String key(String spelling) {
    return spelling.toLowerCase(Locale.ROOT).replace('.', '_');
  }
}
