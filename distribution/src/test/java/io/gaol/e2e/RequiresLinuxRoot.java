package io.gaol.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For tests that create jails on Linux: where that cannot be done they are skipped, and say why.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresLinuxRoot.Condition.class)
public @interface RequiresLinuxRoot {

  /** Looks at the machine. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (!System.getProperty("os.name").equals("Linux")) {
        return ConditionEvaluationResult.disabled("needs a Linux host");
      }
      if (!System.getProperty("user.name").equals("root")) {
        return ConditionEvaluationResult.disabled("needs root, to create jails");
      }
      for (String tool : List.of("crun", "catatonit")) {
        if (!isOnPath(tool)) {
          return ConditionEvaluationResult.disabled("needs " + tool + ": apt-get install " + tool);
        }
      }
      return ConditionEvaluationResult.enabled("Linux, root and its tools are there");
    }

    private static boolean isOnPath(String tool) {
      return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
          .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }
  }
}
