package io.gaol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gaol.e2e.Command.Outcome;
import io.gaol.e2e.GaolJob.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jails with addresses of their own: what they can reach, what reaches them, what is left. */
@RequiresLinuxRoot
class NetworkIT {
  private static final String JAIL = "192.168.1.102";

  @RegisterExtension private final Workplace work = new Workplace();

  @AutoClose private final Lan lan = Lan.open();

  private GaolJob job(String config) {
    return lan.on(work.job(JobText.jail(config)));
  }

  private void stop(Running running) {
    Outcome stop = lan.on(work.gaolJob("stop", "job")).run();
    assertThat(stop.status()).as(stop.stderr()).isZero();
    running.await();
  }

  /** What a script prints in a jail with these parameters; it must end well. */
  private List<String> printed(String config, String script) {
    Outcome outcome = job(config + "\n" + JobText.shell(script)).run();
    assertThat(outcome.status()).as(outcome.stderr()).isZero();
    lan.assertNothingIsLeft();
    return outcome.stdout().lines().map(line -> line.replaceFirst("^task \\| ", "")).toList();
  }

  private static String address(String address) {
    return "Ip4_addr = \"em1|" + address + "\"\n";
  }

  /** perl(1) that prints how a call of sockets ended. */
  private static String perl(String call) {
    return "perl -MSocket=:all -e '$! = 0; " + call + " and print qq(ok\\n) or print qq($!\\n)'";
  }

  private static String bind(String to, int port) {
    return perl(
        "socket(S, AF_INET, SOCK_STREAM, 0) and bind(S, pack_sockaddr_in(%d, inet_aton(qq(%s))))"
            .formatted(port, to));
  }

  private static String connect(String to, int port) {
    return perl(
        "$SIG{ALRM} = sub { exit 9 }, alarm(10), socket(S, AF_INET, SOCK_STREAM, 0) and connect(S,"
            + " pack_sockaddr_in(%d, inet_aton(qq(%s))))".formatted(port, to));
  }

  /** A web server that answers each request with a text. */
  private static String serves(String text) {
    return JobText.shell(
        "mkdir -p /local/www; echo "
            + text
            + " >/local/www/index.html; echo ready;"
            + " exec busybox httpd -f -p 0.0.0.0:9999 -h /local/www");
  }

  private Running serving(String config, String text) {
    return job(config + serves(text)).start().awaitLine("task | ready");
  }

  private static String url(String address) {
    return "http://" + address + ":9999/";
  }

  private void awaitAnswer(String address, String text) {
    Workplace.await(
        "an answer of " + address, () -> lan.hostGets(url(address)).equals(text + "\n"));
  }

  // ---- the job that was asked for

