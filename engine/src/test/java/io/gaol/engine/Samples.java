package io.gaol.engine;

import io.gaol.engine.Command.Where;
import io.gaol.engine.Step.MakeDirectory.Removal;
import io.gaol.jail.Environment;
import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary values of what the engine writes into files. */
final class Samples {
  private Samples() {}

  /** What breaks line formats and quoting: blanks, quotes, newlines, control characters, UTF-8. */
  static Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars(" \t\n\r\"'\\{}[]$`+-=:;,.<>&#\u0001\u001b\u0085\u2028\u2029äπ漢")
        .withCharRange('a', 'f')
        .ofMaxLength(12)
        .map(text -> text.endsWith("a") ? text + "😀" : text);
  }

  static Arbitrary<Path> paths() {
    return texts().map(text -> Path.of("/tmp", "p" + text));
  }

  static Arbitrary<Environment> environments() {
    return Arbitraries.maps(
            texts().map(text -> "V" + text.replace("=", "")), texts().map(text -> text + "v"))
        .ofMaxSize(3)
        .map(Environment::new);
  }

  static Arbitrary<Command> commands() {
    return Combinators.combine(
            texts(),
            texts(),
            texts().list().ofMinSize(1).ofMaxSize(3),
            Arbitraries.of(Where.class),
            Arbitraries.longs().between(1, Long.MAX_VALUE).map(Duration::ofNanos).optional(),
            Arbitraries.of(true, false),
            environments())
        .as(Command::new);
  }

  static Arbitrary<JailName> names() {
    return Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(64).map(JailName::new);
  }

  static Arbitrary<Undo> undos() {
    return Arbitraries.oneOf(
        Combinators.combine(paths(), Arbitraries.of(Removal.class)).as(Undo.RemoveDirectory::new),
        Combinators.combine(
                paths(), paths(), Arbitraries.of(true, false), Arbitraries.of(true, false))
            .as(Undo.RemoveMountPoint::new),
        paths().map(Undo.RemoveFile::new),
        Combinators.combine(paths(), texts()).as(Undo.RestoreValue::new),
        Combinators.combine(paths(), texts(), texts()).as(Undo.ReleaseValue::new),
        Combinators.combine(
                texts(), texts().list().ofMaxSize(3), texts().list().ofMinSize(1).ofMaxSize(3))
            .as(Undo.Unmake::new),
        Combinators.combine(texts(), paths()).as(Undo.Unmount::new),
        Combinators.combine(texts(), commands().list().ofMaxSize(3)).as(Undo.RunOwed::new),
        names().map(Undo.DeleteJail::new));
  }

  static Command shell(String name, String script) {
    return shell(name, script, Optional.empty());
  }

  static Command shell(String name, String script, Optional<Duration> limit) {
    return new Command(
        name,
        script,
        List.of("/bin/sh", "-c", script),
        Where.HOST,
        limit,
        false,
        Environment.EMPTY);
  }
}
