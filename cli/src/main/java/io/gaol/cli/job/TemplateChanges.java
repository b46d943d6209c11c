package io.gaol.cli.job;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Renders a task's templates anew, while it runs, when a file changes that they read. */
final class TemplateChanges implements AutoCloseable {
  private final TaskTemplates templates;
  private final Reaction reaction;
  private final Consumer<String> events;
  private final FileWatch watch;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;

  private TemplateChanges(
      TaskTemplates templates, Reaction reaction, Consumer<String> events, FileWatch watch) {
    this.templates = templates;
    this.reaction = reaction;
    this.events = events;
    this.watch = watch;
    this.thread = Thread.ofVirtual().unstarted(this::follow);
  }

  /** What is done when templates have changed. */
  @FunctionalInterface
  interface Reaction {
    /** The files are written already. */
    void changed(List<Job.Template> templates) throws InterruptedException;
  }

  /**
   * Follows the templates' files from now on.
   *
   * @throws IOException if they cannot be watched
   */
  static TemplateChanges follow(TaskTemplates templates, Reaction reaction, Consumer<String> events)
      throws IOException {
    FileWatch watch = new FileWatch();
    try {
      watch.watch(templates.inputs());
    } catch (IOException failure) {
      watch.close();
      throw failure;
    }
    TemplateChanges changes = new TemplateChanges(templates, reaction, events, watch);
    changes.thread.start();
    return changes;
  }

  private void follow() {
    try {
      do {
        // Also at first: a file may have changed before it was watched.
        List<Job.Template> changed = render();
        if (!changed.isEmpty()) {
          if (over.await(splay(changed).toNanos(), TimeUnit.NANOSECONDS)) {
            return;
          }
          reaction.changed(changed);
        }
        watch.watch(templates.inputs());
      } while (watch.awaitChange());
    } catch (IOException failure) {
      events.accept("warning: changes of its templates cannot be watched: " + failure.getMessage());
    } catch (ClosedWatchServiceException closed) {
      // The task has ended.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What cannot be rendered now, such as a file that is half written, stays as it was. */
  private List<Job.Template> render() {
    try {
      return templates.renderChanged();
    } catch (JobException failure) {
      events.accept("warning: a template is left as it was: " + failure.getMessage());
      return List.of();
    }
  }

  /** Nomad's: a random time, so that not all instances are disturbed at once. */
  private static Duration splay(List<Job.Template> changed) {
    List<Duration> times = new ArrayList<>(List.of(Duration.ZERO));
    for (Job.Template template : changed) {
      if (template.change() instanceof Job.Template.Restart
          || template.change() instanceof Job.Template.Signal) {
        times.add(template.splay());
      }
    }
    Duration longest = times.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest.toNanos() + 1));
  }

  /** Follows them no more; returns when nothing is done any more. */
  @Override
  public void close() {
    over.countDown();
    try {
      watch.close();
      thread.join();
    } catch (IOException failure) {
      events.accept("warning: " + failure.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
