package io.gaol.e2e.nomad;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * What an agent told of a task, as in {@code nomad alloc status}.
 *
 * @param type such as {@code Terminated}
 * @param message what its operator reads
 * @param details by name, as text
 */
record TaskEvent(String type, String message, Map<String, String> details) {
  static TaskEvent of(JsonObject json) {
    Map<String, String> details = new HashMap<>();
    if (json.get("Details") instanceof JsonObject all) {
      for (Map.Entry<String, JsonElement> detail : all.entrySet()) {
        details.put(detail.getKey(), detail.getValue().getAsString());
      }
    }
    return new TaskEvent(
        json.get("Type").getAsString(),
        json.get("DisplayMessage").getAsString(),
        Map.copyOf(details));
  }
}
