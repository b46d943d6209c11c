package io.gaol.cli.template;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param start the offset of its first char in the source
 * @param end the offset after its last char
 */
record Token(Kind kind, int start, int end) {
  enum Kind {
    TEXT("text"),
    OPEN("the start of an action"),
    CLOSE("the end of the action"),
    SPACE("a space"),
    IDENTIFIER("a function"),
    KEYWORD("a keyword"),
    BOOL("a bool"),
    FIELD("a field"),
    VARIABLE("a variable"),
    DOT("\".\""),
    NIL("nil"),
    NUMBER("a number"),
    CHARACTER("a character constant"),
    STRING("a string"),
    RAW_STRING("a raw string"),
    ASSIGN("\"=\""),
    DECLARE("\":=\""),
    PIPE("\"|\""),
    OPEN_PAREN("\"(\""),
    CLOSE_PAREN("\")\""),
    OTHER("a character"),
    END("the end of the template");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** How an error names it. */
    String words() {
      return words;
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
