package io.gaol.cli.artifact;

import io.gaol.engine.DiskRoom;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** One GET over HTTP, with its redirects, into a file. */
final class HttpDownload {
  private static final int MOST_REDIRECTS = 10;
  private static final int OK = 200;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);
  private static final Duration TICK = Duration.ofMillis(100);

  private final String shown;
  private final Map<String, String> headers;
  private final ArtifactLimits limits;
  private final Consumer<String> events;
  private final HttpClient client;
  private final AtomicLong lastHeard = new AtomicLong(System.nanoTime());
  private volatile Optional<String> givenUp = Optional.empty();

  private HttpDownload(
      String shown,
      Map<String, String> headers,
      boolean insecure,
      ArtifactLimits limits,
      Consumer<String> events)
      throws GeneralSecurityException {
    this.shown = shown;
    this.headers = headers;
    this.limits = limits;
    this.events = events;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            // Over plain HTTP, version 2 begins with an upgrade that some servers stumble over.
            .version(HttpClient.Version.HTTP_1_1)
            // Java's own would hand the headers on to any server.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.connect());
    this.client = (insecure ? builder.sslContext(trustingAnyone()) : builder).build();
  }

  /**
   * Downloads.
   *
   * @param shown the artifact's source, for messages
   * @param headers for the first server only: what is in them is meant for nobody else
   * @param insecure whether any certificate will do
   */
  static void get(
      URI uri,
      String shown,
      Map<String, String> headers,
      boolean insecure,
      Path into,
      ArtifactLimits limits,
      Consumer<String> events)
      throws IOException, ArtifactException, InterruptedException {
    HttpDownload download;
    try {
      download = new HttpDownload(shown, headers, insecure, limits, events);
    } catch (GeneralSecurityException failure) {
      throw new ArtifactException(shown, "this Java has no TLS: " + failure.getMessage());
    }
    Thread watch = Thread.ofVirtual().start(download::watch);
    try {
      download.follow(uri, into);
    } catch (IOException | IllegalArgumentException failure) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new ArtifactException(
          shown, download.givenUp.orElseGet(() -> download.explain(failure)));
    } finally {
      watch.interrupt();
      // Not close(): it would wait for what was given up.
      download.client.shutdownNow();
    }
  }

  private void follow(URI first, Path into)
      throws IOException, ArtifactException, InterruptedException {
    URI uri = first;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response =
          client.send(request(uri, first), HttpResponse.BodyHandlers.ofInputStream());
      lastHeard.set(System.nanoTime());
      try (InputStream body = response.body()) {
        int status = response.statusCode();
        if (status == OK) {
          receive(response, body, into);
          return;
        }
        if (!REDIRECTS.contains(status)) {
          throw problem(Shown.source(uri) + " was answered with " + describe(status));
        }
        uri = redirected(uri, response.headers().firstValue("location"));
      }
    }
    throw problem("it was redirected more than " + MOST_REDIRECTS + " times");
  }

  private HttpRequest request(URI uri, URI first) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(withoutUser(uri)).GET();
    if (uri.getRawUserInfo() != null) {
      String user = URLDecoder.decode(uri.getRawUserInfo(), StandardCharsets.UTF_8);
      request.setHeader(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }
    if (origin(uri).equals(origin(first))) {
      headers.forEach(
          (name, value) -> {
            try {
              request.setHeader(name, value);
            } catch (IllegalArgumentException wrong) {
              // Java's message holds the value.
              throw new IllegalArgumentException(
                  "the header " + Shown.quoted(name) + " cannot be sent", wrong);
            }
          });
    }
    return request.build();
  }

  private static URI withoutUser(URI uri) throws IOException {
    if (uri.getRawUserInfo() == null) {
      return uri;
    }
    return URI.create(uri.toString().replaceFirst("//[^/]*@", "//"));
  }

  private static String origin(URI uri) {
    return (uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort()).toLowerCase(Locale.ROOT);
  }

  private URI redirected(URI from, Optional<String> location) throws ArtifactException {
    URI to;
    try {
      to = from.resolve(location.orElseThrow());
    } catch (RuntimeException wrong) {
      throw problem(Shown.source(from) + " redirects to nowhere");
    }
    String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
    if (!Set.of("http", "https").contains(scheme) || to.getHost() == null) {
      throw problem(Shown.source(from) + " redirects to " + Shown.source(to) + ": refused");
    }
    if (scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme())) {
      throw problem(
          Shown.source(from)
              + " redirects from https to "
              + Shown.source(to)
              + ": refused, as nobody could tell who answers there. If you trust it, make it the"
              + " source, with a checksum");
    }
    return to;
  }

  private void receive(HttpResponse<InputStream> response, InputStream body, Path into)
      throws IOException, ArtifactException, InterruptedException {
    long length = response.headers().firstValueAsLong("content-length").orElse(-1);
    if (length > limits.downloadBytes()) {
      throw problem(
          "it has " + Shown.bytes(length) + ", allowed are " + Shown.bytes(limits.downloadBytes()));
    }
    long free = DiskRoom.at(into.getParent());
    if (length > free) {
      throw problem(
          "it has "
              + Shown.bytes(length)
              + ", but only "
              + Shown.bytes(free)
              + " of disk are free");
    }
    try (InputStream content = decoded(response, new Heard(body, lastHeard));
        OutputStream out = Files.newOutputStream(into)) {
      byte[] buffer = new byte[1 << 16];
      long received = 0;
      long told = System.nanoTime();
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        received += count;
        if (received > limits.downloadBytes()) {
          throw problem("it has more than " + Shown.bytes(limits.downloadBytes()));
        }
        out.write(buffer, 0, count);
        if (System.nanoTime() - told > TELL_EVERY.toNanos()) {
          told = System.nanoTime();
          events.accept(
              "downloading "
                  + shown
                  + ": "
                  + Shown.bytes(received)
                  + (length < 0 ? "" : " of " + Shown.bytes(length)));
        }
      }
    }
  }

  /**
   * What is meant by the bytes sent. Not asked to, some servers compress all the same; others call
   * an archive encoded because its name ends with gz.
   */
  private InputStream decoded(HttpResponse<InputStream> response, InputStream body)
      throws IOException, ArtifactException {
    String encoding =
        response
            .headers()
            .firstValue("content-encoding")
            .orElse("identity")
            .toLowerCase(Locale.ROOT);
    String path = String.valueOf(response.uri().getPath());
    boolean named = path.endsWith(".gz") || path.endsWith(".tgz");
    return switch (encoding) {
      case "identity", "" -> body;
      case "gzip", "x-gzip" -> named ? body : new GZIPInputStream(body);
      default -> throw problem("the server encodes it as " + Shown.quoted(encoding) + ", unasked");
    };
  }

  /** Gives up what takes too long: nothing else ends a read from a server that is silent. */
  private void watch() {
    long begin = System.nanoTime();
    try {
      while (givenUp.isEmpty()) {
        Thread.sleep(TICK);
        long now = System.nanoTime();
        if (now - lastHeard.get() > limits.silence().toNanos()) {
          givenUp =
              Optional.of("given up: the server has sent nothing for " + seconds(limits.silence()));
        } else if (now - begin > limits.download().toNanos()) {
          givenUp = Optional.of("given up: it takes longer than " + seconds(limits.download()));
        }
      }
      client.shutdownNow();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private String explain(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return "the server could not show who it is (TLS): "
            + Shown.text(String.valueOf(cause.getMessage()))
            + "; if you trust it all the same, insecure = true skips the check for this artifact";
      }
      if (cause instanceof UnresolvedAddressException) {
        return "there is no server of that name";
      }
    }
    if (failure instanceof HttpConnectTimeoutException) {
      return "no connection came about within " + seconds(limits.connect());
    }
    if (failure instanceof ConnectException) {
      return "the server cannot be reached"
          + (failure.getMessage() == null ? ": connection refused" : ": " + failure.getMessage());
    }
    return "the download failed: " + Shown.text(Failures.reason(failure));
  }

  private static String describe(int status) {
    return switch (status) {
      case 401, 403 ->
          status + ": not allowed; what the server wants to see can be given in headers";
      case 404 -> "404: not there";
      default -> "status " + status;
    };
  }

  private ArtifactException problem(String problem) {
    return new ArtifactException(shown, problem);
  }

  private static SSLContext trustingAnyone() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    return context;
  }

  /** Takes any certificate. The extended kind, as Java checks names itself for the other. */
  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Notes when bytes come. */
  private static final class Heard extends java.io.FilterInputStream {
    private final AtomicLong lastHeard;

    Heard(InputStream in, AtomicLong lastHeard) {
      super(in);
      this.lastHeard = lastHeard;
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      lastHeard.set(System.nanoTime());
      return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      lastHeard.set(System.nanoTime());
      return count;
    }
  }
}
