package io.gaol.hcl.function;

import io.gaol.hcl.Type;
import io.gaol.hcl.Types;

/**
 * What a function takes at one place.
 *
 * @param type what the argument is converted to
 * @param takesNull whether the argument can be null
 * @param takesUnknown whether the function itself decides what an unknown argument gives
 */
record Parameter(String name, Type type, boolean takesNull, boolean takesUnknown) {

  static Parameter text(String name) {
    return of(name, Types.STRING);
  }

  static Parameter number(String name) {
    return of(name, Types.NUMBER);
  }

  static Parameter any(String name) {
    return of(name, Types.ANY);
  }

  static Parameter of(String name, Type type) {
    return new Parameter(name, type, false, false);
  }

  Parameter orNull() {
    return new Parameter(name, type, true, takesUnknown);
  }

  Parameter orUnknown() {
    return new Parameter(name, type, takesNull, true);
  }
}
