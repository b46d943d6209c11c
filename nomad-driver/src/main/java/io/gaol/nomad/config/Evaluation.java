package io.gaol.nomad.config;

/**
 * Makes of the value of an attribute, as it is written, what it stands for: an agent takes each of
 * its texts for a template. Names of blocks and of attributes stay as they are written.
 */
@FunctionalInterface
public interface Evaluation {
  /** What is written is what is meant. */
  Evaluation NONE = written -> written;

  /**
   * What a value stands for: strings, {@link java.math.BigDecimal}, booleans, lists, maps or null.
   *
   * @param written the value of an attribute, with all that is in it
   * @throws EvaluationException if it stands for nothing
   */
  Object evaluate(Object written) throws EvaluationException;

  /** A value that stands for nothing; the message says why, and goes to the job's author. */
  final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what is wrong, in one line. */
    public EvaluationException(String message) {
      super(message);
    }
  }
}
