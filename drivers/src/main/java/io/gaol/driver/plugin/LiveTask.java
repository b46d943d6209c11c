package io.gaol.driver.plugin;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.gaol.engine.Task;
import io.gaol.nomad.DriverException;
import io.gaol.nomad.DriverState;
import io.gaol.nomad.StartedTask;
import io.gaol.nomad.TaskConfig;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A task that this plugin knows.
 *
 * @param about whose it is
 * @param task what the engine knows of it
 * @param started when
 * @param network where it is reached, if not at the node's address
 */
record LiveTask(About about, Task task, Instant started, Optional<StartedTask.Network> network) {
  /** The form of {@link #state}. */
  private static final int VERSION = 1;

  LiveTask {
    Objects.requireNonNull(about, "about");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(network, "network");
  }

  /**
   * Whose a task is.
   *
   * @param id the task's
   * @param name its name in the job
   * @param allocation the allocation's id
   */
  record About(String id, String name, String allocation) {
    static About of(TaskConfig task) {
      return new About(task.id(), task.name(), task.allocation().id());
    }
  }

  /** What it is found again by, beside its id: all else is in its directory. */
  DriverState state() {
    JsonObject json = new JsonObject();
    json.addProperty("jail", task.name().value());
    json.addProperty("directory", task.directory().path().toString());
    json.addProperty("started", started.toString());
    return new DriverState(VERSION, json.toString());
  }

  /**
   * When a task started, as its {@link #state} says.
   *
   * @throws DriverException if it is not one of ours
   */
  static Instant started(DriverState state) throws DriverException {
    if (state.version() != VERSION) {
      throw new DriverException(
          "the task was started by another version of the driver (state "
              + state.version()
              + ", this one knows "
              + VERSION
              + ")");
    }
    try {
      return Instant.parse(
          JsonParser.parseString(state.text()).getAsJsonObject().get("started").getAsString());
    } catch (JsonParseException
        | DateTimeException
        | IllegalStateException
        | UnsupportedOperationException
        | NullPointerException damaged) {
      throw new DriverException("the state of the task is damaged: " + state.text(), damaged);
    }
  }
}
