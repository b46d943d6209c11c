package io.gaol.cli.job;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.gaol.hcl.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A job file of ours, and what Nomad's job parser made of it: a job of Nomad's API, with its
 * defaults, or a refusal.
 *
 * @param file the job file
 * @param variables what {@code -var} gives
 * @param nomads the job, as far as ours knows it; empty where Nomad refuses the file
 */
record RecordedJob(Path file, Map<String, String> variables, Optional<JsonObject> nomads) {

  /**
   * What Nomad's API has and our {@link Job} has not, by the kind of object. What a recording says
   * of them is not compared; a field that stands in a recording and is neither compared nor here
   * fails the test.
   */
  private static final Map<String, Set<String>> NOT_IN_OUR_JOB =
      Map.of(
          "job",
          Set.of(
              "Affinities",
              "AllAtOnce",
              "Constraints",
              "Migrate",
              "Multiregion",
              "Name",
              "NodePool",
              "ParameterizedJob",
              "Periodic",
              "Priority",
              "Reschedule",
              "Spreads",
              "UI",
              "Update"),
          "group",
          Set.of(
              "Affinities",
              "Constraints",
              "Consul",
              "Disconnect",
              "EphemeralDisk",
              "MaxClientDisconnect",
              "Migrate",
              "Networks",
              "ReschedulePolicy",
              "RestartPolicy", // Each task has it.
              "Scaling",
              "Services",
              "ShutdownDelay",
              "Spreads",
              "Update",
              "Volumes"),
          "task",
          Set.of(
              "Actions",
              "Affinities",
              "Artifacts",
              "CSIPluginConfig",
              "Constraints",
              "Consul",
              "DispatchPayload",
              "Identities",
              "Identity",
              "Kind",
              "Leader",
              "Lifecycle",
              "LogConfig",
              "ScalingPolicies",
              "Secrets",
              "Services",
              "ShutdownDelay",
              "Templates",
              "Vault",
              "VolumeMounts"),
          "resources",
          Set.of("Devices", "NUMA", "Networks"),
          "restart",
          Set.of("RenderTemplates"));

  /** The recording whose job file this is: {@code NAME.json} beside {@code NAME.hcl}. */
  static RecordedJob of(Path file) throws IOException {
    String name = file.getFileName().toString().replaceFirst("\\.hcl$", "");
    JsonObject recording =
        JsonParser.parseString(Files.readString(file.resolveSibling(name + ".json")))
            .getAsJsonObject();
    Map<String, String> variables = new TreeMap<>();
    if (recording.has("variables")) {
      recording
          .getAsJsonObject("variables")
          .asMap()
          .forEach((variable, value) -> variables.put(variable, value.getAsString()));
    }
    if (recording.has("error")) {
      return new RecordedJob(file, variables, Optional.empty());
    }
    JsonObject job = recording.getAsJsonObject("job");
    JsonElement defaults = recording.get("defaults");
    JsonObject whole =
        merged(job, defaults == null ? new JsonObject() : defaults).getAsJsonObject();
    return new RecordedJob(file, variables, Optional.of(job(whole)));
  }

  /** What was said, with what Nomad adds. */
  private static JsonElement merged(JsonElement said, JsonElement added) {
    if (said.isJsonObject() && added.isJsonObject()) {
      JsonObject both = said.getAsJsonObject().deepCopy();
      added
          .getAsJsonObject()
          .asMap()
          .forEach(
              (key, value) -> both.add(key, both.has(key) ? merged(both.get(key), value) : value));
      return both;
    }
    if (said.isJsonArray()
        && added.isJsonArray()
        && said.getAsJsonArray().size() == added.getAsJsonArray().size()) {
      JsonArray both = new JsonArray();
      for (int i = 0; i < said.getAsJsonArray().size(); i++) {
        both.add(merged(said.getAsJsonArray().get(i), added.getAsJsonArray().get(i)));
      }
      return both;
    }
    return added;
  }

  // ---- Nomad's job, as ours says it

  private static JsonObject job(JsonObject nomads) {
    JsonObject job = withoutUnknown("job", nomads);
    JsonObject meta = textsOf(job, "Meta");
    job.add("Meta", meta);
    // Ours has the one datacenter that a task is told.
    JsonArray datacenters = job.has("Datacenters") ? job.getAsJsonArray("Datacenters") : null;
    boolean isAny = datacenters == null || datacenters.get(0).getAsString().equals("*");
    job.addProperty("Datacenters", isAny ? "dc1" : datacenters.get(0).getAsString());
    JsonArray groups = new JsonArray();
    for (JsonElement group : job.getAsJsonArray("TaskGroups")) {
      groups.add(group(group.getAsJsonObject(), meta));
    }
    job.add("TaskGroups", groups);
    return job;
  }

  private static JsonObject group(JsonObject nomads, JsonObject jobMeta) {
    JsonObject group = withoutUnknown("group", nomads);
    JsonObject meta = merged(jobMeta, textsOf(group, "Meta")).getAsJsonObject();
    group.add("Meta", meta);
    JsonArray tasks = new JsonArray();
    for (JsonElement task : group.getAsJsonArray("Tasks")) {
      tasks.add(task(task.getAsJsonObject(), meta));
    }
    group.add("Tasks", tasks);
    return group;
  }

  private static JsonObject task(JsonObject nomads, JsonObject groupMeta) {
    JsonObject task = withoutUnknown("task", nomads);
    task.add("Meta", merged(groupMeta, textsOf(task, "Meta")));
    task.add("Env", textsOf(task, "Env"));
    task.add("Config", textsOf(task, "Config"));
    JsonObject resources = withoutUnknown("resources", task.getAsJsonObject("Resources"));
    if (resources.get("Cores").getAsInt() == 0) {
      resources.remove("Cores");
    } else {
      resources.remove("CPU"); // Ours has one or the other.
    }
    task.add("Resources", resources);
    task.add("RestartPolicy", withoutUnknown("restart", task.getAsJsonObject("RestartPolicy")));
    return task;
  }

