package io.gaol.cli.template;

import io.gaol.cli.template.ByteText.Decoded;
import io.gaol.cli.template.GoTypes.Int;
import io.gaol.cli.template.GoTypes.Mapping;
import io.gaol.cli.template.GoTypes.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values as text: {@code print}, {@code println} and {@code printf}, as Go's fmt has them. */
final class GoFormat {
  private static final int WIDEST = 1_000_000;
  private static final int DEEPEST = 200;
  private static final String NIL = "<nil>";
  private static final String NO_VALUE = "<no value>";

  private final Output out = new Output();
  private Flags flags = new Flags();
  private int depth;
  private boolean erroring;

  private GoFormat() {}

  /** What stands between the percent sign and the verb. */
  private static final class Flags {
    private boolean minus;
    private boolean plus;
    private boolean sharp;
    private boolean space;
    private boolean zero;

    /** {@code %#v}. */
    private boolean sharpV;

    private int width = NONE;
    private int precision = NONE;

    private static final int NONE = -1;

    boolean hasWidth() {
      return width != NONE;
    }

    boolean hasPrecision() {
      return precision != NONE;
    }
  }

  /** One after another, with a space between two of which neither is a string. */
  static String print(List<Object> values) throws FunctionException {
    GoFormat format = new GoFormat();
    for (int i = 0; i < values.size(); i++) {
      boolean texts =
          i > 0 && (values.get(i) instanceof String || values.get(i - 1) instanceof String);
      if (i > 0 && !texts) {
        format.out.append(' ');
      }
      format.argument(values.get(i), 'v');
    }
    return format.out.toString();
  }

  /** As {@link #print}, with what an action writes for a missing value. */
  static String escapable(List<Object> values) throws FunctionException {
    List<Object> shown = new ArrayList<>();
    for (Object value : values) {
      shown.add(value == null ? NO_VALUE : value);
    }
    return print(shown);
  }

