package io.gaol.hcl;

/** The types that are not composed of others. */
public final class Types {
  /** Any type: of null, and of values of which nothing is known. */
  public static final Type ANY = new Type.Any();

  /** Truth values. */
  public static final Type BOOL = Type.Primitive.BOOL;

  /** Numbers. */
  public static final Type NUMBER = Type.Primitive.NUMBER;

  /** Strings. */
  public static final Type STRING = Type.Primitive.STRING;

  private Types() {}
}
