package io.gaol.jail.conf;

import java.util.List;
import java.util.Optional;

/** A statement as it stands in a file: variables, wild cards and included files are not read. */
sealed interface Statement {
  /** Where its name is. */
  Place place();

  /** {@code name { … }}. */
  record Block(String name, Place place, List<Statement> statements) implements Statement {}

  /**
   * {@code name = value, …;} in its forms; also {@code $name = …}.
   *
   * @param variable whether it gives a variable and not a parameter
   * @param appends whether it was written with {@code +=}
   */
  record Assignment(String name, boolean variable, boolean appends, List<Text> values, Place place)
      implements Statement {}

  /** {@code .include pattern;}. */
  record Include(List<Text> patterns, Place place) implements Statement {}

  /** A value: texts and variables without blanks between them. */
  record Text(List<Piece> pieces, Place place) {
    /** The text, if there is no variable in it. */
    Optional<String> constant() {
      return pieces.size() == 1 && pieces.getFirst() instanceof Piece.Literal(String text)
          ? Optional.of(text)
          : Optional.empty();
    }
  }

  /** A piece of a value. Two literals never follow each other. */
  sealed interface Piece {
    /** What stands for itself. */
    record Literal(String text) implements Piece {}

    /** {@code $name} or {@code ${name}}: a variable or a parameter of the jail. */
    record Reference(String name, Place place) implements Piece {}
  }
}
