package io.gaol.linux;

import static io.gaol.linux.SeccompProfile.Errno.EACCES;
import static io.gaol.linux.SeccompProfile.Errno.EAFNOSUPPORT;
import static io.gaol.linux.SeccompProfile.Errno.ENOSYS;
import static io.gaol.linux.SeccompProfile.Errno.EPERM;
import static io.gaol.linux.SeccompProfile.Errno.EPROTONOSUPPORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.gaol.linux.SeccompProfile.Errno;
import io.gaol.linux.SeccompProfile.Machine;
import io.gaol.linux.SeccompProfile.Match;
import io.gaol.linux.SeccompProfile.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SeccompProfileTest {

  private static final int UNIX = 1;
  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int NETLINK = 16;
  private static final int PACKET = 17;
  private static final int ALG = 38;
  private static final int VSOCK = 40;
  private static final int XDP = 44;

  private static final int STREAM = 1;
  private static final int DGRAM = 2;
  private static final int RAW = 3;
  private static final int SOCK_PACKET = 10;
  private static final int CLOEXEC = 0x80000;
  private static final int NONBLOCK = 0x800;

  private static final long HIGH_BIT = 1L << 32;

  private static final Filter DEFAULTS = Filter.of();
  private static final Filter NETWORKED = Filter.of(Allowance.INET4, Allowance.INET6);

  @Nested
  final class WhateverTheParameters {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "mount",
          "umount2",
          "pivot_root",
          "fsopen",
          "open_tree",
          "move_mount",
          "mount_setattr",
          "open_by_handle_at",
          "setns",
          "init_module",
          "finit_module",
          "delete_module",
          "reboot",
          "kexec_load",
          "swapon",
          "swapoff",
          "settimeofday",
          "clock_settime",
          "quotactl",
          "acct",
          "sethostname",
          "setdomainname",
          "iopl",
          "ioperm",
          "bpf",
          "perf_event_open",
          "userfaultfd",
          "io_uring_setup"
        })
    void aPrivilegeOfTheHostIsRefusedWithEperm(String syscall) {
      assertThat(DEFAULTS.answer(syscall)).isEqualTo(EPERM);
      assertThat(Filter.of(Allowance.values()).answer(syscall)).isEqualTo(EPERM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clone3", "keyctl", "add_key", "request_key"})
    void whatProgramsDoWithoutLooksAbsent(String syscall) {
      assertThat(DEFAULTS.answer(syscall)).isEqualTo(ENOSYS);
      assertThat(Filter.of(Allowance.values()).answer(syscall)).isEqualTo(ENOSYS);
    }

    @ParameterizedTest
    @ValueSource(
        longs = {
          0x20000,
          0x2000000,
          0x4000000,
          0x8000000,
          0x10000000,
          0x20000000,
          0x40000000,
          0x7e020000,
        })
    void aNewNamespaceIsRefused(long flags) {
      assertThat(DEFAULTS.answer("unshare", flags)).isEqualTo(EPERM);
      assertThat(DEFAULTS.answer("unshare", flags | HIGH_BIT)).isEqualTo(EPERM);
      assertThat(DEFAULTS.answer("clone", flags | 17)).isEqualTo(EPERM);
      assertThat(DEFAULTS.answer("clone", flags | HIGH_BIT)).isEqualTo(EPERM);
    }

    @Test
    void aNewTimeNamespaceIsRefusedAndAnExitSignalIsNotTakenForIt() {
      assertThat(DEFAULTS.answer("unshare", 0x80)).isEqualTo(EPERM);
      assertThat(DEFAULTS.answer("clone", 0x80)).isNull();
    }

    @Test
    void processesAndThreadsAreMadeAsUsual() {
      long pthreadCreate = 0x3d0f00;
      long vfork = 0x4111;
      long cloneFilesAndFs = 0x600;

      assertThat(DEFAULTS.answer("clone", 17)).isNull();
      assertThat(DEFAULTS.answer("clone", pthreadCreate)).isNull();
      assertThat(DEFAULTS.answer("clone", vfork)).isNull();
      assertThat(DEFAULTS.answer("unshare", cloneFilesAndFs)).isNull();
    }

    @Test
    void nothingIsTypedIntoTheTerminalOfTheOnlooker() {
      long tiocsti = 0x5412;
      long tioclinux = 0x541c;
      long tcgets = 0x5401;

      assertThat(DEFAULTS.answer("ioctl", 0, tiocsti)).isEqualTo(EPERM);
      assertThat(DEFAULTS.answer("ioctl", 0, tiocsti | HIGH_BIT)).isEqualTo(EPERM);
      assertThat(DEFAULTS.answer("ioctl", 0, tioclinux)).isEqualTo(EPERM);
      assertThat(DEFAULTS.answer("ioctl", 0, tcgets)).isNull();
    }
  }

  @Nested
  final class Sockets {

    @Test
    void withoutAddressesThereIsNoInternetFamily() {
      assertThat(DEFAULTS.answer("socket", INET, STREAM, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(DEFAULTS.answer("socket", INET, RAW, 1)).isEqualTo(EAFNOSUPPORT);
      assertThat(DEFAULTS.answer("socket", INET6, DGRAM, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(DEFAULTS.answer("socketpair", INET, STREAM, 0)).isEqualTo(EAFNOSUPPORT);
    }

    @Test
    void eachInternetFamilyIsAllowedBySelf() {
      Filter inet4 = Filter.of(Allowance.INET4);
      Filter inet6 = Filter.of(Allowance.INET6);

      assertThat(inet4.answer("socket", INET, STREAM | CLOEXEC, 6)).isNull();
      assertThat(inet4.answer("socket", INET6, STREAM, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(inet6.answer("socket", INET6, DGRAM | NONBLOCK, 17)).isNull();
      assertThat(inet6.answer("socket", INET, DGRAM, 0)).isEqualTo(EAFNOSUPPORT);
    }

    @Test
    void unixSocketsAndTheRoutingSocketAreAlwaysThere() {
      assertThat(DEFAULTS.answer("socket", UNIX, STREAM, 0)).isNull();
      assertThat(DEFAULTS.answer("socketpair", UNIX, DGRAM | CLOEXEC, 0)).isNull();
      assertThat(DEFAULTS.answer("socket", NETLINK, RAW | CLOEXEC, 0)).isNull();
      assertThat(DEFAULTS.answer("socket", NETLINK, DGRAM, 0)).isNull();
    }

    @Test
    void noOtherFamilyIsThere() {
      Set<Integer> known = Set.of(UNIX, INET, INET6, NETLINK);
      for (int family = 0; family < 128; family++) {
        Errno expected = known.contains(family) ? null : EAFNOSUPPORT;
        assertThat(NETWORKED.answer("socket", family, STREAM, 0)).isEqualTo(expected);
        assertThat(NETWORKED.answer("socketpair", family, STREAM, 0)).isEqualTo(expected);
      }
    }

    @Test
    void netlinkSpeaksOnlyOfRoutes() {
      for (int protocol = 1; protocol < 32; protocol++) {
        assertThat(NETWORKED.answer("socket", NETLINK, RAW, protocol)).isEqualTo(EPROTONOSUPPORT);
      }
    }

    @Test
    void rawSocketsAreRefused() {
      assertThat(NETWORKED.answer("socket", INET, RAW, 1)).isEqualTo(EPERM);
      assertThat(NETWORKED.answer("socket", INET, RAW | CLOEXEC, 255)).isEqualTo(EPERM);
      assertThat(NETWORKED.answer("socket", INET6, RAW | NONBLOCK, 58)).isEqualTo(EPERM);
      assertThat(NETWORKED.answer("socket", INET, DGRAM | CLOEXEC, 1)).isEqualTo(EACCES);
      assertThat(NETWORKED.answer("socket", INET6, DGRAM, 58)).isEqualTo(EACCES);
    }

    @Test
    void allowRawSocketsGivesThemAndNoWholeFrames() {
      Filter raw = Filter.of(Allowance.INET4, Allowance.INET6, Allowance.RAW_SOCKETS);

      assertThat(raw.answer("socket", INET, RAW, 1)).isNull();
      assertThat(raw.answer("socket", INET6, RAW, 58)).isNull();
      assertThat(raw.answer("socket", INET, DGRAM, 1)).isNull();
      assertThat(raw.answer("socket", PACKET, RAW, 0x300)).isEqualTo(EAFNOSUPPORT);
      assertThat(raw.answer("socket", INET, SOCK_PACKET, 0x300)).isEqualTo(EAFNOSUPPORT);
    }

    @Test
    void allowSocketAfGivesEveryFamilyButWholeFrames() {
      Filter others = Filter.of(Allowance.OTHER_ADDRESS_FAMILIES, Allowance.INET4);

      assertThat(others.answer("socket", VSOCK, STREAM, 0)).isNull();
      assertThat(others.answer("socket", ALG, STREAM, 0)).isNull();
      assertThat(others.answer("socket", NETLINK, RAW, 12)).isNull();
      assertThat(others.answer("socket", INET6, STREAM, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(others.answer("socket", INET, RAW, 1)).isEqualTo(EPERM);
      assertThat(others.answer("socket", PACKET, RAW, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(others.answer("socket", XDP, RAW, 0)).isEqualTo(EAFNOSUPPORT);
    }

    @Test
    void vnetManagesAStackOfItsOwn() {
      Filter vnet = Filter.of(Allowance.VNET);

      assertThat(vnet.answer("socket", INET, STREAM, 0)).isNull();
      assertThat(vnet.answer("socket", INET6, RAW, 58)).isNull();
      assertThat(vnet.answer("socket", PACKET, RAW, 0x300)).isNull();
      assertThat(vnet.answer("socket", INET, SOCK_PACKET, 0x300)).isNull();
      assertThat(vnet.answer("socket", NETLINK, RAW, 12)).isNull();
      assertThat(vnet.answer("socket", VSOCK, STREAM, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(vnet.answer("socket", XDP, RAW, 0)).isEqualTo(EAFNOSUPPORT);
    }

    @Test
    void bitsThatTheKernelDropsDoNotHideAnything() {
      assertThat(DEFAULTS.answer("socket", INET | HIGH_BIT, STREAM, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(NETWORKED.answer("socket", PACKET | HIGH_BIT, RAW, 0)).isEqualTo(EAFNOSUPPORT);
      assertThat(NETWORKED.answer("socket", INET | HIGH_BIT, RAW | HIGH_BIT, 1)).isEqualTo(EPERM);
      assertThat(NETWORKED.answer("socket", INET, DGRAM, 1 | HIGH_BIT)).isEqualTo(EACCES);
      assertThat(NETWORKED.answer("socket", NETLINK, RAW, 9 | HIGH_BIT)).isEqualTo(EPROTONOSUPPORT);
    }

    @Test
    void thirtyTwoBitProgramsDoNotReachThemByTheOldCall() {
      assertThat(DEFAULTS.answer("socketcall", 1)).isEqualTo(ENOSYS);
      assertThat(
              Filter.of(Allowance.VNET, Allowance.OTHER_ADDRESS_FAMILIES).answer("socketcall", 1))
          .isNull();
    }
  }

  @Nested
  final class SystemVIpc {

    @Test
    void isDisabledByDefault() {
      for (String syscall :
          List.of("msgget", "msgsnd", "semget", "semop", "shmget", "shmat", "shmctl", "ipc")) {
        assertThat(DEFAULTS.answer(syscall)).as(syscall).isEqualTo(ENOSYS);
      }
    }

    @Test
    void isAllowedKindByKind() {
      Filter memory = Filter.of(Allowance.SYSV_SHARED_MEMORY);

      assertThat(memory.answer("shmget")).isNull();
      assertThat(memory.answer("semget")).isEqualTo(ENOSYS);
      assertThat(memory.answer("msgget")).isEqualTo(ENOSYS);
      assertThat(memory.answer("ipc")).isEqualTo(ENOSYS);
    }

    @Test
    void isAllowedForThirtyTwoBitProgramsWhenAllOfItIs() {
      Filter all =
          Filter.of(
              Allowance.SYSV_MESSAGES, Allowance.SYSV_SEMAPHORES, Allowance.SYSV_SHARED_MEMORY);

      assertThat(all.answer("ipc")).isNull();
      assertThat(all.answer("semget")).isNull();
    }
  }

  @Nested
  final class MessageBuffer {

    @Test
    void isClosedByDefault() {
      for (int type = 0; type <= 10; type++) {
        assertThat(DEFAULTS.answer("syslog", type)).isEqualTo(EPERM);
      }
    }

    @Test
    void isReadButNeitherTakenNorClearedWithAllowReadMsgbuf() {
      Filter readers = Filter.of(Allowance.READ_MESSAGE_BUFFER);
      Set<Integer> harmless = Set.of(0, 1, 3, 9, 10);

      for (int type = 0; type <= 10; type++) {
        Errno expected = harmless.contains(type) ? null : EPERM;
        assertThat(readers.answer("syslog", type)).as("type %s", type).isEqualTo(expected);
      }
    }
  }

  @Nested
  final class Shape {

    @Test
    void isTheSeccompObjectOfTheRuntimeSpecification() {
      JsonObject json = SeccompProfile.of(Machine.AMD64, Set.of()).toJson();

      assertThat(json.keySet()).containsExactly("defaultAction", "architectures", "syscalls");
      assertThat(json.get("defaultAction").getAsString()).isEqualTo("SCMP_ACT_ALLOW");
      assertThat(json.getAsJsonArray("syscalls").get(0).getAsJsonObject().keySet())
          .containsExactly("names", "action", "errnoRet");
      assertThat(json.getAsJsonArray("syscalls"))
          .contains(
              JsonParser.parseString(
                  """
                  {"names": ["ioctl"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1,
                   "args": [{"index": 1, "value": 4294967295, "valueTwo": 21522,
                             "op": "SCMP_CMP_MASKED_EQ"}]}
                  """));
    }

    @Test
    void namesEveryTableOfSystemCallsOfTheMachine() {
      assertThat(strings(json(Machine.AMD64).getAsJsonArray("architectures")))
          .containsExactly("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
      assertThat(strings(json(Machine.ARM64).getAsJsonArray("architectures")))
          .containsExactly("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
    }

    @Test
    void listsUnconditionalCallsOncePerError() {
      List<String> seen = new ArrayList<>();
      Set<Integer> errors = new HashSet<>();
      for (JsonElement element : json(Machine.AMD64).getAsJsonArray("syscalls")) {
        JsonObject rule = element.getAsJsonObject();
        if (!rule.has("args")) {
          assertThat(errors.add(rule.get("errnoRet").getAsInt())).isTrue();
          seen.addAll(strings(rule.getAsJsonArray("names")));
        }
      }
      assertThat(seen).doesNotHaveDuplicates().hasSizeGreaterThan(50);
    }

    @Test
    void knowsMachinesByTheNamesOfJavaAndOfUname() {
      assertThat(Machine.named("amd64")).isEqualTo(Machine.AMD64);
      assertThat(Machine.named("x86_64")).isEqualTo(Machine.AMD64);
      assertThat(Machine.named("aarch64")).isEqualTo(Machine.ARM64);
      assertThatThrownBy(() -> Machine.named("riscv64"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "no system call filter is known for the machine riscv64, only for amd64 and aarch64");
    }

    private JsonObject json(Machine machine) {
      return SeccompProfile.of(machine, Allowance.jailDefaults()).toJson();
    }
  }

  @Nested
  final class Rules {

    /** Every combination, not only those a planner makes. */
    @Test
    void neverOverlap() {
      Allowance[] all = Allowance.values();
      for (int bits = 0; bits < 1 << all.length; bits++) {
        Set<Allowance> chosen = EnumSet.noneOf(Allowance.class);
        for (int i = 0; i < all.length; i++) {
          if ((bits & 1 << i) != 0) {
            chosen.add(all[i]);
          }
        }
        SeccompProfile profile = SeccompProfile.of(Machine.AMD64, chosen);
        assertThat(profile.rules()).as("%s", chosen).isNotEmpty();
      }
    }

    @Test
    void matchAtMostOnceHoweverTheArgumentsAre() {
      long[] values =
          Stream.of(
                  IntStream.rangeClosed(0, 130).asLongStream(),
                  IntStream.range(0, 64).mapToLong(bit -> 1L << bit),
                  LongStream.of(-1, 0x5412, 0x541c, 0x7e020080, CLOEXEC | RAW, HIGH_BIT | INET))
              .flatMapToLong(stream -> stream)
              .toArray();
      for (Filter filter :
          List.of(
              DEFAULTS,
              NETWORKED,
              Filter.of(Allowance.VNET),
              Filter.of(Allowance.READ_MESSAGE_BUFFER, Allowance.OTHER_ADDRESS_FAMILIES))) {
        for (String syscall : List.of("unshare", "clone", "syslog", "socketpair", "ioctl")) {
          for (long value : values) {
            filter.answer(syscall, value, value, value);
          }
        }
        for (long domain : new long[] {UNIX, INET, INET6, NETLINK, PACKET}) {
          for (long type : new long[] {STREAM, DGRAM, RAW, SOCK_PACKET, CLOEXEC | RAW, 5, -1}) {
            for (long protocol : new long[] {0, 1, 9, 12, 31, 32, 58, 255, HIGH_BIT | 1, -1}) {
              filter.answer("socket", domain, type, protocol);
            }
          }
        }
      }
    }

    @Test
    void thatOverlapMakeNoProfile() {
      Rule every = new Rule(List.of("mount", "socket"), EPERM, List.of());
      Rule special = new Rule(List.of("socket"), EPERM, List.of(new Match(0, 0xff, 2)));

      assertThatThrownBy(() -> new SeccompProfile(Machine.AMD64, List.of(every, special)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("overlaps");
    }

    @ParameterizedTest
    @EnumSource(Machine.class)
    void compareNoBitThatTheKernelDrops(Machine machine) {
      assertThat(SeccompProfile.of(machine, Set.of()).rules())
          .flatExtracting(Rule::matches)
          .allSatisfy(match -> assertThat(match.mask()).isBetween(1L, 0xffff_ffffL));
      assertThatThrownBy(() -> new Match(0, -1, 2)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Match(6, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static List<String> strings(JsonArray array) {
    return array.asList().stream().map(JsonElement::getAsString).toList();
  }

  /** Reads the JSON as libseccomp does: the first rule whose conditions all hold. */
  private record Filter(JsonArray rules) {

    static Filter of(Allowance... allowances) {
      Set<Allowance> allowed = Set.copyOf(Arrays.asList(allowances));
      return new Filter(
          SeccompProfile.of(Machine.AMD64, allowed).toJson().getAsJsonArray("syscalls"));
    }

    /** The error, or null when the call goes through. */
    Errno answer(String syscall, long... arguments) {
      List<JsonObject> matching =
          rules.asList().stream()
              .map(JsonElement::getAsJsonObject)
              .filter(rule -> strings(rule.getAsJsonArray("names")).contains(syscall))
              .filter(rule -> holds(rule, arguments))
              .toList();
      assertThat(matching).as("%s%s", syscall, Arrays.toString(arguments)).hasSizeLessThan(2);
      return matching.stream()
          .map(rule -> rule.get("errnoRet").getAsInt())
          .flatMap(number -> Arrays.stream(Errno.values()).filter(e -> e.number() == number))
          .findFirst()
          .orElse(null);
    }

    private static boolean holds(JsonObject rule, long[] arguments) {
      if (!rule.has("args")) {
        return true;
      }
      return rule.getAsJsonArray("args").asList().stream()
          .map(JsonElement::getAsJsonObject)
          .allMatch(
              condition -> {
                assertThat(condition.get("op").getAsString()).isEqualTo("SCMP_CMP_MASKED_EQ");
                long argument = arguments[condition.get("index").getAsInt()];
                return (argument & condition.get("value").getAsLong())
                    == condition.get("valueTwo").getAsLong();
              });
    }
  }
}
