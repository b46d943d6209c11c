package io.gaol.jail.conf;

import io.gaol.jail.conf.JailConfLoader.UnreadableException;
import io.gaol.jail.conf.Statement.Assignment;
import io.gaol.jail.conf.Statement.Block;
import io.gaol.jail.conf.Statement.Include;
import io.gaol.jail.conf.Statement.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All blocks of a file and of those that it includes, one after the other as jail(8) lists them:
 * jails in jails by their whole name, and one block {@code *} for what stands in no block.
 */
final class Blocks {
  /** As jail(8). */
  private static final int DEEPEST_INCLUDE = 32;

  private static final int MOST_FILES = 100_000;
  private static final long MOST_BYTES = 64L << 20;

  /**
   * One block, its own parameters and variables only.
   *
   * @param place of its name
   */
  record One(String name, Place place, List<Assignment> assignments) {}

  private final JailConfLoader loader;
  private final Problems problems;
  private final Problems warnings;

  private final List<One> all = new ArrayList<>();
  private final Map<String, Place> jails = new HashMap<>();
  private Optional<One> global = Optional.empty();
  private final Set<String> givenSinceGlobal = new HashSet<>();

  private final List<String> including = new ArrayList<>();
  private int files;
  private long bytes;

  private Blocks(JailConfLoader loader, Problems problems, Problems warnings) {
    this.loader = loader;
    this.problems = problems;
    this.warnings = warnings;
  }

  static List<One> read(
      JailConfSource source, JailConfLoader loader, Problems problems, Problems warnings) {
    Blocks blocks = new Blocks(loader, problems, warnings);
    blocks.file(source, Optional.empty());
    return blocks.all;
  }

  private void file(JailConfSource source, Optional<One> around) {
    including.add(source.name());
    statements(source.name(), Parser.parse(source, problems), around);
    including.removeLast();
  }

  private void statements(String file, List<Statement> statements, Optional<One> around) {
    for (Statement statement : statements) {
      switch (statement) {
        case Block block -> block(file, block, around);
        case Assignment assignment -> assignment(assignment, around);
        case Include include ->
            include.patterns().forEach(pattern -> include(file, pattern, around));
      }
    }
  }

  private void block(String file, Block block, Optional<One> around) {
    String name = around.map(outer -> outer.name() + "." + block.name()).orElse(block.name());
    Place first = jails.putIfAbsent(name, block.place());
    if (first != null && !ParameterName.isWild(name)) {
      warnings.add(
          block.place(),
          "there is a jail "
              + Shown.text(name)
              + " already, at "
              + first
              + ": jail(8) takes this for another one, and refuses to start the second");
    }
    One one = new One(name, block.place(), new ArrayList<>());
    all.add(one);
    statements(file, block.statements(), Optional.of(one));
  }

  private void assignment(Assignment assignment, Optional<One> around) {
    String key = ParameterName.key(assignment.name());
    if (around.isPresent()) {
      around.get().assignments().add(assignment);
      if (global.isPresent()) {
        givenSinceGlobal.add(key);
      }
      return;
    }
    if (global.isEmpty()) {
      global = Optional.of(new One("*", assignment.place(), new ArrayList<>()));
      all.add(global.get());
    } else if (givenSinceGlobal.contains(key)) {
      warnings.add(
          assignment.place(),
          Shown.text(assignment.name())
              + " stands after a block that gives it too. Since FreeBSD 14 the block wins, before"
              + " this line won: move it before all blocks");
    }
    global.get().assignments().add(assignment);
  }

  // ---- included files

  private void include(String file, Text pattern, Optional<One> around) {
    if (pattern.constant().isEmpty()) {
      problems.add(pattern.place(), "the name of an included file can have no variable in it");
      return;
    }
    String name = pattern.constant().get();
    if (name.isEmpty()) {
      problems.add(pattern.place(), "the name of the included file is empty");
      return;
    }
    if (including.size() > DEEPEST_INCLUDE) {
      problems.add(
          pattern.place(),
          "files can include each other " + DEEPEST_INCLUDE + " deep, but not deeper");
      return;
    }
    String path = relativeTo(file, name);
    List<JailConfSource> sources;
    try {
      sources = loader.load(path);
    } catch (UnreadableException unreadable) {
      problems.add(pattern.place(), unreadable.getMessage());
      return;
    }
    if (sources.isEmpty() && !isGlob(path)) {
      problems.add(pattern.place(), "the file " + Shown.text(path) + " does not exist");
    }
    for (JailConfSource source : sources) {
      include(source, pattern.place(), around);
    }
  }

  private void include(JailConfSource source, Place place, Optional<One> around) {
    if (including.contains(source.name())) {
      problems.add(
          place,
          "the file "
              + Shown.text(source.name())
              + " includes itself"
              + (including.getLast().equals(source.name())
                  ? ""
                  : " by way of " + Shown.text(including.getLast())));
      return;
    }
    files++;
    bytes += source.size();
    if (files > MOST_FILES || bytes > MOST_BYTES) {
      if (!problems.isFull()) {
        problems.add(
            place,
            "more than "
                + (files > MOST_FILES
                    ? MOST_FILES + " files are"
                    : (MOST_BYTES >> 20) + " MiB of files are")
                + " included");
      }
      return;
    }
    file(source, around);
  }

  private static String relativeTo(String file, String name) {
    int slash = file.lastIndexOf('/');
    return name.startsWith("/") || slash < 0 ? name : file.substring(0, slash + 1) + name;
  }

  /** Whether glob(3) would look for several files: then there may be none. */
  private static boolean isGlob(String path) {
    return path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('[') >= 0;
  }
}
