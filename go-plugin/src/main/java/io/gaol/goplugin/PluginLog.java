package io.gaol.goplugin;

import static java.util.Objects.requireNonNull;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;

/**
 * The log of a plugin, as its host reads it: one line of JSON for each event, on stderr. The host
 * gives it its own form and decides which levels it shows.
 *
 * <p>Nothing here throws, and nothing blocks: if the host does not read, lines are dropped, and how
 * many is told later. A line over 60 KiB is cut and says so.
 */
public final class PluginLog {
  /** How much an event matters. */
  public enum Level {
    /** Every step. */
    TRACE,
    /** What helps to find a fault. */
    DEBUG,
    /** What an operator may want to know. */
    INFO,
    /** What an operator should look at. */
    WARN,
    /** What failed. */
    ERROR;

    /** The word in the line. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A process has one stderr, and lines of several threads must not mix. */
  private static final LogWriter STDERR = new LogWriter(new FileOutputStream(FileDescriptor.err));

  private final String module;
  private final LogWriter writer;

  private PluginLog(String module, LogWriter writer) {
    this.module = requireNonNull(module, "module");
    this.writer = writer;
  }

  /**
   * The log of this process.
   *
   * @param module what logs: {@code @module} in every line
   */
  public static PluginLog toStderr(String module) {
    return new PluginLog(module, STDERR);
  }

  /**
   * A log to somewhere else.
   *
   * @param module what logs
   * @param stream gets the lines, from a thread of its own
   */
  public static PluginLog to(String module, OutputStream stream) {
    return new PluginLog(module, new LogWriter(stream));
  }

  /** The log of a part of this module: {@code module.part}. */
  public PluginLog named(String part) {
    return new PluginLog(module + "." + part, writer);
  }

  /**
   * Logs an event.
   *
   * @param level how much it matters
   * @param message what happened; may have several lines
   * @param keysAndValues by turns what is known of it
   */
  public void log(Level level, String message, Object... keysAndValues) {
    writer.write(LogLine.of(level, module, message, keysAndValues));
  }

  /** Logs every step. */
  public void trace(String message, Object... keysAndValues) {
    log(Level.TRACE, message, keysAndValues);
  }

  /** Logs what helps to find a fault. */
  public void debug(String message, Object... keysAndValues) {
    log(Level.DEBUG, message, keysAndValues);
  }

  /** Logs what an operator may want to know. */
  public void info(String message, Object... keysAndValues) {
    log(Level.INFO, message, keysAndValues);
  }

  /** Logs what an operator should look at. */
  public void warn(String message, Object... keysAndValues) {
    log(Level.WARN, message, keysAndValues);
  }

  /** Logs what failed. */
  public void error(String message, Object... keysAndValues) {
    log(Level.ERROR, message, keysAndValues);
  }

  /** Takes a line that is in the format already. */
  void writeLine(byte[] line) {
    writer.write(line);
  }

  /** Waits until what was logged is written, but not longer than that. */
  public void flush(Duration limit) {
    writer.flush(limit);
  }
}
