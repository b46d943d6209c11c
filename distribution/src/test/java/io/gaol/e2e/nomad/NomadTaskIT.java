package io.gaol.e2e.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import io.gaol.e2e.SmallRoot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a task finds when a Nomad agent starts it, and what the agent tells of its end. */
@RequiresNomad
class NomadTaskIT {
  private static final Path SEEDS = Path.of("../examples/seeds").toAbsolutePath().normalize();

  @RegisterExtension static final NomadAgent AGENT = new NomadAgent();

  @Test
  void theDriverIsDetectedAndHealthy() {
    JsonObject node = AGENT.node().orElseThrow();
    JsonObject driver = node.getAsJsonObject("Drivers").getAsJsonObject(NomadAgent.DRIVER);
    assertThat(driver.get("Detected").getAsBoolean()).isTrue();
    assertThat(driver.get("Healthy").getAsBoolean()).isTrue();
    assertThat(driver.get("HealthDescription").getAsString()).isEqualTo("Healthy");
    assertThat(node.getAsJsonObject("Attributes").get("driver." + NomadAgent.DRIVER).getAsString())
        .isEqualTo("1");
  }

  @Test
  void bothStreamsAreInTheLogsApart() {
    Allocation allocation = AGENT.run("output").awaitEnd();
    assertThat(allocation.stdout()).isEqualTo("to stdout\n");
    assertThat(allocation.stderr()).isEqualTo("to stderr\n");
  }

  // ---- what it finds

