package io.gaol.cli.convert;

import io.gaol.jail.conf.JailConfLoader;
import io.gaol.jail.conf.JailConfSource;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The files of this host that {@code .include} names, by glob(3). */
public final class IncludedFiles implements JailConfLoader {
  @Override
  public List<JailConfSource> load(String pattern) throws UnreadableException {
    try {
      List<Path> found = List.of(Path.of(pattern.startsWith("/") ? "/" : ""));
      for (String component : pattern.split("/", -1)) {
        if (!component.isEmpty()) {
          found = below(found, component);
        }
      }
      List<JailConfSource> sources = new ArrayList<>();
      for (Path file : found) {
        if (Files.exists(file)) {
          sources.add(JailConfSource.of(file.toString(), bytes(file)));
        }
      }
      return sources;
    } catch (InvalidPathException noName) {
      throw new UnreadableException("the file's name is none: " + noName.getReason());
    }
  }

  private static List<Path> below(List<Path> folders, String component) throws UnreadableException {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      if (component.matches("[^*?\\[\\\\]*")) {
        found.add(folder.resolve(component));
      } else {
        found.addAll(matching(folder, component));
      }
    }
    return found;
  }

  private static List<Path> matching(Path folder, String component) throws UnreadableException {
    Pattern pattern = pattern(component);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path entry : all) {
        String name = entry.getFileName().toString();
        boolean hidden = name.startsWith(".") && !component.startsWith(".");
        if (!hidden && pattern.matcher(name).matches()) {
          found.add(folder.resolve(name));
        }
      }
    } catch (NotDirectoryException | java.nio.file.NoSuchFileException none) {
      return List.of();
    } catch (IOException | java.nio.file.DirectoryIteratorException failure) {
      throw new UnreadableException(
          "the folder " + folder + " cannot be read: " + failure.getMessage());
    }
    found.sort(null);
    return found;
  }

  /** fnmatch(3). */
  private static Pattern pattern(String component) throws UnreadableException {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      int close = component.indexOf(']', Math.min(i + 2, component.length()));
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        case '[' -> {
          if (close < 0) {
            regex.append("\\[");
          } else {
            String set = component.substring(i + 1, close).replaceAll("[\\[\\]&\\\\^]", "\\\\$0");
            regex
                .append('[')
                .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                .append(']');
            i = close;
          }
        }
        case '\\' -> {
          i = Math.min(i + 1, component.length() - 1);
          regex.append(Pattern.quote(component.substring(i, i + 1)));
        }
        default -> regex.append(Pattern.quote(component.substring(i, i + 1)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException wrong) {
      throw new UnreadableException("the pattern \"" + component + "\" is none of glob(3)");
    }
  }

  private static byte[] bytes(Path file) throws UnreadableException {
    try {
      if (Files.isDirectory(file)) {
        throw new UnreadableException(
            file + " is a folder: name the files in it, as " + file + "/*");
      }
      return Files.readAllBytes(file);
    } catch (AccessDeniedException denied) {
      throw new UnreadableException("the file " + file + " cannot be read: permission denied");
    } catch (IOException failure) {
      throw new UnreadableException(
          "the file " + file + " cannot be read: " + failure.getMessage());
    }
  }
}
