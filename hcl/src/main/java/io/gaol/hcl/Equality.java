package io.gaol.hcl;

import io.gaol.hcl.Value.Mapping;
import io.gaol.hcl.Value.Sequence;
import io.gaol.hcl.Value.SetOf;
import java.util.Iterator;
import java.util.Map;

/** The language's {@code ==}: of one type and of one content; unknown where that is not known. */
final class Equality {
  private static final Value UNKNOWN = Value.unknown(Types.BOOL);

  private Equality() {}

  static Value of(Value left, Value right) {
    if (left instanceof Value.Unknown || right instanceof Value.Unknown) {
      return ofUnknown(left, right);
    }
    if (left instanceof Value.Null || right instanceof Value.Null) {
      return Value.of(left instanceof Value.Null && right instanceof Value.Null);
    }
    Type leftType = left.type();
    Type rightType = right.type();
    if (leftType.equals(rightType)) {
      return sameContent(left, right);
    }
    boolean canStillBeEqual =
        (leftType.hasAny() || rightType.hasAny())
            && !(left.isWhollyKnown() && right.isWhollyKnown());
    return canStillBeEqual ? UNKNOWN : Value.of(false);
  }

  private static Value ofUnknown(Value left, Value right) {
    boolean both = left instanceof Value.Unknown && right instanceof Value.Unknown;
    Value known = left instanceof Value.Unknown ? right : left;
    Type type = (left instanceof Value.Unknown ? left : right).type();
    return both || known instanceof Value.Null || type.hasAny() || type.equals(known.type())
        ? UNKNOWN
        : Value.of(false);
  }

  private static Value sameContent(Value left, Value right) {
    if (left instanceof SetOf && !(left.isWhollyKnown() && right.isWhollyKnown())) {
      return UNKNOWN;
    }
    if (left instanceof Sequence one && right instanceof Sequence other) {
      return one.elements().size() == other.elements().size()
          ? all(one.elements().iterator(), other.elements().iterator())
          : Value.of(false);
    }
    if (left instanceof Mapping one && right instanceof Mapping other) {
      return one.entries().keySet().equals(other.entries().keySet())
          ? all(inOrder(one), inOrder(other))
          : Value.of(false);
    }
    return Value.of(left.equals(right));
  }

  private static Iterator<Value> inOrder(Mapping mapping) {
    return mapping.sortedEntries().stream().map(Map.Entry::getValue).iterator();
  }

  /** The first pair that is not equal for certain decides. */
  private static Value all(Iterator<Value> left, Iterator<Value> right) {
    while (left.hasNext()) {
      Value equal = of(left.next(), right.next());
      if (!equal.equals(Value.of(true))) {
        return equal;
      }
    }
    return Value.of(true);
  }
}
