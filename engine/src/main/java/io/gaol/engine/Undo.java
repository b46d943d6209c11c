package io.gaol.engine;

import io.gaol.jail.JailName;
import java.nio.file.Path;
import java.util.List;

/**
 * The reverse of a step, in the ledger before the step runs. Each may be carried out twice, and
 * before its step was: a crash can come anywhere.
 */
public sealed interface Undo {

  /** What happens, in a line, for a person. */
  String describe();

  /** Removes a directory that we made. */
  record RemoveDirectory(Path path, Step.MakeDirectory.Removal removal) implements Undo {
    @Override
    public String describe() {
      return "remove directory " + path;
    }
  }

  /** Removes a directory or file that we made to mount on, if it is empty. */
  record RemoveMountPoint(Path base, Path path, boolean directory, boolean shared) implements Undo {
    @Override
    public String describe() {
      return "remove " + (directory ? "directory " : "file ") + path;
    }
  }

  /** Removes a file that we made. */
  record RemoveFile(Path path) implements Undo {
    @Override
    public String describe() {
      return "remove " + path;
    }
  }

  /** Sets a value back. */
  record RestoreValue(Path path, String value) implements Undo {
    @Override
    public String describe() {
      return "set " + path + " back to " + value;
    }
  }

  /**
   * Gives a shared value up; the last who needed it sets it back.
   *
   * @param value what we set
   */
  record ReleaseValue(Path path, String value, String scope) implements Undo {
    @Override
    public String describe() {
      return "set " + path + " back";
    }
  }

  /**
   * Removes by a program of the host what one made.
   *
   * @param what for a person
   * @param probe exits with 0 if what we made is there; empty if {@code remove} finds out by itself
   * @param remove exits with 0 if it is gone; may run again after it was killed half-way
   */
  record Unmake(String what, List<String> probe, List<String> remove) implements Undo {
    /** Checks and copies. */
    public Unmake {
      probe = List.copyOf(probe);
      remove = List.copyOf(remove);
      if (remove.isEmpty()) {
        throw new IllegalArgumentException("no program removes " + what);
      }
    }

    @Override
    public String describe() {
      return "remove " + what;
    }
  }

  /**
   * Unmounts what we mounted.
   *
   * @param target where, without links
   */
  record Unmount(String type, Path target) implements Undo {
    @Override
    public String describe() {
      return "unmount " + target;
    }
  }

  /** Runs commands that are owed. All of them run, also when one fails. */
  record RunOwed(String what, List<Command> commands) implements Undo {
    /** Copies. */
    public RunOwed {
      commands = List.copyOf(commands);
    }

    @Override
    public String describe() {
      return "run " + what;
    }
  }

  /** Ends whatever runs in a jail, and removes it. */
  record DeleteJail(JailName name) implements Undo {
    @Override
    public String describe() {
      return "remove jail " + name;
    }
  }
}
