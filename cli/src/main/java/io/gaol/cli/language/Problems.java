package io.gaol.cli.language;

import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.HclException;
import io.gaol.hcl.SourceRange;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Collects what is to be said of a job file, so that all of it is said at once. */
public final class Problems {
  private final Set<Diagnostic> errors = new LinkedHashSet<>();
  private final Set<Diagnostic> warnings = new LinkedHashSet<>();
  private final Map<String, SourceRange> clusterOnly = new LinkedHashMap<>();
  private final Set<SourceRange> incomplete = new HashSet<>();

  /** The job cannot be used. */
  public void error(SourceRange where, String summary, String detail) {
    errors.add(Diagnostic.error(where, summary, detail));
  }

  /** The job cannot be used, for reasons that were found elsewhere. */
  public void errors(List<Diagnostic> more) {
    errors.addAll(more);
  }

  /** The job can be used, but may not say what was meant. */
  public void warning(SourceRange where, String summary, String detail) {
    warnings.add(new Diagnostic(Diagnostic.Severity.WARNING, summary, detail, where));
  }

  /** A part of the job that means something to a cluster only. */
  void needsCluster(String key, SourceRange where) {
    clusterOnly.putIfAbsent(key, where);
  }

  /** Something of a block was left out as it is wrong. */
  void leftOut(SourceRange block) {
    incomplete.add(block);
  }

  /** Whether something of the block whose type stands there was left out, as it is wrong. */
  public boolean isIncomplete(SourceRange block) {
    return incomplete.contains(block);
  }

  /** The result, or nothing where it cannot be had; then it is known why. */
  <T> Optional<T> attempt(Supplier<T> calculation) {
    try {
      return Optional.of(calculation.get());
    } catch (HclException wrong) {
      errors.addAll(wrong.diagnostics());
      return Optional.empty();
    }
  }

  /** All errors, in the order in which they were found. */
  public List<Diagnostic> errors() {
    return List.copyOf(errors);
  }

  /** All warnings, in the order in which they were found. */
  public List<Diagnostic> warnings() {
    return List.copyOf(warnings);
  }

  /** What means something to a cluster only, with its first place. */
  public Map<String, SourceRange> clusterOnly() {
    return new LinkedHashMap<>(clusterOnly);
  }
}
