package io.gaol.benchmark;

import io.gaol.engine.Command;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import io.gaol.linux.LinuxHost;
import io.gaol.linux.LinuxPlaces;
import io.gaol.linux.LinuxProbe;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Commands in a jail that runs, by crun(1) alone: {@code crun exec} with the words and the process
 * file that the driver has for it.
 */
final class BareExec {
  private final LinuxHost host;
  private final JailName jail;
  private final Path directory;

  private BareExec(LinuxHost host, JailName jail, Path directory) {
    this.host = host;
    this.jail = jail;
    this.directory = directory;
  }

  /**
   * Commands in the one task that runs.
   *
   * @param state the state directory of whoever started it
   * @param directory for files of ours
   */
  static BareExec inTheOnlyTaskOf(Path state, Path directory) throws IOException {
    LinuxPlaces places = new LinuxPlaces(state);
    Path crun =
        LinuxProbe.program("crun").orElseThrow(() -> new IOException("crun is not installed"));
    try (Stream<Path> containers = Files.list(places.crunRoot())) {
      List<String> names = containers.map(container -> container.getFileName().toString()).toList();
      if (names.size() != 1) {
        throw new IOException("one container was to run, but these do: " + names);
      }
      return new BareExec(new LinuxHost(places, crun), new JailName(names.getFirst()), directory);
    }
  }

  /** A command, of which the process file is written now. */
  Prepared prepare(String... words) throws IOException {
    Path file = Files.createTempFile(directory, "process", ".json");
    Command command =
        new Command(
            "benchmark",
            String.join(" ", words),
            List.of(words),
            Command.Where.JAIL,
            Optional.empty(),
            false,
            Environment.EMPTY);
    return new Prepared(host.jail(jail).enter(command, file), directory.resolve("errors"));
  }

  /**
   * A command that can be run again and again.
   *
   * @param words for the host
   * @param errors gets what it writes on stderr
   */
  record Prepared(List<String> words, Path errors) {
    /** Copies. */
    Prepared {
      words = List.copyOf(words);
    }

    /** Runs it, without input and output. */
    void run() throws IOException, InterruptedException {
      end(builder().redirectOutput(Redirect.DISCARD).start());
    }

    /** Runs it with so many zeros as its input, so many at a time. */
    void send(int bytes, int part) throws IOException, InterruptedException {
      byte[] zeros = new byte[part];
      Process process =
          builder().redirectInput(Redirect.PIPE).redirectOutput(Redirect.DISCARD).start();
      try (OutputStream input = process.getOutputStream()) {
        for (int sent = 0; sent < bytes; sent += part) {
          input.write(zeros);
        }
      }
      end(process);
    }

    /** Runs it, and tells how many bytes it wrote. */
    long receive() throws IOException, InterruptedException {
      Process process = builder().start();
      long bytes;
      try (InputStream output = process.getInputStream()) {
        bytes = output.transferTo(OutputStream.nullOutputStream());
      }
      end(process);
      return bytes;
    }

    private ProcessBuilder builder() {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(new File("/"))
              .redirectInput(new File("/dev/null"))
              .redirectError(errors.toFile());
      builder.environment().clear();
      builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
      return builder;
    }

    private void end(Process process) throws IOException, InterruptedException {
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException("crun exec ended with " + status + ": " + Files.readString(errors));
      }
    }
  }
}
