package io.gaol.cli.job;

import io.gaol.cli.artifact.Artifact.Mode;
import io.gaol.cli.artifact.Checksum;
import io.gaol.cli.job.Job.Artifact;
import io.gaol.hcl.Block;
import io.gaol.hcl.SourceRange;
import io.gaol.jail.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code artifact} blocks. */
final class ArtifactReader {
  private static final List<String> MODES = List.of("any", "file", "dir");

  private static final List<String> CHECKSUMS =
      Stream.of(Checksum.Type.values()).map(Checksum.Type::toString).toList();

  private ArtifactReader() {}

  /** A task's artifacts, in order. */
  static List<Artifact> read(BodyReader task) {
    List<Artifact> artifacts = new ArrayList<>();
    for (Block block : task.blocks("artifact")) {
      artifacts.add(artifact(block, task.of(block)));
    }
    return artifacts;
  }

  private static Artifact artifact(Block block, BodyReader reader) {
    String source = reader.text("source").orElse("");
    if (source.isEmpty()) {
      reader.problem(
          block.typeRange(),
          "An artifact needs a source",
          "Write source = \"https://...\", or the path of a file.");
    }
    String mode = reader.text("mode").filter(text -> !text.isEmpty()).orElse("any");
    if (!MODES.contains(mode)) {
      reader.problem(
          reader.place("mode"),
          "There is no mode \"" + mode + "\": an artifact's mode is any, file or dir",
          Spelling.suggestion(mode, MODES).strip());
      mode = "any";
    }
    Map<String, String> options = reader.texts("options");
    if (options.containsKey("checksum")) {
      checkChecksum(reader, options.get("checksum").strip());
    }
    String destination =
        reader.text("destination").filter(text -> !text.isEmpty()).orElse(otherwise(mode, source));
    TaskPaths.check(reader, "destination", destination);
    return new Artifact(
        source,
        destination,
        Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
        options,
        reader.texts("headers"),
        reader.flag("chown").orElse(false),
        reader.flag("insecure").orElse(false),
        block.range());
  }

  /** Nomad's default: a file keeps its name, anything else goes into local. */
  private static String otherwise(String mode, String source) {
    return mode.equals("file")
        ? "local/" + source.substring(source.lastIndexOf('/') + 1)
        : "local/";
  }

  private static void checkChecksum(BodyReader reader, String checksum) {
    if (TaskPaths.hasReferences(checksum)) {
      return;
    }
    SourceRange place = checksumPlace(reader);
    String[] parts = checksum.split(":", -1);
    if (parts.length != 2) {
      reader.problem(
          place,
          "A checksum is its type, a colon and its value, but \"" + checksum + "\" is given",
          "Write \"sha256:...\".");
      return;
    }
    Optional<Checksum.Type> type = Checksum.Type.named(parts[0]);
    if (type.isEmpty()) {
      reader.problem(
          place,
          "There is no checksum type \"" + parts[0] + "\": it is md5, sha1, sha256 or sha512",
          Spelling.suggestion(parts[0], CHECKSUMS).strip());
    } else if (!type.get().fits(parts[1])) {
      // Nomad's own documentation has such an example.
      reader.warning(
          place,
          "The value of a "
              + type.get()
              + " checksum is "
              + type.get().digits()
              + " hexadecimal digits, but \""
              + parts[1]
              + "\" is given",
          "The artifact cannot be fetched; a Nomad server refuses the job.");
    }
  }

  private static SourceRange checksumPlace(BodyReader reader) {
    Optional<Block> options = reader.blocks("options").stream().findFirst();
    return options.isPresent()
        ? reader.of(options.get()).place("checksum")
        : reader.place("options");
  }
}
