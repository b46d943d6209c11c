package io.gaol.goplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Empty;
import io.gaol.goplugin.HostConnection.Identity;
import io.gaol.goplugin.HostConnection.Offer;
import io.gaol.goplugin.proto.GRPCStdioGrpc;
import io.gaol.goplugin.proto.StdioData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins in processes of their own, started as a host does. */
class PluginProcessTest {
  @TempDir Path directory;

  @Test
  void shutdownEndsTheProcessInOrderAndLeavesNoSocket() throws Exception {
    Path ended = directory.resolve("ended");
    Path sockets = Files.createDirectory(directory.resolve("s"));
    try (ChildPlugin plugin =
            ChildPlugin.start(Map.of("TMPDIR", sockets.toString()), ended.toString());
        HostConnection host = plugin.connect()) {
      assertThat(Echo.call(host.channel(), "hello")).isEqualTo("hello");
      assertThat(sockets).isNotEmptyDirectory();
      host.shutdownPlugin();
      assertThat(plugin.assertEnds()).isZero();
      assertThat(plugin.restOfStdout()).isEmpty();
      assertThat(ended).hasContent("ended");
      assertThat(sockets).isEmptyDirectory();
    }
  }

  @Test
  void everythingThatWasAskedForAtOnceWorksOverProcesses() throws Exception {
    Offer offer = new Offer(Optional.of(Identity.make()), true);
    try (ChildPlugin plugin = ChildPlugin.start(offer, environment());
        HostConnection host = plugin.connect()) {
      assertThat(Echo.call(host.channel(), "hello")).isEqualTo("hello");
      int id = Integer.parseInt(Echo.call(host.channel(), "accept further"));
      assertThat(Echo.call(host.broker().dial(id), "?")).isEqualTo("further");
      host.shutdownPlugin();
      assertThat(plugin.assertEnds()).isZero();
    }
  }

  @Test
  void withoutTheCookieTheProgramSaysWhatItIsAndEndsWithStatusOne() throws Exception {
    for (Map<String, String> environment :
        java.util.List.of(Map.<String, String>of(), Map.of("TEST_COOKIE", "another"))) {
      try (ChildPlugin plugin = ChildPlugin.startWithoutCookie(environment)) {
        assertThat(plugin.assertEnds()).isEqualTo(1);
        assertThat(plugin.restOfStdout()).isEmpty();
        assertThat(plugin.waitForLog())
            .contains(
                "This program is a plugin: another program starts it, and talks to it.",
                TestPlugin.HINT);
      }
    }
  }

  @Test
  void whatCannotBeIsTheLogsLastLineAndStatusOne() throws Exception {
    Map<String, String> environment =
        Map.of("PLUGIN_UNIX_SOCKET_DIR", directory.resolve("missing").toString());
    try (ChildPlugin plugin = ChildPlugin.start(environment)) {
      assertThat(plugin.assertEnds()).isEqualTo(1);
      assertThat(plugin.restOfStdout()).isEmpty();
      assertThat(plugin.waitForLog())
          .last()
          .asString()
          .contains("\"@level\":\"error\"", "PLUGIN_UNIX_SOCKET_DIR");
    }
  }

