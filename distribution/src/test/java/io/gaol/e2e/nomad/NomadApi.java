package io.gaol.e2e.nomad;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A Nomad agent's HTTP API. */
final class NomadApi implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Waiting.PATIENCE).build();
  private final String address;

  /**
   * @param port of 127.0.0.1
   */
  NomadApi(int port) {
    this.address = "http://127.0.0.1:" + port;
  }

  /** Where it is. */
  String address() {
    return address;
  }

  /** An answer other than 200. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** Whether the agent answers. */
  boolean answers() {
    try {
      return send("GET", "/v1/status/leader", BodyPublishers.noBody()).statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  /** What is at a path, as JSON. */
  JsonElement get(String path) {
    return JsonParser.parseString(text(path));
  }

  /** What is at a path, as it stands. */
  String text(String path) {
    return body("GET", path, BodyPublishers.noBody());
  }

  /** Puts this at a path, and gives the answer, if it is JSON. */
  JsonElement put(String path, JsonObject content) {
    return JsonParser.parseString(body("PUT", path, BodyPublishers.ofString(content.toString())));
  }

  /** Deletes what is at a path. */
  void delete(String path) {
    body("DELETE", path, BodyPublishers.noBody());
  }

  private String body(String method, String path, BodyPublisher content) {
    HttpResponse<String> response = send(method, path, content);
    if (response.statusCode() != 200) {
      throw new RefusedException(
          method + " " + path + ": " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  private HttpResponse<String> send(String method, String path, BodyPublisher content) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(address + path))
              .timeout(Waiting.PATIENCE)
              .method(method, content)
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
