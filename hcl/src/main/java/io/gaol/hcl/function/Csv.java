package io.gaol.hcl.function;

import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Type;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Comma-separated values (RFC 4180). */
final class Csv {
  private final String text;
  private int at;
  private int line = 1;

  private Csv(String text) {
    this.text = text;
  }

  static Value decode(String text) throws FunctionException {
    Csv csv = new Csv(text.replace("\r\n", "\n"));
    List<String> names =
        csv.record()
            .orElseThrow(
                () -> new FunctionException(0, "the line that names the columns is missing"));
    Map<String, Type> types = new LinkedHashMap<>();
    for (String name : names) {
      if (types.put(name, Types.STRING) != null) {
        throw new FunctionException(0, "two columns have the name \"%s\"".formatted(name));
      }
    }
    List<Value> rows = new ArrayList<>();
    for (Optional<List<String>> record = csv.record(); record.isPresent(); record = csv.record()) {
      List<String> fields = record.get();
      if (fields.size() != names.size()) {
        throw csv.wrong(
            "it has %d fields, but there are %d columns".formatted(fields.size(), names.size()));
      }
      Map<String, Value> row = new LinkedHashMap<>();
      for (int i = 0; i < fields.size(); i++) {
        row.put(names.get(i), Value.of(fields.get(i)));
      }
      rows.add(Value.of(row));
      Arguments.requireElements(rows.size());
    }
    return new Value.ListOf(new Type.Obj(types), rows);
  }

  private FunctionException wrong(String what) {
    return new FunctionException(0, "this is not CSV at line %d: %s".formatted(line, what));
  }

  /** The fields of the next line that is not empty. */
  private Optional<List<String>> record() throws FunctionException {
    while (at < text.length() && text.charAt(at) == '\n') {
      at++;
      line++;
    }
    if (at == text.length()) {
      return Optional.empty();
    }
    List<String> fields = new ArrayList<>();
    fields.add(field());
    while (at < text.length() && text.charAt(at) == ',') {
      at++;
      fields.add(field());
    }
    if (at < text.length()) {
      at++;
      line++;
    }
    return Optional.of(fields);
  }

  private String field() throws FunctionException {
    if (at < text.length() && text.charAt(at) == '"') {
      return quoted();
    }
    int start = at;
    while (at < text.length() && ",\n".indexOf(text.charAt(at)) < 0) {
      if (text.charAt(at) == '"') {
        throw wrong("a quote stands within a field that has none around it");
      }
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() throws FunctionException {
    StringBuilder field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '"') {
        line += c == '\n' ? 1 : 0;
        field.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        field.append('"');
        at++;
      } else if (at == text.length() || ",\n".indexOf(text.charAt(at)) >= 0) {
        return field.toString();
      } else {
        throw wrong("a comma or the end of the line is expected after a closing quote");
      }
    }
    throw wrong("a quote is not closed");
  }
}
