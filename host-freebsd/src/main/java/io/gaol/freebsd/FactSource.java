package io.gaol.freebsd;

import io.gaol.engine.Platform.Contents;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Path;

/** Who tells what a plan depends on: a running FreeBSD, or a record of a release. */
interface FactSource {
  /**
   * What the host is.
   *
   * @throws IOException if it cannot be asked
   */
  FreeBsdSystem system() throws IOException, InterruptedException;

  /** As {@link #system}, looked at again: a kernel gets parameters with its modules. */
  FreeBsdSystem systemNow() throws IOException, InterruptedException;

  /** When the host was booted. */
  BootTime boot() throws IOException, InterruptedException;

  /** What the host has besides. No start asks for it. */
  FreeBsdEquipment equipment() throws IOException, InterruptedException;

  /**
   * What a jail needs to know of the host. Nothing is changed.
   *
   * @param toBeMade a directory that need not be there yet, nor what is below it
   * @param contents whether what the jail runs is there by now
   * @throws IOException if the host cannot be asked
   */
  FreeBsdFacts facts(JailSpec spec, Path toBeMade, Contents contents)
      throws IOException, InterruptedException;
}
