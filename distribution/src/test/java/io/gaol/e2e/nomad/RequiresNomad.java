package io.gaol.e2e.nomad;

import io.gaol.e2e.RequiresLinuxRoot;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests that run a Nomad agent: where there is none they are skipped, and say so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RequiresLinuxRoot
@ExtendWith(RequiresNomad.Condition.class)
@interface RequiresNomad {

  /** Looks for the program. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return NomadProgram.onPath().isPresent()
          ? ConditionEvaluationResult.enabled("there is a nomad")
          : ConditionEvaluationResult.disabled("needs the program nomad on the PATH");
    }
  }
}
