package io.gaol.cli.template;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One rendering of a template: what it is rendered with, what was used, and how much it may still
 * do. A template is a program that somebody else wrote, so each step and each text that it makes
 * counts.
 */
final class Rendering {
  private static final int MOST_STEPS = 2_000_000;
  private static final long MOST_BYTES = 256L << 20;
  private static final long MOST_TAKEN = 1L << 30;
  private static final long MOST_COMPARED = 4_000_000_000L;
  private static final int MOST_ELEMENTS = 1_000_000;
  private static final long BYTES_PER_ELEMENT = 64;

  /** How templates call each other, for {@code executeTemplate}. */
  @FunctionalInterface
  interface Caller {
    String call(String name, Object dot) throws FunctionException;
  }

  private final TemplateContext context;
  private final Caller caller;
  private final Scratch scratch = new Scratch();
  private final Set<Path> filesRead = new LinkedHashSet<>();
  private int steps;
  private long bytes;
  private long taken;
  private long compared;

  Rendering(TemplateContext context, Caller caller) {
    this.context = context;
    this.caller = caller;
  }

  TemplateContext context() {
    return context;
  }

  Scratch scratch() {
    return scratch;
  }

  Set<Path> filesRead() {
    return filesRead;
  }

  /** Counts one step. */
  void step() throws FunctionException {
    if (++steps > MOST_STEPS) {
      throw new FunctionException("The template takes more than " + MOST_STEPS + " steps");
    }
  }

  /** Counts what a function is given. */
  void taken(List<Object> values) throws FunctionException {
    for (Object value : values) {
      if (value instanceof String text) {
        taken += text.length();
      }
    }
    if (taken > MOST_TAKEN) {
      throw new FunctionException(
          "The functions of the template are given more than " + (MOST_TAKEN >> 20) + " MiB");
    }
  }

  /** Counts a search for a regular expression, which looks at each byte in each of its states. */
  void searched(int states, int bytes) throws FunctionException {
    compared += (long) states * (bytes + 1);
    if (compared > MOST_COMPARED) {
      throw new FunctionException(
          "The regular expressions are too large for the texts they search");
    }
  }

  /** Counts what a function made. */
  void made(Object value) throws FunctionException {
    switch (value) {
      case String text -> {
        Output.require(text.length());
        bytes += text.length();
      }
      case GoTypes.Sequence list -> bytes += BYTES_PER_ELEMENT * list.values().size();
      case GoTypes.Mapping map -> bytes += BYTES_PER_ELEMENT * map.values().size();
      case null, default -> {}
    }
    if (bytes > MOST_BYTES) {
      throw new FunctionException(
          "The functions of the template make more than " + (MOST_BYTES >> 20) + " MiB");
    }
  }

  /**
   * Complains of a list or map that would be too large.
   *
   * @throws FunctionException if it is
   */
  static void requireElements(long count) throws FunctionException {
    if (count > MOST_ELEMENTS) {
      throw new FunctionException("There are more than " + MOST_ELEMENTS + " values");
    }
  }

  String file(String path) throws FunctionException {
    try {
      FileReader.Content content = context.files().read(ByteText.text(path));
      filesRead.add(content.file());
      return ByteText.of(content.bytes());
    } catch (IOException cannot) {
      throw new FunctionException(
          "The file " + ByteText.text(path) + " cannot be read: " + cannot.getMessage());
    }
  }

  String execute(String name, List<Object> data) throws FunctionException {
    return caller.call(name, data.isEmpty() ? null : data.getFirst());
  }
}
