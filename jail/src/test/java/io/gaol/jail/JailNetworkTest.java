package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JailNetworkTest {
  private JailParameters parameters = JailParameters.NONE;

  @Test
  void withoutAParameterThereIsNoNetwork() {
    JailNetwork network = network();

    assertThat(network.ownStack()).isFalse();
    assertThat(network.ip4()).isEmpty();
    assertThat(network.ip6()).isEmpty();
    assertThat(network.aliasInterface()).isEmpty();
    assertThat(network.handedIn()).isEmpty();
    assertThat(network.resolvesHostName()).isFalse();
    assertThat(network.fib()).isEmpty();
  }

  @Test
  void theAddressesOfSeveralValuesAreOneList() {
    set("ip4.addr", "em1|192.168.1.102/24,10.0.0.1", "10.0.0.2");
    set("ip6.addr", "fd00::5");
    set("interface", "lo1");
    set("host.hostname", "mwl.io");
    set("ip_hostname", "true");
    set("exec.fib", "65535");

    JailNetwork network = network();

    assertThat(network.ip4())
        .extracting(JailAddress::toString)
        .containsExactly("em1|192.168.1.102/24", "10.0.0.1", "10.0.0.2");
    assertThat(network.ip6()).extracting(JailAddress::toString).containsExactly("fd00::5");
    assertThat(network.aliasInterface()).contains(new InterfaceName("lo1"));
    assertThat(network.resolvesHostName()).isTrue();
    assertThat(network.fib()).hasValue(65_535);
  }

  @Test
  void interfacesAreHandedIntoAJailWithAStackOfItsOwn() {
    set("vnet", "new");
    set("vnet.interface", "e0b_loghost", "epair1b", "epair2b");

    JailNetwork network = network();

    assertThat(network.ownStack()).isTrue();
    assertThat(network.handedIn())
        .extracting(InterfaceName::value)
        .containsExactly("e0b_loghost", "epair1b", "epair2b");
  }

  @Test
  void aJailThatSharesTheStackTakesNoInterface() {
    set("vnet.interface", "epair0b");

    assertThat(problems())
        .containsExactly(
            "vnet.interface: an interface can be moved only into a jail with vnet = \"new\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ip4=inherit", "ip6=disable", "ip4.addr=10.0.0.1", "ip6.addr=fd00::1"})
  void aStackOfItsOwnAndARestrictionAreRefusedAsTheKernelRefusesThem(String restriction) {
    String name = restriction.substring(0, restriction.indexOf('='));
    set("vnet", "new");
    set(name, restriction.substring(restriction.indexOf('=') + 1));

    assertThat(problems())
        .containsExactly(
            name
                + ": a jail with vnet has a network stack of its own, where it sets its addresses"
                + " itself: the kernel takes no restriction beside it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inherit", "disable"})
  void addressesContradictAPolicyThatHasNone(String policy) {
    set("ip4", policy);
    set("ip4.addr", "10.0.0.1");

    assertThat(problems())
        .containsExactly(
            "ip4.addr: addresses restrict the jail to them, which ip4 = \""
                + policy
                + "\" contradicts: keep one");
  }

  @Test
  void addressesGoWithAPolicyOfTheirOwn() {
    set("ip4", "new");
    set("ip4.addr", "10.0.0.1");

    assertThat(network().ip4()).hasSize(1);
  }

  @Test
  void anAddressThatIsThereTwiceIsRefused() {
    set("ip6.addr", "em0|fd00::5,lo0|FD00:0::5/64");

    assertThat(problems())
        .containsExactly("ip6.addr: fd00::5 is there twice, which the kernel refuses");
  }

  @Test
  void moreAddressesThanTheKernelTakesAreRefused() {
    set("ip4.addr", addresses(255));
    assertThat(network().ip4()).hasSize(255);

    parameters = JailParameters.NONE;
    set("ip4.addr", addresses(256));
    assertThat(problems())
        .containsExactly("ip4.addr: a jail has at most 255 addresses, but 256 are given");
  }

  @Test
  void wordsForAnInterfaceNeedOne() {
    set("ip4.addr", "10.0.0.5/24 vhid 1");

    assertThat(problems())
        .containsExactly(
            "ip4.addr: \"10.0.0.5/24 vhid 1\": \"vhid 1\" is for an interface, and there is none:"
                + " write em0|10.0.0.5/24 vhid 1, or set interface");

    set("interface", "em0");
    assertThat(network().ip4()).hasSize(1);
  }

  @Test
  void aHostNameIsResolvedOnlyWhereThereIsOne() {
    set("ip_hostname", "true");

    assertThat(problems()).containsExactly("ip_hostname: there is no host.hostname to resolve");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536"})
  void aRoutingTableHasItsRange(String fib) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> set("exec.fib", fib))
        .withMessage("exec.fib takes a whole number from 0 to 65535, but \"" + fib + "\" is given");
  }

  @Test
  void everyProblemIsToldAtOnceWithTheSpellingOfItsAuthor() {
    set("ip4.addr", "10.0.0.6 vhid 3");
    set("vnet.interface", "-a", "epair0b", "epair0b");

    assertThat(problems(name -> "Ex_" + name))
        .containsExactly(
            "Ex_vnet.interface: \"-a\" is not the name of an interface, such as em0 or epair0b: it"
                + " has no blank, \"|\", \"/\" or comma, and no \"-\" in front",
            "Ex_ip4.addr: \"10.0.0.6 vhid 3\": \"vhid 3\" is for an interface, and there is none:"
                + " write em0|10.0.0.6 vhid 3, or set Ex_interface",
            "Ex_vnet.interface: an interface can be moved only into a jail with Ex_vnet = \"new\"",
            "Ex_vnet.interface: \"epair0b\" is there twice");
  }

  @Test
  void anInterfaceThatIsThereTwiceIsRefused() {
    set("vnet", "new");
    set("vnet.interface", "epair0b", "epair0b");

    assertThat(problems()).containsExactly("vnet.interface: \"epair0b\" is there twice");
  }

  private static String addresses(int count) {
    List<String> addresses =
        IntStream.range(0, count).mapToObj(i -> "10.0." + i / 250 + "." + (i % 250 + 1)).toList();
    return String.join(",", addresses);
  }

  private void set(String name, String... values) {
    parameters = parameters.with(name, List.of(values));
  }

  private JailNetwork network() {
    return JailNetwork.of(parameters, UnaryOperator.identity());
  }

  private List<String> problems() {
    return problems(UnaryOperator.identity());
  }

  private List<String> problems(UnaryOperator<String> writtenAs) {
    return catchThrowableOfType(
            InvalidValueException.class, () -> JailNetwork.of(parameters, writtenAs))
        .problems();
  }
}
