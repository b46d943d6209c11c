package io.gaol.jail;

/**
 * A size in bytes.
 *
 * @param count how many, never negative
 */
public record Bytes(long count) {
  /** Checks. */
  public Bytes {
    if (count < 0) {
      throw new IllegalArgumentException("a size may not be negative: " + count);
    }
  }

  /** A number of mebibytes: Nomad's unit of memory (it writes MB and means 1024 x 1024). */
  public static Bytes ofMebibytes(long mebibytes) {
    return new Bytes(Math.multiplyExact(mebibytes, 1024L * 1024L));
  }

  @Override
  public String toString() {
    if (count > 0 && count % (1024 * 1024) == 0) {
      return count / (1024 * 1024) + " MiB";
    }
    return count + " bytes";
  }
}
