package io.gaol.engine;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * How a task is stopped, kept in its directory for whoever stops it later.
 *
 * @param supervised whether its plan starts a jail
 */
record StopOrder(
    boolean supervised,
    List<Command> prestop,
    List<Command> stop,
    String signal,
    Duration timeout) {

  /** Nothing to run: what a task gets whose starter died before he wrote one. */
  static final StopOrder DEFAULT =
      new StopOrder(true, List.of(), List.of(), "SIGTERM", Duration.ofSeconds(5));

  static StopOrder of(Plan plan) {
    return new StopOrder(
        plan.steps().stream().anyMatch(Step.Supervise.class::isInstance),
        plan.prestop(),
        plan.stop(),
        plan.killSignal(),
        plan.killTimeout());
  }

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("supervised", supervised);
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
        Json.commands(json.getAsJsonArray("prestop")),
        Json.commands(json.getAsJsonArray("stop")),
        json.get("signal").getAsString(),
        Duration.parse(json.get("timeout").getAsString()));
  }
}
