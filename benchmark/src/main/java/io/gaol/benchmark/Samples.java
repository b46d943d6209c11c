package io.gaol.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Times of one thing, measured again and again. In milliseconds. */
final class Samples {
  private final List<Double> values = new ArrayList<>();

  void add(double milliseconds) {
    values.add(milliseconds);
  }

  /** Adds the time between two values of {@link System#nanoTime}. */
  void add(long from, long to) {
    add((to - from) / 1e6);
  }

  void add(Duration time) {
    add(time.toNanos() / 1e6);
  }

  void clear() {
    values.clear();
  }

  int count() {
    return values.size();
  }

  double median() {
    return percentile(50);
  }

  double p95() {
    return percentile(95);
  }

  /** The value at a rank, between two ranks in proportion. */
  double percentile(int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    double rank = percent / 100.0 * (sorted.size() - 1);
    double low = sorted.get((int) Math.floor(rank));
    double high = sorted.get((int) Math.ceil(rank));
    return low + (high - low) * (rank - Math.floor(rank));
  }
}
