package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.jail.Assignment.Origin;
import io.gaol.jail.Assignment.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentReaderTest {
  private static final AssignmentReader READER = AssignmentReader.ofCatalogue();

  /** Flags {@code -J}, each with its number for its place. */
  private static List<Assignment> flags(String... flags) {
    List<Assignment> assignments = new ArrayList<>();
    for (String flag : flags) {
      assignments.add(Assignment.parse(flag, "flag " + (assignments.size() + 1)));
    }
    return assignments;
  }

  private static JailParameters accepted(List<Assignment> assignments) {
    AssignmentReading reading = READER.read(assignments);
    assertThat(reading).isInstanceOf(AssignmentReading.Accepted.class);
    return ((AssignmentReading.Accepted) reading).parameters();
  }

  private static List<String> refused(List<Assignment> assignments) {
    AssignmentReading reading = READER.read(assignments);
    assertThat(reading).isInstanceOf(AssignmentReading.Refused.class);
    return ((AssignmentReading.Refused) reading)
        .problems().stream().map(ParameterProblem::message).toList();
  }

  private static Assignment config(String name, Object value, String place) {
    return Assignment.of(name, value, place, Source.JOB_CONFIG);
  }

  // ---- two of one parameter

  @Test
  void twoSpellingsOfOneParameterAreRefusedWithBothPlaces() {
    assertThat(
            refused(List.of(config("Path", "/a", "web.hcl:3"), config("path", "/b", "web.hcl:7"))))
        .containsExactly(
            "path (web.hcl:7) and Path (web.hcl:3) are the same parameter (path): keep one");
  }

  @Test
  void twoSpellingsAreRefusedAlsoWithTheSameValue() {
    assertThat(refused(List.of(config("nic", "em0", ""), config("Nic", "em0", ""))))
        .containsExactly("Nic and nic are the same parameter (interface): keep one");
  }

  @Test
  void aParameterThatTakesOneValueIsRefusedASecondTime() {
    assertThat(refused(flags("securelevel=1", "securelevel=2")))
        .containsExactly("securelevel (flag 2) is given already, at flag 1: keep one");
  }

  @Test
  void aFlagAndItsNegationContradictEachOther() {
    assertThat(refused(flags("allow.raw_sockets", "allow.noraw_sockets")))
        .containsExactly(
            "allow.noraw_sockets (flag 2) and allow.raw_sockets (flag 1) contradict each other:"
                + " keep one");
  }

  @Test
  void commandsAddUpInOrderWhateverTheirSpelling() {
    JailParameters parameters =
        accepted(
            List.of(
                config("Exec_start", List.of("one", "two"), ""),
                config("exec_start", "three", ""),
                Assignment.of("exec.start", "four", "", Source.JOB_PARAMS)));

    assertThat(parameters.values("exec.start")).containsExactly("one", "two", "three", "four");
  }

  @Test
  void commandComesAfterExecStartWhereverItStands() {
    JailParameters parameters =
        accepted(
            List.of(config("Command", "last", ""), config("Exec_start", List.of("a", "b"), "")));

    assertThat(parameters.values("exec.start")).containsExactly("a", "b", "last");
  }

  @Test
  void noneAndSomeCommandsContradictEachOther() {
    assertThat(refused(flags("exec.stop=a", "exec.nostop")))
        .containsExactly(
            "exec.nostop (flag 2) and exec.stop (flag 1) contradict each other: one says that"
                + " there is no exec.stop, the other one gives some");
  }

  @Test
  void anAddressGivenTwiceIsRefusedWithBothPlaces() {
    assertThat(
            refused(
                List.of(
                    config("Ip4Addr", "10.0.0.1", "a:1"),
                    config("Ip4_addr", List.of("10.0.0.2", "10.0.0.1"), "a:2"))))
        .containsExactly(
            "Ip4_addr (a:2) has the address \"10.0.0.1\" twice, first as Ip4Addr (a:1)");
  }

  @Test
  void aJailHas255AddressesAtMost() {
    List<String> addresses =
        IntStream.range(0, 256).mapToObj(i -> "10.0." + i / 250 + "." + (i % 250 + 1)).toList();

    assertThat(refused(List.of(config("Ip4_addr", addresses, ""))))
        .containsExactly("Ip4_addr takes at most 255 addresses, but 256 are given");
    accepted(List.of(config("Ip4_addr", addresses.subList(0, 255), "")));
  }

  // ---- parameters that contradict each other

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ip4=disable;ip4.addr=10.0.0.1 | ip4 = "disable" (flag 1) and ip4.addr (flag 2) contradict each other: addresses of its own make ip4 "new" (jail(8))
          ip4.addr=10.0.0.1;ip4=inherit | ip4 = "inherit" (flag 2) and ip4.addr (flag 1) contradict each other: addresses of its own make ip4 "new" (jail(8))
          ip6=disable;ip6.addr=::1      | ip6 = "disable" (flag 1) and ip6.addr (flag 2) contradict each other: addresses of its own make ip6 "new" (jail(8))
          vnet;ip4.addr=10.0.0.1        | ip4.addr (flag 2) and vnet = "new" (flag 1) contradict each other: a jail with a network stack of its own has no restriction on addresses (jail_set(2))
          vnet;ip4=inherit              | ip4 = "inherit" (flag 2) and vnet = "new" (flag 1) contradict each other: a jail with a network stack of its own has no restriction on addresses (jail_set(2))
          vnet=new;ip6=new              | ip6 = "new" (flag 2) and vnet = "new" (flag 1) contradict each other: a jail with a network stack of its own has no restriction on addresses (jail_set(2))
          vnet;ip6.addr=::1             | ip6.addr (flag 2) and vnet = "new" (flag 1) contradict each other: a jail with a network stack of its own has no restriction on addresses (jail_set(2))
          vnet.interface=e0b            | vnet.interface (flag 1) needs vnet = "new": an interface can only go to a jail with a network stack of its own
          vnet=inherit;vnet.interface=e | vnet = "inherit" (flag 1) and vnet.interface (flag 2) contradict each other: an interface can only go to a jail with a network stack of its own
          host=inherit;host.hostname=a  | host = "inherit" (flag 1) and host.hostname = "a" (flag 2) contradict each other: a field of its own makes a jail's host "new" (jail(8))
          host=inherit;host.hostid=1    | host = "inherit" (flag 1) and host.hostid = "1" (flag 2) contradict each other: a field of its own makes a jail's host "new" (jail(8))
          linux=inherit;linux.osname=a  | linux = "inherit" (flag 1) and linux.osname = "a" (flag 2) contradict each other: a value of its own makes a jail's linux "new" (jail(8))
          allow.settime;allow.noadjtime | allow.noadjtime (flag 2) and allow.settime = "true" (flag 1) contradict each other: who may set the clock may slew it (jail(8))
          mac.do=disable;mac.do.rules=x | mac.do = "disable" (flag 1) and mac.do.rules = "x" (flag 2) contradict each other: rules of its own make a jail's mac.do "new" (mac_do(4))
          """)
  void whatJail8CannotHaveTogetherIsRefusedWithBothPlaces(String flags, String message) {
    assertThat(refused(flags(flags.split(";")))).containsExactly(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ip4=new;ip4.addr=10.0.0.1
          vnet=inherit;ip4.addr=10.0.0.1
          vnet;vnet.interface=e0b
          vnet;ip4.nosaddrsel
          host=new;host.hostname=a
          allow.nosettime;allow.noadjtime
          allow.sysvipc;sysvmsg=new
          allow.mount.tmpfs;enforce_statfs=2
          ip4=inherit;ip4.addr=
          """)
  void whatJail8HasTogetherIsNoContradiction(String flags) {
    accepted(flags(flags.split(";")));
  }

  // ---- all at once

  @Test
  void allProblemsAreToldTogetherEachOnce() {
    assertThat(
            READER.read(
                Arrays.asList(
                    config("Persits", true, "web.hcl:1"),
                    config("Securelevel", 9, "web.hcl:2"),
                    config("Children_cur", 0, "web.hcl:3"),
                    config("Exec_start", List.of("", ""), "web.hcl:4"),
                    config("Vnet", true, "web.hcl:5"),
                    config("Ip4_addr", "10.0.0.1", "web.hcl:6"),
                    config("Mount", true, "web.hcl:7"),
                    config("Host_hostname", null, "web.hcl:8"))))
        .isEqualTo(
            new AssignmentReading.Refused(
                List.of(
                    new ParameterProblem(
                        "Persits",
                        "web.hcl:1",
                        "no jail parameter is named \"Persits\". Did you mean \"Persist\"?"),
                    new ParameterProblem(
                        "Securelevel",
                        "web.hcl:2",
                        "Securelevel takes a whole number from -1 to 3, but \"9\" is given"),
                    new ParameterProblem(
                        "Children_cur",
                        "web.hcl:3",
                        "Children_cur can only be read: the kernel sets it"),
                    new ParameterProblem(
                        "Exec_start", "web.hcl:4", "Exec_start takes a command, but \"\" is given"),
                    new ParameterProblem(
                        "Mount",
                        "web.hcl:7",
                        "Mount takes a line of fstab(5), such as \"/data /jail/data nullfs ro\","
                            + " but true is given"),
                    new ParameterProblem(
                        "Ip4_addr",
                        "web.hcl:6",
                        "Ip4_addr (web.hcl:6) and Vnet = \"new\" (web.hcl:5) contradict each"
                            + " other: a jail with a network stack of its own has no restriction"
                            + " on addresses (jail_set(2))",
                        Optional.of(new ParameterProblem.Other("Vnet", "web.hcl:5"))))));
  }

  @Test
  void aMisspeltKeyMayBeOneThatIsNoParameter() {
    AssignmentReading reading =
        READER.besides(List.of("command", "args")).read(List.of(config("comand", "x", "")));

    assertThat(((AssignmentReading.Refused) reading).problems().getFirst().message())
        .isEqualTo("no jail parameter is named \"comand\". Did you mean \"command\"?");
  }

  @ParameterizedTest
  @CsvSource({
    "1E+1000000000, 'Securelevel takes a whole number from -1 to 3, but 1E+1000000000 is given'",
    "1E-1000000000, 'Securelevel takes a whole number from -1 to 3, but 1E-1000000000 is given'"
  })
  void aNumberBeyondAllMeasureIsRefusedAtOnce(String number, String message) {
    assertThat(refused(List.of(config("Securelevel", new java.math.BigDecimal(number), ""))))
        .containsExactly(message);
  }

  @Test
  void notANumberIsNoValue() {
    assertThat(refused(List.of(config("Securelevel", Double.NaN, ""))))
        .containsExactly("Securelevel takes a whole number from -1 to 3, but NaN is given");
  }

  @Test
  void halfACharacterIsRefusedAsItCouldNotArriveUnchanged() {
    assertThat(refused(List.of(config("Host_hostname", "a\ud800b", ""))))
        .containsExactly("Host_hostname may not hold half a character (a lone surrogate)");
    assertThat(
            accepted(List.of(config("Host_hostname", "a\ud83d\ude00b", ""))).value("host.hostname"))
        .contains("a\ud83d\ude00b");
  }

  @Test
  void aLongValueIsShownCutAndOnOneLine() {
    assertThat(refused(List.of(config("Ip4", "x\n\u0007".repeat(5000), ""))))
        .containsExactly(
            "Ip4 takes \"disable\", \"new\" or \"inherit\", but \""
                + "x\\n\\x07".repeat(20)
                + "...\" is given");
  }

  @Test
  void aValueIsNeverReadTwice() {
    String text = "a 'b' \"c\" \\ $d ${e} %f #g ä\n\thi";

    assertThat(accepted(List.of(config("Exec_start", text, ""))).values("exec.start"))
        .containsExactly(text);
    assertThat(
            accepted(List.of(config("Host_hostname", text, "")))
                .value("host.hostname")
                .orElseThrow())
        .isEqualTo(text);
  }

  // ---- where values come from

  @Test
  void eachValueRemembersWhereItCameFrom() {
    List<Assignment> assignments = new ArrayList<>(RunDefaults.of("4c54", Optional.empty()));
    assignments.addAll(flags("Exec.Clean=false"));
    assignments.add(new Assignment("securelevel", 2, "operator", Source.JAIL_CONF, Origin.HOST));

    JailParameters parameters = accepted(assignments);

    assertThat(parameters.provenance("host.hostname").orElseThrow().origin())
        .isEqualTo(Origin.DEFAULT);
    assertThat(parameters.provenance("exec.clean"))
        .contains(new JailParameters.Provenance(Origin.JOB, "Exec.Clean", "flag 1"));
    assertThat(parameters.provenance("securelevel").orElseThrow().origin()).isEqualTo(Origin.HOST);
    assertThat(parameters.provenance("path")).isEmpty();
  }

  @Test
  void aDefaultGivesWayToWhatContradictsIt() {
    List<Assignment> assignments = new ArrayList<>(RunDefaults.of("4c54", Optional.empty()));
    assignments.addAll(flags("vnet", "vnet.interface=e0b", "host=inherit"));

    assertThat(accepted(assignments).names())
        .contains("vnet", "vnet.interface", "exec.stop")
        .doesNotContain("ip4", "ip6", "host.hostname");
  }

  @Test
  void aDefaultNetworkGivesWayToAddresses() {
    List<Assignment> assignments = new ArrayList<>(RunDefaults.of("4c54", Optional.empty()));
    assignments.addAll(flags("ip4.addr=10.0.0.1"));

    assertThat(accepted(assignments).names()).contains("ip4.addr", "ip6").doesNotContain("ip4");
  }

  // ---- what a kernel's modules add

  @Test
  void aParameterThatAModuleAddsIsReadByItsType() {
    JailParameter portacl =
        JailParameterCatalogue.find("allow.mlock").orElseThrow().named("module.thing");
    AssignmentReader reader = READER.knowing(List.of(portacl));

    AssignmentReading reading = reader.read(flags("MODULE.NOTHING"));

    assertThat(((AssignmentReading.Accepted) reading).parameters().flag("module.thing"))
        .contains(false);
    assertThat(refused(flags("module.thing"))).hasSize(1);
  }

  @Test
  void aBlockWhereAValueBelongsIsRefused() {
    assertThat(refused(List.of(config("Mount_devfs", Map.of("a", 1), ""))))
        .containsExactly("Mount_devfs takes true or false, but a block is given");
  }

  @Test
  void aContradictionNamesItsOtherSideOfWhateverKindItIs() {
    assertThat(others(config("Mount", List.of(), ""), config("mount", "a /b tmpfs", "")))
        .containsExactly("mount beside Mount");
    assertThat(others(config("Path", "/a", ""), config("path", "/b", "")))
        .containsExactly("path beside Path");
    assertThat(others(config("Ip4_addr", "10.0.0.1", ""), config("ip4_addr", "10.0.0.1", "")))
        .containsExactly("ip4_addr beside Ip4_addr");
    assertThat(others(config("Ip4", "disable", ""), config("Ip4_addr", "10.0.0.1", "")))
        .containsExactly("Ip4 beside Ip4_addr");
  }

  @Test
  void whatIsWrongTwiceInTheSameWordsIsToldOnce() {
    assertThat(
            others(
                Assignment.parse("vnet.interface=a", ""),
                Assignment.parse("vnet.interface=b", ""),
                Assignment.parse("vnet=inherit", "")))
        .containsExactly("vnet beside vnet.interface");
  }

  private static List<String> others(Assignment... assignments) {
    AssignmentReading reading = AssignmentReader.ofCatalogue().read(List.of(assignments));
    return ((AssignmentReading.Refused) reading)
        .problems().stream()
            .map(
                problem ->
                    problem.name()
                        + problem.other().map(other -> " beside " + other.name()).orElse(""))
            .toList();
  }
}
