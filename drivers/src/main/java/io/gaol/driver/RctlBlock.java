package io.gaol.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The seeds' {@code Rctl} block: resource, then {@code Action}, {@code Amount} and {@code Per}; it
 * becomes rules of rctl(8) without their subject, {@code resource:action=amount/per}.
 */
final class RctlBlock {
  private RctlBlock() {}

  static List<String> rules(ConfigReader reader, String key, Object block) {
    List<String> rules = new ArrayList<>();
    for (Map<?, ?> resources : maps(reader, key, block)) {
      resources.forEach(
          (resource, settings) -> {
            for (Map<?, ?> setting : maps(reader, key, settings)) {
              rule(reader, key, String.valueOf(resource), setting).ifPresent(rules::add);
            }
          });
    }
    return rules;
  }

  /** A block is a map, or a list of maps when it was written as a block or repeated. */
  private static List<Map<?, ?>> maps(ConfigReader reader, String key, Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
      if (item instanceof Map<?, ?> map) {
        maps.add(map);
      } else {
        reader.problem(
            key,
            key
                + " takes blocks, as Rctl = { Openfiles = { Action = \"deny\", Amount = \"500\" } },"
                + " but "
                + ConfigReader.kind(item)
                + " is given");
      }
    }
    return maps;
  }

  private static Optional<String> rule(
      ConfigReader reader, String key, String resource, Map<?, ?> setting) {
    String action = "";
    String amount = "";
    String per = "";
    for (Map.Entry<?, ?> entry : setting.entrySet()) {
      String name = String.valueOf(entry.getKey());
      String value =
          entry.getValue() == null ? "" : ConfigReader.scalar(entry.getValue()).orElse("");
      switch (name.toLowerCase(Locale.ROOT)) {
        case "action" -> action = value.toLowerCase(Locale.ROOT);
        case "amount" -> amount = value;
        case "per" -> per = value.toLowerCase(Locale.ROOT);
        default ->
            reader.problem(
                key, key + "." + resource + " knows Action, Amount and Per, but not " + name);
      }
    }
    if (action.isEmpty() || amount.isEmpty()) {
      reader.problem(key, key + "." + resource + " needs both Action and Amount");
      return Optional.empty();
    }
    String rule = resource.toLowerCase(Locale.ROOT) + ":" + action + "=" + amount;
    return Optional.of(per.isEmpty() ? rule : rule + "/" + per);
  }
}
