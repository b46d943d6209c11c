package io.gaol.nomad;

/**
 * Somebody who is told something.
 *
 * @param <T> what
 */
@FunctionalInterface
public interface Listener<T> {
  /**
   * Tells it.
   *
   * @throws InterruptedException when it does not listen any more
   */
  void tell(T what) throws InterruptedException;
}
