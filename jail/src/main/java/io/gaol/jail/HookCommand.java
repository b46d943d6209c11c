package io.gaol.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

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

  /** Checks and copies. */
  public HookCommand {
    Objects.requireNonNull(text, "text");
    arguments = List.copyOf(arguments);
  }

  /**
   * Reads a command by jail(8)'s rule (usr.sbin/jail/command.c): a text with any of {@code
   * !"$&'()*;<>?[\]`{|}~} is given to {@code /bin/sh -c}; any other is split at blanks, tabs and
   * newlines and executed directly, without a shell.
   */
  public static HookCommand parse(String text) {
    String body = text;
    boolean background = false;
    String stripped = text.stripTrailing();
    if (stripped.endsWith("&")
        && !hasShellCharacter(stripped.substring(0, stripped.length() - 1))) {
      body = stripped.substring(0, stripped.length() - 1);
      background = true;
    }
    if (hasShellCharacter(body)) {
      return new HookCommand(text, List.of("/bin/sh", "-c", body), false);
    }
    List<String> words =
        new ArrayList<>(Arrays.asList(body.split("[ \t\n]+", -1)))
            .stream().filter(word -> !word.isEmpty()).toList();
    if (words.isEmpty()) {
      throw new IllegalArgumentException("a command may not be empty");
    }
    return new HookCommand(text, words, background);
  }

  private static boolean hasShellCharacter(String text) {
    return text.chars().anyMatch(character -> SHELL_CHARACTERS.indexOf(character) >= 0);
  }
}
