package io.gaol.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What must be undone, in a file that survives any crash. A line {@code + N JSON} is owed, a line
 * {@code - N} says that number N was undone. Lines are only ever appended; what {@link #owe} was
 * given is on the disk when it returns.
 */
final class Ledger implements AutoCloseable {
  /**
   * An undo that is owed.
   *
   * @param number its place in the file
   * @param undo what to do
   */
  record Entry(int number, Undo undo) {}

  /** Not a channel: that would be closed under us when a thread is interrupted. */
  private final RandomAccessFile file;

  private final Map<Integer, Entry> owed = new LinkedHashMap<>();
  private int last;

  private Ledger(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Opens a ledger, and makes it if it is not there. A torn last line, the mark of a crash while it
   * was written, is cut off: its step never ran.
   *
   * @throws IOException also if a whole line is not a ledger's; the message names it
   */
  static Ledger open(Path path) throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      Ledger ledger = new Ledger(file);
      ledger.read(path);
      return ledger;
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  private void read(Path path) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.length())];
    file.readFully(bytes);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    file.setLength(end);
    file.seek(end);
    int lineNumber = 0;
    for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n")) {
      lineNumber++;
      if (line.isEmpty()) {
        continue;
      }
      try {
        readLine(line);
      } catch (RuntimeException broken) {
        // Gson and those who read its trees throw a dozen kinds.
        throw new IOException(
            path + ":" + lineNumber + ": not a line of a ledger: " + broken.getMessage(), broken);
      }
    }
  }

  private void readLine(String line) {
    String[] words = line.split(" ", 3);
    if (words.length != (line.startsWith("+") ? 3 : 2)) {
      throw new IllegalArgumentException("it has " + words.length + " words");
    }
    int number = Integer.parseInt(words[1]);
    switch (words[0]) {
      case "+" -> owed.put(number, new Entry(number, Json.undo(Json.parse(words[2]))));
      case "-" -> owed.remove(number);
      default -> throw new IllegalArgumentException("it begins with neither + nor -");
    }
    last = Math.max(last, number);
  }

  /** Records undos, in order; they are on the disk when this returns. */
  void owe(Collection<Undo> undos) throws IOException {
    if (undos.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    List<Entry> entries = new ArrayList<>();
    for (Undo undo : undos) {
      Entry entry = new Entry(++last, undo);
      entries.add(entry);
      lines.append("+ ").append(entry.number()).append(' ');
      lines.append(Json.compact(Json.of(undo))).append('\n');
    }
    append(lines.toString());
    file.getFD().sync();
    entries.forEach(entry -> owed.put(entry.number(), entry));
  }

  /** Records that an undo is done. It may be lost in a crash: an undo can be done twice. */
  void done(Entry entry) throws IOException {
    append("- " + entry.number() + "\n");
    owed.remove(entry.number());
  }

  private void append(String lines) throws IOException {
    long before = file.getFilePointer();
    try {
      file.write(lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      // A full disk may have taken half a line.
      file.setLength(before);
      file.seek(before);
      throw failure;
    }
  }

  /** What is still owed, in the order in which to undo it: the last first. */
  List<Entry> owed() {
    return List.copyOf(owed.values()).reversed();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
