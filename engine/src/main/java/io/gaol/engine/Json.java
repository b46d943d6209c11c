package io.gaol.engine;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** How what the engine keeps is written in its files. */
final class Json {
  private static final Gson COMPACT = new GsonBuilder().disableHtmlEscaping().create();
  private static final Gson PRETTY =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private Json() {}

  static String compact(JsonElement element) {
    return COMPACT.toJson(element);
  }

  static String pretty(JsonElement element) {
    return PRETTY.toJson(element) + "\n";
  }

  static JsonObject parse(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  static JsonObject of(Undo undo) {
    JsonObject json = new JsonObject();
    switch (undo) {
      case Undo.RemoveDirectory(Path path, Removal removal) -> {
        json.addProperty("undo", "removeDirectory");
        json.addProperty("path", path.toString());
        json.addProperty("removal", removal.name());
      }
      case Undo.RemoveMountPoint(Path base, Path path, boolean directory, boolean shared) -> {
        json.addProperty("undo", "removeMountPoint");
        addMountPoint(json, base, path, directory, shared);
      }
      case Undo.RemoveFile(Path path) -> {
        json.addProperty("undo", "removeFile");
        json.addProperty("path", path.toString());
      }
      case Undo.RestoreValue(Path path, String value) -> {
        json.addProperty("undo", "restoreValue");
        json.addProperty("path", path.toString());
        json.addProperty("value", value);
      }
      case Undo.ReleaseValue(Path path, String value, String scope) -> {
        json.addProperty("undo", "releaseValue");
        json.addProperty("path", path.toString());
        json.addProperty("value", value);
        json.addProperty("scope", scope);
      }
      case Undo.Unmake(String what, List<String> probe, List<String> remove) -> {
        json.addProperty("undo", "unmake");
        json.addProperty("what", what);
        json.add("probe", strings(probe));
        json.add("remove", strings(remove));
      }
      case Undo.Unmount(String type, Path target) -> {
        json.addProperty("undo", "unmount");
        json.addProperty("type", type);
        json.addProperty("path", target.toString());
      }
      case Undo.RunOwed(String what, List<Command> commands) -> {
        json.addProperty("undo", "runOwed");
        json.addProperty("what", what);
        json.add("commands", of(commands));
      }
      case Undo.DeleteJail(JailName name) -> {
        json.addProperty("undo", "deleteJail");
        json.addProperty("name", name.value());
      }
    }
    return json;
  }

  /**
   * Reads what {@link #of(Undo)} wrote.
   *
   * @throws RuntimeException of Gson's if it is anything else
   */
  static Undo undo(JsonObject json) {
    return switch (text(json, "undo")) {
      case "removeDirectory" ->
          new Undo.RemoveDirectory(path(json), Removal.valueOf(text(json, "removal")));
      case "removeMountPoint" ->
          new Undo.RemoveMountPoint(
              Path.of(text(json, "base")),
              path(json),
              flag(json, "directory"),
              flag(json, "shared"));
      case "removeFile" -> new Undo.RemoveFile(path(json));
      case "restoreValue" -> new Undo.RestoreValue(path(json), text(json, "value"));
      case "releaseValue" ->
          new Undo.ReleaseValue(path(json), text(json, "value"), text(json, "scope"));
      case "unmake" ->
          new Undo.Unmake(text(json, "what"), texts(json, "probe"), texts(json, "remove"));
      case "unmount" -> new Undo.Unmount(text(json, "type"), path(json));
      case "runOwed" ->
          new Undo.RunOwed(text(json, "what"), commands(json.getAsJsonArray("commands")));
      case "deleteJail" -> new Undo.DeleteJail(new JailName(text(json, "name")));
      default -> throw new JsonParseException("unknown undo: " + text(json, "undo"));
    };
  }

  static JsonArray of(List<Command> commands) {
    JsonArray array = new JsonArray();
    commands.forEach(command -> array.add(of(command)));
    return array;
  }

  private static JsonObject of(Command command) {
    JsonObject json = new JsonObject();
    json.addProperty("name", command.name());
    json.addProperty("text", command.text());
    json.add("arguments", strings(command.arguments()));
    json.addProperty("where", command.where().name());
    command.limit().ifPresent(limit -> json.addProperty("limit", limit.toString()));
    json.addProperty("background", command.background());
    JsonObject environment = new JsonObject();
    command.environment().variables().forEach(environment::addProperty);
    json.add("environment", environment);
    return json;
  }

  static List<Command> commands(JsonArray array) {
    List<Command> commands = new ArrayList<>();
    array.forEach(element -> commands.add(command(element.getAsJsonObject())));
    return commands;
  }

  private static Command command(JsonObject json) {
    List<String> arguments = new ArrayList<>();
    json.getAsJsonArray("arguments").forEach(element -> arguments.add(element.getAsString()));
    Map<String, String> environment = new TreeMap<>();
    json.getAsJsonObject("environment")
        .entrySet()
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().getAsString()));
    return new Command(
        text(json, "name"),
        text(json, "text"),
        arguments,
        Command.Where.valueOf(text(json, "where")),
        Optional.ofNullable(json.get("limit")).map(limit -> Duration.parse(limit.getAsString())),
        json.get("background").getAsBoolean(),
        new Environment(environment));
  }

  /** A plan for a person or another program to read: no variable's value is in it. */
  static JsonObject of(Plan plan) {
    JsonObject json = new JsonObject();
    json.addProperty("jail", plan.name().value());
    json.add("notes", strings(plan.notes()));
    json.add("settings", strings(plan.settings()));
    json.add("steps", array(plan.steps(), Json::of));
    json.add("whenStarted", array(plan.whenStarted(), Json::of));
    json.add("prestop", array(plan.prestop(), Json::redacted));
    json.add("stop", array(plan.stop(), Json::redacted));
    json.addProperty("killSignal", plan.killSignal());
    json.addProperty("killTimeout", plan.killTimeout().toString());
    if (!plan.watched().isEmpty()) {
      json.add("watched", WatchedRules.json(plan.watched()));
    }
    return json;
  }

  private static JsonObject of(Step step) {
    JsonObject json = new JsonObject();
    switch (step) {
      case Step.MakeDirectory(Path path, int mode, Removal removal) -> {
        json.addProperty("step", "makeDirectory");
        json.addProperty("path", path.toString());
        json.addProperty("mode", Integer.toOctalString(mode));
        json.addProperty("removal", removal.name());
      }
      case Step.MakeMountPoint(Path base, Path path, boolean directory, boolean shared) -> {
        json.addProperty("step", "makeMountPoint");
        addMountPoint(json, base, path, directory, shared);
      }
      case Step.WriteFile(Path path, String content, int mode, Optional<String> shown) -> {
        json.addProperty("step", "writeFile");
        json.addProperty("path", path.toString());
        json.addProperty("mode", Integer.toOctalString(mode));
        json.addProperty("characters", content.length());
        shown.ifPresent(text -> json.addProperty("content", text));
      }
      case Step.WriteBytes(Path path, String hexadecimal, int mode) -> {
        json.addProperty("step", "writeBytes");
        json.addProperty("path", path.toString());
        json.addProperty("mode", Integer.toOctalString(mode));
        json.addProperty("bytes", hexadecimal);
      }
      case Step.SetValue(Path path, String value) -> {
        json.addProperty("step", "setValue");
        json.addProperty("path", path.toString());
        json.addProperty("value", value);
      }
      case Step.ShareValue(Path path, String value, String scope) -> {
        json.addProperty("step", "shareValue");
        json.addProperty("path", path.toString());
        json.addProperty("value", value);
      }
      case Step.Make make -> {
        json.addProperty("step", "make");
        json.addProperty("what", make.what());
        if (!make.probe().isEmpty()) {
          json.add("probe", strings(make.probe()));
        }
        json.add("make", strings(make.make()));
        json.add("remove", strings(make.undo().remove()));
      }
      case Step.MakeFifo(Path path, int mode) -> {
        json.addProperty("step", "makeFifo");
        json.addProperty("path", path.toString());
        json.addProperty("mode", Integer.toOctalString(mode));
      }
      case Step.Mount(String type, String source, Path _, Path target, List<String> options) -> {
        json.addProperty("step", "mount");
        json.addProperty("type", type);
        json.addProperty("source", source);
        json.addProperty("path", target.toString());
        json.add("options", strings(options));
      }
      case Step.Owe(String what, List<Command> commands) -> {
        json.addProperty("step", "owe");
        json.addProperty("what", what);
        json.add("commands", array(commands, Json::redacted));
      }
      case Step.Run(Command command) -> {
        json.addProperty("step", "run");
        json.add("command", redacted(command));
      }
      case Step.Supervise(Supervised supervised) -> {
        json.addProperty("step", "supervise");
        json.add("runtime", strings(supervised.runtime()));
        json.addProperty("stdout", supervised.stdout().toString());
        json.addProperty("stderr", supervised.stderr().toString());
        supervised.copy().ifPresent(copy -> json.addProperty("copy", copy.toString()));
      }
      case Step.Await(Progress progress) -> {
        json.addProperty("step", "await");
        json.addProperty("progress", progress.word());
      }
      case Step.Proceed(Path fifo) -> {
        json.addProperty("step", "proceed");
        json.addProperty("path", fifo.toString());
      }
    }
    return json;
  }

  private static JsonObject redacted(Command command) {
    JsonObject json = of(command);
    json.add("environment", strings(List.copyOf(command.environment().variables().keySet())));
    return json;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonElement> codec) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(codec.apply(item)));
    return array;
  }

  static JsonArray strings(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static void addMountPoint(
      JsonObject json, Path base, Path path, boolean directory, boolean shared) {
    json.addProperty("base", base.toString());
    json.addProperty("path", path.toString());
    json.addProperty("directory", directory);
    json.addProperty("shared", shared);
  }

  private static String text(JsonObject json, String name) {
    return element(json, name).getAsString();
  }

  static List<String> texts(JsonObject json, String name) {
    List<String> texts = new ArrayList<>();
    element(json, name).getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
    return texts;
  }

  private static boolean flag(JsonObject json, String name) {
    return element(json, name).getAsBoolean();
  }

  private static JsonElement element(JsonObject json, String name) {
    JsonElement element = json.get(name);
    if (element == null) {
      throw new JsonParseException("\"" + name + "\" is missing");
    }
    return element;
  }

  private static Path path(JsonObject json) {
    return Path.of(text(json, "path"));
  }
}
