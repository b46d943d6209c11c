package io.gaol.engine;

import io.gaol.jail.JailName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One task's runner and unwinder without an engine around them. */
final class Bench implements AutoCloseable {
  static final JailName NAME = new JailName("web");
  static final Owner OWNER = new Owner("test", "task", "job", 1, "1", "fake");

  /** A program that dies: nothing of the engine catches it. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  final FakeHost host = new FakeHost();
  final List<TaskEvent> events = new ArrayList<>();
  final List<String> removedJails = new ArrayList<>();
  final TaskDirectory directory;
  Ledger ledger;
  Consumer<TaskEvent> listener = events::add;

  private final Claims claims;
  private final Path log;

  Bench(Path folder) throws IOException {
    host.shared = folder.resolve("shared");
    TaskStore store = TaskStore.open(folder.resolve("state"), "--state-dir");
    directory = store.create(NAME, OWNER);
    claims = new Claims(store.claims());
    ledger = Ledger.open(directory.file(TaskFiles.LEDGER));
    log = Files.createFile(folder.resolve("log"));
  }

  private CommandRunner commands() {
    return new CommandRunner(host, directory, event -> listener.accept(event));
  }

  void run(Step... steps) throws StepFailedException, InterruptedException {
    new PlanRunner(host, directory, ledger, claims, commands(), progress -> {}).run(List.of(steps));
  }

  List<String> unwind() throws InterruptedException {
    return new Unwinder(
            host, directory, ledger, claims, commands(), () -> removedJails.add(NAME.value()))
        .unwind();
  }

  /** As if another program had found the task. */
  void reopen() throws IOException {
    ledger.close();
    ledger = Ledger.open(directory.file(TaskFiles.LEDGER));
    listener = events::add;
  }

  List<Undo> owed() {
    return ledger.owed().stream().map(Ledger.Entry::undo).toList();
  }

  /** A command that writes a line into the log, tells it the listener, and more. */
  Command logs(String line, String more) {
    return Samples.shell("exec." + line, "echo " + line + " >>" + log + "; echo " + line + more);
  }

  Command logs(String line) {
    return logs(line, "");
  }

  List<String> logged() throws IOException {
    return Files.readAllLines(log);
  }

  @Override
  public void close() throws IOException {
    ledger.close();
    directory.close();
  }
}
