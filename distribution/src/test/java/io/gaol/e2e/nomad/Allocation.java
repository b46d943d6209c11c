package io.gaol.e2e.nomad;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.gaol.e2e.Command;
import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.Proc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An allocation of a job that an agent runs, and its one task, which is named "task". */
final class Allocation {
  private static final String TASK = "task";

  private final NomadAgent agent;
  private final String id;

  Allocation(NomadAgent agent, String id) {
    this.agent = agent;
    this.id = id;
  }

  String id() {
    return id;
  }

  /** As the API has it now. */
  JsonObject json() {
    return agent.api().get("/v1/allocation/" + id).getAsJsonObject();
  }

  private Optional<JsonObject> task() {
    return json().get("TaskStates") instanceof JsonObject states
        ? Optional.ofNullable(states.getAsJsonObject(TASK))
        : Optional.empty();
  }

  /** {@code pending}, {@code running} or {@code dead}. */
  String state() {
    return task().map(task -> task.get("State").getAsString()).orElse("pending");
  }

  /** Whether its task ended, and in a failure. */
  boolean failed() {
    return task().orElseThrow().get("Failed").getAsBoolean();
  }

  /** How often its task was started again. */
  int restarts() {
    return task().orElseThrow().get("Restarts").getAsInt();
  }

  /** Whether nothing of it will run any more. */
  boolean isOver() {
    return List.of("complete", "failed", "lost").contains(json().get("ClientStatus").getAsString());
  }

  /** All that the agent tells of its task, in order. */
  List<TaskEvent> events() {
    List<TaskEvent> events = new ArrayList<>();
    task()
        .filter(task -> task.get("Events").isJsonArray())
        .ifPresent(
            task -> {
              for (JsonElement event : task.getAsJsonArray("Events")) {
                events.add(TaskEvent.of(event.getAsJsonObject()));
              }
            });
    return events;
  }

  /** The last event of a type. */
  Optional<TaskEvent> event(String type) {
    return events().reversed().stream().filter(event -> event.type().equals(type)).findFirst();
  }

  /** Waits for an event of a type. */
  TaskEvent awaitEvent(String type) {
    return Waiting.forThe(
        "an event " + type + " of " + id, () -> event(type), () -> events().toString());
  }

  /** Waits until its task runs. */
  Allocation awaitRunning() {
    awaitState("running");
    return this;
  }

  /** Waits until its task has ended for good. */
  Allocation awaitEnd() {
    awaitState("dead");
    Waiting.until("the end of allocation " + id, this::isOver);
    return this;
  }

  private void awaitState(String state) {
    Waiting.forThe(
        "the task of " + id + " to be " + state,
        () -> Optional.of(state).filter(wanted -> wanted.equals(state())),
        () -> events().toString());
  }

  /** What its task wrote. */
  String stdout() {
    return log("stdout");
  }

  /** What its task wrote as errors. */
  String stderr() {
    return log("stderr");
  }

  private String log(String stream) {
    return agent
        .api()
        .text(
            "/v1/client/fs/logs/%s?task=%s&type=%s&origin=start&offset=0&plain=true"
                .formatted(id, TASK, stream));
  }

  /** Waits until its task has written this line. */
  Allocation awaitLine(String line) {
    awaitRunning();
    Waiting.forThe(
        "the line " + line + " of " + id,
        () -> stdout().lines().filter(line::equals).findFirst(),
        () -> stdout() + stderr() + events());
    return this;
  }

  /** {@code nomad alloc signal}. */
  void signal(String signal) {
    JsonObject request = new JsonObject();
    request.addProperty("Signal", signal);
    request.addProperty("Task", TASK);
    agent.api().put("/v1/client/allocation/" + id + "/signal", request);
  }

  /** {@code nomad alloc restart}. */
  void restart() {
    JsonObject request = new JsonObject();
    request.addProperty("TaskName", TASK);
    agent.api().put("/v1/client/allocation/" + id + "/restart", request);
  }

  /**
   * {@code nomad alloc exec}, without a terminal.
   *
   * @param input all that the command reads
   */
  Outcome exec(String input, String... command) {
    Path file = agent.write("input", input);
    return shell("exec \"$@\" <" + file, execCommand("-t=false", command));
  }

  /** {@code nomad alloc exec}, in a terminal of 31 rows and 97 columns. */
  Outcome execInTerminal(String... command) {
    String words =
        execCommand("-t=true", command).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return Command.of(
            Path.of("/usr/bin/script"),
            "--quiet",
            "--return",
            "--command",
            "stty rows 31 cols 97; exec " + words,
            "/dev/null")
        .with("NOMAD_ADDR", agent.api().address())
        .run();
  }

  private List<String> execCommand(String terminal, String... command) {
    String nomad = agent.program().file().toString();
    List<String> words = new ArrayList<>(List.of(nomad, "alloc", "exec", terminal));
    words.addAll(List.of("-i=true", "-task", TASK, id));
    words.addAll(List.of(command));
    return words;
  }

  private Outcome shell(String script, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("-c", script, "sh"));
    words.addAll(arguments);
    return Command.of(Path.of("/bin/sh"), words.toArray(String[]::new))
        .with("NOMAD_ADDR", agent.api().address())
        .run();
  }

  /** {@code nomad alloc status -stats}. */
  JsonObject usage() {
    return agent
        .api()
        .get("/v1/client/allocation/" + id + "/stats")
        .getAsJsonObject()
        .getAsJsonObject("ResourceUsage");
  }

  /** Lets the agent remove it, and waits until it has. */
  void collectGarbage() {
    agent.api().text("/v1/client/allocation/" + id + "/gc");
    Waiting.until("allocation " + id + " to be removed", () -> Files.notExists(directory()));
  }

  /** Its folder on the host. */
  Path directory() {
    return agent.allocations().resolve(id);
  }

  /** Where its task finds {@code /local}. */
  Path local() {
    return directory().resolve(TASK).resolve("local");
  }

  /** Lets the task of the job "waiting" end. */
  void letEnd() {
    Outcome outcome =
        Command.of(Path.of("/bin/sh"), "-c", "echo >\"$0\"", local().resolve("end").toString())
            .run();
    if (outcome.status() != 0) {
      throw new AssertionError(outcome.stderr());
    }
  }

  /** The processes that are in the task, by the environment that it gave them. */
  List<Long> processes() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> Proc.read(pid, "environ").contains("NOMAD_ALLOC_ID=" + id))
        .toList();
  }
}
