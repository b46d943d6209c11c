package io.gaol.jail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A line of {@code mount} or of a file of {@code mount.fstab}: a file system that is mounted before
 * the jail is there, and unmounted after it. fstab(5)'s fields; jail(8) reads the first four.
 *
 * @param source a directory, a dataset, or any word where the type has no source
 * @param target the mount point, absolute on the host: jail(8) does not begin at the jail's root
 * @param type which file system
 * @param options of mount(8) and of the type
 */
public record FstabLine(String source, Path target, MountType type, List<String> options) {
  /** {@code MNAMELEN} without the NUL behind a name. */
  private static final int MAXIMUM_PATH_BYTES = 1023;

  private static final Pattern BLANKS = Pattern.compile("[ \\t\\f\\x0B\\r\\n]+");
  private static final Pattern OCTAL = Pattern.compile("[0-7]{1,3}");
  private static final Pattern DATASET =
      Pattern.compile("[A-Za-z][A-Za-z0-9_.: -]*(/[A-Za-z0-9_.: -]+)*(@[A-Za-z0-9_.: -]+)?");
  private static final Pattern REMOTE = Pattern.compile("[^\\s:/-][^\\s/]*:/[^\\s]*");
  private static final String SHAPE =
      "a mount is \"source target type options\", as \"/data /jails/web/data nullfs ro\"";

  /**
   * Checks and copies.
   *
   * @throws InvalidValueException with all that is wrong
   */
  public FstabLine {
    options = List.copyOf(options);
    InvalidValueException.throwIfAny(problems(source, target.toString(), type, options));
  }

  /**
   * Reads the value of a {@code mount} parameter.
   *
   * @throws InvalidValueException with all that is wrong
   */
  public static FstabLine parse(String line) {
    List<String> fields = BLANKS.splitAsStream(line).filter(field -> !field.isEmpty()).toList();
    if (fields.size() < 3) {
      throw new InvalidValueException(
          SHAPE + ", but \"" + line.strip() + "\" has fewer than three fields");
    }
    List<String> problems = new ArrayList<>();
    List<String> decoded = new ArrayList<>();
    for (String field : fields.subList(0, Math.min(4, fields.size()))) {
      decoded.add(decode(field, problems));
    }
    String typeName = decoded.get(2);
    Optional<MountType> type = MountType.find(typeName);
    boolean restIsDumpAndPass =
        fields.size() <= 6
            && fields.stream().skip(4).allMatch(field -> field.matches("[0-9]{1,3}"));
    if (type.isEmpty() || !restIsDumpAndPass) {
      // A blank in a path moves all fields behind it.
      problems.add(
          !restIsDumpAndPass
              ? SHAPE + ", and behind it at most fstab(5)'s two numbers; a blank in a path is \\040"
              : "Gaol mounts "
                  + MountType.keywords()
                  + ", but not \""
                  + typeName
                  + "\"."
                  + MountType.suggestion(typeName));
    }
    List<String> options =
        decoded.size() < 4 ? List.of() : Arrays.asList(decoded.get(3).split(",", -1));
    if (type.isPresent() && restIsDumpAndPass) {
      problems.addAll(problems(decoded.get(0), decoded.get(1), type.get(), options));
    } else if (restIsDumpAndPass) {
      checkPath("target", decoded.get(1)).ifPresent(problems::add);
    }
    InvalidValueException.throwIfAny(problems.stream().distinct().toList());
    return new FstabLine(decoded.get(0), Path.of(decoded.get(1)), type.orElseThrow(), options);
  }

