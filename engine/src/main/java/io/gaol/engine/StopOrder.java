package io.gaol.engine;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What of a task's plan is still to come once it runs: how it is stopped, what its end is told
 * with. Kept in its directory for whoever takes it over.
 *
 * @param supervised whether its plan starts a jail
 * @param starts {@link Supervised#starts}
 * @param whenStarted {@link Plan#whenStarted}
 */
record StopOrder(
    boolean supervised,
    List<String> starts,
    List<Command> whenStarted,
    List<Command> prestop,
    List<Command> stop,
    String signal,
    Duration timeout) {

  /** Nothing to run: what a task gets whose starter died before he wrote one. */
  static final StopOrder DEFAULT =
      new StopOrder(
          true, List.of(), List.of(), List.of(), List.of(), "SIGTERM", Duration.ofSeconds(5));

  static StopOrder of(Plan plan) {
    Optional<Supervised> supervised =
        plan.steps().stream()
            .filter(Step.Supervise.class::isInstance)
            .map(step -> ((Step.Supervise) step).supervised())
            .findFirst();
    return new StopOrder(
        supervised.isPresent(),
        supervised.map(Supervised::starts).orElse(List.of()),
        plan.whenStarted().stream()
            .filter(Step.Run.class::isInstance)
            .map(step -> ((Step.Run) step).command())
            .toList(),
        plan.prestop(),
        plan.stop(),
        plan.killSignal(),
        plan.killTimeout());
  }

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("supervised", supervised);
    json.add("starts", Json.strings(starts));
    json.add("whenStarted", Json.of(whenStarted));
    json.add("prestop", Json.of(prestop));
    json.add("stop", Json.of(stop));
    json.addProperty("signal", signal);
    json.addProperty("timeout", timeout.toString());
    return Json.pretty(json);
  }

  static StopOrder fromJson(String text) {
    JsonObject json = Json.parse(text);
    return new StopOrder(
        json.get("supervised").getAsBoolean(),
        // One that an earlier Gaol wrote has none of these two.
        json.has("starts") ? Json.texts(json, "starts") : List.of(),
        json.has("whenStarted") ? Json.commands(json.getAsJsonArray("whenStarted")) : List.of(),
        Json.commands(json.getAsJsonArray("prestop")),
        Json.commands(json.getAsJsonArray("stop")),
        json.get("signal").getAsString(),
        Duration.parse(json.get("timeout").getAsString()));
  }
}