  private static JsonObject textsOf(JsonObject object, String key) {
    return object.has(key) ? object.getAsJsonObject(key) : new JsonObject();
  }

  private static JsonObject withoutUnknown(String kind, JsonObject object) {
    JsonObject known = object.deepCopy();
    NOT_IN_OUR_JOB.get(kind).forEach(known::remove);
    return known;
  }

  // ---- our job, as Nomad says it

  /** Our job in the form that {@link #nomads} has. */
  static JsonObject show(Job ours) {
    JsonObject job = new JsonObject();
    job.addProperty("ID", ours.name());
    job.addProperty("Type", ours.type());
    job.addProperty("Datacenters", ours.datacenter());
    job.addProperty("Region", ours.region());
    job.addProperty("Namespace", ours.namespace());
    job.add("Meta", texts(ours.meta()));
    JsonArray groups = new JsonArray();
    ours.groups().forEach(group -> groups.add(show(group)));
    job.add("TaskGroups", groups);
    return job;
  }

  private static JsonObject show(Job.Group ours) {
    JsonObject group = new JsonObject();
    group.addProperty("Name", ours.name());
    group.addProperty("Count", ours.count());
    group.add("Meta", texts(ours.meta()));
    JsonArray tasks = new JsonArray();
    ours.tasks().forEach(task -> tasks.add(show(task)));
    group.add("Tasks", tasks);
    return group;
  }

  private static JsonObject show(Job.TaskSpec ours) {
    JsonObject task = new JsonObject();
    task.addProperty("Name", ours.name());
    task.addProperty("Driver", ours.driver());
    ours.user().ifPresent(user -> task.addProperty("User", user));
    ours.killSignal().ifPresent(signal -> task.addProperty("KillSignal", signal));
    task.addProperty("KillTimeout", ours.killTimeout().toNanos());
    task.add("Meta", texts(ours.meta()));
    task.add("Env", texts(ours.env()));
    task.add("Config", json(Value.of(ours.config().values())));
    task.add("Resources", show(ours.resources()));
    task.add("RestartPolicy", show(ours.restart()));
    return task;
  }

  private static JsonObject show(Job.ResourceSpec ours) {
    JsonObject resources = new JsonObject();
    ours.cpu().ifPresent(mhz -> resources.addProperty("CPU", mhz));
    ours.cores().ifPresent(cores -> resources.addProperty("Cores", cores));
    resources.addProperty("MemoryMB", ours.memory());
    ours.memoryMax().ifPresent(most -> resources.addProperty("MemoryMaxMB", most));
    return resources;
  }

  private static JsonObject show(Job.RestartPolicy ours) {
    JsonObject restart = new JsonObject();
    restart.addProperty("Attempts", ours.attempts());
    restart.addProperty("Interval", ours.interval().toNanos());
    restart.addProperty("Delay", ours.delay().toNanos());
    restart.addProperty("Mode", ours.delays() ? "delay" : "fail");
    return restart;
  }

  private static JsonObject texts(Map<String, String> texts) {
    JsonObject object = new JsonObject();
    texts.forEach(object::addProperty);
    return object;
  }

  private static JsonElement json(Value value) {
    return switch (value) {
      case Value.Null _ -> JsonNull.INSTANCE;
      case Value.Bool(boolean flag) -> new JsonPrimitive(flag);
      case Value.Num(BigDecimal number) -> number(number);
      case Value.Text(String text) -> new JsonPrimitive(text);
      case Value.Tuple(var elements) -> {
        JsonArray array = new JsonArray();
        elements.forEach(element -> array.add(json(element)));
        yield array;
      }
      case Value.Obj(var attributes) -> {
        JsonObject object = new JsonObject();
        attributes.forEach((name, attribute) -> object.add(name, json(attribute)));
        yield object;
      }
    };
  }

  /** Nomad keeps whole numbers of 64 bits; all others become floating-point numbers. */
  private static JsonPrimitive number(BigDecimal number) {
    try {
      return new JsonPrimitive(number.longValueExact());
    } catch (ArithmeticException _) {
      return new JsonPrimitive(number.doubleValue());
    }
  }

  // ---- comparing

  /** A tree as text, one leaf on each line, so that a difference is a line. */
  static String lines(JsonElement tree) {
    StringBuilder lines = new StringBuilder();
    addLines("", tree, lines);
    return lines.toString();
  }

  private static void addLines(String path, JsonElement tree, StringBuilder lines) {
    if (tree.isJsonObject() && !tree.getAsJsonObject().isEmpty()) {
      new TreeMap<>(tree.getAsJsonObject().asMap())
          .forEach((key, value) -> addLines(path + "." + key, value, lines));
    } else if (tree.isJsonArray() && !tree.getAsJsonArray().isEmpty()) {
      for (int i = 0; i < tree.getAsJsonArray().size(); i++) {
        addLines(path + "[" + i + "]", tree.getAsJsonArray().get(i), lines);
      }
    } else {
      lines.append(String.format(Locale.ROOT, "%s = %s%n", path, leaf(tree)));
    }
  }

  private static String leaf(JsonElement leaf) {
    return leaf.isJsonPrimitive() && leaf.getAsJsonPrimitive().isNumber()
        ? number(leaf.getAsBigDecimal()).toString()
        : leaf.toString();
  }
}
