package io.gaol.jail;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A command of an {@code exec.*} parameter, run exactly as jail(8) runs it.
 *
 * @param text as it was written
 * @param arguments the argument vector to execute
 * @param background whether jail(8) starts it in the background, in a session of its own, and
 *     neither waits for it nor looks at its status: a lone {@code &} at the end
 */
public record HookCommand(String text, List<String> arguments, boolean background) {
  private static final String SHELL_CHARACTERS = "!\"$&'()*;<>?[\\]`{|}~";
  private static final Pattern BLANKS = Pattern.compile("[ \\t\\f\\x0B\\r\\n]+");

  /** Checks and copies. */
  public HookCommand {
    Objects.requireNonNull(text, "text");
    arguments = List.copyOf(arguments);
  }

  /**
   * Reads a command by jail(8)'s rule (run_command of usr.sbin/jail/command.c): a text with any of
   * {@code !"$&'()*;<>?[\]`{|}~} is given to {@code /bin/sh -c}, unless the first of them is an
   * {@code &} that ends the text; any other is split at blanks, tabs and line ends and executed
   * directly, without a shell. So {@code A=b cmd} looks for a program {@code A=b}, two lines are
   * one command, and {@code #} begins no comment. With so much as a blank behind it, the {@code &}
   * is the shell's.
   *
   * @throws InvalidValueException if there is nothing to run, or a NUL character, which no argument
   *     can hold
   */
  public static HookCommand parse(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new InvalidValueException("a command may not hold a NUL character");
    }
    int first = firstShellCharacter(text);
    boolean background = first >= 0 && first == text.length() - 1 && text.endsWith("&");
    if (first >= 0 && !background) {
      return new HookCommand(text, List.of("/bin/sh", "-c", text), false);
    }
    String plain = background ? text.substring(0, first) : text;
    List<String> words = BLANKS.splitAsStream(plain).filter(word -> !word.isEmpty()).toList();
    if (words.isEmpty()) {
      throw new InvalidValueException("a command may not be empty");
    }
    return new HookCommand(text, words, background);
  }

  /** Whether a shell reads the text: then it is the last argument, as it was written. */
  public boolean throughShell() {
    return arguments.equals(List.of("/bin/sh", "-c", text));
  }

  private static int firstShellCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (SHELL_CHARACTERS.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }
}
