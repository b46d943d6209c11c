package io.gaol.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A supervisor that comes up while the jail is being prepared, launched beside it, and waits for
 * the word to begin. It has made nothing but its own file in the task's directory, so nothing is
 * owed for it; without the word, also when we die, it ends.
 */
final class SupervisorLaunch implements AutoCloseable {
  private static final String SUPERVISE_SCRIPT = superviseScript();

  /**
   * The line that lets the supervisor begin, and the launcher end. They read from the same pipe,
   * byte by byte, so a line is one byte: there is nothing to mix up.
   */
  private static final String GO = "\n";

  /**
   * Starts the supervisor and stays until that line: Java closes a program's standard input when
   * that very program ends, whoever has inherited it. It and the supervisor read a line each.
   */
  private static final String LAUNCHER = "\"$@\" && read -r line";

  private final CompletableFuture<OutputStream> supervisor = new CompletableFuture<>();

  private SupervisorLaunch() {}

  /** Begins to launch the supervisor of a task. Whether it could, {@link #begin} tells. */
  static SupervisorLaunch of(Host host, TaskDirectory directory, Supervised supervised) {
    SupervisorLaunch launch = new SupervisorLaunch();
    Thread.ofVirtual()
        .name("launch-" + directory.name())
        .start(
            () -> {
              try {
                launch.supervisor.complete(start(host, directory, supervised));
              } catch (IOException | RuntimeException failure) {
                launch.supervisor.completeExceptionally(failure);
              }
            });
    return launch;
  }

  private static OutputStream start(Host host, TaskDirectory directory, Supervised supervised)
      throws IOException {
    directory.write(
        TaskFiles.SUPERVISOR,
        host.identityFunction()
            + "\nmemory_kills() {\n"
            + supervised.memoryKills()
            + "\n}\n"
            + SUPERVISE_SCRIPT);
    List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", LAUNCHER, "launcher"));
    arguments.addAll(host.detach());
    arguments.addAll(
        List.of(
            "/bin/sh",
            directory.file(TaskFiles.SUPERVISOR).toString(),
            directory.path().toString(),
            supervised.stdout().toString(),
            supervised.stderr().toString()));
    arguments.addAll(supervised.runtime());
    Map<String, String> mark = Map.of(CommandRunner.TASK_MARK, directory.path().toString());
    return Programs.start(arguments, mark).getOutputStream();
  }

  /**
   * Lets the supervisor begin.
   *
   * @throws IOException if its file could not be written or it could not be started
   */
  void begin() throws IOException, InterruptedException {
    OutputStream word;
    try {
      word = supervisor.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    }
    try {
      word.write((GO + GO).getBytes(StandardCharsets.UTF_8));
      word.flush();
    } catch (IOException gone) {
      // It ended before: what it says for itself is found by who waits for the jail.
    }
  }

  /** Lets go of the supervisor: one that was not let begin ends. Waits until it was launched. */
  @Override
  public void close() {
    try {
      supervisor.join().close();
    } catch (CompletionException neverStarted) {
      // There is none to let go of.
    } catch (IOException gone) {
      // It ended before.
    }
  }

  private static String superviseScript() {
    try (InputStream script = SupervisorLaunch.class.getResourceAsStream("supervise.sh")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException impossible) {
      throw new IllegalStateException("supervise.sh is not in the jar", impossible);
    }
  }
}