  /**
   * Reads a file of {@code mount.fstab}: a line each, {@code #} cuts one.
   *
   * @throws InvalidValueException with all that is wrong, each problem with its line
   */
  public static List<FstabLine> parseFile(String text) {
    List<FstabLine> lines = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String content = line.replaceFirst("(?s)#.*", "");
      if (BLANKS.splitAsStream(content).allMatch(String::isEmpty)) {
        continue;
      }
      try {
        lines.add(parse(content));
      } catch (InvalidValueException invalid) {
        for (String problem : invalid.problems()) {
          problems.add("line " + number + ": " + problem);
        }
      }
    }
    InvalidValueException.throwIfAny(problems);
    return List.copyOf(lines);
  }

  /**
   * This line in a jail. Where the jail has a directory of the operator's for its root, a target is
   * a path of the host below it, as jail(8) wants it. Where it has a task's directory under the
   * host's system, whose place nobody knows who writes a job, a target is a path of the jail; one
   * below the task's directory is taken as it is.
   */
  public FstabLine in(JailSpec.Root root) {
    return switch (root) {
      case JailSpec.Root.Directory d -> this;
      case JailSpec.Root.HostSystem host ->
          target.startsWith(host.taskDirectory())
              ? this
              : new FstabLine(
                  source,
                  host.taskDirectory().resolve(Path.of("/").relativize(target)),
                  type,
                  options);
    };
  }

  /**
   * What is wrong with the target for a jail: it must be its root or below it, and no symbolic link
   * may lie between, through which the mount would end up elsewhere. Like jail(8), this asks only
   * about what is below the root: what is above it is the operator's.
   *
   * @param root of the jail, on the host
   * @param isSymbolicLink whether a path of the host is one; what is not there is none
   */
  public List<String> problemsBelow(Path root, Predicate<Path> isSymbolicLink) {
    Path place = root.normalize();
    if (!target.startsWith(place)) {
      return List.of(
          "the target \""
              + target
              + "\" is not below the jail's root: write \""
              + place.resolve(Path.of("/").relativize(target))
              + "\"");
    }
    for (int name = place.getNameCount(); name < target.getNameCount(); name++) {
      place = place.resolve(target.getName(name));
      if (isSymbolicLink.test(place)) {
        return List.of(
            "the target \""
                + target
                + "\" goes through the symbolic link \""
                + place
                + "\", which may lead out of the jail: name the directory that it leads to");
      }
    }
    return List.of();
  }

  private static List<String> problems(
      String source, String target, MountType type, List<String> options) {
    List<String> problems = new ArrayList<>();
    checkSource(source, type).ifPresent(problems::add);
    checkPath("target", target).ifPresent(problems::add);
    for (String option : options) {
      type.problem(option).ifPresent(problems::add);
    }
    return problems.stream().distinct().toList();
  }

  private static boolean isPath(String text) {
    try {
      return !text.isEmpty() && Path.of(text) != null;
    } catch (IllegalArgumentException notAPath) {
      return false;
    }
  }

  private static Optional<String> checkSource(String source, MountType type) {
    if (source.indexOf('\0') >= 0 || source.isEmpty()) {
      return Optional.of("the source is empty, or holds a NUL character");
    }
    return switch (type.source()) {
      case ANY -> Optional.empty();
      case DIRECTORY, DEVICE -> checkPath("source", source);
      case REMOTE ->
          REMOTE.matcher(source).matches()
              ? Optional.empty()
              : Optional.of(
                  "\"" + source + "\" is not what another host offers, such as server:/directory");
      case DATASET ->
          DATASET.matcher(source).matches()
              ? Optional.empty()
              : Optional.of(
                  "\""
                      + source
                      + "\" is not a dataset, such as zroot/data/web"
                      + (source.startsWith("/")
                          ? "; to see a directory of the host, the type is nullfs"
                          : ""));
    };
  }

  private static Optional<String> checkPath(String what, String text) {
    String quoted = "the " + what + " \"" + text.replace("\0", "\\0") + "\" ";
    if (!isPath(text)) {
      return Optional.of(quoted + "is not a path");
    }
    if (!text.startsWith("/")) {
      return Optional.of(quoted + "must be absolute: a path of the host that begins with /");
    }
    if (Arrays.asList(text.split("/", -1)).contains("..")) {
      return Optional.of(quoted + "may not hold \"..\": write " + Path.of(text).normalize());
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAXIMUM_PATH_BYTES) {
      return Optional.of(
          "the " + what + " has " + bytes + " bytes; the kernel takes " + MAXIMUM_PATH_BYTES);
    }
    return Optional.empty();
  }

  /** Undoes what {@link #encode} does, as jail(8) by strunvis(3). */
  private static String decode(String field, List<String> problems) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    // An escape is never shorter than what it stands for.
    ByteBuffer bytes = ByteBuffer.allocate(field.getBytes(StandardCharsets.UTF_8).length);
    int at = 0;
    while (at < field.length()) {
      int end = field.offsetByCodePoints(at, 1);
      if (field.charAt(at) != '\\') {
        bytes.put(field.substring(at, end).getBytes(StandardCharsets.UTF_8));
        at = end;
        continue;
      }
      String escape = escape(field, at + 1);
      Optional<Integer> value = value(escape);
      if (value.isEmpty()) {
        problems.add(
            "\""
                + field
                + "\": \\"
                + escape
                + " is no escape of fstab(5): a blank is \\040, a tab \\011, a backslash \\134");
        return field;
      }
      bytes.put(value.get().byteValue());
      at += 1 + escape.length();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException notUtf8) {
      problems.add("\"" + field + "\" is not UTF-8");
      return field;
    }
  }

  /** What stands behind a backslash: up to three octal digits, or one character. */
  private static String escape(String field, int from) {
    int end = from;
    while (end < field.length() && end < from + 3 && "01234567".indexOf(field.charAt(end)) >= 0) {
      end++;
    }
    if (end == from && end < field.length()) {
      end = field.offsetByCodePoints(from, 1);
    }
    return field.substring(from, end);
  }

  private static Optional<Integer> value(String escape) {
    if (OCTAL.matcher(escape).matches()) {
      int octal = Integer.parseInt(escape, 8);
      return octal == 0 || octal > 255 ? Optional.empty() : Optional.of(octal);
    }
    return switch (escape) {
      case "\\" -> Optional.of((int) '\\');
      case "s" -> Optional.of((int) ' ');
      case "t" -> Optional.of((int) '\t');
      case "n" -> Optional.of((int) '\n');
      case "r" -> Optional.of((int) '\r');
      default -> Optional.empty();
    };
  }

  private static String encode(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char character = field.charAt(i);
      if (character <= ' ' || character == '\\' || character == '#' || character == 0x7f) {
        text.append(String.format(Locale.ROOT, "\\%03o", (int) character));
      } else {
        text.append(character);
      }
    }
    return text.toString();
  }

  /** The line as {@link #parse} and jail(8) read it: three fields, or four with options. */
  @Override
  public String toString() {
    String line = encode(source) + " " + encode(target.toString()) + " " + type.keyword();
    return options.isEmpty() ? line : line + " " + encode(String.join(",", options));
  }
}
