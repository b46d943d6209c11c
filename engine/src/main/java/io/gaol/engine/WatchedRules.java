package io.gaol.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.gaol.jail.RctlRule;
import io.gaol.jail.RctlSubject;
import java.util.ArrayList;
import java.util.List;

/** The rules that are watched, as a task's directory keeps them for whoever takes it over. */
final class WatchedRules {
  private WatchedRules() {}

  static JsonArray json(List<WatchedRule> rules) {
    JsonArray array = new JsonArray();
    for (WatchedRule watched : rules) {
      JsonObject json = new JsonObject();
      json.addProperty("rule", watched.rule().toString());
      json.addProperty("per", watched.per().keyword());
      json.addProperty("by", watched.by().name());
      array.add(json);
    }
    return array;
  }

  static String toJson(List<WatchedRule> rules) {
    JsonObject json = new JsonObject();
    json.add("rules", json(rules));
    return Json.pretty(json);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws RuntimeException if it is anything else
   */
  static List<WatchedRule> fromJson(String text) {
    List<WatchedRule> rules = new ArrayList<>();
    for (JsonElement element : Json.parse(text).getAsJsonArray("rules")) {
      JsonObject json = element.getAsJsonObject();
      rules.add(
          new WatchedRule(
              RctlRule.parse(json.get("rule").getAsString()),
              RctlSubject.find(json.get("per").getAsString()).orElseThrow(),
              WatchedRule.By.valueOf(json.get("by").getAsString())));
    }
    return rules;
  }
}
