package io.gaol.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What /proc says of a process: proc(5). */
public final class Proc {
  private Proc() {}

  /** A field of its status; empty when there is no such process. */
  public static String status(long process, String field) {
    return read(process, "status")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .findFirst()
        .map(line -> line.substring(field.length() + 1).strip())
        .orElse("");
  }

  /** One of its files; empty when there is no such process. */
  public static String read(long process, String file) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process), file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
