package io.gaol.cli.artifact;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What exceptions mean to say. */
final class Failures {
  private Failures() {}

  /** In words, with the file it is about. */
  static String reason(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException missing -> missing.getFile() + " is not there";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileSystemException file when file.getReason() != null ->
          file.getFile() + ": " + file.getReason();
      case Exception other when other.getMessage() != null -> other.getMessage();
      default -> failure.getClass().getSimpleName();
    };
  }
}
