package io.gaol.testing.host;

import io.gaol.nomad.config.ConfigType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the type of an attribute as schemas write it: {@code list(map(string))}. */
final class TypeExpression {
  private static final Pattern TOKEN = Pattern.compile("\\s*([a-zA-Z0-9_-]+|[(){}\\[\\],=])\\s*");

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  private TypeExpression(String text) {
    this.text = text;
    Matcher token = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length() && token.find(end) && token.start() == end) {
      tokens.add(token.group(1));
      end = token.end();
    }
    if (end < text.length() || tokens.isEmpty()) {
      throw invalid();
    }
  }

  static ConfigType parse(String text) {
    TypeExpression expression = new TypeExpression(text);
    ConfigType type = expression.type();
    if (expression.next < expression.tokens.size()) {
      throw expression.invalid();
    }
    return type;
  }

  private ConfigType type() {
    return switch (take()) {
      case "string" -> ConfigType.string();
      case "number" -> ConfigType.number();
      case "bool" -> ConfigType.bool();
      case "any" -> ConfigType.any();
      case "list" -> ConfigType.listOf(inParentheses());
      case "set" -> ConfigType.setOf(inParentheses());
      case "map" -> ConfigType.mapOf(inParentheses());
      case "tuple" -> tuple();
      case "object" -> object();
      default -> throw invalid();
    };
  }

  private ConfigType inParentheses() {
    expect("(");
    ConfigType type = type();
    expect(")");
    return type;
  }

  private ConfigType tuple() {
    expect("(");
    expect("[");
    List<ConfigType> elements = new ArrayList<>();
    while (!at("]")) {
      elements.add(type());
      if (!at("]")) {
        expect(",");
      }
    }
    expect("]");
    expect(")");
    return new ConfigType.TupleOf(elements);
  }

  private ConfigType object() {
    expect("(");
    expect("{");
    Map<String, ConfigType> attributes = new LinkedHashMap<>();
    while (!at("}")) {
      String name = take();
      expect("=");
      attributes.put(name, type());
      if (!at("}")) {
        expect(",");
      }
    }
    expect("}");
    expect(")");
    return new ConfigType.ObjectOf(attributes);
  }

  private boolean at(String token) {
    return next < tokens.size() && tokens.get(next).equals(token);
  }

  private String take() {
    if (next == tokens.size()) {
      throw invalid();
    }
    return tokens.get(next++);
  }

  private void expect(String token) {
    if (!take().equals(token)) {
      throw invalid();
    }
  }

  private PluginHostException invalid() {
    return new PluginHostException("not the type of an attribute: \"" + text + "\"");
  }
}
