package io.gaol.cli.language;

import io.gaol.hcl.Function;
import io.gaol.hcl.function.FileFunctions;
import io.gaol.hcl.function.StandardFunctions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The functions that expressions in a job file can call. */
final class Functions {
  private Functions() {}

  /**
   * All that Nomad has.
   *
   * @param folder that relative names of files are in
   * @param allowFiles whether files elsewhere may be read
   */
  static Map<String, Function> all(Path folder, boolean allowFiles) {
    Map<String, Function> all = new HashMap<>(StandardFunctions.all());
    all.putAll(allowFiles ? FileFunctions.everywhere(folder) : FileFunctions.below(folder));
    return Map.copyOf(all);
  }
}
