package io.gaol.jail.conf;

/**
 * What the grammar is made of. A value may be written in several pieces without blanks between
 * them: the first is a {@code WORD} or {@code VARIABLE}, each further one {@code MORE…}.
 *
 * @param kind what it is
 * @param text of a word its bytes, of a variable those of its name; otherwise as it is written
 * @param place where it begins
 * @param end the offset after its last byte
 * @param onNewLine whether a line ends before it
 */
record Token(Kind kind, String text, Place place, int end, boolean onNewLine) {
  enum Kind {
    WORD,
    MORE_WORD,
    VARIABLE,
    MORE_VARIABLE,
    SET("\"=\""),
    APPEND("\"+=\""),
    COMMA("\",\""),
    SEMICOLON("\";\""),
    OPEN("\"{\""),
    CLOSE("\"}\""),
    END("the end of the file");

    private final String shown;

    Kind() {
      this("");
    }

    Kind(String shown) {
      this.shown = shown;
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** Whether a value or a name begins with it. */
  boolean beginsText() {
    return kind == Kind.WORD || kind == Kind.VARIABLE;
  }

  /** Whether it goes on with what stands before it. */
  boolean continuesText() {
    return kind == Kind.MORE_WORD || kind == Kind.MORE_VARIABLE;
  }

  /** As an error calls it. */
  String shown() {
    return switch (kind) {
      case WORD, MORE_WORD -> Shown.quoted(text);
      case VARIABLE, MORE_VARIABLE -> Shown.quoted("$" + text);
      default -> kind.shown;
    };
  }
}
