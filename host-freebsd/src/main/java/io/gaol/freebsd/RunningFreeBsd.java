package io.gaol.freebsd;

import io.gaol.engine.Platform.Contents;
import io.gaol.jail.JailSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The FreeBSD that this program runs on. */
final class RunningFreeBsd implements FactSource {
  /** How long what may change while a host runs is taken for true by those who only tell it. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  private Optional<FreeBsdSystem> known = Optional.empty();
  private Optional<BootTime> boot = Optional.empty();
  private Optional<FreeBsdEquipment> equipment = Optional.empty();
  private long equipped;

  /** Only a boot changes it, but for the parameters, so it is asked once. */
  @Override
  public synchronized FreeBsdSystem system() throws IOException, InterruptedException {
    return known.isPresent() ? known.get() : systemNow();
  }

  @Override
  public synchronized FreeBsdSystem systemNow() throws IOException, InterruptedException {
    known = Optional.of(FreeBsdSystem.look());
    boot = Optional.of(BootTime.told(known.get().boot()));
    return known.get();
  }

  @Override
  public synchronized BootTime boot() throws IOException, InterruptedException {
    system();
    return boot.orElseThrow();
  }

  @Override
  public synchronized FreeBsdEquipment equipment() throws IOException, InterruptedException {
    if (equipment.isEmpty() || System.nanoTime() - equipped > KEPT.toNanos()) {
      equipment = Optional.of(FreeBsdEquipment.look(system()));
      equipped = System.nanoTime();
    }
    return equipment.get();
  }

  @Override
  public FreeBsdFacts facts(JailSpec spec, Path toBeMade, Contents contents)
      throws IOException, InterruptedException {
    return FreeBsdProbe.probe(spec, systemFor(spec), toBeMade, contents);
  }

  /** Where a parameter is missing from what is known, a module may have been loaded since. */
  private synchronized FreeBsdSystem systemFor(JailSpec spec)
      throws IOException, InterruptedException {
    boolean fresh = known.isEmpty();
    FreeBsdSystem system = system();
    return fresh || KernelParameters.missing(spec.parameters(), system).isEmpty()
        ? system
        : systemNow();
  }
}
