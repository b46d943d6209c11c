package io.gaol.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One act of a {@link Plan}, as data: it can be printed, compared and carried out. What it makes is
 * undone by an {@link Undo} that the ledger holds before the step runs.
 */
public sealed interface Step {

  /** What happens, in a line, for a person. Secrets never show. */
  String describe();

  /**
   * Makes a directory, unless it is there: then it stays when all is undone.
   *
   * @param path absolute; its parent exists
   * @param mode permission bits, such as {@code 0755}
   * @param removal what removing it means
   */
  record MakeDirectory(Path path, int mode, Removal removal) implements Step {
    /** What undoing a made directory does to what is in it. */
    public enum Removal {
      /** Everything in it goes with it. Never past a mount point. */
      WITH_CONTENTS,
      /** A cgroup: its processes are killed, the groups below go, files cannot be removed. */
      CGROUP
    }

    @Override
    public String describe() {
      return "make " + (removal == Removal.CGROUP ? "cgroup " : "directory ") + path;
    }
  }

  /**
   * Makes what something is mounted on in a jail, among files that the task can change: with mode
   * 0755 a directory, unless it is there; with mode 0644 an empty file, which may not be there
   * unless tasks share it. Neither this nor the undo follows a link below the base. What was made
   * goes if it is empty, and stays otherwise.
   *
   * @param base an existing directory, absolute, that no task can replace; links may lead to it
   * @param path below the base; its parent exists
   * @param directory whether it is a directory, not a file
   * @param shared whether several tasks may need it: it goes with the last of them, and one that
   *     was there before any of them stays
   */
  record MakeMountPoint(Path base, Path path, boolean directory, boolean shared) implements Step {
    @Override
    public String describe() {
      return "make " + (directory ? "directory " : "file ") + path + " to mount on";
    }
  }

  /**
   * Writes a file that is not there yet.
   *
   * @param path absolute
   * @param content the text
   * @param mode permission bits
   * @param shown the text as people may see it, without secrets; empty if nobody is to read it
   */
  record WriteFile(Path path, String content, int mode, Optional<String> shown) implements Step {
    /** A file that people need not see, or may not. */
    public WriteFile(Path path, String content, int mode) {
      this(path, content, mode, Optional.empty());
    }

    /** A file that has no secrets. */
    public static WriteFile shown(Path path, String content, int mode) {
      return new WriteFile(path, content, mode, Optional.of(content));
    }

    @Override
    public String describe() {
      return "write " + path + (shown.isPresent() ? "" : " (" + content.length() + " characters)");
    }

    @Override
    public String toString() {
      return describe();
    }
  }

  /**
   * Writes a file that is not there yet and that is no text.
   *
   * @param path absolute
   * @param hexadecimal its bytes, two digits each
   * @param mode permission bits
   */
  record WriteBytes(Path path, String hexadecimal, int mode) implements Step {
    /** Checks. */
    public WriteBytes {
      if (!hexadecimal.matches("([0-9a-f]{2})*")) {
        throw new IllegalArgumentException("not bytes in hexadecimal digits: " + hexadecimal);
      }
    }

    @Override
    public String describe() {
      return "write " + path + " (" + hexadecimal.length() / 2 + " bytes)";
    }
  }

  /**
   * Sets a value that the kernel keeps in a file, such as a cgroup's limit. What was there before
   * comes back, unless the directory is ours.
   *
   * @param path absolute
   * @param value the text to write
   */
  record SetValue(Path path, String value) implements Step {
    @Override
    public String describe() {
      return "set " + path + " to " + value;
    }
  }

  /**
   * Sets a value that the kernel keeps for all, such as a sysctl of an interface, as long as one of
   * the tasks that need it is there, whoever's they are: the first finds what was there before, and
   * the last gives it back, unless somebody else has set it meanwhile. All of them need the same
   * value.
   *
   * @param path absolute
   * @param value the text to write
   * @param scope what else tells this value from others at the same path: on Linux the network
   *     namespace
   */
  record ShareValue(Path path, String value, String scope) implements Step {
    @Override
    public String describe() {
      return "set " + path + " to " + value + " while a task needs it";
    }
  }

