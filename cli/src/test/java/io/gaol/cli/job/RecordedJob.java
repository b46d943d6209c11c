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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

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
              "Spreads",
              "Update"),
          "task",
          Set.of(
              "Actions",
              "Affinities",
              "CSIPluginConfig",
              "Consul",
              "DispatchPayload",
              "Identities",
              "Identity",
              "Kind",
              "ScalingPolicies",
              "Secrets",
              "Services",
              "Vault"),
          "resources",
          Set.of("Devices", "NUMA", "Networks"),
          "template",
          Set.of("VaultGrace", "Wait"),
          "change script",
          Set.of("RunOnFirstRender"),
          "volume",
          Set.of("AccessMode", "AttachmentMode", "MountOptions", "Sticky", "Type"),
          "volume mount",
          Set.of("PropagationMode", "SELinuxLabel"),
          "logs",
          Set.of("MaxFiles", "MaxFileSizeMB"));

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
    if (group.has("Volumes")) {
      group
          .getAsJsonObject("Volumes")
          .asMap()
          .replaceAll((name, volume) -> withoutUnknown("volume", volume.getAsJsonObject()));
    }
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
    task.add("LogConfig", withoutUnknown("logs", task.getAsJsonObject("LogConfig")));
    replaceAll(task, "Templates", RecordedJob::template);
    replaceAll(task, "VolumeMounts", mount -> withoutUnknown("volume mount", mount));
    return task;
  }

  private static JsonObject template(JsonObject nomads) {
    JsonObject template = withoutUnknown("template", nomads);
    if (template.has("ChangeScript")) {
      template.add(
          "ChangeScript",
          withoutUnknown("change script", template.getAsJsonObject("ChangeScript")));
    }
    template.addProperty("Perms", Integer.parseInt(template.get("Perms").getAsString(), 8));
    template
        .asMap()
        .values()
        .removeIf(value -> value.isJsonPrimitive() && value.getAsString().isEmpty());
    return template;
  }

  private static void replaceAll(JsonObject object, String key, UnaryOperator<JsonObject> change) {
    if (object.has(key)) {
      object
          .getAsJsonArray(key)
          .asList()
          .replaceAll(element -> change.apply(element.getAsJsonObject()));
    }
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
    addAll(job, "Constraints", ours.constraints(), RecordedJob::show);
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
    addAll(group, "Constraints", ours.constraints(), RecordedJob::show);
    if (!ours.shutdownDelay().isZero()) {
      group.addProperty("ShutdownDelay", ours.shutdownDelay().toNanos());
    }
    if (!ours.volumes().isEmpty()) {
      JsonObject volumes = new JsonObject();
      ours.volumes().forEach((name, volume) -> volumes.add(name, show(volume)));
      group.add("Volumes", volumes);
    }
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
    ours.lifecycle().ifPresent(lifecycle -> task.add("Lifecycle", show(lifecycle)));
    addIfTrue(task, "Leader", ours.leader());
    if (!ours.shutdownDelay().isZero()) {
      task.addProperty("ShutdownDelay", ours.shutdownDelay().toNanos());
    }
    addAll(task, "Constraints", ours.constraints(), RecordedJob::show);
    addAll(task, "Artifacts", ours.artifacts(), RecordedJob::show);
    addAll(task, "Templates", ours.templates(), RecordedJob::show);
    addAll(task, "VolumeMounts", ours.volumeMounts(), RecordedJob::show);
    JsonObject logs = new JsonObject();
    logs.addProperty("Disabled", ours.logs().disabled());
    task.add("LogConfig", logs);
    return task;
  }

  private static JsonObject show(Job.Constraint ours) {
    JsonObject constraint = new JsonObject();
    addIfGiven(constraint, "LTarget", ours.attribute());
    addIfGiven(constraint, "RTarget", ours.value());
    constraint.addProperty("Operand", ours.operator().symbol());
    return constraint;
  }

  private static JsonObject show(Job.VolumeRequest ours) {
    JsonObject volume = new JsonObject();
    volume.addProperty("Name", ours.name());
    volume.addProperty("Source", ours.source());
    addIfTrue(volume, "ReadOnly", ours.readOnly());
    addIfTrue(volume, "PerAlloc", ours.perAllocation());
    return volume;
  }

  private static JsonObject show(Job.VolumeMount ours) {
    JsonObject mount = new JsonObject();
    mount.addProperty("Volume", ours.volume());
    mount.addProperty("Destination", ours.destination());
    mount.addProperty("ReadOnly", ours.readOnly());
    return mount;
  }

  private static JsonObject show(Job.Lifecycle ours) {
    JsonObject lifecycle = new JsonObject();
    lifecycle.addProperty("Hook", ours.hook().name().toLowerCase(Locale.ROOT));
    addIfTrue(lifecycle, "Sidecar", ours.sidecar());
    return lifecycle;
  }

  private static JsonObject show(Job.Artifact ours) {
    JsonObject artifact = new JsonObject();
    artifact.addProperty("GetterSource", ours.source());
    artifact.addProperty("RelativeDest", ours.destination());
    artifact.addProperty("GetterMode", ours.mode().name().toLowerCase(Locale.ROOT));
    artifact.addProperty("GetterInsecure", ours.insecure());
    addIfTrue(artifact, "Chown", ours.chown());
    if (!ours.options().isEmpty()) {
      artifact.add("GetterOptions", texts(ours.options()));
    }
    if (!ours.headers().isEmpty()) {
      artifact.add("GetterHeaders", texts(ours.headers()));
    }
    return artifact;
  }

  private static JsonObject show(Job.Template ours) {
    JsonObject template = new JsonObject();
    switch (ours.content()) {
      case Job.Template.Data data -> template.addProperty("EmbeddedTmpl", data.text());
      case Job.Template.FromFile file -> template.addProperty("SourcePath", file.path());
    }
    template.addProperty("DestPath", ours.destination());
    template.addProperty("Perms", ours.permissions());
    ours.user().ifPresent(user -> template.addProperty("Uid", user));
    ours.group().ifPresent(group -> template.addProperty("Gid", group));
    switch (ours.change()) {
      case Job.Template.Noop _ -> template.addProperty("ChangeMode", "noop");
      case Job.Template.Restart _ -> template.addProperty("ChangeMode", "restart");
      case Job.Template.Signal(String name) -> {
        template.addProperty("ChangeMode", "signal");
        template.addProperty("ChangeSignal", name);
      }
      case Job.Template.Script change -> {
        template.addProperty("ChangeMode", "script");
        JsonObject script = new JsonObject();
        script.addProperty("Command", change.command());
        JsonArray arguments = new JsonArray();
        change.arguments().forEach(arguments::add);
        script.add("Args", arguments);
        script.addProperty("Timeout", change.timeout().toNanos());
        script.addProperty("FailOnError", change.failOnError());
        template.add("ChangeScript", script);
      }
    }
    template.addProperty("Envvars", ours.environment());
    template.addProperty("Splay", ours.splay().toNanos());
    template.addProperty("LeftDelim", ours.leftDelimiter());
    template.addProperty("RightDelim", ours.rightDelimiter());
    template.addProperty("ErrMissingKey", ours.errorOnMissingKey());
    template.addProperty("Once", ours.once());
    return template;
  }

  /** Where Nomad leaves out an empty list. */
  private static <T> void addAll(
      JsonObject object, String key, List<T> elements, Function<T, JsonObject> form) {
    if (!elements.isEmpty()) {
      JsonArray array = new JsonArray();
      elements.forEach(element -> array.add(form.apply(element)));
      object.add(key, array);
    }
  }

  private static void addIfGiven(JsonObject object, String key, String text) {
    if (!text.isEmpty()) {
      object.addProperty(key, text);
    }
  }

  private static void addIfTrue(JsonObject object, String key, boolean flag) {
    if (flag) {
      object.addProperty(key, true);
    }
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
    restart.addProperty("RenderTemplates", ours.rendersTemplates());
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
      case Value.Unknown unknown -> throw new AssertionError(unknown);
      case Value.Sequence sequence -> {
        JsonArray array = new JsonArray();
        sequence.elements().forEach(element -> array.add(json(element)));
        yield array;
      }
      case Value.Mapping mapping -> {
        JsonObject object = new JsonObject();
        mapping.entries().forEach((name, attribute) -> object.add(name, json(attribute)));
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
