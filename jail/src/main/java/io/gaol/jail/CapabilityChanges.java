package io.gaol.jail;

import java.util.List;

/**
 * How a task's Linux capabilities differ from those that it would have: Nomad's {@code cap_add} and
 * {@code cap_drop}, which jail(8) has no word for.
 *
 * @param add names as capabilities(7) has them, without {@code CAP_} and in lower case; {@code all}
 *     is every one
 * @param drop such names; dropped before others are added
 */
public record CapabilityChanges(List<String> add, List<String> drop) {
  /** No changes. */
  public static final CapabilityChanges NONE = new CapabilityChanges(List.of(), List.of());

  /** Copies. */
  public CapabilityChanges {
    add = List.copyOf(add);
    drop = List.copyOf(drop);
  }

  /** Whether nothing is changed. */
  public boolean isEmpty() {
    return add.isEmpty() && drop.isEmpty();
  }
}
