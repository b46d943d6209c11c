package io.gaol.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gaol.cli.job.JobException;
import io.gaol.cli.job.JobFormatter;
import io.gaol.cli.job.JobJails;
import io.gaol.cli.job.JobValidator;
import io.gaol.cli.language.JobInput;
import io.gaol.hcl.Hcl;
import io.gaol.hcl.Scope;
import io.gaol.hcl.Value;
import io.gaol.jail.JailParameter;
import io.gaol.jail.JailParameterCatalogue;
import io.gaol.jail.ParameterType;
import io.gaol.jail.conf.JailConf;
import io.gaol.jail.conf.JailConf.Jail;
import io.gaol.jail.conf.JailConf.Parameter;
import io.gaol.jail.conf.JailConfException;
import io.gaol.jail.conf.JailConfReader;
import io.gaol.jail.conf.JailConfSource;
import io.gaol.jail.conf.JailConfWriter;
import io.gaol.jail.conf.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionTest {
  private static final String BASTILLE =
      """
      azkaban {
        devfs_ruleset = 4;
        enforce_statfs = 2;
        exec.clean;
        exec.consolelog = /var/log/bastille/azkaban_console.log;
        exec.start = '/bin/sh /etc/rc';
        exec.stop = '/bin/sh /etc/rc.shutdown';
        host.hostname = azkaban;
        interface = bastille0;
        mount.devfs;
        mount.fstab = /usr/local/bastille/jails/azkaban/fstab;
        path = /usr/local/bastille/jails/azkaban/root;
        securelevel = 2;
        osrelease = 13.2-RELEASE;

        ip4.addr = bastille0|10.17.89.10;
        ip6 = disable;
      }
      """;

  /** Every form of a statement, and every kind of value. */
  private static final String EVERYTHING =
      """
      # comments // of /* three
      $root = "/jails"; // kinds
      exec.start = "/bin/sh /etc/rc"; /* all of
      them */ exec.stop "/bin/sh /etc/rc.shutdown";
      path = "$root/${name}/root";
      allow.noraw_sockets;
      persist = false;

      web {
        persist;
        $root = /tank;
        ip4.addr = 10.0.0.1, "em0|10.0.0.2/24 vhid 1";
        ip4.addr += 'em0|10.0.0.3';
        exec.start += 'echo "${not} %{if x} $$${y} \\\\ \\t \\n \\x1b$"', "a'b'c", "\\"d\\" ä€😀";
        exec.prestart = 'logger ${name} $(date) `id` 100% %%{ $${';
        allow.nochflags = false;
        allow.mlock = 1;
        allow.mount.nodevfs;
        allow.mount.ext2fs;
        "meta.owner" = "team ${name}";
        mount = "/a${name} /b nullfs ro 0 0";
        devfs_ruleset = 4;
        securelevel = -1;
        sysvmsg = inherit;
        stop.timeout = 30;
        exec.clean = "TRUE";
      ;}
      "db.*" { enforce_statfs = 1; }
      * { mount.devfs; }
      db { exec.noclean; vnet; main { host.hostname = "main.$name"; } }
      5 { nopersist = true; }
      """;

  @Test
  void aJailOfBastilleBecomesAJobThatAPersonWouldWrite() throws Exception {
    Conversion conversion = toJob("azkaban.conf", BASTILLE);

    assertThat(conversion.text())
        .isEqualTo(
            """
            job "azkaban" {
              type = "service"

              group "azkaban" {
                task "azkaban" {
                  driver       = "jail-task-driver"
                  kill_timeout = "10s"

                  config {
                    Devfs_ruleset   = 4
                    Enforce_statfs  = 2
                    Exec_clean      = true
                    Exec_consolelog = "/var/log/bastille/azkaban_console.log"
                    Exec_start      = "/bin/sh /etc/rc"
                    Exec_stop       = "/bin/sh /etc/rc.shutdown"
                    Host_hostname   = "azkaban"
                    Interface       = "bastille0"
                    Mount_devfs     = true
                    Mount_fstab     = "/usr/local/bastille/jails/azkaban/fstab"
                    Path            = "/usr/local/bastille/jails/azkaban/root"
                    Securelevel     = 2
                    Osrelease       = "13.2-RELEASE"
                    Ip4_addr        = "bastille0|10.17.89.10"
                    Ip6             = "disable"
                  }
                }
              }
            }
            """);
    assertThat(conversion.notCarried()).isEmpty();
  }

  @Test
  void whatIsWrittenIsInOrderAndValid(@TempDir Path folder) throws Exception {
    for (String conf : List.of(BASTILLE, EVERYTHING)) {
      String job = toJob("jail.conf", conf).text();
      Path file = Files.writeString(folder.resolve("job.nomad.hcl"), job);

      assertThat(JobFormatter.format(file).text()).isEqualTo(job);
      JobValidator.Report report =
          new JobValidator().validate(JobInput.of(file.toString(), Map.of()));
      assertThat(report.errors()).isEmpty();
      assertThat(report.warnings()).isEmpty();
    }
  }

  @Test
  void aJailConfReadsTheSameAfterTheWayThroughAJob() throws Exception {
    for (String conf : List.of(BASTILLE, EVERYTHING)) {
      JailConf before = read(conf);
      String back = toJailConf(toJob("jail.conf", conf).text()).text();
      JailConf after = read(back);

      assertThat(meaning(after)).isEqualTo(meaning(before));
      assertThat(meaning(after)).isNotEmpty();
    }
  }

  @Test
  void anyTextComesThroughBothEvaluations() {
    Random random = new Random(20_261_122);
    String alphabet = "$$$%%%{{}}~\"\\'\n\r\t\u0001\u007f\u2028äx";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(10); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String given = text.append(i % 7 == 0 ? "😀" : "").toString();

      Value once = Hcl.parseExpression("job", HclText.ofConfig(given)).evaluate(Scope.empty());
      Value twice =
          Hcl.parseTemplate("config", ((Value.Text) once).value()).evaluate(Scope.empty());

      if (!twice.equals(Value.of(given))) {
        assertThat(twice).as(given).isEqualTo(Value.of(given));
      }
    }
  }

  @Test
  void anyJailComesThroughAJob() throws Exception {
    Random random = new Random(7);
    String alphabet = "$$$%%%{{}}~\"\\'\n\t\u0001 äx#;=";
    for (int i = 0; i < 60; i++) {
      StringBuilder text = new StringBuilder("x");
      for (int length = random.nextInt(30); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Place here = new Place("here", 1, 1);
      List<Parameter> parameters =
          List.of(
              new Parameter("path", List.of("/jails/web"), here),
              new Parameter("exec.start", List.of(text.toString(), "true"), here),
              new Parameter("meta.k" + i, List.of(text.toString()), here));
      String conf = JailConfWriter.write(List.of(new Jail("web", parameters, here)));

      String back = toJailConf(toJob("jail.conf", conf).text()).text();

      assertThat(meaning(read(back))).isEqualTo(meaning(read(conf)));
    }
  }

  @Test
  void whatAJobCannotHoldIsListed() throws Exception {
    Conversion conversion =
        toJob(
            "jail.conf",
            """
            "web/1" {
              depend = db;
              persist = yes;
              jid = x;
              children.cur = 1;
              nosuch = 1;
              command = "sleep 1";
              stop.timeout = 0;
              host.hostname = a, b;
              exec.consolelog = "/a\u0301";
              osrelease;
              Persist;
            }
            """);

    assertThat(conversion.notCarried())
        .containsExactly(
            "the name of the jail \"web/1\": its task is called \"web-1\"",
            "jail.conf:1:1: web-1: a path: jail(8) takes the host's own root without one, and so"
                + " does the job",
            "jail.conf:2:3: web-1: depend = db: Nomad starts the groups of a job together",
            "jail.conf:3:3: web-1: \"persist = yes\": it takes true or false, but \"yes\" is"
                + " given",
            "jail.conf:4:3: web-1: \"jid = x\": it takes a whole number from 1 to 2147483647,"
                + " but \"x\" is given",
            "jail.conf:5:3: web-1: \"children.cur = 1\": only the kernel sets it",
            "jail.conf:6:3: web-1: \"nosuch\": no parameter of jail(8) that Gaol knows; it is in"
                + " params as it was written",
            "jail.conf:8:3: web-1: stop.timeout = 0: Nomad waits a second at least before it"
                + " kills",
            "jail.conf:9:3: web-1: \"host.hostname\" has 2 values: jail(8) takes the last, and so"
                + " does the job",
            "jail.conf:10:3: web-1: \"exec.consolelog\" to the byte: HCL joins letters and their"
                + " accents (Unicode NFC)",
            "jail.conf:11:3: web-1: \"osrelease\": it takes a release, such as \"13.2-RELEASE\", of"
                + " at most 31 bytes, but has none",
            "jail.conf:7:3: web-1: \"command\" as such: it is the last of Exec_start, which jail(8)"
                + " runs before it");
  }

  @Test
  void aNameThatMeansAnotherJailToJailIsListed() throws Exception {
    for (String name : List.of("12", "007", "-1", "shop.web")) {
      Conversion conversion =
          toJailConf(
              """
              job "job" {
                group "group" {
                  task "%s" {
                    driver = "jail-task-driver"
                    config { Path = "/jails/a" }
                  }
                }
              }
              """
                  .formatted(name));

      assertThat(conversion.notCarried())
          .as(name)
          .anyMatch(what -> what.contains(": the name: jail(8) takes it for "));
    }
  }

  @Test
  void whatAJailConfCannotHoldIsListed() throws Exception {
    Conversion conversion =
        toJailConf(
            """
            job "shop" {
              update { max_parallel = 1 }
              group "web" {
                count = 3
                task "http" {
                  driver       = "jail-task-driver"
                  user         = "www"
                  kill_timeout = "1500ms"
                  leader       = true
                  env { PORT = "80" }
                  config {
                    Path       = "/jails/${NOMAD_TASK_NAME}"
                    command    = "/bin/echo"
                    args       = ["it's", "$HOME", ""]
                    Exec_start = ["one", "two"]
                    Persist    = false
                    allow_raw_sockets = true
                    rctl_rules = ["openfiles:deny=500"]
                    params     = { "allow.mount.ext2fs" = true }
                  }
                  resources { memory = 64 }
                }
                task "rootless" {
                  driver = "jail-task-driver"
                  config { command = "/bin/true" }
                }
                task "other" {
                  driver = "exec"
                  config { command = "/bin/true" }
                }
              }
            }
            """);

    assertThat(conversion.text())
        .isEqualTo(
            """
            http {
              path = '/jails/http';
              nopersist;
              allow.raw_sockets;
              exec.start = 'one',
                'two';
              allow.mount.ext2fs;
              stop.timeout = '2';
              exec.jail_user = 'www';
              command = 'exec /bin/echo \\'it\\'\\\\\\'\\'s\\' \\'$HOME\\' \\'\\'';
            }
            """);
    assertThat(conversion.notCarried())
        .containsExactly(
            "update: it needs a cluster",
            "count = 3 of the group web: a jail is one",
            "the task other: its driver is exec",
            "job.nomad.hcl:5:5: http: Rctl: put jail:http:openfiles:deny=500 into /etc/rctl.conf",
            "job.nomad.hcl:5:5: http: env: PORT",
            "job.nomad.hcl:5:5: http: resources: the limit of 64 MiB of memory",
            "job.nomad.hcl:5:5: http: leader",
            "job.nomad.hcl:5:5: http: ${NOMAD_TASK_NAME}: its value of this moment stands in its"
                + " place",
            "job.nomad.hcl:5:5: http: that the task ends with its command: jail(8) waits for the"
                + " command, and then removes the jail unless it persists or a process is left",
            "job.nomad.hcl:23:5: rootless: resources: the limit of 300 MiB of memory",
            "job.nomad.hcl:23:5: rootless: the whole jail: without Path its root is made of the"
                + " host's system, which jail(8) cannot do, and would take the host's own root");
  }

  @Test
  void aJobThatIsWrongIsToldWithItsPlaces() {
    assertThatThrownBy(
            () ->
                toJailConf(
                    """
                    job "web" {
                      group "web" {
                        task "web" {
                          driver = "jail-task-driver"
                          config { Pth = "/jails/web" }
                        }
                      }
                    }
                    """))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("job.nomad.hcl:5:16: ")
        .hasMessageContaining("Path");
  }

  // ---- included files

  @Test
  void includedFilesAreFoundAsGlobFindsThem(@TempDir Path folder) throws Exception {
    Path parts = Files.createDirectories(folder.resolve("jail.conf.d/sub"));
    for (String name : List.of("b.conf", "a.conf", ".hidden.conf", "c.txt", "[x].conf")) {
      Files.writeString(parts.resolveSibling(name), name.replaceAll("\\W", "") + " { }");
    }
    Files.writeString(parts.resolve("d.conf"), "d { }");

    assertThat(names(folder, "jail.conf.d/*.conf")).containsExactly("xconf", "aconf", "bconf");
    assertThat(names(folder, "jail.conf.d/[ac].*")).containsExactly("aconf", "ctxt");
    assertThat(names(folder, "jail.conf.d/[!a-c].conf")).isEmpty();
    assertThat(names(folder, "jail.conf.d/?.conf")).containsExactly("aconf", "bconf");
    assertThat(names(folder, "jail.conf.d/.*.conf")).containsExactly("hiddenconf");
    assertThat(names(folder, "*/*/d.conf")).containsExactly("d");
    assertThat(names(folder, "jail.conf.d/\\\\[x].conf")).containsExactly("xconf");
    assertThat(names(folder, "none/*.conf")).isEmpty();
    assertThatThrownBy(() -> names(folder, "none.conf"))
        .hasMessageContaining("jail.conf:1:10: the file \"" + folder)
        .hasMessageContaining("none.conf\" does not exist");
    assertThatThrownBy(() -> names(folder, "jail.conf.d/sub"))
        .hasMessageContaining("is a folder: name the files in it");
  }

  private static List<String> names(Path folder, String pattern)
      throws IOException, JailConfException {
    Path file = Files.writeString(folder.resolve("jail.conf"), ".include \"" + pattern + "\";\n");
    return JailConfReader.read(
            JailConfSource.of(file.toString(), Files.readAllBytes(file)), new IncludedFiles())
        .jails()
        .stream()
        .map(Jail::name)
        .toList();
  }

  // ---- helpers

  private static JailConf read(String conf) throws JailConfException {
    return JailConfReader.read(JailConfSource.of("jail.conf", conf));
  }

  private static Conversion toJob(String file, String conf) throws JailConfException {
    return JobWriter.write(
        "jail",
        JailConfReader.read(JailConfSource.of(file, conf.getBytes(StandardCharsets.UTF_8))));
  }

  private static Conversion toJailConf(String job) throws JobException, JailConfException {
    return JailConfOfJob.write(
        JobJails.read(
            JobInput.of("job.nomad.hcl", Map.of()), job.getBytes(StandardCharsets.UTF_8)));
  }

  /** By jail and parameter; flags as jail(8) understands them, whatever way they are written. */
  private static Map<String, Map<String, List<String>>> meaning(JailConf conf) {
    Map<String, Map<String, List<String>>> jails = new TreeMap<>();
    for (Jail jail : conf.jails()) {
      Map<String, List<String>> parameters = new TreeMap<>();
      for (Parameter parameter : jail.parameters()) {
        String name = parameter.name();
        int last = name.lastIndexOf('.') + 1;
        String positive =
            name.startsWith("no", last) ? name.substring(0, last) + name.substring(last + 2) : name;
        Optional<JailParameter> known = JailParameterCatalogue.find(positive);
        if (known.filter(one -> one.type() instanceof ParameterType.Flag).isPresent()) {
          String value = parameter.values().isEmpty() ? "true" : parameter.values().getLast();
          boolean set = value.equalsIgnoreCase("true") || value.equals("1");
          parameters.put(positive, List.of(Boolean.toString(set == positive.equals(name))));
        } else if (name.equals("vnet") && parameter.values().isEmpty()) {
          parameters.put(name, List.of("new"));
        } else {
          parameters.put(name, parameter.values());
        }
      }
      jails.put(jail.name(), parameters);
    }
    return jails;
  }
}
