package io.gaol.nomad.config;

import java.util.List;

/**
 * Something in a config that an agent refuses.
 *
 * @param path where: keys, and positions in lists, from the config inwards
 * @param message what is wrong, as the agent says it: a summary, a colon, and a sentence
 */
public record ConfigProblem(List<Object> path, String message) {
  /** Copies. */
  public ConfigProblem {
    path = List.copyOf(path);
  }

  /** The path as it would be written: {@code mount[1].size}. */
  public String place() {
    StringBuilder place = new StringBuilder();
    for (Object step : path) {
      if (step instanceof Integer) {
        place.append('[').append(step).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step);
      }
    }
    return place.toString();
  }
}
