package io.gaol.cli.artifact;

import io.gaol.cli.artifact.Artifact.Mode;
import io.gaol.jail.Spelling;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An artifact's source, understood as go-getter does.
 *
 * @param shown without what may be secret
 * @param location where it is
 * @param archive how it is unpacked
 * @param subdirectory what of an archive is wanted
 * @param checksum as it is written
 * @param fileName what a file is called that is put into a directory
 */
record Source(
    String shown,
    Location location,
    Optional<ArchiveType> archive,
    Optional<String> subdirectory,
    Optional<String> checksum,
    String fileName) {
  /** Where a source is. */
  sealed interface Location {
    /** On a server. */
    record Http(URI uri) implements Location {}

    /** On this host. */
    record Local(Path path) implements Location {}
  }

  private static final Pattern FORCED = Pattern.compile("([A-Za-z0-9]+)::(.+)", Pattern.DOTALL);
  private static final Pattern SCHEME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)", Pattern.DOTALL);
  private static final String KINDS = "only files of this host, http and https are fetched here";
  private static final String GIT =
      "git repositories are not cloned here: take the archive that the server makes of one, such as"
          + " https://github.com/OWNER/NAME/archive/REVISION.tar.gz";
  private static final String S3 =
      "S3 is not spoken here: take the object's https address, presigned if it is not public";

  /** What is said of the other sources that go-getter knows. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "git", GIT,
          "ssh", GIT,
          "s3", S3,
          "gcs", "GCS is not spoken here: take https://storage.googleapis.com/BUCKET/OBJECT",
          "hg",
              "Mercurial is not spoken here: take the archive that the server makes of a revision");

  /** How go-getter tells other sources that have no scheme. */
  private static final Map<Pattern, String> DETECTED =
      Map.of(
          Pattern.compile("git@[^/]+:.*|(github\\.com|gitlab\\.com|bitbucket\\.org)/.*"), "git",
          Pattern.compile("[^/]*\\.amazonaws\\.com/.*"), "s3",
          Pattern.compile("[^/]*\\.googleapis\\.com/.*"), "gcs");

  /**
   * Reads an artifact's source and options.
   *
   * @param folder the job file's
   * @throws ArtifactException if there is nothing that could be fetched
   */
  static Source of(Artifact artifact, Path folder) throws ArtifactException {
    return new Reader(artifact, folder).read();
  }

  /** The path of a URL or file that the source has, for telling types and names. */
  static String lastName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Reads one source. */
  private static final class Reader {
    private final Artifact artifact;
    private final Path folder;
    private final String shown;

    Reader(Artifact artifact, Path folder) {
      this.artifact = artifact;
      this.folder = folder;
      this.shown = Shown.source(artifact.source());
    }

    Source read() throws ArtifactException {
      String text = artifact.source().strip();
      if (text.isEmpty()) {
        throw problem("source is empty");
      }
      Matcher forced = FORCED.matcher(text);
      if (forced.matches()) {
        if (!List.of("http", "https", "file").contains(forced.group(1))) {
          throw elsewhere(forced.group(1), forced.group(1) + "::");
        }
        text = forced.group(2);
      }
      int question = text.indexOf('?');
      String query = question < 0 ? "" : text.substring(question + 1);
      Matcher scheme = SCHEME.matcher(question < 0 ? text : text.substring(0, question));
      return scheme.matches()
          ? withScheme(scheme.group(1).toLowerCase(Locale.ROOT), scheme.group(2), query)
          : local(question < 0 ? text : text.substring(0, question), query);
    }

    private Source withScheme(String scheme, String rest, String query) throws ArtifactException {
      return switch (scheme) {
        case "http", "https" -> http(scheme, rest, query);
        case "file" -> {
          if (!rest.startsWith("/")) {
            throw problem("a file URL has three slashes: file:///" + rest);
          }
          yield local(decoded(rest.replace("+", "%2B")), query);
        }
        default -> throw elsewhere(scheme, scheme + "://");
      };
    }

    private Source http(String scheme, String rest, String query) throws ArtifactException {
      Split split = Split.of(rest);
      Options options = options(query);
      String path = split.base().replaceFirst("^[^/]*", "");
      String decoded = decoded(path.replace("+", "%2B"));
      Optional<ArchiveType> archive = archive(options, decoded);
      boolean named = archive.isEmpty() && artifact.mode() == Mode.ANY;
      if (archive.isEmpty()) {
        if (!split.subdirectory().isEmpty()) {
          throw problem(
              "what stands behind // is a directory within an archive, and "
                  + Shown.quoted(lastName(decoded))
                  + " is none by its ending: say which with the option archive, or write one /");
        }
        if (artifact.mode() == Mode.DIR || (named && decoded.endsWith("/"))) {
          throw problem(
              "a server cannot be asked for a directory: pack it into an archive, such as .tar.gz");
        }
      }
      checkMode(archive, split.subdirectory());
      String sent = options.sent(named);
      return new Source(
          shown,
          new Location.Http(
              uri(scheme + "://" + split.base() + (sent.isEmpty() ? "" : "?" + sent))),
          archive,
          Optional.of(split.subdirectory()).filter(directory -> !directory.isEmpty()),
          options.get("checksum"),
          named ? fileName(options, decoded) : "");
    }

    private Source local(String text, String query) throws ArtifactException {
      for (Map.Entry<Pattern, String> kind : DETECTED.entrySet()) {
        if (kind.getKey().matcher(text).matches()) {
          throw elsewhere(kind.getValue(), text.startsWith("git@") ? "git@" : text.split("/")[0]);
        }
      }
      Split split = Split.of(text);
      Options options = options(query);
      Optional<ArchiveType> archive = archive(options, split.base());
      // Behind // is a directory of an archive; of a directory, it is just a path.
      String path = archive.isEmpty() ? text : split.base();
      Optional<String> subdirectory =
          Optional.of(split.subdirectory())
              .filter(directory -> archive.isPresent() && !directory.isEmpty());
      checkMode(archive, subdirectory.orElse(""));
      try {
        Path file = folder.resolve(path).normalize();
        boolean named = archive.isEmpty() && artifact.mode() == Mode.ANY;
        return new Source(
            shown,
            new Location.Local(file),
            archive,
            subdirectory,
            options.get("checksum"),
            named ? fileName(options, file.toString()) : "");
      } catch (InvalidPathException wrong) {
        throw problem("source is no path: " + wrong.getReason());
      }
    }

    private void checkMode(Optional<ArchiveType> archive, String subdirectory)
        throws ArtifactException {
      if (artifact.mode() == Mode.FILE) {
        if (!subdirectory.isEmpty()) {
          throw problem("mode \"file\" takes one file, but behind // a directory is wanted");
        }
      } else if (archive.filter(ArchiveType::isSingleFile).isPresent()) {
        throw problem(
            "it unpacks to one file, as in Nomad only with mode = \"file\" and the file's name as"
                + " destination; the option archive = \"false\" leaves it packed");
      }
      if (Arrays.asList(subdirectory.split("/")).contains("..")) {
        throw problem("what stands behind // leads out of the archive");
      }
    }

    private Optional<ArchiveType> archive(Options options, String path) throws ArtifactException {
      Optional<String> said = options.get("archive");
      if (said.isEmpty()) {
        return ArchiveType.ofFile(path);
      }
      String value = said.get();
      if (List.of("0", "f", "F", "false", "FALSE", "False").contains(value)) {
        return Optional.empty();
      }
      Optional<ArchiveType> type = ArchiveType.named(value);
      if (type.isEmpty()) {
        throw problem(
            "there is no archive type "
                + Shown.quoted(value)
                + ": it is false, or one of "
                + String.join(", ", ArchiveType.names())
                + Spelling.suggestion(value, ArchiveType.names()));
      }
      return type;
    }

    private String fileName(Options options, String path) throws ArtifactException {
      String name = options.get("filename").orElse(lastName(path));
      if (name.isEmpty() || name.startsWith("/") || Arrays.asList(name.split("/")).contains("..")) {
        throw problem(
            name.isEmpty()
                ? "its address has no file name: give one with the option filename"
                : "no file can be called " + Shown.quoted(name));
      }
      return name;
    }

    private URI uri(String text) throws ArtifactException {
      try {
        URI uri = new URI(encoded(text));
        if (uri.getHost() == null) {
          throw problem("its address names no server");
        }
        return uri;
      } catch (URISyntaxException wrong) {
        throw problem("its address is wrong: " + wrong.getReason());
      }
    }

    private String decoded(String text) throws ArtifactException {
      try {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException wrong) {
        throw problem("its address is wrong: " + wrong.getMessage());
      }
    }

    /** With what has no place in a URL, such as a blank, written as %20: Go is as lenient. */
    private static String encoded(String text) {
      StringBuilder result = new StringBuilder();
      for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
        char character = (char) (octet & 0xff);
        boolean legal =
            character < 0x7f
                && (Character.isLetterOrDigit(character)
                    || "-._~:/?@!$&'()*+,;=%[]".indexOf(character) >= 0);
        result.append(legal ? character : String.format(Locale.ROOT, "%%%02X", (int) character));
      }
      return result.toString();
    }

    private Options options(String query) throws ArtifactException {
      Map<String, String> values = new LinkedHashMap<>();
      Map<String, String> written = new LinkedHashMap<>();
      for (String pair : query.split("&")) {
        if (!pair.isEmpty()) {
          String name = decoded(pair.split("=", 2)[0]);
          values.putIfAbsent(name, pair.contains("=") ? decoded(pair.split("=", 2)[1]) : "");
          written.merge(name, pair, (one, other) -> one + "&" + other);
        }
      }
      artifact
          .options()
          .forEach(
              (name, value) -> {
                values.put(name, value);
                written.put(name, urlEncoded(name) + "=" + urlEncoded(value));
              });
      return new Options(values, written);
    }

    private static String urlEncoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private ArtifactException elsewhere(String kind, String form) {
      return problem(
          Shown.quoted(form)
              + ": "
              + Optional.ofNullable(ELSEWHERE.get(kind)).map(hint -> hint + "; ").orElse("")
              + KINDS);
    }

    private ArtifactException problem(String problem) {
      return new ArtifactException(shown, problem);
    }
  }

  /**
   * The parameters of a query.
   *
   * @param values by name, decoded; of several the first
   * @param written by name, as they are sent
   */
  private record Options(Map<String, String> values, Map<String, String> written) {
    Optional<String> get(String name) {
      return Optional.ofNullable(values.get(name))
          .map(String::strip)
          .filter(value -> !value.isEmpty());
    }

    /** What is left for the server. */
    String sent(boolean named) {
      return written.entrySet().stream()
          .filter(entry -> !entry.getKey().equals("archive") && !entry.getKey().equals("checksum"))
          .filter(entry -> !(named && entry.getKey().equals("filename")))
          .map(Map.Entry::getValue)
          .collect(Collectors.joining("&"));
    }
  }

  /** A path, and what stands behind {@code //} in it. */
  private record Split(String base, String subdirectory) {
    static Split of(String path) {
      int at = path.indexOf("//");
      return at <= 0
          ? new Split(path, "")
          : new Split(path.substring(0, at), path.substring(at).replaceFirst("^/+", ""));
    }
  }
}
