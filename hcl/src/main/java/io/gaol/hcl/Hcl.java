package io.gaol.hcl;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads HCL 2, in its native syntax and in JSON. */
public final class Hcl {
  private Hcl() {}

  /**
   * The content of a configuration file.
   *
   * @param sourceName how errors call the text, usually its file name
   * @throws HclException if it is not HCL
   */
  public static Body parse(String sourceName, String text) {
    return new Parser(Source.of(sourceName, text)).file();
  }

  /**
   * The content of a configuration file, from its bytes.
   *
   * @param sourceName how errors call the text, usually its file name
   * @throws HclException if it is not UTF-8, or not HCL
   */
  public static Body parse(String sourceName, byte[] utf8) {
    return parse(sourceName, decode(sourceName, utf8));
  }

  /**
   * The content of a configuration file that may have what the options say.
   *
   * @param sourceName how errors call the text, usually its file name
   * @throws HclException if it is not HCL
   */
  public static Body parse(String sourceName, String text, ParseOptions options) {
    return new Parser(Source.of(sourceName, text), options).file();
  }

  /**
   * The content of a configuration file that may have what the options say, from its bytes.
   *
   * @param sourceName how errors call the text, usually its file name
   * @throws HclException if it is not UTF-8, or not HCL
   */
  public static Body parse(String sourceName, byte[] utf8, ParseOptions options) {
    return parse(sourceName, decode(sourceName, utf8), options);
  }

  /**
   * A configuration file in JSON. What in it is an attribute and what a block, {@link Json#body} is
   * told.
   *
   * @param sourceName how errors call the text, usually its file name
   * @throws HclException if it is not JSON
   */
  public static Json parseJson(String sourceName, String text) {
    return Json.parse(Source.of(sourceName, text));
  }

  /**
   * A configuration file in JSON, from its bytes.
   *
   * @param sourceName how errors call the text, usually its file name
   * @throws HclException if it is not UTF-8, or not JSON
   */
  public static Json parseJson(String sourceName, byte[] utf8) {
    return parseJson(sourceName, decode(sourceName, utf8));
  }

  /**
   * A text as a template, as if it stood in a heredoc: all of it is literal, quotes and backslashes
   * included, but for interpolations and directives.
   *
   * @param sourceName how errors call the text
   * @throws HclException if it is not a template
   */
  public static Expression parseTemplate(String sourceName, String text) {
    return new Parser(Source.of(sourceName, text)).loneTemplate();
  }

  /**
   * The text with its white space put in order, as {@code hclfmt} does: two blanks for each level,
   * equals signs and comments of neighbouring lines below each other, one blank between tokens.
   * Nothing but white space between tokens changes: comments, strings and heredocs stay as they
   * are, and so does what the text means.
   *
   * @param sourceName how errors call the text, usually its file name
   * @throws HclException if it is not HCL
   */
  public static String format(String sourceName, String text) {
    return Formatter.format(Source.of(sourceName, text));
  }

  /**
   * A single expression, as it would stand after an equals sign; line ends are white space.
   *
   * @param sourceName how errors call the text
   * @throws HclException if it is not an expression
   */
  public static Expression parseExpression(String sourceName, String text) {
    return new Parser(Source.of(sourceName, text)).loneExpression();
  }

  private static String decode(String sourceName, byte[] utf8) {
    CharBuffer chars = CharBuffer.allocate(utf8.length);
    var result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(utf8), chars, true);
    String text = chars.flip().toString();
    if (result.isError()) {
      throw HclException.at(
          new SourceRange(Source.of(sourceName, text), text.length(), text.length()),
          "The text is not UTF-8 from here on",
          isUtf16(utf8)
              ? "It begins as UTF-16 does. Save it as UTF-8."
              : "Save it as UTF-8 in the editor; it may be in an older encoding such as Latin-1.");
    }
    return text;
  }

  private static boolean isUtf16(byte[] bytes) {
    int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF);
    return mark == 0xFEFF || mark == 0xFFFE;
  }
}
