package io.gaol.cli.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gaol.cli.artifact.Artifact.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpArtifactTest {
  private static final String HELLO_SHA256 =
      "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

  @TempDir Path directory;
  private Scene scene;
  private HttpServer server;
  private String address;
  private final CountDownLatch testIsOver = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<AutoCloseable> others = new ArrayList<>();

  @BeforeEach
  void serve() throws IOException {
    scene = new Scene(directory);
    server = HttpServer.create(loopback(), 0);
    server.setExecutor(threads);
    server.start();
    address = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() throws Exception {
    testIsOver.countDown();
    server.stop(0);
    for (AutoCloseable other : others) {
      other.close();
    }
    threads.shutdownNow();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static void answer(HttpExchange exchange, byte[] content) throws IOException {
    exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private void serve(String path, String content) {
    server.createContext(
        path, exchange -> answer(exchange, content.getBytes(StandardCharsets.UTF_8)));
  }

  private static HttpHandler redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
    };
  }

  @Test
  void aFileIsDownloaded() throws Exception {
    serve("/a/hello.txt", "hello\n");

    scene.fetch(address + "/a/hello.txt");

    assertThat(scene.content()).containsEntry("task/local/hello.txt", "hello\n");
    assertThat(scene.events).containsExactly("downloading " + address + "/a/hello.txt");
  }

  @Test
  void anArchiveIsDownloadedVerifiedAndUnpacked() throws Exception {
    byte[] tar = new Tar().file("a/b", "b").bytes();
    server.createContext("/x.tar", exchange -> answer(exchange, tar));

    scene.fetch(Scene.artifact(address + "/x.tar//a", "local/to", Mode.ANY, Map.of()));

    assertThat(scene.content()).containsEntry("task/local/to/b", "b");
  }

  @Test
  void theServerSeesTheHeadersAndTheQueryButNoneOfGoGettersParameters() throws Exception {
    List<String> seen = new ArrayList<>();
    server.createContext(
        "/x",
        exchange -> {
          seen.add(exchange.getRequestURI().toString());
          seen.add(exchange.getRequestHeaders().getFirst("X-Token"));
          seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
          answer(exchange, new byte[] {1});
        });

    scene.fetch(
        new Artifact(
            address.replace("//", "//me:p%40ss@") + "/x?a=1&archive=false",
            "local",
            Mode.ANY,
            Map.of("b", "2"),
            Map.of("X-Token", "t"),
            false,
            false));

    assertThat(seen).containsExactly("/x?a=1&b=2", "t", "Basic bWU6cEBzcw==");
  }

  @Test
  void aChecksumFileOfTheServerIsUsed() throws Exception {
    serve("/d/hello.txt", "hello\n");
    serve("/sums", HELLO_SHA256 + "  d/hello.txt\n");

    scene.fetch(address + "/d/hello.txt?checksum=file:" + address + "/sums");
    assertThat(scene.content()).containsEntry("task/local/hello.txt", "hello\n");

    server.removeContext("/d/hello.txt");
    serve("/d/hello.txt", "changed\n");
    assertThat(scene.refusal(address + "/d/hello.txt?checksum=file:" + address + "/sums"))
        .contains("expected sha256:" + HELLO_SHA256);
  }

  @Test
  void redirectsAreFollowedAndTheHeadersStayWithTheirServer() throws Exception {
    List<String> tokens = new ArrayList<>();
    HttpHandler record =
        exchange -> {
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Token")));
          answer(exchange, new byte[] {'x'});
        };
    server.createContext("/same", record);
    server.createContext("/to-same", redirect("/same"));
    HttpServer other = HttpServer.create(loopback(), 0);
    other.createContext("/other", record);
    other.start();
    others.add(() -> other.stop(0));
    server.createContext(
        "/to-other", redirect("http://127.0.0.1:" + other.getAddress().getPort() + "/other"));

    for (String path : List.of("/to-same", "/to-other")) {
      scene.fetch(
          new Artifact(
              address + path, "local", Mode.ANY, Map.of(), Map.of("X-Token", "t"), false, false));
    }

    assertThat(tokens).containsExactly("t", "null");
    assertThat(scene.content()).containsEntry("task/local/to-other", "x");
  }

  @Test
  void redirectsInACircleEnd() throws Exception {
    server.createContext("/x", redirect("/x?secret=hidden"));

    assertThat(scene.refusal(address + "/x"))
        .contains("redirected more than 10 times")
        .doesNotContain("hidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://host/x", "http://"})
  void redirectsLeadToNothingButServers(String to) throws Exception {
    server.createContext("/x", redirect(to));

    assertThat(scene.refusal(address + "/x")).contains("redirects to");
  }

  @Test
  void anErrorTellsTheStatusAndNoSecrets() throws Exception {
    server.createContext(
        "/x",
        exchange -> {
          exchange.sendResponseHeaders(403, -1);
          exchange.close();
        });

    assertThat(scene.refusal(address.replace("//", "//me:hidden@") + "/x?token=hidden"))
        .contains(address + "/x?token=…")
        .contains("403")
        .contains("headers")
        .doesNotContain("hidden");
    assertThat(scene.refusal(address + "/y")).contains("404: not there");
  }

  @Test
  void aServerThatIsNotThereIsTold() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(scene.refusal("http://127.0.0.1:" + port + "/x")).contains("cannot be reached");
    assertThat(scene.refusal("http://no-such-host.invalid/x")).contains("no server of that name");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() throws Exception {
    server.createContext(
        "/x",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[500]);
          exchange.getResponseBody().flush();
          await();
        });
    server.createContext("/y", exchange -> await());

    for (String path : List.of("/x", "/y")) {
      assertThat(scene.refusal(Scene.artifact(address + path), limits(300, 60_000)))
          .contains("given up: the server has sent nothing for 300 ms");
    }
  }

  @Test
  void aServerThatDripsIsGivenUpWhenItTakesTooLong() throws Exception {
    server.createContext(
        "/x",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (!testIsOver.await(20, TimeUnit.MILLISECONDS)) {
              body.write('x');
              body.flush();
            }
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });

    assertThat(scene.refusal(Scene.artifact(address + "/x"), limits(60_000, 500)))
        .contains("given up: it takes longer than 500 ms");
  }

  private static ArtifactLimits limits(long silence, long download) {
    return new ArtifactLimits(
        1_000_000,
        1_000_000,
        50,
        Duration.ofSeconds(5),
        Duration.ofMillis(silence),
        Duration.ofMillis(download));
  }

  private void await() {
    try {
      testIsOver.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void moreThanIsAllowedIsNotDownloaded() throws Exception {
    server.createContext(
        "/announced",
        exchange -> {
          exchange.sendResponseHeaders(200, 50_000_000_000_000L);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          await();
        });
    server.createContext(
        "/unannounced",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            for (int count = 0; count < 2000; count++) {
              body.write(new byte[1000]);
            }
          }
        });

    assertThat(scene.refusal(address + "/announced")).contains("it has 50 TB, allowed are 1 MB");
    assertThat(scene.refusal(address + "/unannounced")).contains("more than 1 MB");
    assertThat(scene.refusal(Scene.artifact(address + "/announced"), ArtifactLimits.NOMAD))
        .contains("allowed are 100 GB");
  }

  @Test
  void whatEndsEarlyIsNoDownload() throws Exception {
    try (ServerSocket early = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      threads.execute(
          () -> {
            try (Socket socket = early.accept();
                InputStream in = socket.getInputStream()) {
              assertThat(in.read(new byte[1000])).isPositive();
              socket
                  .getOutputStream()
                  .write(
                      "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"
                          .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException failure) {
              throw new UncheckedIOException(failure);
            }
          });
      assertThat(scene.refusal("http://127.0.0.1:" + early.getLocalPort() + "/x"))
          .contains("the download failed: ");
    }
  }

  @Test
  void whatAServerCompressesUnaskedIsWhatItWasBefore() throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write("hello\n".getBytes(StandardCharsets.UTF_8));
    }
    HttpHandler encoded =
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          answer(exchange, compressed.toByteArray());
        };
    server.createContext("/hello.txt", encoded);
    server.createContext("/hello.gz", encoded);
    server.createContext(
        "/br",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Encoding", "br");
          answer(exchange, new byte[] {1});
        });

    scene.fetch(address + "/hello.txt?checksum=sha256:" + HELLO_SHA256);
    scene.fetch(Scene.artifact(address + "/hello.gz", "local/unpacked", Mode.FILE, Map.of()));

    assertThat(scene.content())
        .containsEntry("task/local/hello.txt", "hello\n")
        .containsEntry("task/local/unpacked", "hello\n");
    assertThat(scene.refusal(address + "/br")).contains("encodes it as \"br\"");
  }

  @Test
  void anInterruptEndsADownloadAtOnceAndLeavesNothing() throws Exception {
    CountDownLatch underWay = new CountDownLatch(1);
    server.createContext(
        "/x",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[500]);
          exchange.getResponseBody().flush();
          underWay.countDown();
          await();
        });
    Map<String, String> before = scene.content();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    scene.fetch(address + "/x");
                    end.complete(new AssertionError("it was fetched"));
                  } catch (ArtifactException | InterruptedException ended) {
                    end.complete(ended);
                  }
                });
    underWay.await();
    Thread.sleep(200);
    assertThat(scene.content()).isNotEqualTo(before);
    thread.interrupt();

    assertThat(end.get(3, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    assertThat(scene.content()).isEqualTo(before);
  }

  @Test
  void aHeaderThatCannotBeSentIsNamedWithoutItsValue() throws Exception {
    assertThat(
            scene.refusal(
                new Artifact(
                    address + "/x",
                    "local",
                    Mode.ANY,
                    Map.of(),
                    Map.of("A", "hid\r\nden"),
                    false,
                    false)))
        .contains("the header \"A\" cannot be sent")
        .doesNotContain("den");
  }

  /** A server whose certificate is its own word only. */
  private String selfSigned(Map<String, HttpHandler> contexts) throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=elsewhere.invalid",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "password")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "password".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "password".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer secure = HttpsServer.create(loopback(), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(context));
    secure.setExecutor(threads);
    contexts.forEach(secure::createContext);
    secure.start();
    others.add(() -> secure.stop(0));
    return "https://127.0.0.1:" + secure.getAddress().getPort();
  }

  private static Artifact insecure(String source) {
    return new Artifact(source, "local", Mode.ANY, Map.of(), Map.of(), false, true);
  }

  @Test
  void aCertificateThatProvesNothingIsRefusedUnlessTheArtifactIsInsecureAndThenForItAlone()
      throws Exception {
    String secure = selfSigned(Map.of("/x", exchange -> answer(exchange, new byte[] {'x'})));

    assertThat(scene.refusal(secure + "/x")).contains("TLS").contains("insecure = true");
    scene.fetch(insecure(secure + "/x"));
    assertThat(scene.content()).containsEntry("task/local/x", "x");
    assertThat(scene.refusal(secure + "/x")).contains("insecure = true");
  }

  @Test
  void aRedirectFromHttpsToHttpIsRefused() throws Exception {
    serve("/x", "x");
    String secure = selfSigned(Map.of("/x", redirect(address + "/x")));

    assertThat(scene.refusal(insecure(secure + "/x")))
        .contains("redirects from https to " + address + "/x: refused");
  }
}
