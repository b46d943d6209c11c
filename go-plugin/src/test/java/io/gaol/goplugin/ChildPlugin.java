package io.gaol.goplugin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@link TestPlugin} in a process of its own, started as a host does. */
final class ChildPlugin implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final BufferedReader stdout;
  private final Thread logReader;
  private final HostConnection.Offer offer;

  private ChildPlugin(Process process, HostConnection.Offer offer) {
    this(process, offer, true);
  }

  private ChildPlugin(Process process, HostConnection.Offer offer, boolean readsLog) {
    this.process = process;
    this.offer = offer;
    this.stdout =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.logReader = Thread.ofVirtual().start(readsLog ? this::readLog : () -> {});
  }

  static ChildPlugin start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(HostConnection.Offer.plain(), environment, arguments);
  }

  static ChildPlugin start(
      HostConnection.Offer offer, Map<String, String> environment, String... arguments)
      throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put(TestPlugin.HANDSHAKE.cookieName(), TestPlugin.HANDSHAKE.cookieValue());
    all.putAll(offer.environment());
    return new ChildPlugin(process(all, arguments), offer);
  }

  static ChildPlugin startWithoutCookie(Map<String, String> environment) throws IOException {
    return new ChildPlugin(process(environment), HostConnection.Offer.plain());
  }

  static ChildPlugin startWithUnreadLog(Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put(TestPlugin.HANDSHAKE.cookieName(), TestPlugin.HANDSHAKE.cookieValue());
    return new ChildPlugin(process(all), HostConnection.Offer.plain(), false);
  }

  /** As a host that died: nobody reads any more. */
  void closePipes() throws IOException {
    process.getInputStream().close();
    process.getErrorStream().close();
  }

  private static Process process(Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-cp",
                System.getProperty("java.class.path"),
                TestPlugin.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PLUGIN_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void readLog() {
    try {
      for (String line = process.errorReader(StandardCharsets.UTF_8).readLine();
          line != null;
          line = process.errorReader(StandardCharsets.UTF_8).readLine()) {
        log.add(line);
      }
    } catch (IOException closed) {
      return;
    }
  }

  HandshakeLine handshake() throws IOException {
    String line = stdout.readLine();
    if (line == null) {
      throw new IOException("the plugin ended without a handshake: " + waitForLog());
    }
    return HandshakeLine.parse(line);
  }

  HostConnection connect() throws IOException, GeneralSecurityException {
    return HostConnection.connect(handshake(), offer);
  }

  Process process() {
    return process;
  }

  /** What was logged so far. */
  List<String> log() {
    return List.copyOf(log);
  }

  /** All that was logged, once the plugin has ended. */
  List<String> waitForLog() {
    try {
      assertEnds();
      logReader.join();
      return log();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Waits until a line is logged that has this in it. */
  String waitForLine(String part) throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < end) {
      for (String line : log) {
        if (line.contains(part)) {
          return line;
        }
      }
      Thread.sleep(5);
    }
    throw new TimeoutException("no line with " + part + " in " + log);
  }

  /** The rest of stdout, once the plugin has ended. */
  String restOfStdout() throws IOException {
    StringBuilder rest = new StringBuilder();
    for (int c = stdout.read(); c >= 0; c = stdout.read()) {
      rest.append((char) c);
    }
    return rest.toString();
  }

  /** Waits for the end; its status. */
  int assertEnds() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the plugin did not end: " + log);
    }
    return process.exitValue();
  }

  void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("/bin/kill", "-" + name, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("kill ended with " + status);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
