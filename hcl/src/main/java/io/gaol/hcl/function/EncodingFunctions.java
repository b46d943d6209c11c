package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.any;
import static io.gaol.hcl.function.Parameter.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Functions that encode and decode texts and values. */
final class EncodingFunctions {
  private EncodingFunctions() {}

  static void define(Map<String, Function> table) {
    Define.textToText(
        table,
        "base64decode",
        "The text that is encoded in Base64.",
        text -> utf8(0, base64(text)));
    Define.textToText(
        table,
        "base64encode",
        "The text in Base64.",
        text -> Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
    Define.textToText(
        table,
        "urlencode",
        "The text as it can stand in the query of a URL.",
        EncodingFunctions::urlEncoded);
    Define.function(
        table,
        "jsondecode",
        "The value that a JSON text is.",
        Types.ANY,
        List.of(text("str")),
        arguments -> Json.decode(arguments.text(0)));
    Define.function(
        table,
        "jsonencode",
        "A value as JSON, on one line.",
        Types.STRING,
        List.of(any("val").orNull().orUnknown()),
        arguments ->
            arguments.value(0).isWhollyKnown()
                ? Value.of(Json.encode(arguments.value(0)))
                : Value.unknown(Types.STRING));
    Define.function(
        table,
        "yamldecode",
        "The value that a YAML document is.",
        Types.ANY,
        List.of(text("src")),
        arguments -> Yaml.decode(arguments.text(0)));
    Define.function(
        table,
        "yamlencode",
        "A value as YAML, with every string in quotes.",
        Types.STRING,
        List.of(any("value").orNull()),
        arguments ->
            arguments.value(0).isWhollyKnown()
                ? Value.of(Yaml.encode(arguments.value(0)))
                : Value.unknown(Types.STRING));
    Define.function(
        table,
        "csvdecode",
        "The lines of a CSV text (RFC 4180) as a list of objects; the first line names the columns.",
        Types.ANY,
        List.of(text("str")),
        arguments -> Csv.decode(arguments.text(0)));
  }

  /** Line ends within the text are left out. */
  private static byte[] base64(String text) throws FunctionException {
    try {
      String joined = text.replace("\n", "").replace("\r", "");
      if (joined.length() % 4 != 0) {
        throw new IllegalArgumentException("not padded");
      }
      return Base64.getDecoder().decode(joined);
    } catch (IllegalArgumentException _) {
      throw new FunctionException(0, "this is not Base64: " + Texts.shortened(text));
    }
  }

  static String utf8(int argument, byte[] bytes) throws FunctionException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new FunctionException(argument, "the content is not text in UTF-8");
    }
  }

  private static String urlEncoded(String text) throws FunctionException {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      char c = (char) (b & 0xFF);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "-_.~".indexOf(c) >= 0) {
        encoded.append(c);
      } else if (c == ' ') {
        encoded.append('+');
      } else {
        encoded.append("%%%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }
}
