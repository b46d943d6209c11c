package io.gaol.goplugin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.gaol.goplugin.proto.StdioData;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What the program prints: it goes to the hosts that listen to it, as it is, and into the log, line
 * by line. A line that is one of the log's own format is passed on unchanged.
 */
final class PrintedLines extends OutputStream {
  /** A line that has no end is logged in pieces. */
  private static final int LONGEST_LINE_BYTES = 32 * 1024;

  private final Stdio stdio;
  private final StdioData.Channel channel;
  private final PluginLog log;
  private final PluginLog.Level level;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private PrintedLines(
      Stdio stdio, StdioData.Channel channel, PluginLog log, PluginLog.Level level) {
    this.stdio = stdio;
    this.channel = channel;
    this.log = log;
    this.level = level;
  }

  /** What may stand in for {@code System.out}. */
  static PrintStream stdout(Stdio stdio, PluginLog log) {
    return stream(
        new PrintedLines(
            stdio, StdioData.Channel.STDOUT, log.named("stdout"), PluginLog.Level.INFO));
  }

  /** What may stand in for {@code System.err}. */
  static PrintStream stderr(Stdio stdio, PluginLog log) {
    return stream(
        new PrintedLines(
            stdio, StdioData.Channel.STDERR, log.named("stderr"), PluginLog.Level.WARN));
  }

  private static PrintStream stream(PrintedLines lines) {
    return new PrintStream(lines, true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    stdio.write(channel, bytes, offset, length);
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        logLine();
      } else {
        line.write(bytes[i]);
        if (line.size() >= LONGEST_LINE_BYTES) {
          logLine();
        }
      }
    }
  }

  private void logLine() {
    String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
    line.reset();
    if (text.isEmpty()) {
      return;
    }
    if (text.startsWith("{") && isLogLine(text)) {
      log.writeLine((text + "\n").getBytes(StandardCharsets.UTF_8));
    } else {
      log.log(level, text);
    }
  }

  /** A host fails on a line whose @-members are no texts, so they are looked at. */
  private static boolean isLogLine(String text) {
    try {
      JsonObject members = JsonParser.parseString(text).getAsJsonObject();
      return isText(members.get("@level"))
          && isText(members.get("@message"))
          && isText(members.get("@timestamp"));
    } catch (JsonParseException | IllegalStateException other) {
      return false;
    }
  }

  private static boolean isText(JsonElement element) {
    return element != null && element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
  }
}
