package io.gaol.cli.template;

import static io.gaol.cli.template.Function.Parameter.ANY;
import static io.gaol.cli.template.Function.Parameter.INT;
import static io.gaol.cli.template.Function.Parameter.STRING;
import static io.gaol.cli.template.Function.Parameter.STRINGS;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.gaol.cli.template.ByteText.Decoded;
import io.gaol.cli.template.Function.Arguments;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** consul-template's functions of the environment, files, texts and time. */
final class TextFunctions {
  static final List<Function> ALL =
      List.of(
          Function.of("env", (a, r) -> environment(r, a.text(), ""), STRING),
          Function.of("mustEnv", TextFunctions::mustEnv, STRING),
          Function.of(
              "envOrDefault", (a, r) -> environment(r, a.text(), a.text(1)), STRING, STRING),
          Function.of("file", (a, r) -> a.text().isEmpty() ? "" : r.file(a.text()), STRING),
          Function.variadic("executeTemplate", TextFunctions::executeTemplate, ANY, STRING),
          Function.of("scratch", (_, r) -> r.scratch()),
          Function.variadic("timestamp", TextFunctions::timestamp, STRING),
          Function.of("base64Encode", (a, _) -> encode(a.text(), Base64.getEncoder()), STRING),
          Function.of("base64Decode", (a, _) -> decode(a.text(), Base64.getDecoder()), STRING),
          Function.of(
              "base64URLEncode", (a, _) -> encode(a.text(), Base64.getUrlEncoder()), STRING),
          Function.of(
              "base64URLDecode", (a, _) -> decode(a.text(), Base64.getUrlDecoder()), STRING),
          Function.of("sha256Hex", (a, _) -> digest("SHA-256", a.text()), STRING),
          Function.of("md5sum", (a, _) -> digest("MD5", a.text()), STRING),
          Function.of("hmacSHA256Hex", (a, _) -> hmac(a.text(), a.text(1)), STRING, STRING),
          Function.of("indent", (a, _) -> indent(((Int) a.get(0)).value(), a.text(1)), INT, STRING),
          Function.of("join", (a, _) -> join(a.text(), (Sequence) a.get(1)), STRING, STRINGS),
          Function.of("split", (a, _) -> split(a.text(), a.text(1)), STRING, STRING),
          Function.of("splitToMap", TextFunctions::splitToMap, STRING, STRING, STRING),
          Function.of("trim", (a, _) -> trim(a.text(1), a.text()), STRING, STRING),
          Function.of("trimPrefix", (a, _) -> trimPrefix(a.text(), a.text(1)), STRING, STRING),
          Function.of("trimSuffix", (a, _) -> trimSuffix(a.text(), a.text(1)), STRING, STRING),
          Function.of("trimSpace", (a, _) -> trimSpace(a.text()), STRING),
          Function.of(
              "replaceAll",
              (a, _) -> replaceAll(a.text(), a.text(1), a.text(2)),
              STRING,
              STRING,
              STRING),
          Function.of(
              "regexMatch",
              (a, r) -> regex(a.text(), a.text(1), r).matcher(ByteText.raw(a.text(1))).find(),
              STRING,
              STRING),
          Function.of(
              "regexReplaceAll",
              (a, r) -> regexReplaceAll(regex(a.text(), a.text(2), r), a.text(1), a.text(2)),
              STRING,
              STRING,
              STRING),
          Function.of("toLower", (a, _) -> ByteText.of(lower(ByteText.text(a.text()))), STRING),
          Function.of("toUpper", (a, _) -> ByteText.of(upper(ByteText.text(a.text()))), STRING),
          Function.of("toTitle", (a, _) -> toTitle(a.text()), STRING));

  private TextFunctions() {}

  private static String environment(Rendering rendering, String name, String otherwise) {
    String value = rendering.context().environment().get(ByteText.text(name));
    return value == null ? otherwise : ByteText.of(value);
  }

  private static Object mustEnv(Arguments arguments, Rendering rendering) throws FunctionException {
    String value = environment(rendering, arguments.text(), "");
    if (value.isEmpty()) {
      throw new FunctionException(
          "The environment variable " + ByteText.text(arguments.text()) + " is not set, or empty");
    }
    return value;
  }

  private static Object executeTemplate(Arguments arguments, Rendering rendering)
      throws FunctionException {
    if (arguments.count() > 2) {
      throw new FunctionException(
          "\"executeTemplate\" takes 1 or 2 arguments, not " + arguments.count());
    }
    return rendering.execute(arguments.text(), arguments.values().subList(1, arguments.count()));
  }

  private static Object timestamp(Arguments arguments, Rendering rendering)
      throws FunctionException {
    if (arguments.count() > 1) {
      throw new FunctionException("\"timestamp\" takes 0 or 1 arguments, not " + arguments.count());
    }
    Instant now = rendering.context().clock().instant();
    String layout = arguments.count() == 0 ? GoTime.RFC_3339 : arguments.text();
    return layout.equals("unix") ? Long.toString(now.getEpochSecond()) : GoTime.format(now, layout);
  }

