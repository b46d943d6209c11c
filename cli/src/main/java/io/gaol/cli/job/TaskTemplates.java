package io.gaol.cli.job;

import io.gaol.cli.template.FileReader;
import io.gaol.cli.template.FileSandbox;
import io.gaol.cli.template.Rendered;
import io.gaol.cli.template.Template;
import io.gaol.cli.template.TemplateContext;
import io.gaol.cli.template.TemplateException;
import io.gaol.hcl.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The templates of a task: rendered before each start, and when a file changes that they read. */
final class TaskTemplates {
  private static final int MOST_PERMISSIONS = 0777;

  private final List<Entry> entries;
  private final Map<String, String> environment;
  private final FileReader files;

  private TaskTemplates(List<Entry> entries, Map<String, String> environment, FileReader files) {
    this.entries = entries;
    this.environment = environment;
    this.files = files;
  }

  /** One template, and what became of it last. */
  private static final class Entry {
    private final Job.Template block;

    /** Empty if its text is in a file. */
    private final Optional<Template> inJob;

    private final String source;
    private final Path directory;
    private final Path path;
    private Optional<byte[]> written = Optional.empty();
    private Map<String, String> variables = Map.of();

    /** What it was made of, and what tells each file's state from a later one. */
    private Map<Path, String> inputs = Map.of();

    Entry(Job.Template block, Optional<Template> inJob, String source, Path directory, Path path) {
      this.block = block;
      this.inJob = inJob;
      this.source = source;
      this.directory = directory;
      this.path = path;
    }
  }

