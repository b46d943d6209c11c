package io.gaol.testing.freebsd;

import java.util.Map;

/** A task without a main process. */
class PersistentFaultIT extends FaultMatrix {
  @Override
  boolean ends() {
    return false;
  }

  @Override
  Map<String, Object> config() {
    return Map.of("Path", "/jails/base", "Persist", true);
  }
}
