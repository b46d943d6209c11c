package io.gaol.cli.language;

import io.gaol.hcl.Scope;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Traversal;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * References that only a running task can answer, such as {@code ${NOMAD_TASK_DIR}} and {@code
 * ${meta.x}}. They stay in the texts as they are written, as Nomad leaves them to its clients.
 * Nomad does so with every name that it does not know, misspelt ones too; of those there is a
 * warning.
 */
final class LateReferences implements Scope.Unresolved {
  private static final Set<String> ROOTS =
      Set.of("env", "meta", "node", "attr", "device", "secret");
  private static final List<String> EARLY = List.of("var", "local");

  private final Set<String> variables;
  private final Set<String> locals;
  private final Problems problems;
  private final Set<SourceRange> warned = new HashSet<>();

  LateReferences(Set<String> variables, Set<String> locals, Problems problems) {
    this.variables = variables;
    this.locals = locals;
    this.problems = problems;
  }

  @Override
  public Optional<Value> resolve(Traversal reference, String sourceText) {
    String root = reference.root();
    if (!ROOTS.contains(root) && !root.startsWith("NOMAD_")) {
      warnOfUnknown(reference);
    }
    return Optional.of(Value.of(text(reference)));
  }

  private void warnOfUnknown(Traversal reference) {
    if (!warned.add(reference.range())) {
      return;
    }
    String root = reference.root();
    String advice;
    if (variables.contains(root)) {
      advice = "Did you mean var." + root + "?";
    } else if (locals.contains(root)) {
      advice = "Did you mean local." + root + "?";
    } else {
      advice =
          Spelling.nearest(root, EARLY)
              .map(near -> "Did you mean \"" + near + "\"?")
              .orElse("Put it in quotes if it is meant as a text.");
    }
    problems.warning(
        reference.range(),
        "\""
            + reference.sourceText()
            + "\" is not known in a job file, and stays as the text ${"
            + reference.sourceText()
            + "}",
        advice);
  }

  /**
   * The reference as an interpolation. Where several braces end there, Nomad's parser writes those
   * that follow the reference's own twice; so it is done here, as a job means the same in both.
   */
  private String text(Traversal reference) {
    String text = reference.asInterpolation();
    SourceRange range = reference.range();
    String source = range.source().text();
    int opening = range.startOffset();
    while (opening > 0 && source.charAt(opening - 1) == ' ') {
      opening--;
    }
    int closing = range.endOffset();
    while (closing < source.length() && source.charAt(closing) == ' ') {
      closing++;
    }
    if (!source.startsWith("${", opening - 2) || !source.startsWith("}", closing)) {
      return text;
    }
    StringBuilder more = new StringBuilder();
    boolean others = false;
    for (int at = range.endOffset() + 1; at < source.length(); at++) {
      char c = source.charAt(at);
      if (c == '}') {
        more.append(source, range.endOffset(), at);
        others |= at > closing;
      } else if (c != ' ') {
        break;
      }
    }
    if (!others) {
      return text;
    }
    if (warned.add(range)) {
      problems.warning(
          range,
          "Nomad writes the braces after this reference twice",
          "Put the reference into a local, and write ${local.x} here.");
    }
    return source.substring(opening - 2, range.endOffset()) + more + "}";
  }
}
