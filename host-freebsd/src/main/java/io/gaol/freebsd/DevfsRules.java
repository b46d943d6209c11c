package io.gaol.freebsd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** devfs.rules(5): what rc(8) loads into the kernel when it boots. */
final class DevfsRules {
  private static final Pattern SECTION =
      Pattern.compile("\\[\\s*([A-Za-z0-9_]+)\\s*=\\s*([0-9]{1,5})\\s*]");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z0-9_]+)}?");

  private DevfsRules() {}

  /**
   * The rules of each set, as devfs(8) takes them.
   *
   * @param lines of the host's files, in the order in which rc(8) reads them
   */
  static Map<Integer, List<String>> read(List<String> lines) {
    Map<String, String> numbers = new HashMap<>();
    Map<Integer, List<String>> sets = new LinkedHashMap<>();
    List<String> set = new ArrayList<>();
    for (String line : lines) {
      String text = line.replaceFirst("#.*", "").strip();
      Matcher section = SECTION.matcher(text);
      if (section.matches()) {
        numbers.put(section.group(1), section.group(2));
        // As rc(8), which empties a set where a section of it begins.
        set = new ArrayList<>();
        sets.put(Integer.valueOf(section.group(2)), set);
      } else if (text.startsWith("add ")) {
        set.add(
            VARIABLE
                .matcher(text.substring("add ".length()).strip())
                .replaceAll(
                    match ->
                        Matcher.quoteReplacement(
                            numbers.getOrDefault(match.group(1), match.group())))
                .replace("'", "")
                .replace("\"", ""));
      }
    }
    return sets;
  }

  /**
   * The sets that one needs, itself the last: those it includes first.
   *
   * @return empty if the files have none of that number
   */
  static List<Integer> needed(int number, Map<Integer, List<String>> sets) {
    List<Integer> found = new ArrayList<>();
    collect(number, sets, found, new ArrayList<>());
    return found;
  }

  private static void collect(
      int number, Map<Integer, List<String>> sets, List<Integer> found, List<Integer> above) {
    if (found.contains(number) || above.contains(number) || !sets.containsKey(number)) {
      return;
    }
    above.add(number);
    for (String rule : sets.get(number)) {
      if (rule.matches("include [0-9]{1,5}")) {
        collect(Integer.parseInt(rule.substring("include ".length())), sets, found, above);
      }
    }
    found.add(number);
  }
}