  @Test
  void aFaultOfTheProgramIsToldWithItsPlaceAndStatusOne() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(environment(), "broken")) {
      assertThat(plugin.assertEnds()).isEqualTo(1);
      assertThat(plugin.restOfStdout()).isEmpty();
      assertThat(plugin.waitForLog())
          .last()
          .asString()
          .contains("no services today", "TestPlugin.java");
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void whatIsPrintedGoesToHostsAndIntoTheLogAndNeverToStdout() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(environment());
        HostConnection host = plugin.connect()) {
      Iterator<StdioData> printed =
          GRPCStdioGrpc.newBlockingStub(host.channel()).streamStdio(Empty.getDefaultInstance());
      Echo.call(host.channel(), "print 1|7|unix|/forged|grpc|");
      assertThat(next(printed, StdioData.Channel.STDOUT, "1|7|unix|/forged|grpc|\n".length()))
          .isEqualTo("1|7|unix|/forged|grpc|\n");
      Echo.call(host.channel(), "complain of something");
      assertThat(next(printed, StdioData.Channel.STDERR, "of something\n".length()))
          .isEqualTo("of something\n");
      String line = "{\"@level\":\"error\",\"@message\":\"own\",\"@timestamp\":\"t\"}";
      Echo.call(host.channel(), "complain " + line);
      Echo.call(host.channel(), "complain {\"@level\":1,\"@message\":2}");

      assertThat(members(plugin.waitForLine("forged")))
          .containsEntry("@level", "info")
          .containsEntry("@module", "test.stdout");
      assertThat(members(plugin.waitForLine("of something"))).containsEntry("@level", "warn");
      assertThat(plugin.waitForLine("own")).isEqualTo(line);
      assertThat(members(plugin.waitForLine("@level\\\":1"))).containsEntry("@level", "warn");
      host.shutdownPlugin();
      plugin.assertEnds();
      assertThat(plugin.restOfStdout()).isEmpty();
    }
  }

  @Test
  void whatLibrariesLogIsLoggedAndGrpcsWarningsAreForFindingFaults() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(environment());
        HostConnection host = plugin.connect()) {
      Echo.call(host.channel(), "library io.grpc.something");
      assertThat(members(plugin.waitForLine("io.grpc.something")))
          .containsEntry("@level", "debug")
          .containsEntry("@message", "from a library\nin two lines");
      Echo.call(host.channel(), "library other");
      assertThat(members(plugin.waitForLine("\"other\""))).containsEntry("@level", "warn");
    }
  }

  /** Java leaves a signal alone that was ignored when it started, as nohup(1) has it. */
  private static void assumeNotIgnored(String name, int number) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      String mask =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .findFirst()
              .orElseThrow()
              .split("\\s+")[1];
      assumeThat(Long.parseUnsignedLong(mask, 16) & (1L << (number - 1)))
          .as("the tests were started with %s ignored", name)
          .isZero();
    }
  }

  @Test
  void sigintIsWithoutEffectAndNotIgnoredByWhatIsStarted() throws Exception {
    assumeNotIgnored("SIGINT", 2);
    try (ChildPlugin plugin = ChildPlugin.start(environment());
        HostConnection host = plugin.connect()) {
      plugin.signal("INT");
      plugin.waitForLine("SIGINT");
      assertThat(Echo.call(host.channel(), "still there?")).isEqualTo("still there?");

      String ignored = Echo.call(host.channel(), "child grep SigIgn /proc/self/status");
      assumeThat(ignored).as("what a FreeBSD has no file for").contains("SigIgn");

      // The bits of SIGHUP (1), SIGINT (2) and SIGTERM (15).
      assertThat(Long.parseLong(ignored.strip().split("\\s+")[2], 16) & 0x4003L).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "HUP"})
  void aSignalToEndEndsThePluginInOrder(String signal) throws Exception {
    assumeNotIgnored("SIGHUP", 1);
    Path ended = directory.resolve("ended");
    Path sockets = Files.createDirectory(directory.resolve("s"));
    try (ChildPlugin plugin =
        ChildPlugin.start(Map.of("TMPDIR", sockets.toString()), ended.toString())) {
      assertThat(plugin.handshake().socket()).exists();
      plugin.signal(signal);
      assertThat(plugin.assertEnds()).isZero();
      assertThat(ended).hasContent("ended");
      assertThat(sockets).isEmptyDirectory();
    }
  }

  @Test
  void aProgramThatExitsByItselfLeavesNoSocket() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(environment());
        HostConnection host = plugin.connect()) {
      assertThat(Echo.call(host.channel(), "exit 3")).isEqualTo("exiting");
      assertThat(plugin.assertEnds()).isEqualTo(3);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "fail", "thread"})
  void neitherALastActNorAThreadHoldsUpTheEnd(String fault) throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(environment(), fault);
        HostConnection host = plugin.connect()) {
      host.shutdownPlugin();
      assertThat(plugin.assertEnds()).isZero();
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aHostThatReadsNeitherStdoutNorStderrAnyMoreIsServed() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.start(environment());
        HostConnection host = plugin.connect()) {
      plugin.closePipes();
      Echo.call(host.channel(), "flood 100");
      Echo.call(host.channel(), "print into nothing");
      assertThat(Echo.call(host.channel(), "still there?")).isEqualTo("still there?");
      host.shutdownPlugin();
      assertThat(plugin.assertEnds()).isZero();
    }
  }

  @Test
  void aHostThatDoesNotReadTheLogHoldsUpNobody() throws Exception {
    try (ChildPlugin plugin = ChildPlugin.startWithUnreadLog(environment());
        HostConnection host = plugin.connect()) {
      // 20 MB, where the pipe takes 64 KiB.
      assertThat(Echo.call(host.channel(), "flood 2000")).isEqualTo("flooded");
      assertThat(Echo.call(host.channel(), "still there?")).isEqualTo("still there?");
      host.shutdownPlugin();
      assertThat(plugin.assertEnds()).isZero();
    }
  }

  @Test
  void aSocketThatNobodyListensOnIsToldByItsPath() {
    assertThatThrownBy(() -> UnixConnection.to(directory.resolve("nobody")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(directory.resolve("nobody").toString());
  }

  private Map<String, String> environment() {
    return Map.of("TMPDIR", directory.toString());
  }

  private static String next(Iterator<StdioData> printed, StdioData.Channel channel, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      StdioData data = printed.next();
      assertThat(data.getChannel()).isEqualTo(channel);
      text.append(data.getData().toStringUtf8());
    }
    return text.toString();
  }

  private static Map<String, String> members(String line) {
    JsonObject json = JsonParser.parseString(line).getAsJsonObject();
    Map<String, String> members = new java.util.HashMap<>();
    json.entrySet()
        .forEach(member -> members.put(member.getKey(), member.getValue().getAsString()));
    return members;
  }
}
