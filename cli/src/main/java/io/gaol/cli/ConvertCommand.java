package io.gaol.cli;

import io.gaol.cli.convert.Conversion;
import io.gaol.cli.convert.IncludedFiles;
import io.gaol.cli.convert.JailConfOfJob;
import io.gaol.cli.convert.JobWriter;
import io.gaol.cli.job.JobException;
import io.gaol.cli.job.JobJails;
import io.gaol.jail.conf.JailConfException;
import io.gaol.jail.conf.JailConfReader;
import io.gaol.jail.conf.JailConfSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gaol convert}: from jail.conf to Nomad jobs, and back. */
@Command(
    name = "convert",
    description = {
      "Turn a jail.conf into a Nomad job for the jail-task-driver, or a job into a jail.conf.",
      "What cannot be carried over is listed on standard error.",
      "Exit status: 1 if the file is not valid."
    })
final class ConvertCommand implements Callable<Integer> {
  /** What begins a job in HCL, and can stand in no jail.conf. */
  private static final Pattern JOB =
      Pattern.compile("(?m)^[ \\t]*job[ \\t]+(\"[^\"\\n]*\"|[\\w-]+)\\s*\\{");

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "A jail.conf or a job file; - is standard input.")
  private String file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write (default: standard output).")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      description = "jail.conf or nomad (default: the other one of what FILE looks like).")
  private Optional<String> format = Optional.empty();

  @Mixin private JobCommand.Language language;

  ConvertCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try {
      byte[] bytes = read();
      Conversion conversion = toJailConf(bytes) ? jailConf(bytes) : job(bytes);
      conversion.notCarried().forEach(what -> terminal.note("not carried: " + what));
      write(conversion.text());
      return 0;
    } catch (JobException wrong) {
      wrong.messages().forEach(terminal::note);
    } catch (JailConfException wrong) {
      wrong.problems().forEach(problem -> terminal.note(problem.toString()));
    }
    return Main.FAILED;
  }

  private boolean toJailConf(byte[] bytes) throws JobException {
    if (format.isPresent()) {
      return switch (format.get()) {
        case "jail.conf" -> true;
        case "nomad" -> false;
        default ->
            throw new JobException(
                "--to takes jail.conf or nomad, but \"" + format.get() + "\" is given");
      };
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.stripLeading().startsWith("{") || JOB.matcher(text).find();
  }

  private Conversion jailConf(byte[] bytes) throws JobException, JailConfException {
    return JailConfOfJob.write(JobJails.read(language.input(file), bytes));
  }

  private Conversion job(byte[] bytes) throws JailConfException {
    String name = isStandardInput() ? "<standard input>" : file;
    return JobWriter.write(
        jobName(), JailConfReader.read(JailConfSource.of(name, bytes), new IncludedFiles()));
  }

  /** After the file: jail of jail.conf. */
  private String jobName() {
    if (isStandardInput()) {
      return "jails";
    }
    String name = String.valueOf(Path.of(file).getFileName()).replaceFirst("\\.[^.]*$", "");
    return name.isBlank() ? "jails" : name;
  }

  private boolean isStandardInput() {
    return file.equals("-");
  }

  private byte[] read() throws JobException {
    try {
      if (isStandardInput()) {
        return System.in.readAllBytes();
      }
      if (Files.isDirectory(Path.of(file))) {
        throw new JobException(file + " is a directory: name a file in it");
      }
      return Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException missing) {
      throw new JobException("the file " + file + " does not exist");
    } catch (AccessDeniedException denied) {
      throw new JobException("the file " + file + " cannot be read: permission denied");
    } catch (IOException | InvalidPathException failure) {
      throw new JobException("the file " + file + " cannot be read: " + failure.getMessage());
    }
  }

  private void write(String text) throws JobException {
    if (output.isEmpty()) {
      System.out.print(text);
      System.out.flush();
      return;
    }
    Path to = output.get();
    try {
      if (!isStandardInput() && Files.exists(to) && Files.isSameFile(to, Path.of(file))) {
        throw new JobException("-o " + to + " is the file that is read: name another one");
      }
      Files.writeString(to, text);
    } catch (NoSuchFileException noFolder) {
      throw new JobException("the folder of " + to + " does not exist");
    } catch (AccessDeniedException denied) {
      throw new JobException("the file " + to + " cannot be written: permission denied");
    } catch (IOException failure) {
      throw new JobException("the file " + to + " cannot be written: " + failure.getMessage());
    }
  }
}
