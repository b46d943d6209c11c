package io.gaol.goplugin;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What libraries log through java.util.logging, as lines of the plugin's log. gRPC warns of every
 * client that goes away, which is no concern of an operator: short of an error it is for finding
 * faults.
 */
final class LibraryLog extends Handler {
  private final PluginLog log;
  private final SimpleFormatter formatter = new SimpleFormatter();

  private LibraryLog(PluginLog log) {
    this.log = log;
  }

  /** From now on all of it goes there, and nowhere else. */
  static void routeTo(PluginLog log) {
    LogManager.getLogManager().reset();
    Logger.getLogger("").addHandler(new LibraryLog(log));
  }

  @Override
  public void publish(LogRecord entry) {
    if (entry.getMessage() == null && entry.getThrown() == null) {
      return;
    }
    String message = formatter.formatMessage(entry);
    String logger = String.valueOf(entry.getLoggerName());
    if (entry.getThrown() == null) {
      log.log(level(entry), message, "logger", logger);
    } else {
      StringWriter trace = new StringWriter();
      entry.getThrown().printStackTrace(new PrintWriter(trace));
      log.log(level(entry), message, "logger", logger, "thrown", trace);
    }
  }

  private static PluginLog.Level level(LogRecord entry) {
    int value = entry.getLevel().intValue();
    if (value >= java.util.logging.Level.SEVERE.intValue()) {
      return PluginLog.Level.ERROR;
    }
    if (value < java.util.logging.Level.FINE.intValue()) {
      return PluginLog.Level.TRACE;
    }
    boolean isGrpc = entry.getLoggerName() != null && entry.getLoggerName().startsWith("io.grpc");
    if (isGrpc || value < java.util.logging.Level.INFO.intValue()) {
      return PluginLog.Level.DEBUG;
    }
    return value >= java.util.logging.Level.WARNING.intValue()
        ? PluginLog.Level.WARN
        : PluginLog.Level.INFO;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
