package io.gaol.cli;

import io.gaol.cli.job.JobOutput;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A running job's output: the tasks' lines where they wrote them, each with its task's name before
 * it; everything else on standard error. In colour on a terminal, plain otherwise.
 */
final class Terminal implements JobOutput {
  private static final List<String> COLOURS = List.of("36", "33", "35", "32", "34", "31");
  private static final String DIM = "2";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean coloured;
  private final Map<String, String> colours = new ConcurrentHashMap<>();
  private final Object writing = new Object();

  Terminal(PrintStream out, PrintStream err, boolean coloured) {
    this.out = out;
    this.err = err;
    this.coloured = coloured;
  }

  @Override
  public void out(String task, byte[] line) {
    write(out, prefix(task), line);
  }

  /** Prints what was asked for, as it is. */
  void print(String text) {
    out.print(text);
    out.flush();
  }

  @Override
  public void err(String task, byte[] line) {
    write(err, prefix(task), line);
  }

  private String prefix(String task) {
    String prefix = visible(task) + " | ";
    if (!coloured) {
      return prefix;
    }
    String colour =
        colours.computeIfAbsent(task, t -> COLOURS.get(colours.size() % COLOURS.size()));
    return "\033[" + colour + "m" + prefix + "\033[0m";
  }

  @Override
  public void event(String task, String message) {
    note(visible(task) + ": " + message);
  }

  /** A name in one line that does not steer the terminal. */
  private static String visible(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  @Override
  public void note(String message) {
    String text = "gaol: " + message.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    String shown = coloured ? "\033[" + DIM + "m" + text + "\033[0m" : text;
    write(err, "", shown.getBytes(StandardCharsets.UTF_8));
  }

  private void write(PrintStream stream, String prefix, byte[] line) {
    byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
    byte[] whole = new byte[start.length + line.length + 1];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(line, 0, whole, start.length, line.length);
    whole[whole.length - 1] = '\n';
    synchronized (writing) {
      stream.write(whole, 0, whole.length);
      stream.flush();
    }
  }
}