  /**
   * A root with the http-echo that the job names. It answers with its text, and at two paths goes
   * as far as its limits let it.
   */
  private Path httpEchoRoot() throws IOException {
    Path root =
        SmallRoot.make(
            work.directory().resolve("root"), "/bin/sh", "/bin/busybox", "/usr/bin/perl");
    program(
        root.resolve("usr/local/bin/http-echo"),
        """
        #!/bin/sh
        # -listen :PORT -text TEXT
        echo "$4" >/www/index.html
        exec /bin/busybox httpd -f -p "0.0.0.0$2" -h /www
        """);
    program(
        root.resolve("www/cgi-bin/files"),
        """
        #!/usr/bin/perl
        print "Content-Type: text/plain\n\n";
        while (open(my $file, "<", "/etc/passwd")) { push @open, $file }
        print "after ", 1 + fileno($open[-1]), " files: $!\n";
        """);
    program(
        root.resolve("www/cgi-bin/memory"),
        """
        #!/bin/sh
        printf 'Content-Type: text/plain\n\n'
        for size in 128 2048; do
          /usr/bin/perl -e '$x = "x" x ($ARGV[0] << 20)' "$size" 2>&1 && echo "$size MB"
        done
        """);
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
    return root;
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  /** The seed as it stands, but for its root. */
  private String httpEcho() throws IOException {
    String seed = Files.readString(Path.of("../examples/seeds/http-echo.nomad.hcl"));
    return seed.replace("/zroot/iocage/jails/myjail/root", httpEchoRoot().toString());
  }

  @Test
  void theSeedsHttpEchoAnswersAtItsAddressAloneAndItsLimitsBite() throws IOException {
    String job = httpEcho();
    assertThat(job).contains("Ip4_addr          = \"em1|192.168.1.102\"", "Rctl");
    Running running =
        lan.on(work.job(job)).start().awaitLine("gaol: http-echo.http-echo-jail: started");

    awaitAnswer(JAIL, "hello");
    assertThat(lan.otherGets(url(JAIL))).isEqualTo("hello\n");
    assertThat(lan.hostGets(url("127.0.0.1"))).isEmpty();
    assertThat(lan.hostGets(url("192.168.1.1"))).isEmpty();
    assertThat(lan.otherGets(url("192.168.1.1"))).isEmpty();
    assertThat(lan.onOther("ping -c 2 -i 0.2 -W 5 " + JAIL).status()).isZero();
    assertThat(lan.otherGets(url(JAIL) + "cgi-bin/files"))
        .isEqualTo("after 500 files: Too many open files\n");
    assertThat(lan.otherGets(url(JAIL) + "cgi-bin/memory"))
        .matches("128 MB\nOut of memory[^\n]*\n");

    assertThat(lan.on(work.gaolJob("stop", "http-echo")).run().status()).isZero();
    running.await();
    assertThat(lan.hostGets(url(JAIL))).isEmpty();
    lan.assertNothingIsLeft();
  }

  // ---- confined to its address

  @Test
  void aJailBindsItsOwnAddressesAndNoOther() {
    assertThat(
            printed(
                address(JAIL),
                String.join(
                    "\n",
                    bind(JAIL, 9999),
                    bind("0.0.0.0", 9998),
                    bind("127.0.0.1", 9997),
                    bind("192.168.1.1", 9999),
                    bind("192.168.1.103", 9999))))
        .containsExactly(
            "ok", "ok", "ok", "Cannot assign requested address", "Cannot assign requested address");
  }

  @Test
  void aJailsLoopbackIsItsOwn() throws Exception {
    Process server =
        new ProcessBuilder(
                lan.host()[0],
                lan.host()[1],
                "perl",
                "-MSocket=:all",
                "-e",
                "socket(S, AF_INET, SOCK_STREAM, 0) and bind(S, pack_sockaddr_in(9777,"
                    + " INADDR_LOOPBACK)) and listen(S, 5) or die; $| = 1; print qq(ready\\n);"
                    + " sleep 300")
            .start();
    try {
      assertThat(server.inputReader().readLine()).isEqualTo("ready");
      assertThat(printed(address(JAIL), connect("127.0.0.1", 9777) + "\nip -o link show | wc -l"))
          .containsExactly("Connection refused", "2");
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void anAddressOfOneVersionGivesNoSocketOfTheOther() {
    assertThat(printed(address(JAIL), perl("socket(S, AF_INET6, SOCK_STREAM, 0)")))
        .containsExactly("Address family not supported by protocol");
  }

  @Test
  void newWithoutAnAddressIsNoAddress() {
    assertThat(printed("Ip4 = \"new\"", perl("socket(S, AF_INET, SOCK_STREAM, 0)")))
        .containsExactly("Address family not supported by protocol");
  }

  @ParameterizedTest
  @CsvSource({"true, ok", "false, Permission denied"})
  void reservedPortsAreThoseBelow1024(boolean allowed, String answer) {
    assertThat(
            printed(
                address(JAIL) + "Allow_reserved_ports = " + allowed,
                bind(JAIL, 81) + "\n" + bind(JAIL, 1024)))
        .containsExactly(answer, "ok");
  }

  @Test
  void aForgedSourceOfARawSocketReachesNobody() throws Exception {
    String listen =
        "socket(S, AF_INET, SOCK_RAW, 1) or die; $| = 1; print qq(ready\\n); alarm(60);"
            + " while (recv(S, $p, 1500, 0)) { $p =~ /GAOL-(\\w+)/s or next;"
            + " print inet_ntoa(substr($p, 12, 4)), qq( $1\\n); $1 eq qq(last) and exit }";
    for (String target : List.of("192.168.1.50", "192.168.1.1")) {
      List<String> words = new ArrayList<>(List.of(lan.host()));
      if (target.equals("192.168.1.50")) {
        words.set(1, words.get(1).replace("gaolt-h-", "gaolt-l-"));
      }
      words.addAll(List.of("perl", "-MSocket=:all", "-e", listen));
      Process listener = new ProcessBuilder(words).start();
      try {
        assertThat(listener.inputReader().readLine()).isEqualTo("ready");
        // An IPv4 header of our own with each source, ICMP echo replies behind it.
        String send =
            "perl -MSocket=:all -e 'socket(S, AF_INET, SOCK_RAW, 255) or die qq($!\\n); sub f {"
                + " my $d = pack(qq(C2 n3), 0, 0, 0, 1, 1) . qq(GAOL-$_[1]); my $c = 0;"
                + " $c += $_ for unpack(qq(n*), $d . qq(\\0)); $c = ($c & 65535) + ($c >> 16);"
                + " $c = ~($c + ($c >> 16)) & 65535; substr($d, 2, 2) = pack(qq(n), $c);"
                + " send(S, pack(qq(C2 n3 C2 n a4 a4), 69, 0, 20 + length $d, 0, 0, 64, 1, 0,"
                + " inet_aton($_[0]), inet_aton(qq(TO))) . $d, 0,"
                + " pack_sockaddr_in(0, inet_aton(qq(TO)))) or print qq($!\\n) }"
                + " f(qq(10.9.9.9), qq(forged)); f(qq(192.168.1.77), qq(neighbours));"
                + " f(qq(127.0.0.1), qq(loopback)); f(qq(192.168.1.102), qq(own));"
                + " f(qq(192.168.1.102), qq(last)); print qq(sent\\n)'";
        assertThat(printed(address(JAIL) + "Allow_raw_sockets = true", send.replace("TO", target)))
            .contains("sent");
        assertThat(listener.inputReader().lines().collect(Collectors.toList()))
            .containsExactly(JAIL + " own", JAIL + " last");
      } finally {
        listener.destroyForcibly();
      }
    }
  }

  @Test
  void rawSocketsArePermittedOnlyWhenAskedFor() {
    String raw = perl("socket(S, AF_INET, SOCK_RAW, 1)");
    assertThat(printed(address(JAIL), raw)).containsExactly("Operation not permitted");
    assertThat(
            printed(
                address(JAIL) + "Allow_raw_sockets = true",
                raw + "\nping -c 1 -W 5 192.168.1.50 >/dev/null && echo pong"))
        .containsExactly("ok", "pong");
  }

  // ---- several addresses, jails, hosts

  @Test
  void jailsOnOneInterfaceReachEachOtherAndTheLastGivesTheInterfaceBack() {
    Running first = serving(address(JAIL), "first");
    String forwarding = "cat /proc/sys/net/ipv4/conf/em1/forwarding";
    assertThat(lan.onHost(forwarding).stdout()).isEqualTo("1\n");
    Outcome second =
        lan.on(
                work.job(
                    JobText.jail(
                            address("192.168.1.103")
                                + JobText.shell("busybox wget -q -O - " + url(JAIL)))
                        .replace("job \"job\"", "job \"second\"")))
            .run();
    assertThat(second.stdout()).isEqualTo("task | first\n");
    assertThat(lan.onHost(forwarding).stdout()).isEqualTo("1\n");
    assertThat(lan.otherGets(url(JAIL))).isEqualTo("first\n");
    stop(first);
    assertThat(lan.onHost(forwarding).stdout()).isEqualTo("0\n");
    lan.assertNothingIsLeft();
  }

  @Test
  void anInterfaceThatForwardsAnywayGoesOnForwarding() {
    lan.onHost("echo 1 >/proc/sys/net/ipv4/conf/em1/forwarding");
    String before = lan.everything();
    Running running = serving(address(JAIL), "here");
    stop(running);
    lan.assertNothingIsLeft(before);
  }

  @Test
  void everyAddressOfAJailIsReachedAlsoThatOfNic() {
    Running running =
        serving(
            "Ip4_addr = [\"em1|192.168.1.102/24\", \"192.168.1.103\"]\nNic = \"em1\"\n", "both");
    awaitAnswer(JAIL, "both");
    assertThat(lan.otherGets(url(JAIL))).isEqualTo("both\n");
    assertThat(lan.otherGets(url("192.168.1.103"))).isEqualTo("both\n");
    stop(running);
    lan.assertNothingIsLeft();
  }

  @Test
  void anAddressWithoutAnInterfaceIsTheHostsToReach() {
    Running running = serving("Ip4_addr = \"10.44.0.7\"\n", "inside");
    awaitAnswer("10.44.0.7", "inside");
    assertThat(lan.onHost("ip neigh show proxy").stdout()).isEmpty();
    assertThat(running.stderr()).contains("10.44.0.7: no interface is named");
    stop(running);
    lan.assertNothingIsLeft();
  }

  @Test
  void aJailWithIpv6IsReachedWhereTheHostForwardsIt() {
    String config = "Ip6_addr = \"em1|fd01::102/64\"\n";
    Outcome refused = job(config + serves("never")).run();
    assertThat(refused.stderr()).contains("sysctl -w net.ipv6.conf.all.forwarding=1");
    assertThat(refused.status()).isEqualTo(1);

    lan.onHost("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
    String before = lan.everything();
    Running running =
        job(config + serves("six").replace("0.0.0.0:9999", "[::]:9999"))
            .start()
            .awaitLine("task | ready");
    Workplace.await("an answer", () -> lan.hostGets("http://[fd01::102]:9999/").equals("six\n"));
    assertThat(lan.otherGets("http://[fd01::102]:9999/")).isEqualTo("six\n");
    stop(running);
    lan.assertNothingIsLeft(before);
  }

  @Test
  void withoutSourceSelectionTheFirstAddressIsTheSource() {
    lan.onHost("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
    lan.onHost("ip -6 route add fd02::50 via fd01::50");
    lan.onOther("ip address add fd02::50/128 dev lo nodad; ip -6 route add default via fd01::1");
    String source =
        perl(
            "socket(S, AF_INET6, SOCK_DGRAM, 0) and connect(S, pack_sockaddr_in6(9,"
                + " inet_pton(AF_INET6, qq(fd02::50)))) and print inet_ntop(AF_INET6,"
                + " (unpack_sockaddr_in6(getsockname(S)))[1]), qq( )");
    String addresses = "Ip6_addr = [\"em1|fd01::102\", \"fd02::102\"]\n";
    String before = lan.everything();
    for (boolean selects : List.of(true, false)) {
      Outcome outcome =
          job(addresses + "Ip6_saddrsel = " + selects + "\n" + JobText.shell(source)).run();
      assertThat(outcome.stdout())
          .as(outcome.stderr())
          .isEqualTo("task | " + (selects ? "fd02::102" : "fd01::102") + " ok\n");
    }
    lan.assertNothingIsLeft(before);
  }

  @Test
  void aRoutingTableIsTheJailsAlone() {
    lan.onOther("ip address add 10.50.0.1/32 dev lo; ip address add 10.51.0.1/32 dev lo");
    lan.onHost("ip route add 10.50.0.0/16 via 192.168.1.50 table 77");
    lan.onHost("ip route add 192.168.1.0/24 dev em1 table 77");
    lan.onHost("ip route add 10.51.0.0/16 via 192.168.1.50");
    String before = lan.everything();
    String script =
        "for to in 10.50.0.1 10.51.0.1; do ping -c 1 -W 5 $to >/dev/null && echo yes || echo no;"
            + " done";
    String config = address(JAIL) + "Allow_raw_sockets = true\n";
    for (String fib : List.of("", "Exec_fib = 77\n")) {
      Outcome outcome = job(config + fib + JobText.shell(script)).run();
      assertThat(outcome.stdout())
          .as(fib + outcome.stderr())
          .isEqualTo(fib.isEmpty() ? "task | no\ntask | yes\n" : "task | yes\ntask | no\n");
      lan.assertNothingIsLeft(before);
    }
  }

  @Test
  void theAddressesOfTheHostNameAreLookedUpOnTheHost() {
    Path hosts = work.write("hosts", "127.0.0.1 localhost\n192.168.1.102 web.gaol.test\n");
    GaolJob job =
        job("Host_hostname = \"web.gaol.test\"\nIp_hostname = true\nNic = \"em1\"\n"
                + JobText.shell("ip -4 -o address show dev eth0 | cut -d ' ' -f 7; hostname"))
            .afterMounting("mount --bind " + hosts + " /etc/hosts");
    Outcome outcome = job.run();
    assertThat(outcome.stdout())
        .as(outcome.stderr())
        .isEqualTo("task | 192.168.1.102/32\ntask | web.gaol.test\n");
    assertThat(outcome.stderr()).contains("ip_hostname: web.gaol.test is 192.168.1.102");
    lan.assertNothingIsLeft();

    Outcome unknown =
        job("Host_hostname = \"nobody.gaol.test\"\nIp_hostname = true\n" + JobText.shell("true"))
            .run();
    assertThat(unknown.stderr())
        .contains("ip_hostname: \"nobody.gaol.test\" cannot be resolved: this host finds no");
    assertThat(unknown.status()).isEqualTo(1);
  }

  @Test
  void theNamespaceIsAnOperatorsToEnter() {
    Running running = serving(address(JAIL), "named");
    String jail =
        lan.onHost("ip netns list")
            .stdout()
            .lines()
            .map(line -> line.split(" ")[0])
            .filter(name -> name.startsWith("gaol-task-"))
            .filter(
                name -> lan.onHost("ip -n " + name + " -o address show").stdout().contains(JAIL))
            .findFirst()
            .orElseThrow();
    assertThat(lan.onHost("ip -o link show type veth").stdout())
        .contains("alias gaol jail " + jail.substring("gaol-".length()));
    stop(running);
    assertThat(Path.of("/run/netns", jail)).doesNotExist();
    lan.assertNothingIsLeft();
  }

  // ---- clashes

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "em1|192.168.1.1 # 192.168.1.1 is an address of the host's interface em1",
        "em9|192.168.1.9 # the host has no interface \"em9\"",
        "em1|127.0.0.5 # 127.0.0.0/8 is each network namespace's own",
        "em1|192.168.1.9 vhid 3 # \"vhid\" is for ifconfig(8)",
        "all|192.168.1.9 # \"all\" is not the name of an interface on Linux"
      })
  void anAddressThatCannotBeIsRefusedBeforeAnythingRuns(String address, String reason) {
    Path mark = work.directory().resolve("mark");
    Outcome outcome =
        job("Ip4_addr = \""
                + address
                + "\"\nExec_prestart = \"touch "
                + mark
                + "\"\n"
                + JobText.shell("true"))
            .run();
    assertThat(outcome.stderr()).contains(reason);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(mark).doesNotExist();
    assertThat(work.left()).isEmpty();
    lan.assertNothingIsLeft();
  }

  @Test
  void theAddressOfAnotherJailIsRefusedByTheNameOfTheJailAlsoOfAnotherStateDirectory() {
    Running running = serving(address(JAIL), "mine");
    Outcome other =
        job(address(JAIL) + JobText.shell("true")).in(work.directory().resolve("other")).run();
    assertThat(other.stderr())
        .containsPattern(
            "192\\.168\\.1\\.102 is that of another jail, task-[0-9a-f]{8} \\(its link is gl-");
    assertThat(other.status()).isEqualTo(1);
    assertThat(lan.otherGets(url(JAIL))).isEqualTo("mine\n");
    stop(running);
    lan.assertNothingIsLeft();
  }

  @Test
  void whatTheHostAnswersForAlreadyIsRefusedAndStays() {
    lan.onHost("ip neigh add proxy 192.168.1.102 dev em1");
    String before = lan.everything();
    Outcome outcome = job(address(JAIL) + JobText.shell("true")).run();
    assertThat(outcome.stderr()).contains("one that the host answers for already");
    assertThat(outcome.status()).isEqualTo(1);
    lan.assertNothingIsLeft(before);
  }

  @Test
  void whoeverTakesAnAddressInTheLastMomentKeepsItAndTheOtherIsToldWhy() {
    Path other = work.directory().resolve("other");
    // The hook runs after the plan was made, and before the address is.
    String late = "until [ -e %s ]; do sleep 0.05; done".formatted(work.directory().resolve("go"));
    Running second =
        job(address(JAIL) + "Exec_prepare = \"" + late + "\"\n" + JobText.shell("true"))
            .in(other)
            .start();
    Workplace.await(
        "the second has its plan",
        () ->
            !Leftovers.entries(other.resolve("tasks")).isEmpty()
                && lan.onHost("pgrep -f '" + work.directory().resolve("go") + "' || true")
                        .stdout()
                        .lines()
                        .count()
                    > 1);
    Running first = serving(address(JAIL), "first");
    work.write("go", "");
    Outcome outcome = second.await();
    assertThat(outcome.stderr()).contains("192.168.1.102 is another's meanwhile");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(lan.otherGets(url(JAIL))).as("the first is still reached").isEqualTo("first\n");
    stop(first);
    lan.assertNothingIsLeft();
  }

  // ---- crashes

  @Test
  void whatGaolLeavesWhenItIsKilledIsRemovedByTheNext() {
    Running running = serving(address(JAIL), "killed");
    running.signal("KILL");
    running.await();
    assertThat(lan.otherGets(url(JAIL))).as("the task runs on").isEqualTo("killed\n");
    Outcome stop = lan.on(work.gaolJob("stop", "job")).run();
    assertThat(stop.status()).as(stop.stderr()).isZero();
    lan.assertNothingIsLeft();
  }

  @Test
  void whatAnOperatorRemovedByHandDoesNotKeepTheRest() {
    Running running = serving(address(JAIL), "gone");
    String link =
        lan.onHost("ip -o link show type veth")
            .stdout()
            .lines()
            .map(line -> line.split(": ")[1].split("@")[0])
            .filter(name -> name.startsWith("gl-"))
            .findFirst()
            .orElseThrow();
    assertThat(lan.onHost("ip link del " + link).status()).isZero();
    stop(running);
    lan.assertNothingIsLeft();
  }
}
