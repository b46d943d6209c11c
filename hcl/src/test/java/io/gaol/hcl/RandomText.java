package io.gaol.hcl;

import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Valid texts of all that the language has, their white space as it comes. */
final class RandomText {
  private static final String[] NAMES = {"a", "b2", "long_name", "x-y", "größe", "in", "for_", "n"};
  private static final String[] OPERATORS = {
    "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"
  };
  private static final String[] SPACES = {"", " ", "  ", "\t", "   ", " /* c */ "};

  private final Random random;

  RandomText(Random random) {
    this.random = random;
  }

  String body(int depth) {
    StringBuilder body = new StringBuilder();
    int items = random.nextInt(6);
    for (int i = 0; i < items; i++) {
      body.append(blank()).append(item(depth, "k" + i)).append(end());
    }
    return body.toString();
  }

  private String item(int depth, String name) {
    return switch (random.nextInt(depth > 0 ? 8 : 4)) {
      case 0, 1, 2, 3 -> name + space() + "=" + space() + expression(3);
      case 4 -> name + label() + space() + "{" + space() + "}";
      case 5 -> name + " {" + space() + "one" + space() + "=" + space() + atom() + space() + "}";
      default -> name + label() + space() + "{" + end() + body(depth - 1) + blank() + "}";
    };
  }

  private String label() {
    return switch (random.nextInt(3)) {
      case 0 -> "";
      case 1 -> space() + "\"label\"";
      default -> " " + name() + space() + "\"l\\u00e4 bel\"";
    };
  }

  private String expression(int depth) {
    Supplier<String> inner = () -> depth > 0 ? expression(depth - 1) : atom();
    return switch (random.nextInt(15)) {
      case 0 -> inner.get() + space() + " " + pick(OPERATORS) + " " + space() + inner.get();
      case 1 -> "(" + wide() + inner.get() + wide() + ")";
      case 2 -> "[" + wide() + many(inner, wide() + "," + wide()) + wide() + "]";
      case 3 -> "{" + space() + many(() -> objectItem(inner), "," + wide()) + space() + "}";
      case 4 -> "{\n" + many(() -> blank() + objectItem(inner), end()) + "\n" + blank() + "}";
      case 5 -> name() + space() + "(" + wide() + many(inner, "," + wide()) + wide() + ")";
      case 6 -> "(" + inner.get() + ")" + space() + "." + space() + name();
      case 7 -> name() + space() + "[" + wide() + inner.get() + wide() + "]" + space() + "[*]";
      case 8 -> "(" + inner.get() + ")" + " ? " + inner.get() + space() + ":" + inner.get();
      case 9 -> "-" + space() + "(" + inner.get() + ")";
      case 10 -> "!" + space() + "(" + inner.get() + ")";
      case 11 ->
          "[for k, v in "
              + inner.get()
              + space()
              + ":"
              + space()
              + inner.get()
              + " if "
              + atom()
              + "]";
      case 12 -> "{for v in " + atom() + ": v" + space() + "=>" + space() + inner.get() + "}";
      case 13 -> "\"a ${" + space() + inner.get() + space() + "} %{if true}x%{ endif ~} b\"";
      default -> atom();
    };
  }

  private String objectItem(Supplier<String> value) {
    return "("
        + name()
        + ")"
        + space()
        + (random.nextBoolean() ? "=" : ":")
        + space()
        + value.get();
  }

  private String atom() {
    return switch (random.nextInt(9)) {
      case 0 -> Integer.toString(random.nextInt(1000));
      case 1 -> "1.5e3";
      case 2 -> "true";
      case 3 -> "null";
      case 4 -> "\"text  with   blanks # and = \\\" \"";
      case 5 -> "\"日本 e\u0301\"";
      case 6 -> name() + space() + "." + space() + name() + ".0";
      case 7 -> name() + "[\"k\"].*.id";
      default -> name();
    };
  }

  private String many(Supplier<String> one, String separator) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(_ -> one.get())
        .collect(Collectors.joining(separator));
  }

  private String name() {
    return pick(NAMES);
  }

  private String space() {
    return pick(SPACES);
  }

  private String blank() {
    return " ".repeat(random.nextInt(5));
  }

  /** White space where line ends have no meaning. */
  private String wide() {
    return random.nextInt(4) == 0 ? "\n" + blank() : space();
  }

  private String end() {
    return switch (random.nextInt(6)) {
      case 0 -> "  # comment\n";
      case 1 -> "// comment \n\n";
      case 2 -> " \t\r\n";
      default -> "\n";
    };
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }
}
