package io.gaol.benchmark;

import com.google.protobuf.ByteString;
import io.gaol.driver.ConfigException;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.engine.StepFailedException;
import io.gaol.engine.Task;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.nomad.proto.driver.TaskConfig;
import java.io.IOException;
import java.util.List;

/**
 * The plugin's calls over its socket, in turn with the bare runtime: a start with one of the same
 * bundle, commands with those of crun(1) in the same jail.
 */
final class PluginCalls {
  private static final int WARM_UP = 15;
  private static final int FIRST_STARTS = 5;
  private static final double START_AIM = 20;
  private static final int STREAMS_TO_WARM_UP = 1;
  private static final int STREAMS = 5;
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int STREAMED = 64 * MEBIBYTE;

  /** What io.Copy of Go takes at a time. */
  private static final int PART = 32 * 1024;

  private final Session session;
  private final DrivenPlugin plugin;

  private PluginCalls(Session session, DrivenPlugin plugin) {
    this.session = session;
    this.plugin = plugin;
  }

  static void run(Session session, Installation installed, int samples, Report report)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    Samples first = firstStarts(session, installed);
    DrivenPlugin plugin = session.launch(installed.jailTaskDriver(), "plugin-calls");
    PluginCalls calls = new PluginCalls(session, plugin);
    calls.starts(first, samples, report);
    Place place = Place.make(session.places(), "plugin-exec");
    TaskConfig task = plugin.task(place, "/bin/sleep", "3600");
    plugin.start(task);
    BareExec bare = BareExec.inTheOnlyTaskOf(plugin.state(), session.directory("plugin-bare-exec"));
    calls.commands(task, bare, samples, report);
    calls.streams(task, bare, report);
    plugin.destroy(task);
    session.end(plugin);
  }

  /** A start, in all that a caller waits for. */
  private static final class Starts {
    private final Samples returned = new Samples();
    private final Samples firstByte = new Samples();
    private final Samples exit = new Samples();
    private final Samples destroyed = new Samples();

    void clear() {
      List.of(returned, firstByte, exit, destroyed).forEach(Samples::clear);
    }
  }

  /** Of a plugin that has started none before. */
  private static Samples firstStarts(Session session, Installation installed)
      throws IOException, InterruptedException {
    Place place = Place.make(session.places(), "plugin-first-allocation");
    Starts first = new Starts();
    for (int i = 1; i <= FIRST_STARTS; i++) {
      DrivenPlugin plugin = session.launch(installed.jailTaskDriver(), "plugin-first-" + i);
      StartScenario.settle();
      new PluginCalls(session, plugin).start(place, first);
      session.end(plugin);
    }
    return first.returned;
  }

  private void starts(Samples first, int samples, Report report)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    Place place = Place.make(session.places(), "plugin-allocation");
    Place enginePlace = Place.make(session.places(), "plugin-engine-allocation");
    Place barePlace = Place.make(session.places(), "plugin-bare-allocation");
    JailSpec bareSpec = barePlace.spec(new JailName("gaol-benchmark-bare"), "/bin/echo", "x");
    Plan barePlan = barePlace.plan(bareSpec, barePlace.probe(bareSpec));
    BareRuntime bare =
        new BareRuntime(
            barePlan, session.directory("plugin-bare"), session.runtimeRoot("plugin-bare-crun"));
    Starts plugins = new Starts();
    Starts engines = new Starts();
    Starts bares = new Starts();
    for (int i = -WARM_UP; i < samples; i++) {
      if (i == 0) {
        List.of(plugins, engines, bares).forEach(Starts::clear);
      }
      StartScenario.settle();
      start(place, plugins);
      StartScenario.settle();
      bare.run(bares.firstByte, bares.exit);
      StartScenario.settle();
      startWithoutPlugin(enginePlace, "plugin-engine-" + (i + WARM_UP), engines);
    }
    report.title("A task (echo) started over the plugin's socket, ms, n = " + samples);
    report.compare(
        "until StartTask returns",
        "plugin",
        plugins.returned,
        "bare crun, first byte",
        bares.firstByte);
    report.compare(
        "until its first byte", "plugin", plugins.firstByte, "bare crun", bares.firstByte);
    report.compare("until WaitTask returns", "plugin", plugins.exit, "bare crun", bares.exit);
    report.compare(
        "what the engine takes of it",
        "StartTask of the plugin",
        plugins.returned,
        "probe, plan and start, in this JVM",
        engines.returned);
    report.row("DestroyTask", plugins.destroyed);
    report.row("first StartTask of a plugin, n = " + first.count(), first);
    report.verdictOnDifference(
        "StartTask within %.0f ms of bare crun".formatted(START_AIM),
        plugins.returned,
        bares.firstByte,
        START_AIM);
  }

  private void start(Place place, Starts times) throws IOException, InterruptedException {
    FirstByte output = FirstByte.of(place.stdout());
    FirstByte errors = FirstByte.of(place.stderr());
    TaskConfig task = plugin.task(place, "/bin/echo", "x");
    long began = System.nanoTime();
    plugin.start(task);
    long running = System.nanoTime();
    plugin.await(task);
    long ended = System.nanoTime();
    plugin.destroy(task);
    times.destroyed.add(ended, System.nanoTime());
    times.returned.add(began, running);
    times.firstByte.add(began, output.await());
    times.exit.add(began, ended);
    errors.drain();
  }

  /** What the plugin does for StartTask, done here: without a socket, in a JVM that is warm. */
  private void startWithoutPlugin(Place place, String name, Starts times)
      throws IOException,
          InterruptedException,
          ConfigException,
          PlanRefusedException,
          StepFailedException {
    FirstByte output = FirstByte.of(place.stdout());
    FirstByte errors = FirstByte.of(place.stderr());
    long began = System.nanoTime();
    JailSpec spec = place.spec(new JailName(name), "/bin/echo", "x");
    Task task = session.start(place.plan(spec, place.probe(spec)));
    times.returned.add(began, System.nanoTime());
    task.await();
    session.destroy(task);
    output.await();
    errors.drain();
  }

  private void commands(TaskConfig task, BareExec bare, int samples, Report report)
      throws IOException, InterruptedException {
    Samples plugins = new Samples();
    Samples bares = new Samples();
    BareExec.Prepared prepared = bare.prepare("true");
    for (int i = -WARM_UP; i < samples; i++) {
      if (i == 0) {
        plugins.clear();
        bares.clear();
      }
      long began = System.nanoTime();
      plugin.exec(task, "true");
      long between = System.nanoTime();
      prepared.run();
      plugins.add(began, between);
      bares.add(between, System.nanoTime());
    }
    report.title("ExecTask of true in a running task, ms, n = " + samples);
    report.compare("until it has ended", "plugin", plugins, "crun exec", bares);
  }

  private void streams(TaskConfig task, BareExec bare, Report report)
      throws IOException, InterruptedException {
    String[] sink = {"/bin/sh", "-c", "cat >/dev/null"};
    String[] source = {"/bin/sh", "-c", "head -c " + STREAMED + " /dev/zero"};
    BareExec.Prepared bareSink = bare.prepare(sink);
    BareExec.Prepared bareSource = bare.prepare(source);
    Samples in = new Samples();
    Samples out = new Samples();
    Samples bareIn = new Samples();
    Samples bareOut = new Samples();
    for (int i = -STREAMS_TO_WARM_UP; i < STREAMS; i++) {
      if (i == 0) {
        in.clear();
        out.clear();
        bareIn.clear();
        bareOut.clear();
      }
      speed(in, () -> send(task, sink));
      speed(bareIn, () -> bareSink.send(STREAMED, PART));
      speed(out, () -> receive(task, source));
      speed(bareOut, () -> complete(bareSource.receive()));
    }
    report.title(
        "ExecTaskStreaming of %d MiB, MB/s, n = %d".formatted(STREAMED / MEBIBYTE, STREAMS));
    report.compare("in, to cat", "plugin", in, "crun exec", bareIn);
    report.compare("out, of head", "plugin", out, "crun exec", bareOut);
  }

  private interface Transfer {
    void run() throws IOException, InterruptedException;
  }

  private static void speed(Samples megabytesPerSecond, Transfer transfer)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    transfer.run();
    double seconds = (System.nanoTime() - began) / 1e9;
    megabytesPerSecond.add(STREAMED / 1e6 / seconds);
  }

  private void send(TaskConfig task, String... command) throws IOException, InterruptedException {
    ByteString part = ByteString.copyFrom(new byte[PART]);
    ExecStream stream = ExecStream.start(plugin, task.getId(), command);
    for (int sent = 0; sent < STREAMED; sent += PART) {
      stream.input(part);
    }
    stream.closeInput();
    stream.awaitEnd();
  }

  private void receive(TaskConfig task, String... command)
      throws IOException, InterruptedException {
    complete(ExecStream.start(plugin, task.getId(), command).awaitEnd());
  }

  private static void complete(long bytes) throws IOException {
    if (bytes != STREAMED) {
      throw new IOException("only " + bytes + " bytes came");
    }
  }
}
