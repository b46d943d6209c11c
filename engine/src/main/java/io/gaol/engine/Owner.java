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
 * @param host what he makes jails on: {@link Host#name}
 */
public record Owner(
    String program, String role, String group, long process, String identity, String host) {
  /** Between the words of an identity, in a file's name. */
  private static final char MARK = '~';

  /** Checks. */
  public Owner {
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(host, "host");
  }

  /** This process. */
  public static Owner self(Host host, String program, String role, String group) {
    long process = ProcessHandle.current().pid();
    return new Owner(
        program, role, group, process, host.identity(process).orElse("unknown"), host.name());
  }

  /** His process in one word, for a file's name. */
  String mark() {
    return identity.replace(' ', MARK);
  }

  /** Whether the process of a {@link #mark} lives. */
  static boolean lives(Host host, String mark) {
    return host.lives(mark.replace(MARK, ' '));
  }

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("program", program);
    json.addProperty("role", role);
    json.addProperty("group", group);
    json.addProperty("process", process);
    json.addProperty("identity", identity);
    json.addProperty("host", host);
    return Json.pretty(json);
  }

  static Owner fromJson(String text) {
    JsonObject json = Json.parse(text);
    return new Owner(
        json.get("program").getAsString(),
        json.get("role").getAsString(),
        json.get("group").getAsString(),
        json.get("process").getAsLong(),
        json.get("identity").getAsString(),
        json.get("host").getAsString());
  }
}
