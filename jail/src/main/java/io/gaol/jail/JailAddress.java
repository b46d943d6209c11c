package io.gaol.jail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One address of {@code ip4.addr} or {@code ip6.addr}: jail(8)'s {@code interface|address/mask
 * parameters}. The kernel gets the bare address; with an interface, jail(8) makes the address an
 * alias there with ifconfig(8), and takes it away again.
 *
 * @param version of the address
 * @param interfaceName where the alias is made; empty is the parameter {@code interface}, and no
 *     alias without it
 * @param address its canonical text
 * @param prefixLength of the alias; empty is the address alone (jail(8)'s 32 and 128)
 * @param parameters further words for ifconfig(8), such as {@code vhid 1 pass secret}
 */
public record JailAddress(
    IpVersion version,
    Optional<InterfaceName> interfaceName,
    String address,
    OptionalInt prefixLength,
    List<String> parameters) {

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** An interface in front of an address with something other than a bar between. */
  private static final Pattern WRONG_BAR =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9_.]*)(?: |:|;|@|\\|\\|)([0-9a-fA-F:.]+(/[0-9.]+)?)");

  /** Words that make ifconfig(8) do something else than this address. */
  private static final Set<String> OTHER_ACTS =
      Set.of("-alias", "add", "delete", "remove", "create", "destroy", "name", "vnet", "-vnet");

  /** Checks and copies. */
  public JailAddress {
    Objects.requireNonNull(interfaceName, "interfaceName");
    Objects.requireNonNull(prefixLength, "prefixLength");
    parameters = List.copyOf(parameters);
    List<String> problems = new ArrayList<>();
    if (!version.canonical(address).equals(Optional.of(address))) {
      problems.add("\"" + address + "\" is not the canonical text of an address");
    }
    if (prefixLength.isPresent()
        && (prefixLength.getAsInt() < 0 || prefixLength.getAsInt() > version.bits())) {
      problems.add(prefixLength.getAsInt() + " is not from 0 to " + version.bits());
    }
    for (String word : parameters) {
      if (word.isEmpty() || word.indexOf(',') >= 0 || BLANKS.matcher(word).find()) {
        problems.add("\"" + word + "\" is not one word");
      }
    }
    InvalidValueException.throwIfAny(problems);
  }

  /**
   * Reads the addresses of one value; several have commas between them. {@code -} and nothing at
   * all are the empty list.
   *
   * @throws InvalidValueException with all that is wrong, each problem with the address it is about
   */
  public static List<JailAddress> parseAll(IpVersion version, String value) {
    if (value.isBlank() || value.strip().equals("-")) {
      return List.of();
    }
    List<JailAddress> addresses = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String text : value.split(",", -1)) {
      try {
        addresses.add(parse(version, text));
      } catch (InvalidValueException invalid) {
        problems.addAll(invalid.problems());
      }
    }
    InvalidValueException.throwIfAny(problems.stream().distinct().toList());
    return List.copyOf(addresses);
  }

  /**
   * Reads one address: {@code em1|192.168.1.102/24 vhid 1}, {@code 10.0.0.5/255.255.255.0}, {@code
   * fd00::5}.
   *
   * @throws InvalidValueException with all that is wrong
   */
  public static JailAddress parse(IpVersion version, String text) {
    return new Reader(version, text.strip()).read();
  }

  /** Reads one text and collects what is wrong with it. */
  private static final class Reader {
    private final IpVersion version;
    private final String text;
    private final List<String> problems = new ArrayList<>();

    Reader(IpVersion version, String text) {
      this.version = version;
      this.text = text;
    }

    JailAddress read() {
      if (text.indexOf('\0') >= 0) {
        throw new InvalidValueException("an address may not hold a NUL character");
      }
      if (text.isEmpty()) {
        throw new InvalidValueException("there is an empty address, a comma too many");
      }
      Matcher wrongBar = WRONG_BAR.matcher(text);
      if (wrongBar.matches()
          && (version == IpVersion.V4 || text.charAt(wrongBar.end(1)) != ':')
          && version.canonical(wrongBar.group(2).replaceFirst("/.*", "")).isPresent()) {
        throw new InvalidValueException(
            quoted() + "write " + wrongBar.group(1) + "|" + wrongBar.group(2));
      }
      int bar = text.indexOf('|');
      Optional<InterfaceName> interfaceName = bar < 0 ? Optional.empty() : interfaceName(bar);
      List<String> words =
          new ArrayList<>(Arrays.asList(BLANKS.split(text.substring(bar + 1).strip())));
      String first = words.removeFirst();
      int slash = first.indexOf('/');
      String address = address(slash < 0 ? first : first.substring(0, slash));
      OptionalInt prefixLength =
          slash < 0 ? OptionalInt.empty() : prefixLength(first.substring(slash + 1));
      OptionalInt ofWords = maskOfWords(words);
      if (slash >= 0 && ofWords.isPresent()) {
        problems.add(quoted() + "there are two masks: keep one");
      }
      parameters(words);
      InvalidValueException.throwIfAny(problems);
      return new JailAddress(
          version, interfaceName, address, slash < 0 ? ofWords : prefixLength, words);
    }

    private Optional<InterfaceName> interfaceName(int bar) {
      try {
        return Optional.of(new InterfaceName(text.substring(0, bar)));
      } catch (InvalidValueException invalid) {
        invalid.problems().forEach(problem -> problems.add(quoted() + problem));
        return Optional.empty();
      }
    }

    private String address(String given) {
      Optional<String> canonical = version.canonical(given);
      if (canonical.isEmpty()) {
        problems.add(quoted() + noAddress(given));
        return given;
      }
      String address = canonical.get();
      if (address.equals("0.0.0.0") || address.equals("255.255.255.255") || address.equals("::")) {
        problems.add(
            quoted()
                + address
                + " is no address of a host, and the kernel refuses it: for all addresses of the"
                + " host write "
                + (version == IpVersion.V4 ? "ip4" : "ip6")
                + " = \"inherit\"");
      } else if (version == IpVersion.V6) {
        IpVersion.mapped(address)
            .ifPresent(
                v4 -> problems.add(quoted() + "this is an IPv4 address: write ip4.addr = " + v4));
      }
      return address;
    }

    private String noAddress(String given) {
      IpVersion other = version == IpVersion.V4 ? IpVersion.V6 : IpVersion.V4;
      if (given.isEmpty()) {
        return "the address is missing";
      }
      if (other.canonical(given).isPresent()) {
        return given + " is an address of " + other.addressParameter();
      }
      int zone = given.indexOf('%');
      if (zone >= 0 && version.canonical(given.substring(0, zone)).isPresent()) {
        return "a jail's address has no zone: write "
            + given.substring(zone + 1)
            + "|"
            + given.substring(0, zone);
      }
      return "\""
          + given
          + "\" is not an "
          + (version == IpVersion.V4
              ? "IPv4 address: four numbers from 0 to 255, without leading zeros, as 192.168.1.102"
              : "IPv6 address: groups of hexadecimal digits, as fd00::5");
    }

    private OptionalInt prefixLength(String mask) {
      if (version == IpVersion.V4 && mask.indexOf('.') >= 0) {
        Optional<Integer> length = IpVersion.prefixLength(mask);
        if (length.isEmpty()) {
          problems.add(quoted() + "\"" + mask + "\" is not a netmask, such as 255.255.255.0");
        }
        return length.map(OptionalInt::of).orElse(OptionalInt.empty());
      }
      if (mask.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(mask) <= version.bits()) {
        return OptionalInt.of(Integer.parseInt(mask));
      }
      problems.add(
          quoted()
              + "\""
              + mask
              + "\" is not the length of a prefix, from 0 to "
              + version.bits()
              + (version == IpVersion.V4 ? ", nor a netmask, such as 255.255.255.0" : ""));
      return OptionalInt.empty();
    }

    /** {@code netmask 255.255.255.0} and {@code prefixlen 64} are other words for {@code /}. */
    private OptionalInt maskOfWords(List<String> words) {
      int word = words.indexOf(version.maskWord());
      if (word < 0) {
        return OptionalInt.empty();
      }
      words.remove(word);
      if (word == words.size()) {
        problems.add(quoted() + version.maskWord() + " needs a value");
        return OptionalInt.empty();
      }
      return prefixLength(words.remove(word));
    }

    private void parameters(List<String> words) {
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        if (word.equals("alias")) {
          problems.add(quoted() + "jail(8) adds alias by itself: leave it out");
        } else if (OTHER_ACTS.contains(word)) {
          problems.add(quoted() + "\"" + word + "\" does not belong to an address");
        } else if (word.equals("vhid")) {
          number(words, i, 1, 255);
        } else if (word.equals("advskew")) {
          number(words, i, 0, 254);
        }
      }
    }

    private void number(List<String> words, int index, int least, int most) {
      String value = index + 1 < words.size() ? words.get(index + 1) : "";
      if (!value.matches("[0-9]{1,3}")
          || Integer.parseInt(value) < least
          || Integer.parseInt(value) > most) {
        problems.add(quoted() + words.get(index) + " needs a number from " + least + " to " + most);
      }
    }

    private String quoted() {
      return "\"" + text + "\": ";
    }
  }

  /** The text that {@link #parse} reads as the same address. */
  @Override
  public String toString() {
    return interfaceName.map(name -> name + "|").orElse("")
        + address
        + (prefixLength.isPresent() ? "/" + prefixLength.getAsInt() : "")
        + (parameters.isEmpty() ? "" : " " + String.join(" ", parameters));
  }
}