  /** With a space between any two, and a line end. */
  static String println(List<Object> values) throws FunctionException {
    GoFormat format = new GoFormat();
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        format.out.append(' ');
      }
      format.argument(values.get(i), 'v');
    }
    return format.out.append('\n').toString();
  }

  /** A template's action: the value, or Go's words for there being none. */
  static String action(Object value) throws FunctionException {
    return switch (value) {
      case null -> NO_VALUE;
      case String text -> text;
      default -> print(List.of(value));
    };
  }

  static String printf(String format, List<Object> values) throws FunctionException {
    return new Formatting(format, values).run();
  }

  /** The state of one {@code printf}. */
  private static final class Formatting {
    private final GoFormat to = new GoFormat();
    private final String format;
    private final List<Object> values;
    private int at;
    private int next;
    private boolean reordered;
    private boolean goodIndex;
    private boolean afterIndex;

    Formatting(String format, List<Object> values) {
      this.format = format;
      this.values = values;
    }

    String run() throws FunctionException {
      while (at < format.length()) {
        int percent = format.indexOf('%', at);
        if (percent < 0) {
          to.out.append(format.substring(at));
          break;
        }
        to.out.append(format.substring(at, percent));
        at = percent + 1;
        directive();
      }
      to.flags = new Flags();
      if (!reordered && next < values.size()) {
        extra();
      }
      return to.out.toString();
    }

    private void extra() throws FunctionException {
      to.out.append("%!(EXTRA ");
      for (int i = next; i < values.size(); i++) {
        to.out.append(i > next ? ", " : "");
        if (values.get(i) == null) {
          to.out.append(NIL);
        } else {
          to.out.append(GoTypes.name(values.get(i))).append('=');
          to.argument(values.get(i), 'v');
        }
      }
      to.out.append(')');
    }

    private void directive() throws FunctionException {
      to.flags = new Flags();
      goodIndex = true;
      afterIndex = false;
      flags();
      index();
      width();
      precision();
      if (!afterIndex) {
        index();
      }
      if (at >= format.length()) {
        to.out.append("%!(NOVERB)");
        return;
      }
      Decoded decoded = ByteText.decode(format, at);
      String verb = format.substring(at, at + decoded.length());
      at += decoded.length();
      if (verb.equals("%")) {
        to.out.append('%');
      } else if (!goodIndex) {
        to.out.append("%!" + verb + "(BADINDEX)");
      } else if (next >= values.size()) {
        to.out.append("%!" + verb + "(MISSING)");
      } else {
        if (verb.equals("v")) {
          to.flags.sharpV = to.flags.sharp;
          to.flags.sharp = false;
          to.flags.plus = false;
        }
        to.argument(values.get(next++), decoded.codePoint());
      }
    }

    private void flags() {
      for (; at < format.length(); at++) {
        switch (format.charAt(at)) {
          case '#' -> to.flags.sharp = true;
          case '0' -> to.flags.zero = true;
          case '+' -> to.flags.plus = true;
          case '-' -> to.flags.minus = true;
          case ' ' -> to.flags.space = true;
          default -> {
            return;
          }
        }
      }
    }

    private boolean at(char c) {
      return at < format.length() && format.charAt(at) == c;
    }

    /** {@code [3]}: which argument comes next. */
    private void index() {
      if (!at('[')) {
        return;
      }
      reordered = true;
      int close = format.indexOf(']', at);
      if (close < 0) {
        goodIndex = false;
        at++;
        return;
      }
      int from = at + 1;
      at = from;
      int number = number();
      boolean good = number > 0 && number <= values.size() && at == close;
      at = close + 1;
      if (good) {
        next = number - 1;
        afterIndex = true;
      } else {
        goodIndex = false;
      }
    }

    private void width() throws FunctionException {
      if (at('*')) {
        at++;
        int width = argumentAsNumber("%!(BADWIDTH)");
        if (width < 0 && width != Flags.NONE - WIDEST - 1) {
          width = -width;
          to.flags.minus = true;
          to.flags.zero = false;
        }
        to.flags.width = width < 0 ? Flags.NONE : width;
        afterIndex = false;
        return;
      }
      to.flags.width = number();
      if (afterIndex && to.flags.hasWidth()) {
        goodIndex = false;
      }
    }

    private void precision() throws FunctionException {
      if (!at('.')) {
        return;
      }
      at++;
      if (afterIndex) {
        goodIndex = false;
      }
      index();
      if (at('*')) {
        at++;
        int precision = argumentAsNumber("%!(BADPREC)");
        to.flags.precision = precision < 0 ? Flags.NONE : precision;
        afterIndex = false;
      } else {
        to.flags.precision = Math.max(0, number());
      }
    }

    /** The next argument, or a number out of range if it is none. */
    private int argumentAsNumber(String complaint) throws FunctionException {
      Object value = next < values.size() ? values.get(next) : null;
      next += next < values.size() ? 1 : 0;
      if (value instanceof Int number && Math.abs(number.value()) <= WIDEST) {
        return (int) number.value();
      }
      to.out.append(complaint);
      return Flags.NONE - WIDEST - 1;
    }

    /** Digits as a number; {@link Flags#NONE} if there are none or it is too large. */
    private int number() {
      int value = Flags.NONE;
      while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
        value = Math.max(value, 0) * 10 + format.charAt(at++) - '0';
        if (value > WIDEST) {
          return Flags.NONE;
        }
      }
      return value;
    }
  }

  private void argument(Object value, int verb) throws FunctionException {
    if (verb == 'T') {
      text(GoTypes.name(value), 's');
      return;
    }
    switch (GoTypes.concrete(value)) {
      case null -> {
        if (verb == 'v') {
          pad(NIL);
        } else {
          badVerb(null, verb);
        }
      }
      case Boolean bool -> {
        if (verb == 't' || verb == 'v') {
          pad(bool.toString());
        } else {
          badVerb(bool, verb);
        }
      }
      case Int number -> integer(number, verb);
      case Double number -> real(number, verb);
      case String bytes -> {
        if ("vsxXq".indexOf(verb) >= 0) {
          text(bytes, verb);
        } else {
          badVerb(bytes, verb);
        }
      }
      case Sequence list -> nested(() -> sequence(list, verb));
      case Mapping map -> nested(() -> mapping(map, verb));
      default -> throw new FunctionException("A " + GoTypes.name(value) + " cannot be printed");
    }
  }

  private interface Part {
    void write() throws FunctionException;
  }

  private void nested(Part part) throws FunctionException {
    if (++depth > DEEPEST) {
      throw new FunctionException("The value is nested more than " + DEEPEST + " levels deep");
    }
    part.write();
    depth--;
  }

  private void sequence(Sequence list, int verb) throws FunctionException {
    out.append(flags.sharpV ? GoTypes.name(list) + "{" : "[");
    String between = "";
    for (Object value : list.values()) {
      out.append(between);
      element(value, verb);
      between = flags.sharpV ? ", " : " ";
    }
    out.append(flags.sharpV ? '}' : ']');
  }

  private void mapping(Mapping map, int verb) throws FunctionException {
    out.append(flags.sharpV ? GoTypes.name(map) + "{" : "map[");
    String between = "";
    for (Object key : map.sortedKeys()) {
      out.append(between);
      element(key, verb);
      out.append(':');
      element(map.get(key), verb);
      between = flags.sharpV ? ", " : " ";
    }
    out.append(flags.sharpV ? '}' : ']');
  }

  private void element(Object value, int verb) throws FunctionException {
    if (value == GoTypes.NIL) {
      out.append(flags.sharpV ? "interface {}(nil)" : NIL);
    } else {
      argument(value, verb);
    }
  }

  private void badVerb(Object value, int verb) throws FunctionException {
    if (erroring) {
      throw new FunctionException("This cannot be printed");
    }
    erroring = true;
    out.append("%!").append(ByteText.of(verb)).append('(');
    if (value == null) {
      out.append(NIL);
    } else {
      out.append(GoTypes.name(value)).append('=');
      argument(value, 'v');
    }
    out.append(')');
    erroring = false;
  }

  private void text(String bytes, int verb) throws FunctionException {
    String shown = flags.hasPrecision() ? ByteText.truncate(bytes, flags.precision) : bytes;
    switch (verb) {
      case 'x', 'X' -> hexadecimal(bytes, verb == 'X');
      case 'q' -> quoted(shown);
      default -> {
        if (verb == 'v' && flags.sharpV) {
          quoted(shown);
        } else {
          pad(shown);
        }
      }
    }
  }

  private void quoted(String bytes) throws FunctionException {
    pad(
        flags.sharp && GoQuote.canBackquote(bytes)
            ? "`" + bytes + "`"
            : GoQuote.quote(bytes, flags.plus));
  }

  private void hexadecimal(String bytes, boolean upper) throws FunctionException {
    int length = flags.hasPrecision() ? Math.min(flags.precision, bytes.length()) : bytes.length();
    Output.require(5L * length);
    String prefix = flags.sharp ? upper ? "0X" : "0x" : "";
    StringBuilder digits = new StringBuilder(length > 0 ? prefix : "");
    for (int i = 0; i < length; i++) {
      if (i > 0 && flags.space) {
        digits.append(' ').append(prefix);
      }
      digits.append((upper ? "%02X" : "%02x").formatted((int) bytes.charAt(i)));
    }
    pad(digits.toString());
  }

  private void integer(Int number, int verb) throws FunctionException {
    switch (verb) {
      case 'v' -> {
        if (flags.sharpV && !number.type().signed()) {
          boolean sharp = flags.sharp;
          flags.sharp = true;
          digits(number, 16, 'v');
          flags.sharp = sharp;
        } else {
          digits(number, 10, verb);
        }
      }
      case 'd' -> digits(number, 10, verb);
      case 'b' -> digits(number, 2, verb);
      case 'o', 'O' -> digits(number, 8, verb);
      case 'x', 'X' -> digits(number, 16, verb);
      case 'c' -> pad(ByteText.of(character(number)));
      case 'q' -> pad(GoQuote.quoteCharacter(character(number), flags.plus));
      case 'U' -> unicode(number);
      default -> badVerb(number, verb);
    }
  }

  private static int character(Int number) {
    boolean fits = number.value() >= 0 && number.value() <= Character.MAX_CODE_POINT;
    return fits ? (int) number.value() : ByteText.REPLACEMENT;
  }

  private void unicode(Int number) throws FunctionException {
    String digits = Long.toHexString(number.value()).toUpperCase(Locale.ROOT);
    int least = flags.hasPrecision() ? Math.max(4, flags.precision) : 4;
    String shown = "U+" + "0".repeat(Math.max(0, least - digits.length())) + digits;
    boolean known =
        number.value() >= 0
            && number.value() <= Character.MAX_CODE_POINT
            && GoQuote.isPrintable((int) number.value());
    boolean zero = flags.zero;
    flags.zero = false;
    pad(flags.sharp && known ? shown + " '" + ByteText.of((int) number.value()) + "'" : shown);
    flags.zero = zero;
  }

  private void digits(Int number, int radix, int verb) throws FunctionException {
    boolean negative = number.isNegative();
    int least = 0;
    if (flags.hasPrecision()) {
      least = flags.precision;
      if (least == 0 && number.value() == 0) {
        out.repeat(' ', flags.width);
        return;
      }
    } else if (flags.zero && !flags.minus && flags.hasWidth()) {
      least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
    }
    String digits = number.big().abs().toString(radix);
    String zeros = "0".repeat(Math.max(0, least - digits.length()));
    String prefix = "";
    if (verb == 'O') {
      prefix = "0o";
    } else if (flags.sharp) {
      prefix =
          switch (radix) {
            case 2 -> "0b";
            case 8 -> (zeros + digits).startsWith("0") ? "" : "0";
            case 16 -> "0x";
            default -> "";
          };
    }
    String shown = prefix + zeros + digits;
    String sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
    boolean zero = flags.zero;
    flags.zero = false;
    pad(sign + (verb == 'X' ? shown.toUpperCase(Locale.ROOT) : shown));
    flags.zero = zero;
  }

  private void real(double number, int verb) throws FunctionException {
    char format;
    int precision;
    switch (verb) {
      case 'v', 'g', 'G' -> {
        format = verb == 'v' ? 'g' : (char) verb;
        precision = GoFloat.SHORTEST;
      }
      case 'e', 'E', 'f', 'F' -> {
        format = verb == 'F' ? 'f' : (char) verb;
        precision = 6;
      }
      case 'x', 'X', 'b' ->
          throw new FunctionException(
              "%" + (char) verb + " of a floating point number is not supported");
      default -> {
        badVerb(number, verb);
        return;
      }
    }
    if (flags.sharp) {
      throw new FunctionException("The flag # for a floating point number is not supported");
    }
    String digits =
        GoFloat.format(number, format, flags.hasPrecision() ? flags.precision : precision);
    boolean signed = digits.startsWith("-") || digits.startsWith("+");
    String sign = signed ? digits.substring(0, 1) : "+";
    String unsigned = signed ? digits.substring(1) : digits;
    boolean shown = flags.plus || sign.equals("-");
    String mark = shown ? sign : flags.space ? " " : "";
    boolean finite = Double.isFinite(number);
    if (flags.zero && !flags.minus && flags.hasWidth() && finite) {
      int zeros = flags.width - mark.length() - unsigned.length();
      out.append(mark).repeat('0', zeros).append(unsigned);
      return;
    }
    if (Double.isInfinite(number) && mark.isEmpty()) {
      mark = "+";
    }
    boolean zero = flags.zero;
    flags.zero = false;
    pad(mark + unsigned);
    flags.zero = zero;
  }

  private void pad(String bytes) throws FunctionException {
    int missing = flags.hasWidth() ? flags.width - ByteText.characters(bytes) : 0;
    char filler = flags.zero && !flags.minus ? '0' : ' ';
    if (!flags.minus) {
      out.repeat(filler, missing);
    }
    out.append(bytes);
    if (flags.minus) {
      out.repeat(' ', missing);
    }
  }
}
