package io.gaol.goplugin;

import static java.util.Objects.requireNonNull;

import io.grpc.BindableService;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/**
 * A program that a HashiCorp go-plugin host starts and calls over gRPC. Immutable: what changes
 * something returns another.
 *
 * <pre>{@code
 * public static void main(String[] arguments) {
 *   GoPlugin.of(handshake, "Put it into the directory plugins of the host.")
 *       .serving(List.of(new Greeter()))
 *       .serve();
 * }
 * }</pre>
 */
public final class GoPlugin {
  /** How long other threads may hold up the end of the process, after main has returned. */
  private static final long LONGEST_AFTERLIFE_MILLISECONDS = 500;

  private final Handshake handshake;
  private final String hint;
  private final Function<Broker, List<? extends BindableService>> services;
  private final Runnable beforeEnd;
  private final PluginLog log;

  private GoPlugin(
      Handshake handshake,
      String hint,
      Function<Broker, List<? extends BindableService>> services,
      Runnable beforeEnd,
      PluginLog log) {
    this.handshake = requireNonNull(handshake, "handshake");
    this.hint = requireNonNull(hint, "hint");
    this.services = requireNonNull(services, "services");
    this.beforeEnd = requireNonNull(beforeEnd, "beforeEnd");
    this.log = requireNonNull(log, "log");
  }

  /**
   * A plugin that serves nothing of its own yet.
   *
   * @param handshake what it agreed on with its host
   * @param hint for whoever starts it by hand: what it is, which program starts it, and how that is
   *     told to
   */
  public static GoPlugin of(Handshake handshake, String hint) {
    return new GoPlugin(
        handshake, hint, broker -> List.of(), () -> {}, PluginLog.toStderr("plugin"));
  }

  /**
   * Serves, as {@link #serve()} does.
   *
   * @param handshake what the plugin agreed on with its host
   * @param hint for whoever starts it by hand
   * @param services what the host calls
   */
  public static void serve(
      Handshake handshake, String hint, List<? extends BindableService> services) {
    of(handshake, hint).serving(services).serve();
  }

  /** Serves these, besides what every plugin serves. */
  public GoPlugin serving(List<? extends BindableService> others) {
    List<? extends BindableService> copy = List.copyOf(others);
    return new GoPlugin(handshake, hint, broker -> copy, beforeEnd, log);
  }

  /** Serves what is made with the broker, for services that need further connections. */
  public GoPlugin servingWithBroker(Function<Broker, List<? extends BindableService>> maker) {
    return new GoPlugin(handshake, hint, maker, beforeEnd, log);
  }

  /** Does this before the end. It has one second; then the plugin ends without it. */
  public GoPlugin beforeEnd(Runnable act) {
    return new GoPlugin(handshake, hint, services, act, log);
  }

  /** Logs there. */
  public GoPlugin logging(PluginLog other) {
    return new GoPlugin(handshake, hint, services, beforeEnd, other);
  }

  Handshake handshake() {
    return handshake;
  }

  List<? extends BindableService> services(Broker broker) {
    return services.apply(broker);
  }

  Runnable beforeEnd() {
    return beforeEnd;
  }

  PluginLog log() {
    return log;
  }

  /**
   * Serves the host that started this process. To be called first in {@code main}; when it returns,
   * the plugin has ended in order, and {@code main} returns too. {@code System.exit} would take a
   * third of a second longer: it waits for threads that wait in the kernel.
   *
   * <p>From here on {@code System.out} and {@code System.err} are the log's, for stdout belongs to
   * the handshake; SIGINT is without effect, for a terminal sends it to the host and to all of its
   * plugins; SIGTERM and SIGHUP end the plugin in order.
   *
   * <p>Ends the process with status 1, and the reason on stderr, if no host started it or something
   * that the host asked for cannot be.
   */
  public void serve() {
    if (!handshake.cookieValue().equals(System.getenv(handshake.cookieName()))) {
      explain(System.err);
      System.exit(1);
    }
    CountDownLatch ended = new CountDownLatch(1);
    // A sixth of the time to the handshake, which two processors share.
    Thread preparing = Thread.ofPlatform().name("prepare").start(() -> prepare(ended));
    Stdio stdio = new Stdio();
    System.setOut(PrintedLines.stdout(stdio, log));
    System.setErr(PrintedLines.stderr(stdio, log));
    try (OutputStream stdout = new FileOutputStream(FileDescriptor.out);
        PluginServer server =
            PluginServer.listen(this, Request.of(System.getenv()), stdio, ended)) {
      join(preparing);
      server.announce(stdout);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> endInOrder(server)));
      LibraryLog.routeTo(log.named("library"));
      SocketPlace place = new SocketPlace(server.socket(), Optional.empty());
      Thread.ofPlatform().daemon().name("tidy").start(place::removeThoseOfTheDead);
      server.awaitEnd();
    } catch (IOException refused) {
      log.error(refused.getMessage());
      log.flush(LogWriter.LAST_WORDS);
      System.exit(1);
    } catch (RuntimeException fault) {
      StringWriter trace = new StringWriter();
      fault.printStackTrace(new PrintWriter(trace));
      log.error("the plugin has a fault and cannot serve: " + fault, "thrown", trace);
      log.flush(LogWriter.LAST_WORDS);
      System.exit(1);
    }
    log.flush(LogWriter.LAST_WORDS);
    haltIfNothingElseDoes();
  }

  /** For a program that exits by itself. */
  private void endInOrder(PluginServer server) {
    server.close();
    log.flush(LogWriter.LAST_WORDS);
  }

  /** What the host may send once it knows of us, and what it connects to. */
  private void prepare(CountDownLatch ended) {
    Signals.handle("INT", () -> log.trace("SIGINT, which is the host's affair"));
    Signals.handle("TERM", ended::countDown);
    Signals.handle("HUP", ended::countDown);
    UnixListener.prepare();
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before the handshake", interrupted);
    }
  }

  private void explain(PrintStream stderr) {
    stderr.print(
        "This program is a plugin: another program starts it, and talks to it.\n"
            + "It is of no use by itself.\n"
            + hint
            + "\n");
    stderr.flush();
  }

  /** A thread that somebody left behind must not keep a process that has ended for its host. */
  private static void haltIfNothingElseDoes() {
    Thread.ofPlatform()
        .daemon()
        .name("end")
        .start(
            () -> {
              try {
                Thread.sleep(LONGEST_AFTERLIFE_MILLISECONDS);
              } catch (InterruptedException now) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(0);
            });
  }

  /**
   * Serves within a program that is no plugin, as tests do: no cookie is asked for, and what
   * belongs to the process stays as it is.
   *
   * @param environment what a host would set; {@code PLUGIN_…} and {@code TMPDIR} are looked at
   * @param stdout gets the handshake
   * @return serves until it is closed
   * @throws IOException if something that the environment asks for cannot be
   */
  public PluginServer start(Map<String, String> environment, OutputStream stdout)
      throws IOException {
    return PluginServer.start(this, Request.of(environment), stdout, new Stdio());
  }
}
