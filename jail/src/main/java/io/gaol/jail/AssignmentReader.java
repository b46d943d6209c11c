package io.gaol.jail;

import io.gaol.jail.Assignment.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads what a job, flags or a file set: to the parameters of a jail, or to all that is wrong.
 *
 * <p>Where a parameter is set twice and takes one value, where two parameters contradict each other
 * by jail(8)'s rules ({@link Relation}), neither wins: both places are told. Only a default gives
 * way, also to what contradicts it. Immutable; pure.
 */
public final class AssignmentReader {
  private final ParameterNames names;
  private final List<String> otherKeys;

  private AssignmentReader(ParameterNames names, List<String> otherKeys) {
    this.names = names;
    this.otherKeys = otherKeys;
  }

  /** A reader that knows the catalogue. */
  public static AssignmentReader ofCatalogue() {
    return new AssignmentReader(JailParameterCatalogue.names(), List.of());
  }

  /**
   * This reader, and it knows what a kernel's modules add.
   *
   * @param parameters that the catalogue does not have
   */
  public AssignmentReader knowing(Collection<JailParameter> parameters) {
    return new AssignmentReader(names.and(parameters), otherKeys);
  }

  /**
   * This reader, and it suggests other keys too to somebody who misspelt one.
   *
   * @param keys that stand beside the parameters, such as {@code command}
   */
  public AssignmentReader besides(Collection<String> keys) {
    return new AssignmentReader(names, List.copyOf(keys));
  }

  /** What to say of a name that is no parameter: what is meant, as far as can be told. */
  public String unknown(String name, Assignment.Source source) {
    return names.unknown(name, source, otherKeys);
  }

  /**
   * Reads them all; what is refused is read again with what a kernel has besides the catalogue.
   *
   * @param others asked only then, because the host has to be
   */
  public AssignmentReading read(
      List<Assignment> assignments, Supplier<? extends Collection<JailParameter>> others) {
    AssignmentReading reading = read(assignments);
    if (reading instanceof AssignmentReading.Accepted) {
      return reading;
    }
    Collection<JailParameter> more = others.get();
    return more.isEmpty() ? reading : knowing(more).read(assignments);
  }

  /** Reads them all. The order of assignments is that of the values of one parameter. */
  public AssignmentReading read(List<Assignment> assignments) {
    return new Reading().read(assignments);
  }

