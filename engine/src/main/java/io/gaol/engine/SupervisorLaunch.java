package io.gaol.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A supervisor that comes up while the jail is being planned and prepared: launched beside all
 * that, it waits until it is told what to run, and then for the word to begin. Until then it has
 * made nothing but its own files in the task's directory, so nothing is owed for it; without the
 * word, also when we die, it ends.
 */
final class SupervisorLaunch implements AutoCloseable {
  private static final String SUPERVISE_SCRIPT = superviseScript();

  /** A line each: that the script is there, and that the jail may be created. */
  private static final byte[] LINE = "\n".getBytes(StandardCharsets.UTF_8);

  /**
   * Starts the supervisor and stays while that has our standard output open, which is until the
   * word. Java closes a program's standard input when that very program ends, whoever has inherited
   * it. What cannot be launched says so where the supervisor would.
   */
  private static final String LAUNCHER =
      "stay=$(\"$@\" 2>&1) || {"
          + " echo \"the supervisor was not launched by $*: exit status $?: $stay\" >\"$0\"; }";

  /** The supervisor before it knows what to run. */
  private static final String BEFORE = "read -r line && . \"$0\"";

  private final Host host;
  private final TaskDirectory directory;
  private final CompletableFuture<OutputStream> word;
  private Optional<CompletableFuture<OutputStream>> briefed = Optional.empty();

  private SupervisorLaunch(Host host, TaskDirectory directory) {
    this.host = host;
    this.directory = directory;
    this.word = aside(this::start);
  }

  /** Begins to launch the supervisor of a task. Whether it could, {@link #begin} tells. */
  static SupervisorLaunch of(Host host, TaskDirectory directory) {
    return new SupervisorLaunch(host, directory);
  }

  private OutputStream start() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", LAUNCHER));
    arguments.add(directory.file(TaskFiles.SUPERVISOR_LOG).toString());
    arguments.addAll(host.detach());
    arguments.addAll(
        List.of("/bin/sh", "-c", BEFORE, directory.file(TaskFiles.SUPERVISOR).toString()));
    Map<String, String> mark = Map.of(CommandRunner.TASK_MARK, directory.path().toString());
    return Programs.start(arguments, mark).getOutputStream();
  }

  /** Tells the supervisor what to run; it gets ready. Whether it could, {@link #begin} tells. */
  void brief(Supervised supervised) {
    briefed =
        Optional.of(
            aside(
                () -> {
                  directory.write(TaskFiles.SUPERVISOR, script(supervised));
                  say(word.get());
                  return word.get();
                }));
  }

  private String script(Supervised supervised) {
    List<String> arguments = new ArrayList<>();
    arguments.add(directory.path().toString());
    arguments.add(supervised.stdout().toString());
    arguments.add(supervised.stderr().toString());
    arguments.addAll(supervised.runtime());
    StringBuilder script = new StringBuilder("set --");
    arguments.forEach(argument -> script.append(' ').append(quoted(argument)));
    script.append('\n');
    supervised
        .copy()
        .ifPresent(file -> script.append("copy=").append(quoted(file.toString())).append('\n'));
    return script
        .append(host.identityFunction())
        .append("\nmemory_kills() {\n")
        .append(supervised.memoryKills())
        .append("\n}\n")
        .append(SUPERVISE_SCRIPT)
        .toString();
  }

  /** One word of sh(1), whatever is in it. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * Lets the supervisor begin.
   *
   * @throws IOException if its file could not be written or it could not be started
   */
  void begin() throws IOException, InterruptedException {
    try {
      word.get();
      say(briefed.orElseThrow().get());
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  private static void say(OutputStream word) {
    try {
      word.write(LINE);
      word.flush();
    } catch (IOException gone) {
      // It ended before: what it says for itself is found by who waits for the jail.
    }
  }

  /** Lets go of the supervisor: one that was not let begin ends. Waits until it was launched. */
  @Override
  public void close() {
    try {
      briefed.ifPresent(CompletableFuture::join);
    } catch (CompletionException failed) {
      // Who lets it begin hears of that.
    }
    try {
      word.join().close();
    } catch (CompletionException neverStarted) {
      // There is none to let go of.
    } catch (IOException gone) {
      // It ended before.
    }
  }

  private static <T> CompletableFuture<T> aside(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("launch")
        .start(
            () -> {
              try {
                result.complete(work.call());
              } catch (Exception failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  private static String superviseScript() {
    try (InputStream script = SupervisorLaunch.class.getResourceAsStream("supervise.sh")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException impossible) {
      throw new IllegalStateException("supervise.sh is not in the jar", impossible);
    }
  }
}
