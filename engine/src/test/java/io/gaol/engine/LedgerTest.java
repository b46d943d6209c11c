package io.gaol.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LedgerTest {
  private static final Undo A = new Undo.RemoveFile(Path.of("/a"));
  private static final Undo B = new Undo.RemoveFile(Path.of("/b"));
  private static final Undo C = new Undo.RemoveFile(Path.of("/c"));

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("ledger");
  }

  private static List<Undo> undos(Ledger ledger) {
    return ledger.owed().stream().map(Ledger.Entry::undo).toList();
  }

  private static List<Undo> read(Path file) throws IOException {
    try (Ledger ledger = Ledger.open(file)) {
      return undos(ledger);
    }
  }

  @Test
  void whatWasOwedLastIsUndoneFirst() throws IOException {
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(A, B));
      ledger.owe(List.of(C));
      assertThat(undos(ledger)).containsExactly(C, B, A);
    }
    assertThat(read(file())).containsExactly(C, B, A);
  }

  @Test
  void whatIsDoneDoesNotComeBack() throws IOException {
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(A, B, C));
      ledger.done(ledger.owed().get(1));
      assertThat(undos(ledger)).containsExactly(C, A);
    }
    assertThat(read(file())).containsExactly(C, A);
  }

  @Test
  void whatIsOwedIsInTheFileBeforeOweReturns() throws IOException {
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(A));
      assertThat(read(file())).containsExactly(A);
    }
  }

  @Test
  void aReopenedLedgerGoesOnWithoutLosingOrMixingUpEntries() throws IOException {
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(A, B));
      ledger.done(ledger.owed().getFirst());
    }
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(C));
      ledger.done(ledger.owed().getLast());
    }
    assertThat(read(file())).containsExactly(C);
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    Ledger.open(file()).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void entriesAfterATornLineAreWholeLines() throws IOException {
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(A));
    }
    Files.writeString(file(), "+ 2 {\"undo\":\"remo", StandardOpenOption.APPEND);
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(C));
    }
    assertThat(read(file())).containsExactly(C, A);
  }

  @Property(tries = 15)
  void anyPrefixOfItsFileHoldsAPrefixOfItsEntries(
      @ForAll("undoLists") @Size(max = 4) List<Undo> owed) throws IOException {
    Path directory = Files.createTempDirectory("ledger");
    try {
      Path whole = directory.resolve("whole");
      List<List<Undo>> states = new ArrayList<>();
      states.add(List.of());
      try (Ledger ledger = Ledger.open(whole)) {
        for (Undo undo : owed) {
          ledger.owe(List.of(undo));
          states.add(undos(ledger));
        }
        if (!owed.isEmpty()) {
          ledger.done(ledger.owed().getFirst());
          states.add(undos(ledger));
        }
      }
      byte[] bytes = Files.readAllBytes(whole);
      int lines = 0;
      for (int length = 0; length <= bytes.length; length++) {
        lines += length > 0 && bytes[length - 1] == '\n' ? 1 : 0;
        Path cut = directory.resolve("cut");
        Files.write(cut, Arrays.copyOf(bytes, length));
        assertThat(read(cut)).as("%d bytes", length).isEqualTo(states.get(lines));
      }
      assertThat(lines).isEqualTo(states.size() - 1);
    } finally {
      remove(directory);
    }
  }

  @Property
  void everyUndoIsReadAsItWasWritten(@ForAll("undos") Undo undo) {
    assertThat(Json.undo(Json.parse(Json.compact(Json.of(undo))))).isEqualTo(undo);
  }

  @Property(tries = 40)
  void everyUndoSurvivesTheFile(@ForAll("undoLists") List<Undo> owed) throws IOException {
    Path directory = Files.createTempDirectory("ledger");
    try {
      Path file = directory.resolve("ledger");
      try (Ledger ledger = Ledger.open(file)) {
        ledger.owe(owed);
      }
      assertThat(read(file)).isEqualTo(owed.reversed());
    } finally {
      remove(directory);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rubbish",
        "+",
        "-",
        "+ 2",
        "+ x {}",
        "+ 2 ",
        "+ 2 null",
        "+ 2 []",
        "+ 2 {}",
        "+ 2 {\"undo\":\"fly\"}",
        "+ 2 {\"undo\":null}",
        "+ 2 {\"undo\":\"removeFile\"}",
        "+ 2 {\"undo\":\"removeFile\",\"path\":\"/a\\u0000\"}",
        "+ 2 {\"undo\":\"removeDirectory\",\"path\":\"/a\",\"removal\":\"GENTLY\"}",
        "+ 2 {\"undo\":\"deleteJail\",\"name\":\"0\"}",
        "+ 2 {\"undo\":\"runOwed\",\"what\":\"x\"}",
        "+ 2 {\"undo\":\"runOwed\",\"what\":\"x\",\"commands\":{}}",
        "+ 2 {\"undo\":\"runOwed\",\"what\":\"x\",\"commands\":[{}]}",
        "+ 2 {\"undo\":\"removeFile\",\"path\":\"/a\"",
        "~ 2 {}"
      })
  void aDamagedWholeLineIsAnErrorThatNamesFileAndLine(String damaged) throws IOException {
    try (Ledger ledger = Ledger.open(file())) {
      ledger.owe(List.of(A));
    }
    Files.writeString(file(), damaged + "\n", StandardOpenOption.APPEND);
    try (Ledger ledger = Ledger.open(folder.resolve("other"))) {
      ledger.owe(List.of(B));
    }
    Files.write(file(), Files.readAllBytes(folder.resolve("other")), StandardOpenOption.APPEND);
    byte[] before = Files.readAllBytes(file());

    assertThatThrownBy(() -> Ledger.open(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file() + ":2:");
    assertThat(Files.readAllBytes(file())).as("left for a person to look at").isEqualTo(before);
  }

  @Provide
  Arbitrary<Undo> undos() {
    return Samples.undos();
  }

  @Provide
  Arbitrary<List<Undo>> undoLists() {
    return Samples.undos().list().ofMaxSize(6);
  }

  private static void remove(Path directory) {
    try (var files = Files.list(directory)) {
      files.forEach(
          file -> {
            try {
              Files.delete(file);
            } catch (IOException failure) {
              throw new UncheckedIOException(failure);
            }
          });
      Files.delete(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