  /**
   * An assignment understood.
   *
   * @param values none if it says that there are none
   */
  private record Understood(
      Assignment assignment, ParameterNames.Found found, List<String> values) {
    JailParameter parameter() {
      return found.parameter();
    }

    boolean isDefault() {
      return assignment.origin() == Origin.DEFAULT;
    }

    /** Each is only itself: who writes the same twice has written two. */
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** One reading: what it found so far. */
  private final class Reading {
    private final Set<ParameterProblem> problems = new LinkedHashSet<>();

    /** What holds: for each parameter all that sets it, in order. */
    private final Map<String, List<Understood>> held = new LinkedHashMap<>();

    AssignmentReading read(List<Assignment> assignments) {
      List<Understood> understood = understand(assignments);
      Set<String> set = new HashSet<>();
      for (Understood one : understood) {
        if (!one.isDefault()) {
          set.add(one.parameter().name());
        }
      }
      for (Understood one : understood) {
        String name = one.parameter().name();
        if (!one.isDefault() || !set.contains(name)) {
          held.computeIfAbsent(name, n -> new ArrayList<>()).add(one);
        }
      }
      held.values().forEach(this::settle);
      relate();
      return problems.isEmpty()
          ? new AssignmentReading.Accepted(parameters())
          : new AssignmentReading.Refused(List.copyOf(problems));
    }

    private List<Understood> understand(List<Assignment> assignments) {
      List<Understood> understood = new ArrayList<>();
      for (Assignment assignment : assignments) {
        if (assignment.value() != null) {
          understand(assignment).ifPresent(understood::add);
        }
      }
      return understood;
    }

    private Optional<Understood> understand(Assignment assignment) {
      Optional<ParameterNames.Found> found = names.resolve(assignment.name(), assignment.source());
      if (found.isEmpty()) {
        problem(assignment, unknown(assignment.name(), assignment.source()));
        return Optional.empty();
      }
      JailParameter parameter = found.get().parameter();
      return switch (ParameterValues.read(
          parameter, assignment.value(), found.get().negated(), assignment.source())) {
        case ParameterValues.Result.Understood(List<String> values) ->
            Optional.of(new Understood(assignment, found.get(), values));
        case ParameterValues.Result.Broken(List<String> rules) -> {
          rules.forEach(rule -> problem(assignment, assignment.name() + " " + rule));
          yield Optional.empty();
        }
      };
    }

    /**
     * Of a parameter that takes one value, and of a list that is said to be empty, one is right.
     */
    private void settle(List<Understood> same) {
      Understood first = same.getFirst();
      for (Understood other : same.subList(1, same.size())) {
        if (!first.parameter().repeatable()) {
          onlyOne(first, other);
        } else if (other.values().isEmpty() != first.values().isEmpty()) {
          problems.add(
              ParameterProblem.of(
                  other.assignment(),
                  first.assignment(),
                  other.assignment().called()
                      + " and "
                      + first.assignment().called()
                      + " contradict each other: one says that there is no "
                      + first.parameter().name()
                      + ", the other one gives some"));
        }
      }
      if (first.parameter().type() instanceof ParameterType.Addresses) {
        settleAddresses(same);
      }
      // A default of a parameter that takes one value is set by the last of them.
      if (first.isDefault() && !first.parameter().repeatable()) {
        same.subList(0, same.size() - 1).clear();
      }
    }

    private void onlyOne(Understood first, Understood other) {
      if (first.isDefault()) {
        return;
      }
      Assignment one = first.assignment();
      Assignment two = other.assignment();
      String message;
      if (!first.values().equals(other.values())
          && first.found().negated() != other.found().negated()) {
        message = two.called() + " and " + one.called() + " contradict each other: keep one";
      } else if (one.name().equals(two.name())) {
        message =
            two.called()
                + " is given already"
                + (one.place().isEmpty() ? "" : ", at " + one.place())
                + ": keep one";
      } else {
        message =
            two.called()
                + " and "
                + one.called()
                + " are the same parameter ("
                + first.parameter().name()
                + "): keep one";
      }
      problems.add(ParameterProblem.of(two, one, message));
    }

    private void settleAddresses(List<Understood> same) {
      Map<String, Assignment> places = new HashMap<>();
      int count = 0;
      for (Understood one : same) {
        for (String address : one.values()) {
          count++;
          Assignment before = places.putIfAbsent(address, one.assignment());
          if (before != null) {
            String twice =
                one.assignment().called() + " has the address " + Shown.text(address) + " twice";
            problems.add(
                before.equals(one.assignment())
                    ? ParameterProblem.of(one.assignment(), twice)
                    : ParameterProblem.of(
                        one.assignment(), before, twice + ", first as " + before.called()));
          }
        }
      }
      if (count > ParameterType.Addresses.MOST) {
        problem(
            same.getLast().assignment(),
            same.getLast().assignment().name()
                + " takes at most "
                + ParameterType.Addresses.MOST
                + " addresses, but "
                + count
                + " are given");
      }
    }

    // ---- what parameters are to each other

    private void relate() {
      for (List<Understood> same : List.copyOf(held.values())) {
        for (Understood one : List.copyOf(same)) {
          one.parameter().relations().forEach(relation -> relate(one, relation));
        }
      }
    }

    private void relate(Understood one, Relation relation) {
      boolean meant =
          !one.values().isEmpty()
              && relation.when().map(value -> one.values().contains(value)).orElse(true)
              && held.getOrDefault(one.parameter().name(), List.of()).contains(one);
      if (!meant) {
        return;
      }
      List<Understood> others =
          held.getOrDefault(relation.other(), List.of()).stream()
              .filter(other -> !other.values().isEmpty())
              .toList();
      switch (relation.kind()) {
        case IMPLIES -> {
          for (Understood other : others) {
            if (!relation.values().containsAll(other.values())) {
              contradiction(one, other, relation);
            }
          }
        }
        case EXCLUDES -> {
          for (Understood other : others) {
            if (relation.values().isEmpty() || relation.values().containsAll(other.values())) {
              contradiction(one, other, relation);
            }
          }
        }
        case NEEDS -> {
          if (others.isEmpty()) {
            problem(
                one.assignment(),
                one.assignment().called()
                    + " needs "
                    + relation.other()
                    + value(relation.values())
                    + ": "
                    + relation.reason());
          }
          for (Understood other : others) {
            if (!relation.values().containsAll(other.values())) {
              contradiction(one, other, relation);
            }
          }
        }
        case WORKS_WITH, DEFAULTS -> {
          // jail(8) takes it as it is.
        }
      }
    }

    /** A default gives way; of two wishes neither does. */
    private void contradiction(Understood one, Understood other, Relation relation) {
      if (other.isDefault()) {
        held.get(other.parameter().name()).remove(other);
        return;
      }
      if (one.isDefault()) {
        held.get(one.parameter().name()).remove(one);
        return;
      }
      problems.add(
          ParameterProblem.of(
              other.assignment(),
              one.assignment(),
              said(other) + " and " + said(one) + " contradict each other: " + relation.reason()));
    }

    private static String said(Understood one) {
      Assignment assignment = one.assignment();
      String place = assignment.place().isEmpty() ? "" : " (" + assignment.place() + ")";
      boolean choice = !one.parameter().repeatable() && !one.found().negated();
      return assignment.name() + (choice ? value(one.values()) : "") + place;
    }

    private static String value(List<String> values) {
      return values.isEmpty() ? "" : " = " + Shown.text(values.getFirst());
    }

    private void problem(Assignment assignment, String message) {
      problems.add(ParameterProblem.of(assignment, message));
    }

    // ---- what holds

    private JailParameters parameters() {
      JailParameters result = JailParameters.NONE;
      for (List<Understood> same : held.values()) {
        List<Understood> ordered = new ArrayList<>(same);
        // jail(8) runs exec.start before command.
        ordered.sort((a, b) -> Boolean.compare(a.found().last(), b.found().last()));
        for (Understood one : ordered) {
          if (!one.values().isEmpty()) {
            Assignment assignment = one.assignment();
            result =
                result.with(
                    one.parameter(),
                    one.values(),
                    new JailParameters.Provenance(
                        assignment.origin(), assignment.name(), assignment.place()));
          }
        }
      }
      return result;
    }
  }
}
