package io.gaol.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A rule of rctl(8) for one jail: what is done when the jail, or each process, user or login class
 * in it, uses more of a resource than an amount. Only what the kernel takes can be said: what it
 * refuses with {@code Operation not supported} or {@code Result too large} is refused here.
 *
 * @param resource which resource
 * @param action what is done
 * @param amount how much, in the resource's {@link RctlUnit}; never negative
 * @param per whose use is compared with the amount
 * @param perGiven whether the rule itself says so: {@code /jail} and nothing mean the same to
 *     rctl(8), but where a host can count for each process only, whoever wrote {@code /jail} must
 *     not get that
 */
public record RctlRule(
    RctlResource resource, RctlAction action, long amount, RctlSubject per, boolean perGiven) {
  private static final String SHAPE =
      "resource:action=amount, as memoryuse:sigkill=512M, and behind it /process, /user or"
          + " /loginclass where each of them is meant";

  /** What rctl(8) takes for a subject: its words and their short forms. */
  private static final List<String> SUBJECTS =
      List.of("process", "user", "loginclass", "jail", "group", "p", "u", "l", "c", "class", "j");

  /**
   * Checks.
   *
   * @throws InvalidValueException if the kernel takes no such rule
   */
  public RctlRule {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(per, "per");
    List<String> problems = new ArrayList<>();
    if (amount < 0 || amount > resource.unit().greatestAmount()) {
      problems.add(
          "the amount " + amount + " is not from 0 to " + resource.unit().greatestAmount());
    }
    if (amount == 0 && action == RctlAction.THROTTLE) {
      problems.add(
          "throttle to 0 would let nothing pass, and FreeBSD before 12.3 refuses it: write at least"
              + " 1");
    }
    problems.addAll(unsupported(resource, action, per));
    if (per != RctlSubject.JAIL && !perGiven) {
      problems.add("a rule that says nothing is for the whole jail, not for each " + per.keyword());
    }
    InvalidValueException.throwIfAny(problems);
  }

  /** A rule as rctl(8) prints it: the whole jail goes without saying. */
  public RctlRule(RctlResource resource, RctlAction action, long amount, RctlSubject per) {
    this(resource, action, amount, per, per != RctlSubject.JAIL);
  }

  /**
   * Reads a rule without its subject, which is the jail: {@code resource:action=amount/per}, as
   * {@code vmemoryuse:deny=1G/process}.
   *
   * @throws InvalidValueException with all that is wrong
   */
  public static RctlRule parse(String text) {
    return parse(text, Optional.empty());
  }

  /**
   * Reads a rule with or without its subject, where the jail's name is known: {@code
   * jail:web:vmemoryuse:deny=1G/process}.
   *
   * @param jail the only jail that the rule may be for
   * @throws InvalidValueException with all that is wrong
   */
  public static RctlRule parse(String text, JailName jail) {
    return parse(text, Optional.of(jail));
  }

  private static RctlRule parse(String text, Optional<JailName> jail) {
    List<String> fields = new ArrayList<>(Arrays.asList(text.split(":", -1)));
    List<String> problems = new ArrayList<>();
    if (fields.size() == 4) {
      subjectProblem(fields.get(0), fields.get(1), jail).ifPresent(problems::add);
      fields = fields.subList(2, 4);
    }
    if (fields.size() != 2) {
      throw new InvalidValueException("a rule is " + SHAPE);
    }
    String resource = fields.getFirst();
    String limit = fields.getLast();
    int equals = limit.indexOf('=');
    int slash = limit.indexOf('/');
    if (equals < 0 || (slash >= 0 && slash < equals)) {
      problems.add("a rule needs an amount behind its action: a rule is " + SHAPE);
      throw new InvalidValueException(problems);
    }
    String action = limit.substring(0, equals);
    String amount = limit.substring(equals + 1, slash < 0 ? limit.length() : slash);
    Optional<String> per = slash < 0 ? Optional.empty() : Optional.of(limit.substring(slash + 1));
    return of(resource, action, amount, per, problems);
  }

  /**
   * A rule of its words, each in any letter case.
   *
   * @param per empty is the whole jail
   * @throws InvalidValueException with all that is wrong
   */
  public static RctlRule of(String resource, String action, String amount, Optional<String> per) {
    return of(resource, action, amount, per, new ArrayList<>());
  }

  private static RctlRule of(
      String resource, String action, String amount, Optional<String> per, List<String> problems) {
    Optional<RctlResource> knownResource =
        known(resource, "resource", RctlResource::find, RctlResource::suggestion, problems);
    Optional<RctlAction> knownAction =
        known(action, "action", RctlAction::find, RctlAction::suggestion, problems);
    Optional<RctlSubject> knownPer =
        per.isEmpty()
            ? Optional.of(RctlSubject.JAIL)
            : known(per.get(), "subject", RctlSubject::find, RctlSubject::suggestion, problems);
    Optional<Long> number = Optional.empty();
    try {
      // Without its resource an amount can be checked for its form at least.
      number =
          Optional.of(
              RctlAmount.parse(
                  amount, knownResource.map(RctlResource::unit).orElse(RctlUnit.COUNT)));
    } catch (InvalidValueException invalid) {
      problems.addAll(invalid.problems());
    }
    if (problems.isEmpty()) {
      return new RctlRule(
          knownResource.orElseThrow(),
          knownAction.orElseThrow(),
          number.orElseThrow(),
          knownPer.orElseThrow(),
          per.isPresent());
    }
    if (knownResource.isPresent() && knownAction.isPresent()) {
      problems.addAll(
          unsupported(knownResource.get(), knownAction.get(), knownPer.orElse(RctlSubject.JAIL)));
    }
    throw new InvalidValueException(problems);
  }

  private static <T> Optional<T> known(
      String word,
      String what,
      Function<String, Optional<T>> find,
      Function<String, String> suggestion,
      List<String> problems) {
    Optional<T> known = find.apply(word);
    if (known.isEmpty()) {
      problems.add("rctl(8) knows no " + what + " \"" + word + "\"." + suggestion.apply(word));
    }
    return known;
  }

  private static Optional<String> subjectProblem(
      String subject, String id, Optional<JailName> jail) {
    String word = subject.toLowerCase(Locale.ROOT);
    if (!SUBJECTS.contains(word)) {
      return Optional.of(
          "rctl(8) knows no subject \"" + subject + "\"." + RctlSubject.suggestion(subject));
    }
    if (!word.equals("jail") && !word.equals("j")) {
      return Optional.of(
          "a rule of a jail is for this jail, not for \""
              + subject
              + ":"
              + id
              + "\": leave it out, and write /process, /user or /loginclass behind the amount where"
              + " each of them is meant");
    }
    if (jail.isEmpty()) {
      return Optional.of(
          "the subject \"" + subject + ":" + id + "\" is not needed: the rule is for this jail");
    }
    return id.equals(jail.get().value())
        ? Optional.empty()
        : Optional.of(
            "the rule is for the jail \"" + id + "\", but this is \"" + jail.get() + "\"");
  }

  /** What the kernel answers {@code Operation not supported} to: kern_rctl.c. */
  private static List<String> unsupported(
      RctlResource resource, RctlAction action, RctlSubject per) {
    List<String> problems = new ArrayList<>();
    if (action == RctlAction.DENY && resource.limit() != RctlResource.Limit.DENIED) {
      problems.add(
          "the kernel cannot deny "
              + resource.keyword()
              + (resource.limit() == RctlResource.Limit.THROTTLED
                  ? ": use throttle"
                  : ": use a signal, such as sigterm or sigkill"));
    }
    if (action == RctlAction.THROTTLE && resource.limit() != RctlResource.Limit.THROTTLED) {
      problems.add(
          "the kernel throttles readbps, writebps, readiops and writeiops only: for "
              + resource.keyword()
              + (resource.limit() == RctlResource.Limit.DENIED
                  ? " use deny"
                  : " use a signal, such as sigterm or sigkill"));
    }
    if (per == RctlSubject.PROCESS && !resource.perProcess()) {
      problems.add(
          "the kernel does not count "
              + resource.keyword()
              + " for each process: leave /process out, for the whole jail, or write /user or"
              + " /loginclass");
    }
    return problems;
  }

  /**
   * The rule as rctl(8) prints it, with its subject: {@code jail:web:memoryuse:sigkill=512M}. What
   * goes without saying is left out.
   */
  public String forJail(JailName jail) {
    return "jail:" + jail + ":" + text(per != RctlSubject.JAIL);
  }

  /**
   * The rule without its subject, in rctl(8)'s own syntax, as {@link #parse(String)} reads it:
   * {@code /jail} stands where it was written, and bytes have the greatest suffix that is exact.
   */
  @Override
  public String toString() {
    return text(perGiven);
  }

  private String text(boolean withPer) {
    return resource.keyword()
        + ":"
        + action.keyword()
        + "="
        + RctlAmount.print(amount, resource.unit())
        + (withPer ? "/" + per.keyword() : "");
  }
}
