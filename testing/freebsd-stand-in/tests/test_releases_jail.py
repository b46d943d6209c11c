"""What jail(8), jexec(8), jls(8) and jail.conf(5) do otherwise from one release to the next."""

import unittest

from tests.hosts import StandIn

RELEASES = ("12.2", "13.3", "14.3", "15.0")

_UNKNOWN = "jail: unknown parameter: "
_OPTION = "jexec: illegal option -- "
_NEW = "jail -c name=x path=/jails/base persist "

#: A line, and the first line of what it says on both streams, of each of RELEASES.
ROWS = [
    (_NEW + "allow.unprivileged_proc_debug", [_UNKNOWN + "allow.unprivileged_proc_debug", "", "", ""]),
    (_NEW + "allow.nosuser", [_UNKNOWN + "allow.nosuser", "", "", ""]),
    (_NEW + "allow.nfsd", [_UNKNOWN + "allow.nfsd", "", "", ""]),
    (_NEW + "allow.extattr", [_UNKNOWN + "allow.extattr"] * 3 + [""]),
    (_NEW + "allow.adjtime", [_UNKNOWN + "allow.adjtime"] * 3 + [""]),
    (_NEW + "allow.settime", [_UNKNOWN + "allow.settime"] * 3 + [""]),
    (_NEW + "allow.routing", [_UNKNOWN + "allow.routing"] * 3 + [""]),
    (_NEW + "meta.team=a; jls -j x meta.team", [_UNKNOWN + "meta.team"] * 3 + ["a"]),
    (_NEW + "env.a=b; jexec x sysctl -n security.jail.env", [_UNKNOWN + "env.a"] * 3 + ["a=b"]),
    (_NEW + "zfs.dataset=", [_UNKNOWN + "zfs.dataset"] * 3 + [""]),
    (_NEW + "exec.start='echo $JID $JNAME $JPATH'", ["", "", "", "JID x /jails/base"]),
    (_NEW + "; jls -j x vnet", ["2", "inherit", "inherit", "inherit"]),
    (_NEW + "; jls -j x persist", ["1", "true", "true", "true"]),
    (_NEW + "; jls -nj x host.hostname", ['host.hostname=/""}""', 'host.hostname=""', 'host.hostname=""',
                                          'host.hostname=""']),
    (_NEW + "; jail -m name=x vnet; true",
     ["Segmentation fault"] + ["jail: vnet cannot be changed after creation"] * 3),
    (_NEW + "; jexec -d /usr x pwd", [_OPTION + "d"] * 2 + ["/usr"] * 2),
    (_NEW + "children.max=2; jexec x jail -c name=y path=/ persist; jls -j x.y path",
     ["/", "/", "/", "/jails/base"]),
    ("printf 'x { path=/jails/base; y { persist; } }' | jail -f - -c x",
     ["jail: STDIN line 1: {: syntax error"] * 2 + ["jail: x: new jail must persist or attach"] * 2),
    ("echo 'x { path=/jails/base; persist; }' > /tmp/i; printf '.include \"/tmp/i\";' | jail -f - -c x",
     ['jail: "x" not found'] * 2 + ["x: created"] * 2),
    ("printf '.include \"/none\";' | jail -f - -c x", ['jail: "x" not found'] * 2
     + ["jail: /none: No such file or directory"] * 2),
    ("printf 'path=/jails/base; persist; x { host.hostname=a; } host.hostname=b;' | jail -q -f - -c x;"
     " jexec x hostname", ["b", "b", "a", "a"]),
    ("printf 'x { path=/jails/base; persist; name=z; }' | jail -f - -c x",
     ["x: created"] + ['jail: x: cannot redefine parameter "name".'] * 3),
    ("uname -r; freebsd-version", ["%s-RELEASE" % release for release in RELEASES]),
]


class _Release(unittest.TestCase):
    RELEASE = None

    def check(self):
        with StandIn("release=" + self.RELEASE) as host:
            for line, wanted in ROWS:
                with self.subTest(line=line):
                    done = host.run(line)
                    found = (done.out + done.err).splitlines()
                    if "JID" in wanted[-1]:
                        number = host.run("jls -j x jid").out.strip()
                        found = [word.replace(number, "JID", 1) for word in found]
                    self.assertEqual(found[0].strip() if found else "", wanted[RELEASES.index(self.RELEASE)])
                    host.run("jail -R x")


class Release122(_Release):
    RELEASE = "12.2"

    def test_jails_are_those_of_12_2(self):
        self.check()


class Release133(_Release):
    RELEASE = "13.3"

    def test_jails_are_those_of_13_3(self):
        self.check()


class Release143(_Release):
    RELEASE = "14.3"

    def test_jails_are_those_of_14_3(self):
        self.check()


class Release150(_Release):
    RELEASE = "15.0"

    def test_jails_are_those_of_15_0(self):
        self.check()


if __name__ == "__main__":
    unittest.main()
