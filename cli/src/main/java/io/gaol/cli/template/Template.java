package io.gaol.cli.template;

import io.gaol.cli.template.Node.Statement;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Source;
import java.util.List;
import java.util.Map;

/**
 * A template: text with actions in the language of <a href="https://pkg.go.dev/text/template">Go's
 * text/template</a>, with the functions of <a
 * href="https://github.com/hashicorp/consul-template/blob/main/docs/templating-language.md">consul-template</a>
 * that need no server.
 */
public final class Template {
  private static final String LEFT = "{{";
  private static final String RIGHT = "}}";

  private final Source source;
  private final Map<String, List<Statement>> templates;
  private final List<Diagnostic> refused;

  private Template(Source source, Parser.Parsed parsed) {
    this.source = source;
    this.templates = parsed.templates();
    this.refused = parsed.refused();
  }

  /**
   * Parses a template.
   *
   * @param name how errors name it, such as a file name
   * @param leftDelimiter what opens an action; the usual one if empty
   * @param rightDelimiter what closes an action; the usual one if empty
   * @throws TemplateException if it is not a template
   */
  public static Template parse(
      String name, String text, String leftDelimiter, String rightDelimiter)
      throws TemplateException {
    Source source = Source.of(name, text);
    Lexer lexer =
        new Lexer(
            source,
            leftDelimiter.isEmpty() ? LEFT : leftDelimiter,
            rightDelimiter.isEmpty() ? RIGHT : rightDelimiter);
    return new Template(source, Parser.parse(source, lexer, Functions.ALL));
  }

  /** Parses a template with the usual delimiters. */
  public static Template parse(String name, String text) throws TemplateException {
    return parse(name, text, LEFT, RIGHT);
  }

  /**
   * The functions that it names and that can only fail here, such as those that ask Consul. It can
   * be rendered nevertheless, as long as none of them is reached.
   */
  public List<Diagnostic> refused() {
    return refused;
  }

  /**
   * Renders it. What a template can do is bounded: 16 MiB of output, 2,000,000 steps.
   *
   * @throws TemplateException if a value is missing or of the wrong type, a function fails or is
   *     refused, or the template does too much
   */
  public Rendered render(TemplateContext context) throws TemplateException {
    return Interpreter.render(source, templates, context);
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
