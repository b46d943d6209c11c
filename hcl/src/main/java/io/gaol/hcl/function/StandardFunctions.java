package io.gaol.hcl.function;

import io.gaol.hcl.Function;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The functions that need nothing of the machine that they run on, by their names. All but {@code
 * uuidv4} and {@code bcrypt} always give the same for the same.
 */
public final class StandardFunctions {
  private StandardFunctions() {}

  /** All of them, in the order of their names. */
  public static SequencedMap<String, Function> all() {
    return all(new SecureRandom());
  }

  /**
   * All of them, in the order of their names.
   *
   * @param random what {@code uuidv4} and {@code bcrypt} take their chance from
   */
  public static SequencedMap<String, Function> all(SecureRandom random) {
    Map<String, Function> table = new TreeMap<>();
    NumberFunctions.define(table);
    TextFunctions.define(table);
    CollectionFunctions.define(table);
    EncodingFunctions.define(table);
    CryptoFunctions.define(table, random);
    NetworkFunctions.define(table);
    TimeFunctions.define(table);
    LazyFunctions.define(table);
    return Collections.unmodifiableSequencedMap(new TreeMap<>(table));
  }
}
