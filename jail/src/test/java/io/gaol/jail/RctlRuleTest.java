package io.gaol.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RctlRuleTest {
  private static final JailName WEB = new JailName("web");

  /** Each row was accepted or refused by a running FreeBSD 12.2 for every resource. */
  @ParameterizedTest
  @CsvSource({
    // resource, deny, throttle, /process
    "cputime, no, no, yes",
    "datasize, yes, no, yes",
    "stacksize, yes, no, yes",
    "coredumpsize, yes, no, yes",
    "memoryuse, yes, no, yes",
    "memorylocked, yes, no, yes",
    "maxproc, yes, no, yes",
    "openfiles, yes, no, yes",
    "vmemoryuse, yes, no, yes",
    "pseudoterminals, yes, no, no",
    "swapuse, yes, no, no",
    "nthr, yes, no, yes",
    "msgqqueued, yes, no, no",
    "msgqsize, yes, no, no",
    "nmsgq, yes, no, no",
    "nsem, yes, no, no",
    "nsemop, yes, no, yes",
    "nshm, yes, no, no",
    "shmsize, yes, no, no",
    "wallclock, no, no, yes",
    "pcpu, yes, no, yes",
    "readbps, no, yes, yes",
    "writebps, no, yes, yes",
    "readiops, no, yes, yes",
    "writeiops, no, yes, yes",
  })
  void whatTheKernelRefusesIsRefusedAndNothingElse(
      String resource, String deny, String throttle, String process) {
    assertThat(isAccepted(resource + ":deny=10")).isEqualTo(deny.equals("yes"));
    assertThat(isAccepted(resource + ":throttle=10")).isEqualTo(throttle.equals("yes"));
    assertThat(isAccepted(resource + ":sigterm=10/process")).isEqualTo(process.equals("yes"));
    for (String action : List.of("log", "devctl", "sigkill", "sigusr1")) {
      for (String per : List.of("", "/jail", "/user", "/loginclass")) {
        assertThat(isAccepted(resource + ":" + action + "=10" + per)).as(action + per).isTrue();
      }
    }
  }

  @Test
  void thereAreAll25ResourcesInTheOrderOfTheTool() {
    assertThat(Arrays.stream(RctlResource.values()).map(RctlResource::keyword))
        .containsExactly(
            ("cputime datasize stacksize coredumpsize memoryuse memorylocked maxproc openfiles"
                    + " vmemoryuse pseudoterminals swapuse nthr msgqqueued msgqsize nmsgq nsem"
                    + " nsemop nshm shmsize wallclock pcpu readbps writebps readiops writeiops")
                .split(" "));
  }

  @Test
  void everySignalButSigcontIsAnAction() {
    assertThat(Arrays.stream(RctlAction.values()).map(RctlAction::keyword))
        .containsExactly(
            ("deny log devctl throttle sighup sigint sigquit sigill sigtrap sigabrt sigemt sigfpe"
                    + " sigkill sigbus sigsegv sigsys sigpipe sigalrm sigterm sigurg sigstop"
                    + " sigtstp sigchld sigttin sigttou sigio sigxcpu sigxfsz sigvtalrm sigprof"
                    + " sigwinch siginfo sigusr1 sigusr2 sigthr")
                .split(" "));
    assertThat(RctlAction.SIGHUP.isSignal()).isTrue();
    assertThat(RctlAction.DENY.isSignal()).isFalse();
    assertThat(problems("maxproc:sigcont=1"))
        .containsExactly("rctl(8) knows no action \"sigcont\". Did you mean \"sigint\"?");
  }

  @Test
  void aRuleIsReadIntoItsParts() {
    assertThat(RctlRule.parse("vmemoryuse:deny=1G/process"))
        .isEqualTo(
            new RctlRule(RctlResource.VMEMORYUSE, RctlAction.DENY, 1L << 30, RctlSubject.PROCESS));
    assertThat(RctlRule.parse("openfiles:deny=500"))
        .isEqualTo(new RctlRule(RctlResource.OPENFILES, RctlAction.DENY, 500, RctlSubject.JAIL));
  }

  @ParameterizedTest
  @CsvSource({
    "memoryuse:deny=64M, memoryuse:deny=64M",
    "memoryuse:deny=64m, memoryuse:deny=64M",
    "memoryuse:deny=64MB, memoryuse:deny=64M",
    "memoryuse:deny=64mb, memoryuse:deny=64M",
    "memoryuse:deny=67108864, memoryuse:deny=64M",
    "memoryuse:deny=67108864B, memoryuse:deny=64M",
    "memoryuse:deny=1536M, memoryuse:deny=1536M",
    "memoryuse:deny=1T, memoryuse:deny=1T",
    "memoryuse:deny=2P, memoryuse:deny=2P",
    "memoryuse:deny=7E, memoryuse:deny=7E",
    "memoryuse:deny=1023, memoryuse:deny=1023",
    "memoryuse:deny=0, memoryuse:deny=0",
    "readbps:throttle=1M, readbps:throttle=1M",
    "maxproc:deny=1k, maxproc:deny=1024",
    "maxproc:deny=00, maxproc:deny=0",
    "maxproc:deny=07, maxproc:deny=7",
    "maxproc:deny=9223372036854775807, maxproc:deny=9223372036854775807",
    "cputime:sigkill=9223372036854, cputime:sigkill=9223372036854",
    "pcpu:deny=150, pcpu:deny=150",
    "Maxproc:Deny=10/Process, maxproc:deny=10/process",
    "MAXPROC:SIGTERM=10/USER, maxproc:sigterm=10/user",
    "maxproc:deny=10/loginclass, maxproc:deny=10/loginclass",
  })
  void aRulePrintsItsCanonicalForm(String given, String canonical) {
    assertThat(RctlRule.parse(given)).hasToString(canonical);
    assertThat(RctlRule.parse(given).forJail(WEB)).isEqualTo("jail:web:" + canonical);
  }

  @Test
  void aRuleThatInsistsOnTheWholeJailSaysSoAndRctlPrintsItWithout() {
    RctlRule insisting = RctlRule.parse("maxproc:deny=10/jail");

    assertThat(insisting).hasToString("maxproc:deny=10/jail");
    assertThat(insisting.forJail(WEB)).isEqualTo("jail:web:maxproc:deny=10");
    assertThat(insisting.perGiven()).isTrue();
    assertThat(RctlRule.parse("maxproc:deny=10").perGiven()).isFalse();
    assertThat(RctlRule.parse("maxproc:deny=10/process").perGiven()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memoryuse:deny=abc | the amount \"abc\" is no whole number, optionally with K, M, G, T, P"
            + " or E",
        "memoryuse:deny= | the amount \"\" is no whole number, optionally with K, M, G, T, P or E",
        "memoryuse:deny=1Gfoo | the amount \"1Gfoo\" is no whole number, optionally with K, M, G,"
            + " T, P or E",
        "memoryuse:deny=5bb | the amount \"5bb\" is no whole number, optionally with K, M, G, T, P"
            + " or E",
        "memoryuse:deny=+5 | the amount \"+5\" is no whole number, optionally with K, M, G, T, P or"
            + " E",
        "memoryuse:deny=1.5g | the amount \"1.5g\" is no whole number, optionally with K, M, G, T,"
            + " P or E; write 1536M",
        "memoryuse:deny=0.1k | the amount \"0.1k\" is no whole number, optionally with K, M, G, T,"
            + " P or E; write 102",
        "memoryuse:deny=2,25MB | the amount \"2,25MB\" is no whole number, optionally with K, M, G,"
            + " T, P or E; write 2304K",
        "memoryuse:deny=64MiB | the amount \"64MiB\" is no whole number, optionally with K, M, G,"
            + " T, P or E; write 64M",
        "maxproc:deny=-1 | the amount \"-1\" may not be negative",
        "memoryuse:deny=0512M | the amount \"0512M\" is octal to rctl(8), which reads it as 330M;"
            + " write 330M or 512M",
        "maxproc:deny=010 | the amount \"010\" is octal to rctl(8), which reads it as 8; write 8 or"
            + " 10",
        "maxproc:deny=0190 | the amount \"0190\" begins with 0, so rctl(8) reads it as octal, which"
            + " has no 8 and no 9; write 190",
        "maxproc:deny=0x10 | the amount \"0x10\" is hexadecimal to rctl(8), which reads it as 16;"
            + " write 16",
        "memoryuse:deny=0x1e | the amount \"0x1e\" is hexadecimal to rctl(8), which reads it as 30;"
            + " write 30",
        "memoryuse:deny=0x10M | the amount \"0x10M\" is hexadecimal to rctl(8), which reads it as"
            + " 16M; write 16M",
        "memoryuse:deny=8E | the amount \"8E\" is more than the kernel counts"
            + " (9223372036854775807)",
        "maxproc:deny=99999999999999999999 | the amount \"99999999999999999999\" is more than the"
            + " kernel counts (9223372036854775807)",
        "cputime:sigkill=9223372036855 | the amount \"9223372036855\" is more than the kernel"
            + " counts (9223372036854)",
        "wallclock:sigkill=5m | the amount \"5m\" is in seconds, where rctl(8) has no units: it"
            + " would read it as 5242880; write the number of seconds",
        "pcpu:deny=1k | the amount \"1k\" is in percent of one core, where rctl(8) has no units: it"
            + " would read it as 1024; write the number of percents",
      })
  void anAmountThatRctlWouldNotReadAsItSeemsIsRefused(String rule, String problem) {
    assertThat(problems(rule)).containsExactly(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nproc:deny=1 | rctl(8) knows no resource \"nproc\". Did you mean \"maxproc\"?",
        "maxprocs:deny=1 | rctl(8) knows no resource \"maxprocs\". Did you mean \"maxproc\"?",
        "Memory_use:deny=1 | rctl(8) knows no resource \"Memory_use\". Did you mean \"memoryuse\"?",
        "rss:deny=1 | rctl(8) knows no resource \"rss\". Did you mean \"memoryuse\"?",
        "threads:deny=1 | rctl(8) knows no resource \"threads\". Did you mean \"nthr\"?",
        "entirelyelse:deny=1 | rctl(8) knows no resource \"entirelyelse\".",
        "maxproc:denny=1 | rctl(8) knows no action \"denny\". Did you mean \"deny\"?",
        "maxproc:kill=1 | rctl(8) knows no action \"kill\". Did you mean \"sigkill\"?",
        "maxproc:TERM=1 | rctl(8) knows no action \"TERM\". Did you mean \"sigterm\"?",
        "maxproc:deny=1/proces | rctl(8) knows no subject \"proces\". Did you mean \"process\"?",
        "maxproc:deny=1/ | rctl(8) knows no subject \"\".",
        "cputime:deny=1 | the kernel cannot deny cputime: use a signal, such as sigterm or sigkill",
        "readbps:deny=1 | the kernel cannot deny readbps: use throttle",
        "memoryuse:throttle=1 | the kernel throttles readbps, writebps, readiops and writeiops"
            + " only: for memoryuse use deny",
        "wallclock:throttle=1 | the kernel throttles readbps, writebps, readiops and writeiops"
            + " only: for wallclock use a signal, such as sigterm or sigkill",
        "swapuse:deny=1/process | the kernel does not count swapuse for each process: leave"
            + " /process out, for the whole jail, or write /user or /loginclass",
        "readbps:throttle=0 | throttle to 0 would let nothing pass, and FreeBSD before 12.3 refuses"
            + " it: write at least 1",
      })
  void whatIsNoRuleIsRefusedWithTheNearestRightThing(String rule, String problem) {
    assertThat(problems(rule)).containsExactly(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "memoryuse", "deny=5", "::memoryuse", "jail:web:memoryuse", "a:b:c:d:e"})
  void aTextOfAnotherShapeIsToldTheShape(String text) {
    assertThat(problems(text))
        .containsExactly(
            "a rule is resource:action=amount, as memoryuse:sigkill=512M, and behind it /process,"
                + " /user or /loginclass where each of them is meant");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {":", "memoryuse:deny", "memoryuse:deny/process", "memoryuse:deny/process=5"})
  void aRuleWithoutAnAmountIsRefused(String text) {
    assertThat(problems(text))
        .singleElement()
        .asString()
        .startsWith("a rule needs an amount behind its action");
  }

  @Test
  void allProblemsOfARuleAreToldAtOnce() {
    assertThat(problems("user:www:maxprok:denny=08/proces"))
        .containsExactly(
            "a rule of a jail is for this jail, not for \"user:www\": leave it out, and write"
                + " /process, /user or /loginclass behind the amount where each of them is meant",
            "rctl(8) knows no resource \"maxprok\". Did you mean \"maxproc\"?",
            "rctl(8) knows no action \"denny\". Did you mean \"deny\"?",
            "rctl(8) knows no subject \"proces\". Did you mean \"process\"?",
            "the amount \"08\" begins with 0, so rctl(8) reads it as octal, which has no 8 and no"
                + " 9; write 8");
    assertThat(problems("swapuse:throttle=x/process")).hasSize(3);
  }

  @Test
  void aSubjectIsAcceptedWhereItNamesThisJail() {
    assertThat(RctlRule.parse("jail:web:maxproc:deny=5", WEB)).hasToString("maxproc:deny=5");
    assertThat(RctlRule.parse("J:web:maxproc:deny=5", WEB)).hasToString("maxproc:deny=5");
    assertThat(RctlRule.parse("maxproc:deny=5", WEB)).hasToString("maxproc:deny=5");
  }

  @Test
  void aSubjectOtherThanThisJailIsRefused() {
    assertThat(problemsFor("jail:db:maxproc:deny=5"))
        .containsExactly("the rule is for the jail \"db\", but this is \"web\"");
    // A jail's name is not folded: rctl(8).
    assertThat(problemsFor("jail:WEB:maxproc:deny=5")).hasSize(1);
    for (String subject : List.of("process", "user", "loginclass", "group", "u", "p", "l", "c")) {
      assertThat(problemsFor(subject + ":web:maxproc:deny=5"))
          .singleElement()
          .asString()
          .startsWith("a rule of a jail is for this jail, not for \"" + subject + ":web\"");
    }
    assertThat(problemsFor("jial:web:maxproc:deny=5"))
        .containsExactly("rctl(8) knows no subject \"jial\". Did you mean \"jail\"?");
    assertThat(problems("jail:web:maxproc:deny=5"))
        .containsExactly("the subject \"jail:web\" is not needed: the rule is for this jail");
  }

  @ParameterizedTest
  @EnumSource(RctlResource.class)
  void aKeywordIsReadInTheSeedsLetterCaseAndInAnyOther(RctlResource resource) {
    String keyword = resource.keyword();
    String capital = keyword.substring(0, 1).toUpperCase(Locale.ROOT) + keyword.substring(1);

    assertThat(RctlResource.find(capital)).contains(resource);
    assertThat(RctlResource.find(keyword)).contains(resource);
    assertThat(RctlResource.find(keyword.toUpperCase(Locale.ROOT))).contains(resource);
    assertThat(resource.meaning()).isNotBlank();
  }

  @Test
  void oldDriverJ37AnAmountIsNeverLostWhenThereIsNoPer() {
    for (String resource : List.of("cputime", "stacksize")) {
      assertThat(RctlRule.of(resource, "log", "5", Optional.empty()))
          .hasToString(resource + ":log=5");
    }
  }

  @Test
  void oldDriverJ38MemoryuseWithPerHasNoTrailingEquals() {
    assertThat(RctlRule.of("memoryuse", "deny", "512M", Optional.of("process")))
        .hasToString("memoryuse:deny=512M/process");
  }

  @Test
  void aRuleThatTheKernelRefusesCannotBeMadeEither() {
    InvalidValueException invalid =
        catchThrowableOfType(
            InvalidValueException.class,
            () -> new RctlRule(RctlResource.CPUTIME, RctlAction.DENY, -1, RctlSubject.JAIL));

    assertThat(invalid.problems())
        .containsExactly(
            "the amount -1 is not from 0 to 9223372036854",
            "the kernel cannot deny cputime: use a signal, such as sigterm or sigkill");
  }

  private static boolean isAccepted(String rule) {
    return catchThrowableOfType(InvalidValueException.class, () -> RctlRule.parse(rule)) == null;
  }

  private static List<String> problems(String rule) {
    return catchThrowableOfType(InvalidValueException.class, () -> RctlRule.parse(rule)).problems();
  }

  private static List<String> problemsFor(String rule) {
    return catchThrowableOfType(InvalidValueException.class, () -> RctlRule.parse(rule, WEB))
        .problems();
  }
}
