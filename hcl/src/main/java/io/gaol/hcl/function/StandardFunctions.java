package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.any;
import static io.gaol.hcl.function.Parameter.number;

import io.gaol.hcl.Function;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.math.RoundingMode;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The functions that need nothing of the machine that they run on, by their names. All but {@code
 * uuidv4} and {@code bcrypt} always give the same for the same.
 */
public final class StandardFunctions {
  private StandardFunctions() {}

  /** All of them, in the order of their names. */
  public static SequencedMap<String, Function> all() {
    return all(() -> Chance.RANDOM);
  }

  /** Made when it is first asked for: it takes a while. */
  private static final class Chance {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /**
   * All of them, in the order of their names.
   *
   * @param random what {@code uuidv4} and {@code bcrypt} take their chance from
   */
  public static SequencedMap<String, Function> all(SecureRandom random) {
    return all(() -> random);
  }

  private static SequencedMap<String, Function> all(Supplier<SecureRandom> random) {
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

  /**
   * Two that many programs with HCL have, and {@link #all} has not: {@code hasindex} and {@code
   * int}.
   */
  public static SequencedMap<String, Function> further() {
    Map<String, Function> table = new TreeMap<>();
    Define.function(
        table,
        "hasindex",
        "Whether a list, tuple or map has an element at an index or a key.",
        Types.BOOL,
        List.of(any("collection").orUnknown(), any("key").orUnknown()),
        CollectionFunctions::hasIndex);
    Define.function(
        table,
        "int",
        "The number without what is behind its decimal point.",
        Types.NUMBER,
        List.of(number("num")),
        arguments -> Value.of(arguments.number(0).setScale(0, RoundingMode.DOWN)));
    return Collections.unmodifiableSequencedMap(new TreeMap<>(table));
  }
}
