package io.gaol.jail.conf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes jail.conf(5): text from which every jail(8), FreeBSD 12 to 15, reads the same values.
 * Values stand in single quotes, where nothing is replaced; there are no variables, wild cards,
 * jails in jails and included files in it.
 */
public final class JailConfWriter {
  /** MAXHOSTNAMELEN without its NUL: a jail's name, its parents' and the dots. */
  private static final int LONGEST_NAME = 255;

  /** IFNAMSIZ without its NUL. */
  private static final int LONGEST_INTERFACE = 15;

  /** What the kernel has room for, in bytes. */
  private static final Map<String, Integer> LONGEST =
      Map.of(
          "path", 1023,
          "host.hostname", 255,
          "host.domainname", 255,
          "host.hostuuid", 63,
          "osrelease", 31,
          "linux.osname", 64,
          "linux.osrelease", 64,
          "interface", LONGEST_INTERFACE,
          "vnet.interface", LONGEST_INTERFACE);

  private JailConfWriter() {}

  /**
   * The text of some jails.
   *
   * @throws JailConfException if one of them cannot be written so that it is read back, with all
   *     reasons
   */
  public static String write(List<Jail> jails) throws JailConfException {
    Problems problems = new Problems();
    check(jails, problems);
    problems.throwIfAny();
    StringBuilder text = new StringBuilder();
    for (Jail jail : jails) {
      text.append(text.isEmpty() ? "" : "\n");
      write(jail, text);
    }
    return text.toString();
  }

  private static void write(Jail jail, StringBuilder text) {
    text.append(name(jail.name())).append(" {\n");
    for (Parameter parameter : jail.parameters()) {
      text.append("  ").append(name(parameter.name()));
      String sign = " = ";
      for (String value : parameter.values()) {
        text.append(sign).append(quoted(value));
        sign = ",\n    ";
      }
      text.append(";\n");
    }
    text.append("}\n");
  }

  private static String name(String name) {
    return name.matches("[A-Za-z0-9_.-]+") ? name : quoted(name);
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder(value.length() + 2).append('\'');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\'', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7F) {
            text.append("\\%03o".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.append('\'').toString();
  }

  // ---- what cannot be written

  private static void check(List<Jail> jails, Problems problems) {
    Set<String> names = new HashSet<>();
    for (Jail jail : jails) {
      checkName(jail, problems);
      if (!names.add(jail.name())) {
        problems.add(
            jail.place(),
            "two jails are named "
                + Shown.text(jail.name())
                + ": jail(8) would refuse to start the second");
      }
      Map<String, List<Parameter>> given = new HashMap<>();
      for (Parameter parameter : jail.parameters()) {
        List<Parameter> same =
            given.computeIfAbsent(ParameterName.key(parameter.name()), _ -> new ArrayList<>());
        same.stream()
            .filter(other -> ParameterName.same(other.name(), parameter.name()))
            .findFirst()
            .ifPresent(
                other ->
                    problems.add(
                        parameter.place(),
                        Shown.text(parameter.name())
                            + (other.name().equals(parameter.name())
                                ? " is given twice"
                                : " and " + Shown.text(other.name()) + " are the same parameter")
                            + " in the jail "
                            + Shown.text(jail.name())));
        same.add(parameter);
        check(jail, parameter, problems);
      }
    }
  }

  private static void checkName(Jail jail, Problems problems) {
    String name = jail.name();
    Optional<String> unfit = unfit(name);
    if (name.isEmpty()) {
      problems.add(jail.place(), "the name of a jail cannot be empty");
    } else if (unfit.isPresent()) {
      problems.add(jail.place(), "the name " + Shown.text(name) + " " + unfit.get());
    } else if (bytes(name) > LONGEST_NAME) {
      problems.add(
          jail.place(), tooLong("the name of the jail", Shown.text(name), name, LONGEST_NAME));
    } else if (ParameterName.isWild(name)) {
      problems.add(
          jail.place(),
          "the name " + Shown.text(name) + " would be a wild card: no component of it can be *");
    }
  }

  private static void check(Jail jail, Parameter parameter, Problems problems) {
    String name = parameter.name();
    String of = Shown.text(name) + " of the jail " + Shown.text(jail.name());
    if (name.isEmpty()) {
      problems.add(
          parameter.place(), "a parameter of the jail " + Shown.text(jail.name()) + " has no name");
      return;
    }
    if (name.equals(".include")) {
      problems.add(parameter.place(), of + " would include a file");
    }
    unfit(name).ifPresent(why -> problems.add(parameter.place(), "the name " + of + " " + why));
    boolean number = ParameterName.isNumber(jail.name());
    if (ParameterName.same(name, "name") || (number && ParameterName.same(name, "jid"))) {
      problems.add(
          parameter.place(),
          of + " cannot be written: jail(8) takes the name of the block, and no other");
    }
    for (String value : parameter.values()) {
      Optional<String> unfit = unfit(value);
      if (unfit.isPresent()) {
        problems.add(parameter.place(), of + " " + unfit.get());
        continue;
      }
      Integer longest = LONGEST.get(name);
      if (longest != null && bytes(value) > longest) {
        problems.add(parameter.place(), tooLong(of, Shown.text(value), value, longest));
      }
      int bar = value.indexOf('|');
      if ((name.equals("ip4.addr") || name.equals("ip6.addr"))
          && bar > 0
          && bytes(value.substring(0, bar)) > LONGEST_INTERFACE) {
        problems.add(
            parameter.place(),
            tooLong(
                "the interface in " + of,
                Shown.text(value),
                value.substring(0, bar),
                LONGEST_INTERFACE));
      }
    }
  }

  private static String tooLong(String what, String shown, String text, int longest) {
    return "%s, %s, has %d bytes, but there is room for %d"
        .formatted(what, shown, bytes(text), longest);
  }

  /** Why a text cannot stand in a file at all. */
  private static Optional<String> unfit(String text) {
    if (text.indexOf('\0') >= 0) {
      return Optional.of("has a NUL character in it, where jail(8) would end it");
    }
    if (!isUnicode(text)) {
      return Optional.of("is no Unicode text: half of a surrogate pair is in it");
    }
    return Optional.empty();
  }

  private static boolean isUnicode(String text) {
    boolean surrogates = false;
    for (int i = 0; i < text.length() && !surrogates; i++) {
      surrogates = Character.isSurrogate(text.charAt(i));
    }
    if (!surrogates) {
      return true;
    }
    try {
      UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException halfAPair) {
      return false;
    }
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
