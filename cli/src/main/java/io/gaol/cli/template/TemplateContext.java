package io.gaol.cli.template;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.Map;

/**
 * What a template is rendered with.
 *
 * @param environment the task's environment; the only one that the template sees
 * @param files reads what the function of that name is asked for
 * @param clock what {@code timestamp} tells; it shows UTC, whatever the clock's zone
 * @param errorOnMissingKey whether a key that a map does not have is an error: Nomad's {@code
 *     error_on_missing_key}
 */
public record TemplateContext(
    Map<String, String> environment, FileReader files, Clock clock, boolean errorOnMissingKey) {
  public TemplateContext {
    environment = Map.copyOf(environment);
    requireNonNull(files, "files");
    requireNonNull(clock, "clock");
  }
}
