package io.gaol.cli.language;

import io.gaol.hcl.Attribute;
import io.gaol.hcl.Block;
import io.gaol.hcl.Body;
import io.gaol.hcl.Diagnostic;
import io.gaol.hcl.Expression;
import io.gaol.hcl.Function;
import io.gaol.hcl.Hcl;
import io.gaol.hcl.HclException;
import io.gaol.hcl.Json;
import io.gaol.hcl.ParseOptions;
import io.gaol.hcl.Schema;
import io.gaol.hcl.Scope;
import io.gaol.hcl.SourceRange;
import io.gaol.hcl.Value;
import io.gaol.jail.Spelling;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a job file says, with all its expressions worked out.
 *
 * @param job the job's block, with literals only; empty if there is none that could be read
 * @param problems what is wrong so far, and what else is to be said
 * @param secrets the texts that must not be shown
 */
public record JobText(Optional<Block> job, Problems problems, Secrets secrets) {
  private static final List<String> BLOCKS = List.of("job", "variable", "variables", "locals");

  /** A file that cannot be read. The message is whole. */
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message);
    }
  }

  /**
   * Reads a job file: HCL, HCL's JSON, or a job as Nomad's API has it.
   *
   * @throws UnreadableException if there is no such file, or it cannot be read
   */
  public static JobText read(JobInput input) throws UnreadableException {
    return of(input, bytes(input.file(), "job file"));
  }

  /** Reads a job file whose content is known; the input has its name. */
  public static JobText of(JobInput input, byte[] bytes) {
    Problems problems = new Problems();
    Secrets secrets = new Secrets();
    Optional<Block> job = Optional.empty();
    try {
      job = new Reading(input, problems, secrets).job(bytes);
    } catch (HclException wrong) {
      problems.errors(wrong.diagnostics());
    }
    return new JobText(job, problems, secrets);
  }

  /** Whether a text is JSON and not HCL's native syntax; by Nomad's rule, its first character. */
  static boolean isJson(String text) {
    String start = text.stripLeading();
    return start.startsWith("{");
  }

  static boolean isJson(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return b == '{';
      }
    }
    return false;
  }

  static byte[] bytes(String file, String noun) throws UnreadableException {
    try {
      if (file.equals("-")) {
        return System.in.readAllBytes();
      }
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new UnreadableException(
            "the " + noun + " " + file + " is a directory: name a file in it");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException missing) {
      throw new UnreadableException("the " + noun + " " + file + " does not exist");
    } catch (AccessDeniedException denied) {
      throw new UnreadableException(
          "the "
              + noun
              + " "
              + file
              + " cannot be read: permission denied (chmod, or run as its owner)");
    } catch (IOException | InvalidPathException failure) {
      throw new UnreadableException(
          "the " + noun + " " + file + " cannot be read: " + failure.getMessage());
    }
  }

  /** One reading of one file. */
  private static final class Reading {
    private final JobInput input;
    private final Problems problems;
    private final Secrets secrets;
    private final List<Diagnostic> repeated = new ArrayList<>();

    Reading(JobInput input, Problems problems, Secrets secrets) {
      this.input = input;
      this.problems = problems;
      this.secrets = secrets;
    }

    Optional<Block> job(byte[] bytes) {
      String name = input.file().equals("-") ? "<standard input>" : input.file();
      if (!input.apiJson() && !isJson(bytes)) {
        return ofHcl(
            Hcl.parse(
                name, bytes, ParseOptions.standard().collectingRepeatedAttributes(repeated::add)));
      }
      Json json = Hcl.parseJson(name, bytes);
      Optional<Block> apiJob = ApiJob.read(json, input.apiJson(), problems);
      if (apiJob.isPresent() || input.apiJson()) {
        return apiJob.flatMap(job -> resolved(job, new Context(Scope.empty(), Set.of())));
      }
      return ofHcl(json.body(fileSchema()));
    }

    private static Schema fileSchema() {
      return Schema.attributes()
          .block("job", List.of("name"), JobSpecification.job().schema())
          .block(
              "variable",
              List.of("name"),
              Schema.attributes().block("validation", Schema.attributes()))
          .block("variables", Schema.attributes())
          .block("locals", Schema.attributes());
    }

    private Optional<Block> ofHcl(Body file) {
      Optional<Block> job = theJob(file);
      Map<String, Function> functions = functions(file);
      InputVariables variables = new InputVariables(file, input, functions, problems, secrets);
      Map<String, Value> values = variables.read();
      Set<String> secret = new HashSet<>();
      variables.sensitive().forEach(name -> secret.add("var." + name));
      Locals locals = new Locals(file, problems);
      LateReferences late = new LateReferences(values.keySet(), locals.names(), problems);
      Scope scope = new Scope(Map.of("var", Value.of(values)), functions, late);
      Context context = locals.in(new Context(scope, secret));
      return job.flatMap(block -> resolved(block, context));
    }

    private Optional<Block> theJob(Body file) {
      for (Attribute attribute : file.attributes().values()) {
        problems.error(
            attribute.nameRange(),
            "A job file knows no \"" + attribute.name() + "\"",
            "A file has blocks only: job, variable and locals.");
      }
      for (Block block : file.blocks()) {
        if (!BLOCKS.contains(block.type())) {
          problems.error(
              block.typeRange(),
              "A job file knows no \"" + block.type() + "\"",
              Spelling.nearest(block.type(), BLOCKS)
                  .map(near -> "Did you mean \"" + near + "\"?")
                  .orElse("It belongs in the job, or nowhere."));
        }
      }
      List<Block> jobs = file.blocks("job");
      if (jobs.isEmpty()) {
        boolean other = !file.blocks().isEmpty() && problems.errors().size() > 0;
        if (!other) {
          problems.error(
              file.range(), "There is no job in this file", "Write job \"name\" { ... }.");
        }
        return Optional.empty();
      }
      if (jobs.size() > 1) {
        problems.error(
            jobs.get(1).typeRange(),
            "There is one \"job\" already",
            "The first is at line "
                + jobs.getFirst().range().start().line()
                + "; a file has one job.");
      }
      return Optional.of(jobs.getFirst());
    }

    private Optional<Block> resolved(Block job, Context context) {
      if (job.labels().size() != 1) {
        problems.error(job.typeRange(), "A job has one name", "Write job \"name\" { ... }.");
        return Optional.empty();
      }
      if (job.labels().getFirst().name().isBlank()) {
        problems.error(job.labels().getFirst().range(), "The name of a job is empty", "");
      }
      Body body = new Resolver(problems, secrets, repeated).job(job, context);
      return Optional.of(
          new Block(job.type(), job.typeRange(), job.labels(), tasksInGroups(body), job.range()));
    }

    /** A task that stands in the job itself is in a group of its own, before all others. */
    private static Body tasksInGroups(Body job) {
      List<Block> blocks = new ArrayList<>();
      for (Block block : job.blocks("task")) {
        Body group = new Body(Map.of(), List.of(block), block.range());
        blocks.add(new Block("group", block.typeRange(), block.labels(), group, block.range()));
      }
      job.blocks().stream().filter(block -> !block.type().equals("task")).forEach(blocks::add);
      return new Body(job.attributes(), blocks, job.range());
    }

    /** Nothing is loaded for a file that calls none. */
    private Map<String, Function> functions(Body file) {
      return calls(file) ? Functions.all(input.folder(), input.allowFiles()) : Map.of();
    }

    private static boolean calls(Body body) {
      return body.attributes().values().stream()
              .anyMatch(attribute -> calls(attribute.expression()))
          || body.blocks().stream().anyMatch(block -> calls(block.body()));
    }

    private static boolean calls(Expression expression) {
      return expression instanceof Expression.Call
          || expression.children().stream().anyMatch(Reading::calls);
    }
  }

  static Optional<byte[]> read(String file, String noun, Problems problems, SourceRange where) {
    try {
      return Optional.of(bytes(file, noun));
    } catch (UnreadableException unreadable) {
      problems.error(where, unreadable.getMessage(), "");
      return Optional.empty();
    }
  }
}
