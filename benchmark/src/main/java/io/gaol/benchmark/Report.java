package io.gaol.benchmark;

import java.io.PrintStream;

/** Prints tables that a person reads. */
final class Report {
  private final PrintStream out;
  private boolean aimsMet = true;

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
    out.printf("  %-24s %12s %8s %8s%n", what, "", "p50", "p95");
    out.printf("    %-34s %8.1f %8.1f%n", oneName, one.median(), one.p95());
    out.printf("    %-34s %8.1f %8.1f%n", otherName, other.median(), other.p95());
    out.printf(
        "    %-34s %+8.1f %+8.1f   (x %.2f)%n",
        "difference",
        one.median() - other.median(),
        one.p95() - other.p95(),
        one.median() / other.median());
  }

  void row(String what, Samples samples) {
    out.printf("  %-44s p50 %7.2f   p95 %7.2f%n", what, samples.median(), samples.p95());
  }

  /** The difference of two medians: what one has that the other has not. */
  void difference(String what, Samples more, Samples less) {
    out.printf("  %-44s p50 %7.2f   (difference)%n", what, more.median() - less.median());
  }

  void verdict(String aim, boolean met, double value, String unit) {
    aimsMet &= met;
    out.printf("  aim: %s: %s (%.2f %s)%n", aim, met ? "met" : "NOT MET", value, unit);
  }

  boolean aimsMet() {
    return aimsMet;
  }
}
