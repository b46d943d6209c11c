package io.gaol.hcl.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.gaol.hcl.FunctionException;
import java.util.Map;

/**
 * Replaces matches by a template in the notation of RE2's Go implementation: {@code $1} and {@code
 * $name} take the longest run of letters, digits and underscores as the name, {@code ${1}x} ends
 * it, {@code $$} is a dollar sign; a group that there is not is empty.
 */
final class RegexReplacement {
  private RegexReplacement() {}

  static String replaceAll(String text, Pattern pattern, String template) throws FunctionException {
    Matcher matcher = pattern.matcher(text);
    StringBuilder result = new StringBuilder();
    int end = 0;
    int searchFrom = 0;
    while (searchFrom <= text.length() && matcher.find(searchFrom)) {
      result.append(text, end, matcher.start());
      // An empty match right after a match is none.
      if (matcher.end() > end || matcher.start() == 0) {
        append(result, template, matcher, pattern.namedGroups());
        Arguments.requireCharacters(result.length());
      }
      end = matcher.end();
      int next =
          searchFrom < text.length()
              ? searchFrom + Character.charCount(text.codePointAt(searchFrom))
              : searchFrom + 1;
      searchFrom = Math.max(end, next);
    }
    return result.append(text, end, text.length()).toString();
  }

  private static void append(
      StringBuilder result, String template, Matcher matcher, Map<String, Integer> names) {
    int at = 0;
    while (at < template.length()) {
      int dollar = template.indexOf('$', at);
      if (dollar < 0) {
        break;
      }
      result.append(template, at, dollar);
      at = dollar + 1;
      if (template.startsWith("$", at)) {
        result.append('$');
        at++;
        continue;
      }
      boolean isBraced = template.startsWith("{", at);
      int start = isBraced ? at + 1 : at;
      int end = start;
      while (end < template.length() && isNamePart(template.codePointAt(end))) {
        end += Character.charCount(template.codePointAt(end));
      }
      if (end == start || (isBraced && !template.startsWith("}", end))) {
        result.append('$');
        continue;
      }
      result.append(group(template.substring(start, end), matcher, names));
      at = isBraced ? end + 1 : end;
    }
    result.append(template, at, template.length());
  }

  private static boolean isNamePart(int c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private static String group(String name, Matcher matcher, Map<String, Integer> names) {
    int index;
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      index = name.length() > 8 ? Integer.MAX_VALUE : Integer.parseInt(name);
    } else {
      index = names.getOrDefault(name, Integer.MAX_VALUE);
    }
    String group = index <= matcher.groupCount() ? matcher.group(index) : null;
    return group == null ? "" : group;
  }
}
