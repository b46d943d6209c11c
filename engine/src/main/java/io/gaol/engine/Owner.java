package io.gaol.engine;

import com.google.gson.JsonObject;
import java.util.Objects;

/**
 * Who made a task directory, and alone may touch it while he lives.
 *
 * @param program such as {@code gaol job run} or a plugin's name
 * @param role what it holds, such as {@code task} or {@code allocation}
 * @param group what belongs together for him, such as a job's name
 * @param process the number of his process
 * @param identity what tells his process from a later one with that number: {@link Host#identity}
 */
public record Owner(String program, String role, String group, long process, String identity) {
  /** Checks. */
  public Owner {
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(identity, "identity");
  }

  /** This process. */
  public static Owner self(Host host, String program, String role, String group) {
    long process = ProcessHandle.current().pid();
    return new Owner(program, role, group, process, host.identity(process).orElse("unknown"));
  }

  /** His process in one word, for a file's name. */
  String mark() {
    return process + "~" + word(identity);
  }

  /** Whether the process of a {@link #mark} lives. */
  static boolean lives(Host host, String mark) {
    int end = mark.indexOf('~');
    try {
      return host.identity(Long.parseLong(mark.substring(0, Math.max(0, end))))
          .map(Owner::word)
          .filter(mark.substring(end + 1)::equals)
          .isPresent();
    } catch (NumberFormatException foreign) {
      return false;
    }
  }

  private static String word(String identity) {
    return identity.replaceAll("[^A-Za-z0-9:.-]", "_");
  }

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("program", program);
    json.addProperty("role", role);
    json.addProperty("group", group);
    json.addProperty("process", process);
    json.addProperty("identity", identity);
    return Json.pretty(json);
  }

  static Owner fromJson(String text) {
    JsonObject json = Json.parse(text);
    return new Owner(
        json.get("program").getAsString(),
        json.get("role").getAsString(),
        json.get("group").getAsString(),
        json.get("process").getAsLong(),
        json.get("identity").getAsString());
  }
}
