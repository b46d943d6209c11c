package io.gaol.cli.language;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One key of the job specification.
 *
 * @param name as job files write it
 * @param apiName as Nomad's HTTP API writes it in JSON; there, letter case does not matter
 * @param shape what it takes
 * @param standing what becomes of it here
 * @param advice what to write instead of a deprecated or removed key, as a sentence
 * @param required whether its block must have it
 * @param nullable whether null is the same as leaving it out; it is an error otherwise
 * @param choices the texts it takes; empty if it takes any
 * @param least the least number it takes
 */
record Key(
    String name,
    String apiName,
    Shape shape,
    Standing standing,
    String advice,
    boolean required,
    boolean nullable,
    List<String> choices,
    long least) {

  /** What a key takes. */
  sealed interface Shape {
    /** {@code key = value}. */
    record Attribute(ValueType type) implements Shape {}

    /**
     * {@code key { … }}.
     *
     * @param body what is in it
     * @param repeatable whether there may be several
     * @param label what the API calls the label; empty if there is none
     */
    record Blocks(BlockType body, boolean repeatable, String label) implements Shape {
      boolean labelled() {
        return !label.isEmpty();
      }
    }

    /**
     * Names of the user's own choice, as a block: {@code env { A = 1 }}.
     *
     * @param type of each
     * @param attribute whether {@code env = { A = 1 }} is the same
     */
    record Names(ValueType type, boolean attribute) implements Shape {}

    /** A block with anything in it, which someone else understands. */
    record Free() implements Shape {}
  }

  /** What becomes of a key here. */
  enum Standing {
    /** It is carried out. */
    HONOURED,
    /** It means something to a cluster only; it has no effect here, and is named. */
    CLUSTER,
    /** It has no effect, here or in Nomad, that anybody would miss. */
    SILENT,
    /** Nomad takes it still; there is something better. */
    DEPRECATED,
    /** Nomad took it once, and refuses it now. */
    REMOVED
  }

  Key {
    requireNonNull(shape, "shape");
    choices = List.copyOf(choices);
  }

  private static Key of(String name, Shape shape, boolean nullable) {
    return new Key(
        name,
        apiName(name),
        shape,
        Standing.HONOURED,
        "",
        false,
        nullable,
        List.of(),
        Long.MIN_VALUE);
  }

  private static String apiName(String name) {
    return name.replace("_", "");
  }

  static Key text(String name) {
    return of(name, new Shape.Attribute(ValueType.TEXT), false);
  }

  static Key whole(String name) {
    return of(name, new Shape.Attribute(ValueType.WHOLE), false);
  }

  static Key flag(String name) {
    return of(name, new Shape.Attribute(ValueType.FLAG), false);
  }

  static Key time(String name) {
    return of(name, new Shape.Attribute(ValueType.TIME), false);
  }

  static Key texts(String name) {
    return of(name, new Shape.Attribute(ValueType.TEXTS), true);
  }

  static Key wholes(String name) {
    return of(name, new Shape.Attribute(ValueType.WHOLES), true);
  }

  /** A block of names and texts. */
  static Key names(String name) {
    return of(name, new Shape.Names(ValueType.TEXT, false), true);
  }

  /** Names and texts, as a block or as an attribute. */
  static Key namesOrAttribute(String name) {
    return of(name, new Shape.Names(ValueType.TEXT, true), true);
  }

  /** A block of names and lists of texts. */
  static Key lists(String name) {
    return of(name, new Shape.Names(ValueType.TEXTS, false), true);
  }

  static Key free(String name) {
    return of(name, new Shape.Free(), true);
  }

  /** A block that may be there once. */
  static Key one(String name, BlockType body) {
    return of(name, new Shape.Blocks(body, false, ""), true);
  }

  /** A block that may be there any number of times. */
  static Key many(String name, BlockType body) {
    return of(name, new Shape.Blocks(body, true, ""), true);
  }

  /** A block with a name, of which there may be several with different ones. */
  static Key named(String name, BlockType body) {
    return of(name, new Shape.Blocks(body, true, "Name"), true);
  }

  Key api(String other) {
    return new Key(name, other, shape, standing, advice, required, nullable, choices, least);
  }

  Key label(String apiLabel) {
    Shape.Blocks blocks = (Shape.Blocks) shape;
    return new Key(
        name,
        apiName,
        new Shape.Blocks(blocks.body(), blocks.repeatable(), apiLabel),
        standing,
        advice,
        required,
        nullable,
        choices,
        least);
  }

  Key needed() {
    return new Key(name, apiName, shape, standing, advice, true, nullable, choices, least);
  }

  Key orNull() {
    return new Key(name, apiName, shape, standing, advice, required, true, choices, least);
  }

  Key of(String... texts) {
    return new Key(
        name, apiName, shape, standing, advice, required, nullable, List.of(texts), least);
  }

  Key from(long number) {
    return new Key(name, apiName, shape, standing, advice, required, nullable, choices, number);
  }

  Key standing(Standing other, String sentence) {
    return new Key(name, apiName, shape, other, sentence, required, nullable, choices, least);
  }
}
