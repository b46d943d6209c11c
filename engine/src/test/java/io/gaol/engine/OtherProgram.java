package io.gaol.engine;

import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.jail.JailName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another program that uses the same state directory: a Java of its own, which can be killed. */
final class OtherProgram implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private OtherProgram(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Runs {@link #main} in a Java of its own, after the words of {@code before}. */
  static OtherProgram run(List<String> before, String act, Path state, String... more)
      throws IOException {
    List<String> arguments = new ArrayList<>(before);
    arguments.addAll(
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            OtherProgram.class.getName(),
            act,
            state.toString()));
    arguments.addAll(List.of(more));
    return new OtherProgram(
        new ProcessBuilder(arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  static OtherProgram run(String act, Path state, String... more) throws IOException {
    return run(List.of(), act, state, more);
  }

  /** The next line that it prints. */
  String says() throws IOException {
    return output.readLine();
  }

  /** Ends it as a crash does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /**
   * What it does: {@code create NAME} and {@code try NAME} (a lock), {@code start NAME SCRIPT
   * FOLDER} (a task whose main process is a script, with a directory of its own), {@code begin
   * NAME} (a start without a plan), {@code hook NAME SCRIPT} (a task with a hook that is a script),
   * {@code points NAME FOLDER} (a directory {@code d} and a file {@code f} to mount on).
   */
  public static void main(String[] arguments) throws Exception {
    TaskStore store = TaskStore.open(Path.of(arguments[1]), "--state-dir");
    JailName name = new JailName(arguments[2]);
    switch (arguments[0]) {
      case "create" -> {
        store.create(name, Bench.OWNER);
        System.out.println("created");
      }
      case "try" -> System.out.println(store.lock(name).isPresent() ? "locked" : "refused");
      case "start" -> {
        Path folder = Path.of(arguments[4]);
        Step[] steps = {
          new Step.Owe("exec.poststop", List.of(Shop.appends(folder, "poststop"))),
          new Step.MakeDirectory(folder.resolve("made"), 0755, Removal.WITH_CONTENTS)
        };
        try (TaskEngine engine = new TaskEngine(new FakeHost(), store, event -> {})) {
          engine.start(Shop.plan(name, Shop.NULL, Shop.NULL, arguments[3], steps), Bench.OWNER);
          System.out.println("started");
          Thread.sleep(60_000);
        }
      }
      case "begin" -> {
        try (TaskEngine engine = new TaskEngine(new FakeHost(), store, event -> {});
            TaskStart _ = engine.begin(name, Bench.OWNER)) {
          System.out.println("begun");
          Thread.sleep(60_000);
        }
      }
      case "hook" -> {
        try (TaskEngine engine = new TaskEngine(new FakeHost(), store, event -> {})) {
          Step hook = new Step.Run(Samples.shell("exec.prestart", arguments[3]));
          engine.start(Shop.plan(name, Shop.NULL, Shop.NULL, "true", hook), Bench.OWNER);
        }
      }
      case "points" -> {
        Path folder = Path.of(arguments[3]);
        new LinklessPath(folder, folder.resolve("d")).makeDirectory();
        new LinklessPath(folder, folder.resolve("d/f")).makeFile();
        System.out.println("made");
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    if (!arguments[0].equals("try")) {
      Thread.sleep(60_000);
    }
  }
}
