package io.gaol.jail.conf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong, each thing once, up to a bound. */
final class Problems {
  /** What follows is no help any more. */
  private static final int MOST = 100;

  private final Set<JailConfProblem> problems = new LinkedHashSet<>();

  void add(Place place, String message) {
    if (problems.size() < MOST) {
      problems.add(new JailConfProblem(place, message));
    }
  }

  boolean isFull() {
    return problems.size() == MOST;
  }

  List<JailConfProblem> all() {
    return new ArrayList<>(problems);
  }

  void throwIfAny() throws JailConfException {
    if (!problems.isEmpty()) {
      throw new JailConfException(all());
    }
  }
}
