package io.gaol.benchmark;

import com.google.protobuf.ByteString;
import io.gaol.driver.ConfigException;
import io.gaol.engine.Plan;
import io.gaol.engine.PlanRefusedException;
import io.gaol.jail.JailName;
import io.gaol.jail.JailSpec;
import io.gaol.nomad.proto.driver.TaskConfig;
import java.io.IOException;

/**
 * The plugin's calls over its socket, in turn with the bare runtime: a start with one of the same
 * bundle, commands with those of crun(1) in the same jail.
 */
final class PluginCalls {
  private static final int WARM_UP = 15;
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
      throws IOException, InterruptedException, ConfigException, PlanRefusedException {
    DrivenPlugin plugin = session.launch(installed.jailTaskDriver(), "plugin-calls");
    PluginCalls calls = new PluginCalls(session, plugin);
    calls.starts(samples, report);
    Place place = Place.make(session.places(), "plugin-exec");
    TaskConfig task = plugin.task(place, "/bin/sleep", "3600");
    plugin.start(task);
    BareExec bare = BareExec.inTheOnlyTaskOf(plugin.state(), session.directory("plugin-bare-exec"));
    calls.commands(task, bare, samples, report);
    calls.streams(task, bare, report);
    plugin.destroy(task);
    session.end(plugin);
  }

  private void starts(int samples, Report report)
      throws IOException, InterruptedException, ConfigException, PlanRefusedException {
    Place place = Place.make(session.places(), "plugin-allocation");
    Place barePlace = Place.make(session.places(), "plugin-bare-allocation");
    JailSpec bareSpec = barePlace.spec(new JailName("gaol-benchmark-bare"), "/bin/echo", "x");
    Plan barePlan = barePlace.plan(bareSpec, barePlace.probe(bareSpec));
    BareRuntime bare =
        new BareRuntime(
            barePlan, session.directory("plugin-bare"), session.runtimeRoot("plugin-bare-crun"));
    Samples returned = new Samples();
    Samples firstByte = new Samples();
    Samples exit = new Samples();
    Samples destroyed = new Samples();
    Samples bareFirstByte = new Samples();
    Samples bareExit = new Samples();
    double first = 0;
    for (int i = -WARM_UP; i < samples; i++) {
      StartScenario.settle();
      start(place, returned, firstByte, exit, destroyed);
      if (i == -WARM_UP) {
        first = returned.median();
      }
      StartScenario.settle();
      bare.run(bareFirstByte, bareExit);
      if (i == -1) {
        returned.clear();
        firstByte.clear();
        exit.clear();
        destroyed.clear();
        bareFirstByte.clear();
        bareExit.clear();
      }
    }
    report.title("A task (echo) started over the plugin's socket, ms, n = " + samples);
    report.compare(
        "until StartTask returns", "plugin", returned, "bare crun, first byte", bareFirstByte);
    report.compare("until its first byte", "plugin", firstByte, "bare crun", bareFirstByte);
    report.compare("until WaitTask returns", "plugin", exit, "bare crun, its end", bareExit);
    report.row("DestroyTask", destroyed);
    report.line("the first StartTask of this plugin took %.1f ms".formatted(first));
    report.verdictOnDifference(
        "StartTask within %.0f ms of bare crun".formatted(START_AIM),
        returned,
        bareFirstByte,
        START_AIM);
  }

  private void start(
      Place place, Samples returned, Samples firstByte, Samples exit, Samples destroyed)
      throws IOException, InterruptedException {
    FirstByte output = FirstByte.of(place.stdout());
    FirstByte errors = FirstByte.of(place.stderr());
    TaskConfig task = plugin.task(place, "/bin/echo", "x");
    long began = System.nanoTime();
    plugin.start(task);
    long running = System.nanoTime();
    plugin.await(task);
    long ended = System.nanoTime();
    plugin.destroy(task);
    destroyed.add(ended, System.nanoTime());
    returned.add(began, running);
    firstByte.add(began, output.await());
    exit.add(began, ended);
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
