package io.gaol.hcl;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads HCL 2, native syntax. */
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
   * A single expression, as it would stand after an equals sign; line ends are white space.
   *
   * @param sourceName how errors call the text
   * @throws HclException if it is not an expression
   */
  public static Expression parseExpression(String sourceName, String text) {
    return new Parser(Source.of(sourceName, text)).loneExpression();
  }

  private static String decode(String sourceName, byte[] utf8) {
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    CharBuffer chars = CharBuffer.allocate(utf8.length);
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var result = decoder.decode(bytes, chars, true);
    String text = chars.flip().toString();
    try {
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException _) {
      throw HclException.at(
          new SourceRange(Source.of(sourceName, text), text.length(), text.length()),
          "The text is not UTF-8 from here on");
    }
    return text;
  }
}
