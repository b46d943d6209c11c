package io.gaol.hcl;

/** A piece of source with a meaning of its own: its kind and where it stands. */
record Token(Kind kind, SourceRange range) {
  private static final int LONGEST_SHOWN = 40;

  /** What a token is; the text is how an error names it. */
  enum Kind {
    IDENTIFIER("a name"),
    NUMBER("a number"),
    QUOTE("a quoted string"),
    HEREDOC("a heredoc"),
    COMMENT("a comment"),
    NEWLINE("the end of the line"),
    END("the end of the text"),
    INTERPOLATION("\"${\""),
    DIRECTIVE("\"%{\""),
    OPEN_BRACE("\"{\""),
    CLOSE_BRACE("\"}\""),
    STRIP_CLOSE_BRACE("\"~}\""),
    OPEN_BRACKET("\"[\""),
    CLOSE_BRACKET("\"]\""),
    OPEN_PAREN("\"(\""),
    CLOSE_PAREN("\")\""),
    ASSIGN("\"=\""),
    COLON("\":\""),
    DOUBLE_COLON("\"::\""),
    QUESTION("\"?\""),
    COMMA("\",\""),
    DOT("\".\""),
    ELLIPSIS("\"...\""),
    ARROW("\"=>\""),
    PLUS("\"+\""),
    MINUS("\"-\""),
    STAR("\"*\""),
    SLASH("\"/\""),
    PERCENT("\"%\""),
    EQUAL("\"==\""),
    NOT_EQUAL("\"!=\""),
    LESS("\"<\""),
    LESS_OR_EQUAL("\"<=\""),
    GREATER("\">\""),
    GREATER_OR_EQUAL("\">=\""),
    AND("\"&&\""),
    OR("\"||\""),
    NOT("\"!\"");

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    String description() {
      return description;
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** Whether it is this word; words are reserved only where the grammar asks for them. */
  boolean isWord(String word) {
    return kind == Kind.IDENTIFIER && text().equals(word);
  }

  String text() {
    return range.text();
  }

  int start() {
    return range.startOffset();
  }

  int end() {
    return range.endOffset();
  }

  /** Its text, shortened if it is long. */
  String describeText() {
    String text = text();
    return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
  }

  /** How an error names it: names and numbers by their text. */
  String describe() {
    return switch (kind) {
      case IDENTIFIER, NUMBER ->
          end() - start() > LONGEST_SHOWN ? kind.description() : "\"" + text() + "\"";
      default -> kind.description();
    };
  }
}
