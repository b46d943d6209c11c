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
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code gaol convert}: from jail.conf to Nomad jobs, and back. */
final class ConvertCommand {
  /** What begins a job in HCL, and can stand in no jail.conf. */
  private static final Pattern JOB =
      Pattern.compile("(?m)^[ \\t]*job[ \\t]+(\"[^\"\\n]*\"|[\\w-]+)\\s*\\{");

  private final Terminal terminal;

  private final PositionalParamSpec operand =
      Commands.operand("FILE", "A jail.conf or a job file; - is standard input.");
  private final OptionSpec output =
      Commands.option(
          Path.class, "FILE", "Where to write (default: standard output).", "-o", "--output");
  private final OptionSpec format =
      Commands.option(
          String.class,
          "FORMAT",
          "jail.conf or nomad (default: the other one of what FILE looks like).",
          "--to");
  private final LanguageOptions language = new LanguageOptions();

  ConvertCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  CommandSpec spec() {
    CommandSpec command =
        Commands.action(
            "convert",
            () -> convert(operand.getValue()),
            "Turn a jail.conf into a Nomad job for the jail-task-driver, or a job into a"
                + " jail.conf.",
            "What cannot be carried over is listed on standard error.",
            "Exit status: 1 if the file is not valid.");
    return language.addTo(command).addPositional(operand).addOption(output).addOption(format);
  }

  private int convert(String file) {
    try {
      byte[] bytes = read(file);
      Conversion conversion = toJailConf(bytes) ? jailConf(file, bytes) : job(file, bytes);
      conversion.notCarried().forEach(what -> terminal.note("not carried: " + what));
      write(file, conversion.text());
      return 0;
    } catch (JobException wrong) {
      wrong.messages().forEach(terminal::note);
    } catch (JailConfException wrong) {
      wrong.problems().forEach(problem -> terminal.note(problem.toString()));
    }
    return Main.FAILED;
  }

  private boolean toJailConf(byte[] bytes) throws JobException {
    Optional<String> to = Commands.value(format);
    if (to.isPresent()) {
      return switch (to.get()) {
        case "jail.conf" -> true;
        case "nomad" -> false;
        default ->
            throw new JobException(
                "--to takes jail.conf or nomad, but \"" + to.get() + "\" is given");
      };
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.stripLeading().startsWith("{") || JOB.matcher(text).find();
  }

  private Conversion jailConf(String file, byte[] bytes) throws JobException, JailConfException {
    return JailConfOfJob.write(JobJails.read(language.input(file), bytes));
  }

  private static Conversion job(String file, byte[] bytes) throws JailConfException {
    String name = isStandardInput(file) ? "<standard input>" : file;
    return JobWriter.write(
        jobName(file), JailConfReader.read(JailConfSource.of(name, bytes), new IncludedFiles()));
  }

  /** After the file: jail of jail.conf. */
  private static String jobName(String file) {
    if (isStandardInput(file)) {
      return "jails";
    }
    String name = String.valueOf(Path.of(file).getFileName()).replaceFirst("\\.[^.]*$", "");
    return name.isBlank() ? "jails" : name;
  }

  private static boolean isStandardInput(String file) {
    return file.equals("-");
  }

  private static byte[] read(String file) throws JobException {
    try {
      if (isStandardInput(file)) {
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

  private void write(String file, String text) throws JobException {
    Optional<Path> given = Commands.value(output);
    if (given.isEmpty()) {
      System.out.print(text);
      System.out.flush();
      return;
    }
    Path to = given.get();
    try {
      if (!isStandardInput(file) && Files.exists(to) && Files.isSameFile(to, Path.of(file))) {
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
