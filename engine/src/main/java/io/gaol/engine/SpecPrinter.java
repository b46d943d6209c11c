package io.gaol.engine;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.gaol.jail.JailSpec;
import io.gaol.jail.RctlRule;
import java.util.List;

/** Prints a spec: what a task's {@code spec.json} holds. Of variables only the names show. */
public final class SpecPrinter {
  private SpecPrinter() {}

  /** The spec as JSON, for a person who looks into a task's directory. */
  public static String json(JailSpec spec) {
    JsonObject json = new JsonObject();
    json.addProperty("name", spec.name().value());
    JsonObject parameters = new JsonObject();
    for (String name : spec.parameters().names()) {
      parameters.add(name, texts(spec.parameters().values(name)));
    }
    json.add("parameters", parameters);
    json.add("command", texts(spec.command()));
    json.add("environment", texts(List.copyOf(spec.environment().variables().keySet())));
    spec.user().ifPresent(user -> json.addProperty("user", user));
    json.addProperty("workDirectory", spec.workDirectory());
    json.addProperty(
        "root",
        switch (spec.root()) {
          case JailSpec.Root.Directory(var path) -> path.toString();
          case JailSpec.Root.HostSystem host -> host.taskDirectory() + " under the host's system";
        });
    JsonArray mounts = new JsonArray();
    spec.mounts()
        .forEach(
            mount ->
                mounts.add(
                    mount.source()
                        + " on "
                        + mount.target()
                        + (mount.readOnly() ? ", read-only" : "")));
    json.add("mounts", mounts);
    spec.resources().memory().ifPresent(bytes -> json.addProperty("memory", bytes.toString()));
    spec.resources().cpuShares().ifPresent(shares -> json.addProperty("cpuShares", shares));
    json.add("rctlRules", texts(spec.rctlRules().stream().map(RctlRule::toString).toList()));
    return Json.pretty(json);
  }

  private static JsonArray texts(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }
}