  @Test
  void theEnvironmentIsTheJobsAndNomads() {
    Allocation allocation = AGENT.run("environment").awaitEnd();
    Map<String, String> environment =
        allocation
            .stdout()
            .lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, last) -> last));
    assertThat(environment)
        .containsEntry("MINE", "two words")
        .containsEntry("WHERE", "/local/task on gaol-test")
        .containsEntry("NOMAD_META_owner", "somebody")
        .containsEntry("NOMAD_ALLOC_ID", allocation.id())
        .containsEntry("NOMAD_ALLOC_DIR", "/alloc")
        .containsEntry("NOMAD_TASK_DIR", "/local")
        .containsEntry("NOMAD_SECRETS_DIR", "/secrets")
        .containsEntry("NOMAD_TASK_NAME", "task")
        .containsEntry("NOMAD_GROUP_NAME", "group")
        .containsEntry("NOMAD_JOB_NAME", "environment")
        .containsEntry("NOMAD_DC", "dc1")
        .containsEntry("NOMAD_CPU_LIMIT", "50")
        .containsEntry("NOMAD_MEMORY_LIMIT", "64")
        .containsEntry("HOME", "/root")
        .containsEntry("USER", "root");
  }

  @Test
  void theAgentsOwnEnvironmentIsNotTheTasks() {
    assertThat(AGENT.run("environment").awaitEnd().stdout())
        .doesNotContain("GAOL_")
        .doesNotContain("PLUGIN_")
        .doesNotContain("JAVA_HOME");
  }

  @Test
  void templatesAreRenderedForTheTask() {
    assertThat(AGENT.run("template").awaitEnd().stdout())
        .isEqualTo("hello from task\nrendered\nFROM_TEMPLATE=rendered\n");
  }

  @Test
  void anArtifactIsFetchedForTheTask() throws IOException, NoSuchAlgorithmException {
    byte[] content = "hello from a server\n".getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/greeting.txt",
        exchange -> {
          boolean head = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(200, head ? -1 : content.length);
          if (!head) {
            exchange.getResponseBody().write(content);
          }
          exchange.close();
        });
    server.start();
    try {
      byte[] checksum = MessageDigest.getInstance("SHA-256").digest(content);
      Allocation allocation =
          AGENT.run(
              "artifact",
              Map.of(
                  "PORT",
                  server.getAddress().getPort(),
                  "CHECKSUM",
                  HexFormat.of().formatHex(checksum)));
      assertThat(allocation.awaitEnd().stdout())
          .as("%s", allocation.events())
          .isEqualTo("hello from a server\n");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void volumesOfTheHostAreWhereTheJobWantsThemAndOnlyReadWhereItSaysSo() throws IOException {
    Files.writeString(AGENT.readOnlyVolume().resolve("mine"), "of the host\n");
    Allocation allocation = AGENT.run("volumes").awaitEnd();
    assertThat(allocation.stdout()).isEqualTo("of the host\n");
    assertThat(allocation.stderr())
        .containsIgnoringCase("cannot touch '/srv/read-only/x': Read-only file system")
        .containsIgnoringCase("cannot remove '/srv/read-only/mine': Read-only file system");
    assertThat(AGENT.writableVolume().resolve("by-the-task")).hasContent("written\n");
    allocation.collectGarbage();
    assertThat(AGENT.writableVolume().resolve("by-the-task")).exists();
    assertThat(AGENT.readOnlyVolume().resolve("mine")).exists();
  }

  @Test
  void aTaskRunsAsItsUserWhoMayWriteItsFoldersOnly() {
    Allocation allocation = AGENT.run("user").awaitEnd();
    assertThat(allocation.stdout()).isEqualTo("65534\n65534\nmay write\n");
    assertThat(allocation.stderr()).contains("/etc/mine");
  }

  // ---- how it ends

  @Test
  void theExitStatusIsInTheEvent() {
    Allocation allocation = AGENT.run("exit-status").awaitEnd();
    TaskEvent end = allocation.awaitEvent("Terminated");
    assertThat(end.message()).isEqualTo("Exit Code: 42");
    assertThat(end.details()).containsEntry("exit_code", "42").containsEntry("signal", "0");
    assertThat(allocation.failed()).isTrue();
  }

  @Test
  void aTaskIsStartedAgainUntilItSucceeds() {
    Allocation allocation = AGENT.run("restarts").awaitEnd();
    assertThat(allocation.stdout()).isEqualTo("1\n2\n3\n");
    assertThat(allocation.restarts()).isEqualTo(2);
    assertThat(allocation.failed()).isFalse();
  }

  @Test
  void aTaskThatFailsMoreOftenThanItMayFails() {
    Allocation allocation = AGENT.run("too-many-restarts").awaitEnd();
    assertThat(allocation.stdout()).isEqualTo("try\ntry\n");
    assertThat(allocation.restarts()).isEqualTo(1);
    assertThat(allocation.failed()).isTrue();
    assertThat(allocation.awaitEvent("Terminated").details()).containsEntry("exit_code", "3");
  }

  @Test
  void aTaskThatUsesTooMuchMemoryIsKilledAndTheEventSaysSo() {
    Allocation allocation = AGENT.run("memory").awaitEnd();
    TaskEvent end = allocation.awaitEvent("Terminated");
    assertThat(end.details()).containsEntry("oom_killed", "true").containsEntry("exit_code", "137");
    assertThat(allocation.events())
        .filteredOn(event -> event.type().equals("Driver"))
        .extracting(TaskEvent::message)
        .anyMatch(message -> message.contains("out of memory"));
  }

  @Test
  void severalInstancesRunAtOnce() {
    List<Allocation> allocations = AGENT.runAll("instances", 4);
    for (Allocation allocation : allocations) {
      assertThat(allocation.awaitEnd().stdout()).isEqualTo("all are here\n");
    }
  }

  // ---- its address

  @Test
  void aServiceIsRegisteredWithTheAddressThatItAnswersAt()
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        AGENT.program().isAtLeast(1, 3), "services without Consul need Nomad 1.3 or newer");
    Allocation allocation = AGENT.run("service").awaitLine("ready");
    JsonObject service =
        Waiting.forThe(
            "the service",
            () ->
                AGENT.api().get("/v1/service/gaol-web").getAsJsonArray().asList().stream()
                    .map(found -> found.getAsJsonObject())
                    .filter(found -> found.get("AllocID").getAsString().equals(allocation.id()))
                    .findFirst());
    assertThat(service.get("Address").getAsString()).isEqualTo("127.0.0.1");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String address = "http://127.0.0.1:" + service.get("Port").getAsInt() + "/";
      assertThat(
              client
                  .send(
                      HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                  .body())
          .isEqualTo("hello");
    }
  }

  // ---- the jobs that Gaol was asked for

  @Test
  void theBasicJailPersistsUntilItsJobIsStopped() throws IOException {
    Path root = SmallRoot.withShell(AGENT.roots().resolve("myjail/root"));
    String seed =
        Files.readString(SEEDS.resolve("basic-jail.nomad.hcl"))
            .replace("/zroot/iocage/jails", AGENT.roots().toString());
    assertThat(seed).contains(root.toString());
    Allocation allocation = AGENT.submit(seed.replace("\"test01\"", "\"task\"")).awaitRunning();
    assertThat(allocation.exec("", "/bin/ls", "/bin").stdout())
        .contains("sleep")
        .doesNotContain("perl");
    AGENT.stopJob(allocation);
    assertThat(allocation.failed()).isFalse();
  }

  @Test
  void theWebServerIsRefusedWithWhatItsOperatorDoesNotPermit() throws IOException {
    Allocation allocation =
        AGENT
            .submit(
                Files.readString(SEEDS.resolve("http-echo.nomad.hcl"))
                    .replace(
                        "job \"http-echo\" {", "job \"http-echo\" {\n  datacenters = [\"dc1\"]")
                    .replace("\"http-echo-jail\"", "\"task\""))
            .awaitEnd();
    assertThat(allocation.awaitEvent("Driver Failure").message())
        .contains("allow_roots", "Allow_chflags", "allow_interfaces");
  }
}