  private static String encode(String bytes, Base64.Encoder encoder) throws FunctionException {
    Output.require(bytes.length() * 4L / 3);
    return encoder.encodeToString(ByteText.raw(bytes));
  }

  private static String decode(String text, Base64.Decoder decoder) throws FunctionException {
    String bare = text.replace("\n", "").replace("\r", "");
    if (bare.length() % 4 != 0) {
      throw new FunctionException("This is not base64: its padding (=) is missing");
    }
    try {
      return ByteText.of(decoder.decode(ByteText.raw(bare)));
    } catch (IllegalArgumentException wrong) {
      throw new FunctionException("This is not base64: " + wrong.getMessage());
    }
  }

  private static String digest(String algorithm, String bytes) throws FunctionException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance(algorithm).digest(ByteText.raw(bytes)));
    } catch (GeneralSecurityException missing) {
      throw new FunctionException("This Java has no " + algorithm);
    }
  }

  private static String hmac(String message, String key) throws FunctionException {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // An empty key is the same as one of zeros (RFC 2104), and Java refuses an empty one.
      mac.init(new SecretKeySpec(key.isEmpty() ? new byte[1] : ByteText.raw(key), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(ByteText.raw(message)));
    } catch (GeneralSecurityException missing) {
      throw new FunctionException("This Java has no HmacSHA256");
    }
  }

  static String indent(long spaces, String text) throws FunctionException {
    if (spaces < 0) {
      throw new FunctionException("The indentation is negative");
    }
    Output.require(spaces);
    Output out = new Output();
    boolean lineStart = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (lineStart && c != '\n') {
        out.repeat(' ', (int) spaces);
      }
      out.append(c);
      lineStart = c == '\n';
    }
    return out.toString();
  }

  static String join(String separator, Sequence list) throws FunctionException {
    Output out = new Output();
    String between = "";
    for (Object value : list.values()) {
      out.append(between).append((String) value);
      between = separator;
    }
    return out.toString();
  }

  private static Object split(String separator, String text) throws FunctionException {
    return Sequence.strings(parts(separator, trimSpace(text)));
  }

  /** What stands between the separators; without a separator each character. */
  static List<String> parts(String separator, String text) throws FunctionException {
    List<String> parts = new ArrayList<>();
    if (text.isEmpty()) {
      return parts;
    }
    int at = 0;
    if (separator.isEmpty()) {
      while (at < text.length()) {
        int length = ByteText.decode(text, at).length();
        parts.add(text.substring(at, at + length));
        at += length;
        Rendering.requireElements(parts.size());
      }
      return parts;
    }
    for (int end = text.indexOf(separator); end >= 0; end = text.indexOf(separator, at)) {
      parts.add(text.substring(at, end));
      at = end + separator.length();
      Rendering.requireElements(parts.size());
    }
    parts.add(text.substring(at));
    return parts;
  }

  private static Object splitToMap(Arguments arguments, Rendering rendering)
      throws FunctionException {
    String between = arguments.text(1);
    Map<Object, Object> map = new HashMap<>();
    for (String part : parts(arguments.text(), trimSpace(arguments.text(2)))) {
      int at = part.indexOf(between);
      if (at >= 0) {
        map.put(part.substring(0, at), part.substring(at + between.length()));
      }
    }
    return new Mapping(GoTypes.Element.STRING, GoTypes.Element.STRING, map);
  }

  static String trim(String text, String characters) {
    List<Integer> cut = new ArrayList<>();
    for (int i = 0; i < characters.length(); ) {
      Decoded c = ByteText.decode(characters, i);
      cut.add(c.codePoint());
      i += c.length();
    }
    int start = 0;
    int end = text.length();
    while (start < end) {
      Decoded c = ByteText.decode(text, start);
      if (!cut.contains(c.codePoint())) {
        break;
      }
      start += c.length();
    }
    while (end > start) {
      int last = characterBefore(text, start, end);
      if (!cut.contains(ByteText.decode(text, last).codePoint())) {
        break;
      }
      end = last;
    }
    return text.substring(start, end);
  }

  private static int characterBefore(String text, int start, int end) {
    for (int at = Math.max(start, end - 4); at < end; at++) {
      Decoded c = ByteText.decode(text, at);
      if (c.valid() && at + c.length() == end) {
        return at;
      }
    }
    return end - 1;
  }

  static String trimSpace(String text) {
    return trim(text, GO_SPACE);
  }

  /** Unicode's white space. */
  private static final String GO_SPACE =
      ByteText.of(
          "\t\n\u000B\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
              + "\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000");

  static String trimPrefix(String prefix, String text) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  static String trimSuffix(String suffix, String text) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  static String replaceAll(String from, String to, String text) throws FunctionException {
    Output out = new Output();
    int at = 0;
    if (from.isEmpty()) {
      while (at < text.length()) {
        int length = ByteText.decode(text, at).length();
        out.append(to).append(text.substring(at, at + length));
        at += length;
      }
      return out.append(to).toString();
    }
    for (int end = text.indexOf(from); end >= 0; end = text.indexOf(from, at)) {
      out.append(text.substring(at, end)).append(to);
      at = end + from.length();
    }
    return out.append(text.substring(at)).toString();
  }

  /** A regular expression that is to be looked for in a text. */
  private static Pattern regex(String pattern, String text, Rendering rendering)
      throws FunctionException {
    if (pattern.length() > MOST_PATTERN_BYTES) {
      throw new FunctionException(
          "The regular expression is longer than " + MOST_PATTERN_BYTES + " bytes");
    }
    RegexRepeats.require(pattern);
    try {
      Pattern compiled = Pattern.compile(ByteText.text(pattern));
      rendering.searched(compiled.programSize(), text.length());
      return compiled;
    } catch (PatternSyntaxException wrong) {
      throw new FunctionException("This is not a regular expression: " + wrong.getMessage());
    }
  }

  private static final int MOST_PATTERN_BYTES = 10_000;

  /** Go's ReplaceAllString: no empty match directly after another match. */
  private static String regexReplaceAll(Pattern pattern, String replacement, String text)
      throws FunctionException {
    Matcher matcher = pattern.matcher(ByteText.raw(text));
    Output out = new Output();
    int done = 0;
    int search = 0;
    while (search <= text.length() && matcher.find(search)) {
      int start = matcher.start();
      int end = matcher.end();
      out.append(text.substring(done, start));
      if (end > done || start == 0) {
        expand(out, pattern, matcher, replacement, text);
      }
      done = end;
      int width = search < text.length() ? ByteText.decode(text, search).length() : 1;
      search = Math.max(search + width, end);
    }
    return out.append(text.substring(done)).toString();
  }

  /**
   * Writes a replacement in which {@code $1}, {@code $name} and <code>${name}</code> are groups.
   */
  private static void expand(
      Output out, Pattern pattern, Matcher matcher, String replacement, String text)
      throws FunctionException {
    int at = 0;
    while (at < replacement.length()) {
      int dollar = replacement.indexOf('$', at);
      if (dollar < 0) {
        break;
      }
      out.append(replacement.substring(at, dollar));
      at = dollar + 1;
      if (replacement.startsWith("$", at)) {
        out.append('$');
        at++;
        continue;
      }
      boolean braced = replacement.startsWith("{", at);
      int from = braced ? at + 1 : at;
      int to = from;
      while (to < replacement.length() && isNamePart(replacement, to)) {
        to += ByteText.decode(replacement, to).length();
      }
      if (to == from || (braced && !replacement.startsWith("}", to))) {
        out.append('$');
        continue;
      }
      out.append(group(pattern, matcher, replacement.substring(from, to), text));
      at = braced ? to + 1 : to;
    }
    out.append(replacement.substring(at));
  }

  private static boolean isNamePart(String text, int at) {
    int c = ByteText.decode(text, at).codePoint();
    return c == '_' || Character.isLetter(c) || Character.isDigit(c);
  }

  private static String group(Pattern pattern, Matcher matcher, String name, String text) {
    boolean number = name.length() < 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (number && (name.length() == 1 || name.charAt(0) != '0')) {
      int group = Integer.parseInt(name);
      return group <= matcher.groupCount() && matcher.start(group) >= 0
          ? text.substring(matcher.start(group), matcher.end(group))
          : "";
    }
    Integer group = pattern.namedGroups().get(ByteText.text(name));
    return group != null && matcher.start(group) >= 0
        ? text.substring(matcher.start(group), matcher.end(group))
        : "";
  }

  /** Lower case character by character, as Go has it. */
  static String lower(String text) {
    return text.codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Upper case character by character, as Go has it: an ß stays. */
  static String upper(String text) {
    return text.codePoints()
        .map(Character::toUpperCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** The first letter of each word in upper case, the others as they are. */
  private static String toTitle(String bytes) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    boolean letterSeen = false;
    int[] text = ByteText.text(bytes).codePoints().toArray();
    for (int i = 0; i < text.length; i++) {
      int c = text[i];
      boolean joins =
          inWord
              && "'.:’".indexOf(c) >= 0
              && i + 1 < text.length
              && Character.isLetter(text[i + 1]);
      inWord = joins || c == '_' || Character.isLetterOrDigit(c) || (inWord && isMark(c));
      boolean first = Character.isLetter(c) && !letterSeen;
      letterSeen = inWord && (letterSeen || first);
      out.appendCodePoint(first ? Character.toTitleCase(c) : c);
    }
    return ByteText.of(out.toString());
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }
}
