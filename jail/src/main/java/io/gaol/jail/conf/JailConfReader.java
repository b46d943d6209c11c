package io.gaol.jail.conf;

import java.util.List;

/**
 * Reads jail.conf(5) as jail(8) of FreeBSD 14 and newer does: its statements, wild cards, jails in
 * jails, variables and included files, in its order.
 *
 * <p>Any input ends soon, with a result or with everything that is wrong. A file may not have its
 * names and values in another encoding than UTF-8, though jail(8) takes any bytes.
 */
public final class JailConfReader {
  private JailConfReader() {}

  /**
   * Reads a file, and those that it includes.
   *
   * @throws JailConfException if jail(8) would refuse it, with all that is wrong
   */
  public static JailConf read(JailConfSource source, JailConfLoader loader)
      throws JailConfException {
    Problems problems = new Problems();
    Problems warnings = new Problems();
    List<Blocks.One> blocks = Blocks.read(source, loader, problems, warnings);
    // What follows from a text that was misread helps nobody.
    problems.throwIfAny();
    List<JailConf.Jail> jails = Evaluation.jails(blocks, problems, warnings);
    problems.throwIfAny();
    return new JailConf(jails, warnings.all());
  }

  /**
   * Reads a file that includes no others.
   *
   * @throws JailConfException if jail(8) would refuse it, with all that is wrong
   */
  public static JailConf read(JailConfSource source) throws JailConfException {
    return read(source, JailConfLoader.NONE);
  }
}
