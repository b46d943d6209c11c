package io.gaol.benchmark;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Prints tables that a person reads. */
final class Report {
  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void title(String text) {
    out.println();
    out.println(text);
  }

  /** A line as it is. */
  void line(String text) {
    out.println("  " + text);
  }

  /** Two things side by side, with what one costs more. */
  void compare(String what, String oneName, Samples one, String otherName, Samples other) {
    out.printf("  %-36s %8s %8s %8s%n", what, "p10", "p50", "p95");
    for (var named : List.of(Map.entry(oneName, one), Map.entry(otherName, other))) {
      Samples samples = named.getValue();
      out.printf(
          "    %-34s %8.1f %8.1f %8.1f%n",
          named.getKey(), samples.percentile(10), samples.median(), samples.p95());
    }
    out.printf(
        "    %-34s %+8.1f %+8.1f %+8.1f   (p50: x %.2f)%n",
        "difference",
        one.percentile(10) - other.percentile(10),
        one.median() - other.median(),
        one.p95() - other.p95(),
        one.median() / other.median());
  }

  void row(String what, Samples samples) {
    out.printf(
        "  %-44s %7.2f %7.2f %7.2f%n",
        what, samples.percentile(10), samples.median(), samples.p95());
  }

  /** The difference of two medians: what one has that the other has not. */
  void difference(String what, Samples more, Samples less) {
    out.printf(
        "  %-44s %7.2f %7.2f   (difference)%n",
        what, more.percentile(10) - less.percentile(10), more.median() - less.median());
  }

  /** Whether one thing costs at most so much more than another; p10 and p50 must agree on it. */
  void verdictOnDifference(String aim, Samples one, Samples other, double most) {
    double quiet = one.percentile(10) - other.percentile(10);
    double usual = one.median() - other.median();
    // Less than nothing cannot be: then it is the machine that was measured.
    boolean possible = quiet >= 0 && usual >= 0;
    if (!possible || (quiet <= most) != (usual <= most)) {
      out.printf(
          "  aim: %s: UNDECIDED, the machine is too busy (p10 %+.1f, p50 %+.1f ms)%n",
          aim, quiet, usual);
    } else {
      verdict(aim, usual <= most, usual, "ms");
    }
  }

  /** Whether a thing that has no peer takes at most so much; p10 and p50 must agree on it. */
  void verdictOnMedian(String aim, Samples samples, double most, String unit) {
    if ((samples.percentile(10) <= most) != (samples.median() <= most)) {
      out.printf(
          "  aim: %s: UNDECIDED, the machine is too busy (p10 %.1f, p50 %.1f %s)%n",
          aim, samples.percentile(10), samples.median(), unit);
    } else {
      verdict(aim, samples.median() <= most, samples.median(), unit);
    }
  }

  void verdict(String aim, boolean met, double value, String unit) {
    out.printf("  aim: %s: %s (%.2f %s)%n", aim, met ? "met" : "NOT MET", value, unit);
  }
}
