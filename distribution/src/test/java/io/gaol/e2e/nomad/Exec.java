package io.gaol.e2e.nomad;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A command that an agent runs in a task: the WebSocket that {@code nomad alloc exec} uses. */
final class Exec implements WebSocket.Listener {
  private static final int ROWS = 31;
  private static final int COLUMNS = 97;

  private final StringBuilder message = new StringBuilder();
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  private Exec() {}

  /** How it ended, and what it wrote. */
  record Outcome(int status, String stdout, String stderr) {}

  /**
   * Runs a command to its end.
   *
   * @param input all that it reads; its input ends after that
   * @param terminal whether it has one, of 31 rows and 97 columns
   */
  static Outcome run(
      NomadApi api,
      String allocation,
      String task,
      String input,
      boolean terminal,
      String... command) {
    JsonArray words = new JsonArray();
    List.of(command).forEach(words::add);
    Exec exec = new Exec();
    WebSocket socket =
        api.open(
            "/v1/client/allocation/%s/exec?task=%s&tty=%s&command=%s"
                .formatted(
                    allocation,
                    task,
                    terminal,
                    URLEncoder.encode(words.toString(), StandardCharsets.UTF_8)),
            exec);
    try {
      if (terminal) {
        exec.send(socket, size());
      }
      exec.send(socket, stdin(input));
      exec.send(socket, endOfInput());
      return exec.outcome.orTimeout(Waiting.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } finally {
      socket.abort();
    }
  }

  private static JsonObject size() {
    JsonObject size = new JsonObject();
    size.addProperty("height", ROWS);
    size.addProperty("width", COLUMNS);
    return frame("tty_size", size);
  }

  private static JsonObject stdin(String input) {
    JsonObject data = new JsonObject();
    data.addProperty(
        "data", Base64.getEncoder().encodeToString(input.getBytes(StandardCharsets.UTF_8)));
    return frame("stdin", data);
  }

  private static JsonObject endOfInput() {
    JsonObject end = new JsonObject();
    end.addProperty("close", true);
    return frame("stdin", end);
  }

  private static JsonObject frame(String name, JsonObject content) {
    JsonObject frame = new JsonObject();
    frame.add(name, content);
    return frame;
  }

  /** A command that has ended already takes no input; how it ended is told all the same. */
  private void send(WebSocket socket, JsonObject frame) {
    if (!outcome.isDone()) {
      socket.sendText(frame.toString(), true).exceptionally(closed -> null).join();
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
    message.append(text);
    if (last) {
      take(JsonParser.parseString(message.toString()).getAsJsonObject());
      message.setLength(0);
    }
    socket.request(1);
    return null;
  }

  private void take(JsonObject frame) {
    take(frame, "stdout", stdout);
    take(frame, "stderr", stderr);
    if (frame.has("exited") && frame.get("exited").getAsBoolean()) {
      JsonElement status = frame.getAsJsonObject("result").get("exit_code");
      outcome.complete(
          new Outcome(
              // What is zero is left out.
              status == null ? 0 : status.getAsInt(),
              stdout.toString(StandardCharsets.UTF_8),
              stderr.toString(StandardCharsets.UTF_8)));
    }
  }

  private static void take(JsonObject frame, String stream, ByteArrayOutputStream target) {
    if (frame.get(stream) instanceof JsonObject operation && operation.has("data")) {
      target.writeBytes(Base64.getDecoder().decode(operation.get("data").getAsString()));
    }
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    fail(new AssertionError("closed: " + status + ": " + reason));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable failure) {
    fail(failure);
  }

  /** Of no effect when it has ended. */
  private void fail(Throwable failure) {
    outcome.completeExceptionally(failure);
  }
}