  /**
   * Makes something by a program of the host, such as an address by ifconfig(8).
   *
   * @param what for a person: "alias 10.0.0.5 on em0"
   * @param probe exits with 0 if it is there already, with 1 if it is not, and otherwise if that
   *     cannot be found out; empty if {@code make} finds out by itself, and fails then without any
   *     change
   * @param refusedIfThere whether it may not be there; otherwise it stays as it is, also when all
   *     is undone
   * @param make exits with 0 if it is there now
   * @param undo what removes it
   */
  record Make(
      String what, List<String> probe, boolean refusedIfThere, List<String> make, Undo.Unmake undo)
      implements Step {
    /** Checks and copies. */
    public Make {
      probe = List.copyOf(probe);
      make = List.copyOf(make);
      if (make.isEmpty()) {
        throw new IllegalArgumentException("no program makes " + what);
      }
    }

    /** One that makes out by itself what is there, and is undone by a program that does so too. */
    public Make(String what, List<String> make, List<String> remove) {
      this(what, List.of(), true, make, new Undo.Unmake(what, List.of(), remove));
    }

    @Override
    public String describe() {
      return "make " + what;
    }
  }

  /**
   * Makes a FIFO that is not there yet.
   *
   * @param path absolute
   * @param mode permission bits
   */
  record MakeFifo(Path path, int mode) implements Step {
    @Override
    public String describe() {
      return "make FIFO " + path;
    }
  }

  /**
   * Mounts a file system on the host, unless that very one with these options is mounted there:
   * then it stays.
   *
   * @param type such as {@code tmpfs}
   * @param source what is mounted
   * @param base an existing directory, absolute, that no task can replace; links may lead to it,
   *     and below it none is followed
   * @param target an existing directory, the base or below it
   * @param options of mount(8)
   */
  record Mount(String type, String source, Path base, Path target, List<String> options)
      implements Step {
    /** Copies. */
    public Mount {
      options = List.copyOf(options);
    }

    /** One on a directory that no task can replace. */
    public Mount(String type, String source, Path target, List<String> options) {
      this(type, source, target, target, options);
    }

    @Override
    public String describe() {
      return "mount " + type + " on " + target + (options.isEmpty() ? "" : " " + options);
    }
  }

  /**
   * Makes no change, but from here on these commands must run when all is undone: jail(8)'s pairs
   * (poststop is owed once prestart was begun, release once prepare was).
   *
   * @param what such as {@code exec.poststop}
   * @param commands in the order to run
   */
  record Owe(String what, List<Command> commands) implements Step {
    /** Copies. */
    public Owe {
      commands = List.copyOf(commands);
    }

    @Override
    public String describe() {
      return "owe " + commands.size() + " " + what + " for the end";
    }
  }

  /**
   * Runs a command; it must succeed.
   *
   * @param command what to run
   */
  record Run(Command command) implements Step {
    @Override
    public String describe() {
      return "run "
          + command.name()
          + (command.where() == Command.Where.JAIL ? " in the jail: " : " on the host: ")
          + command.text();
    }
  }

  /**
   * Starts the supervisor, which starts the jail and waits for its end.
   *
   * @param supervised what it runs
   */
  record Supervise(Supervised supervised) implements Step {
    @Override
    public String describe() {
      return "create the jail: " + String.join(" ", supervised.runtime());
    }
  }

  /**
   * Waits until the jail has got so far.
   *
   * @param progress how far
   */
  record Await(Progress progress) implements Step {
    @Override
    public String describe() {
      return "wait until " + progress.meaning();
    }
  }

  /**
   * Lets a jail that waits after its creation go on.
   *
   * @param fifo where it waits for the word
   */
  record Proceed(Path fifo) implements Step {
    @Override
    public String describe() {
      return "let the jail go on";
    }
  }
}
