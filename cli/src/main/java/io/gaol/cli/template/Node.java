package io.gaol.cli.template;

import java.util.List;
import java.util.Optional;

/** A part of a parsed template; it knows where in the source it stands. */
sealed interface Node {
  /** The offset of its first char in the source. */
  int start();

  /** The offset after its last char. */
  int end();

  /** What a template consists of. */
  sealed interface Statement extends Node {}

  /** Text to be written as it is. */
  record Text(int start, int end, String bytes) implements Statement {}

  /** A pipeline whose value is written, unless it declares a variable. */
  record Action(int start, int end, Pipe pipe) implements Statement {}

  /**
   * {@code if} or {@code with}, whose branches are tried in order.
   *
   * @param binds whether the value of a branch is its dot: {@code with}
   */
  record Choice(int start, int end, boolean binds, List<Branch> branches, List<Statement> otherwise)
      implements Statement {}

  /** One branch of a {@link Choice}. */
  record Branch(Pipe condition, List<Statement> body) {}

  /** {@code range}; {@code otherwise} is for the case that there is nothing. */
  record Range(int start, int end, Pipe pipe, List<Statement> body, List<Statement> otherwise)
      implements Statement {}

  /** {@code break}. */
  record Break(int start, int end) implements Statement {}

  /** {@code continue}. */
  record Continue(int start, int end) implements Statement {}

  /** {@code template} or {@code block}. */
  record Call(int start, int end, String name, Optional<Pipe> argument) implements Statement {}

  /** What a command consists of. */
  sealed interface Operand extends Node {}

  /**
   * Commands of which each gets the value of the one before.
   *
   * @param assigns whether the variables exist already: {@code =}, not {@code :=}
   * @param variables their names, with the dollar
   */
  record Pipe(int start, int end, boolean assigns, List<String> variables, List<Command> commands)
      implements Operand {}

  /** A command: an operand, or a function with its arguments. */
  record Command(int start, int end, List<Operand> operands) implements Node {}

  /** {@code .}. */
  record Dot(int start, int end) implements Operand {}

  /** {@code nil}. */
  record Nil(int start, int end) implements Operand {}

  /** {@code true} or {@code false}. */
  record Bool(int start, int end, boolean value) implements Operand {}

  /** A string constant. */
  record Literal(int start, int end, String bytes) implements Operand {}

  /** A number or character constant. */
  record NumberLiteral(int start, int end, NumberConstant value) implements Operand {}

  /** A function. */
  record Name(int start, int end, Function function) implements Operand {}

  /** {@code .a.b}. */
  record Field(int start, int end, List<String> path) implements Operand {}

  /** {@code $x.a.b}; the name has its dollar. */
  record Variable(int start, int end, String name, List<String> path) implements Operand {}

  /** {@code (…).a.b}, or a function's value without arguments. */
  record Chain(int start, int end, Operand of, List<String> path) implements Operand {}
}