  /**
   * The templates of a task; nothing is touched.
   *
   * @throws JobException with every one that could not be rendered whatever is there
   */
  static TaskTemplates of(JobPlanner.Placed placed, NomadVariables variables) throws JobException {
    Allocation allocation = placed.allocation();
    Path task = allocation.taskDirectory(placed.number(), placed.task().name());
    List<Entry> entries = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Job.Template block : placed.task().templates()) {
      try {
        entries.add(entry(block, task, allocation.shared(), variables));
      } catch (NomadVariables.UnknownReferenceException unknown) {
        problems.add(problem(block, unknown.getMessage()));
      } catch (InvalidPathException wrong) {
        problems.add(problem(block, "its destination is no path: " + wrong.getReason()));
      } catch (TemplateException wrong) {
        problems.add(wrong.render());
      } catch (IOException wrong) {
        problems.add(problem(block, wrong.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    FileReader files =
        FileSandbox.of(
            Path.of("/"), Map.of(Path.of("/"), task, Path.of("/alloc"), allocation.shared()));
    return new TaskTemplates(entries, variables.environment(), files);
  }

  private static String problem(Job.Template block, String what) {
    return Diagnostic.error(block.range(), "template: " + what, "").render();
  }

  private static Entry entry(Job.Template block, Path task, Path shared, NomadVariables variables)
      throws NomadVariables.UnknownReferenceException, TemplateException, IOException {
    if (block.permissions() > MOST_PERMISSIONS) {
      throw new IOException("perms has bits beyond 0777, which no file of a template gets");
    }
    Path destination = destination(variables.resolve(block.destination()), task, shared);
    Path directory = destination.startsWith(shared) ? shared : task;
    if (!destination.startsWith(directory) || destination.equals(directory)) {
      throw new IOException("its destination leads out of the task's directory");
    }
    Path path = directory.relativize(destination);
    return switch (block.content()) {
      case Job.Template.Data(String text, var range) ->
          new Entry(
              block, Optional.of(parse("data of " + range, text, block)), "", directory, path);
      case Job.Template.FromFile(String source) ->
          new Entry(block, Optional.empty(), variables.resolve(source), directory, path);
    };
  }

  private static Template parse(String name, String text, Job.Template block)
      throws TemplateException {
    return Template.parse(name, text, block.leftDelimiter(), block.rightDelimiter());
  }

  /** As Nomad does: a task's absolute path is taken below the task's directory. */
  private static Path destination(String text, Path task, Path shared) {
    Path path = task.resolve("./" + text).normalize();
    Path alloc = task.resolve("alloc");
    return path.startsWith(alloc) ? shared.resolve(alloc.relativize(path)).normalize() : path;
  }

  /**
   * Renders all that is not rendered for good, and writes what has changed.
   *
   * @return the templates whose text is another than it was; at first, all
   * @throws JobException if one cannot be, with its place; what it made before is as it was
   */
  List<Job.Template> render() throws JobException {
    return render(entries);
  }

  /**
   * As {@link #render()}, but only those whose files have changed since.
   *
   * @throws JobException as there
   */
  List<Job.Template> renderChanged() throws JobException {
    return render(
        entries.stream()
            .filter(
                entry ->
                    entry.inputs.entrySet().stream()
                        .anyMatch(input -> !state(input.getKey()).equals(input.getValue())))
            .toList());
  }

  private static String state(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    } catch (IOException gone) {
      return "gone";
    }
  }

  private List<Job.Template> render(List<Entry> which) throws JobException {
    List<Job.Template> changed = new ArrayList<>();
    for (Entry entry : which) {
      if (entry.block.once() && entry.written.isPresent()) {
        continue;
      }
      try {
        if (render(entry)) {
          changed.add(entry.block);
        }
      } catch (TemplateException failure) {
        throw new JobException(entry.block.range() + ": template: " + failure.render());
      } catch (IOException | EnvironmentLines.WrongLineException failure) {
        throw new JobException(entry.block.range() + ": template: " + reason(failure));
      }
    }
    return changed;
  }

  private static String reason(Exception failure) {
    return failure instanceof FileSystemException system
        ? system.getFile()
            + ": "
            + Optional.ofNullable(system.getReason()).orElse("cannot be written")
        : failure.getMessage();
  }

  private boolean render(Entry entry)
      throws TemplateException, IOException, EnvironmentLines.WrongLineException {
    Set<Path> inputs = new LinkedHashSet<>();
    Template template;
    if (entry.inJob.isPresent()) {
      template = entry.inJob.get();
    } else {
      FileReader.Content content = source(entry);
      inputs.add(content.file());
      template =
          parse(entry.source, new String(content.bytes(), StandardCharsets.UTF_8), entry.block);
    }
    Rendered rendered =
        template.render(
            new TemplateContext(
                environment, files, Clock.systemUTC(), entry.block.errorOnMissingKey()));
    inputs.addAll(rendered.filesRead());
    byte[] bytes = rendered.bytes();
    Map<String, String> variables =
        entry.block.environment() ? EnvironmentLines.parse(rendered.text()) : Map.of();
    boolean same = entry.written.filter(before -> Arrays.equals(before, bytes)).isPresent();
    if (!same || !Files.exists(entry.directory.resolve(entry.path), LinkOption.NOFOLLOW_LINKS)) {
      new TaskFile(bytes, entry.block.permissions(), entry.block.user(), entry.block.group())
          .write(entry.directory, entry.path);
    }
    Map<Path, String> states = new LinkedHashMap<>();
    inputs.forEach(file -> states.put(file, state(file)));
    entry.inputs = states;
    entry.variables = variables;
    entry.written = Optional.of(bytes);
    return !same;
  }

  private FileReader.Content source(Entry entry) throws IOException {
    try {
      return files.read(entry.source);
    } catch (IOException failure) {
      throw new IOException(
          "its source " + entry.source + " cannot be read: " + failure.getMessage(), failure);
    }
  }

  /** The variables that templates with {@code env} make, as they were rendered last. */
  Map<String, String> variables() {
    Map<String, String> all = new LinkedHashMap<>();
    entries.forEach(entry -> all.putAll(entry.variables));
    return all;
  }

  /** The files whose change may change a text. */
  Set<Path> inputs() {
    Set<Path> inputs = new LinkedHashSet<>();
    entries.stream()
        .filter(entry -> !entry.block.once())
        .forEach(entry -> inputs.addAll(entry.inputs.keySet()));
    return inputs;
  }
}
