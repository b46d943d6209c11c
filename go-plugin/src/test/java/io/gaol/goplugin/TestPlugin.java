package io.gaol.goplugin;

import io.grpc.BindableService;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A plugin of its own process. What is called says what it does, in words. */
final class TestPlugin {
  static final Handshake HANDSHAKE = new Handshake("TEST_COOKIE", "of this test", 7);
  static final String HINT = "The tests of go-plugin start it.";

  private final Broker broker;
  private final PluginLog log;

  private TestPlugin(Broker broker, PluginLog log) {
    this.broker = broker;
    this.log = log;
  }

  public static void main(String[] arguments) {
    PluginLog log = PluginLog.toStderr("test");
    GoPlugin plugin =
        GoPlugin.of(HANDSHAKE, HINT)
            .logging(log)
            .servingWithBroker(broker -> services(broker, log));
    String atEnd = arguments.length > 0 ? arguments[0] : "";
    switch (atEnd) {
      case "hang" -> plugin.beforeEnd(TestPlugin::hang).serve();
      case "fail" -> plugin.beforeEnd(TestPlugin::fail).serve();
      case "broken" ->
          plugin
              .servingWithBroker(
                  broker -> {
                    throw new IllegalStateException("no services today");
                  })
              .serve();
      case "thread" -> {
        Thread.ofPlatform().start(TestPlugin::hang);
        plugin.serve();
      }
      default -> plugin.beforeEnd(() -> write(atEnd.isEmpty() ? "/dev/null" : atEnd)).serve();
    }
  }

  private static void hang() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fail() {
    throw new IllegalStateException("failed at the end");
  }

  private static void write(String path) {
    try {
      Files.writeString(Path.of(path), "ended");
    } catch (IOException refused) {
      throw new IllegalStateException(refused);
    }
  }

  static List<? extends BindableService> services(Broker broker, PluginLog log) {
    return List.of(new Echo(new TestPlugin(broker, log)::answer));
  }

  private byte[] answer(byte[] request) {
    if (request.length > 1000) {
      return request;
    }
    String text = new String(request, StandardCharsets.UTF_8);
    String[] words = text.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    try {
      return act(words[0], rest).getBytes(StandardCharsets.UTF_8);
    } catch (IOException | InterruptedException failed) {
      return failed.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  private String act(String verb, String rest) throws IOException, InterruptedException {
    return switch (verb) {
      case "print" -> {
        System.out.println(rest);
        yield "printed";
      }
      case "complain" -> {
        System.err.println(rest);
        yield "complained";
      }
      case "log" -> {
        log.info(rest, "length", rest.length());
        yield "logged";
      }
      case "library" -> {
        Logger.getLogger(rest).log(Level.WARNING, "from a library\nin two lines");
        yield "logged";
      }
      case "flood" -> {
        for (int i = 0; i < Integer.parseInt(rest); i++) {
          log.info("x".repeat(10_000));
        }
        yield "flooded";
      }
      case "child" -> {
        Process child = new ProcessBuilder("/bin/sh", "-c", rest).start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        yield child.waitFor() + " " + output;
      }
      case "accept" -> {
        int id = broker.nextId();
        broker.accept(id, List.of(Echo.saying(rest)));
        yield Integer.toString(id);
      }
      case "dial" -> {
        Channel channel = broker.dial(Integer.parseInt(rest));
        yield Echo.call(channel, "to the host").toUpperCase(Locale.ROOT);
      }
      case "exit" -> {
        Thread.ofPlatform().start(() -> System.exit(Integer.parseInt(rest)));
        yield "exiting";
      }
      default -> verb + (rest.isEmpty() ? "" : " " + rest);
    };
  }
}
