package io.gaol.cli.job;

import io.gaol.hcl.Block;
import java.util.Optional;

/** Reads {@code logs} blocks. How much is kept means nothing here: what a task says is printed. */
final class LogsReader {
  private LogsReader() {}

  static Job.Logs read(BodyReader task) {
    Optional<Block> block = task.block("logs");
    if (block.isEmpty()) {
      return new Job.Logs(false);
    }
    BodyReader reader = task.of(block.get());
    reader.count("max_files", 1);
    reader.count("max_file_size", 1);
    Optional<Boolean> enabled = reader.flag("enabled");
    return new Job.Logs(reader.flag("disabled").orElse(!enabled.orElse(true)));
  }
}
