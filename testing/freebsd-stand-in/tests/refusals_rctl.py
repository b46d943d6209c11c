"""What rctl(8) refuses: (release, command, lines of stderr, exit status). On a host without rules."""

_ADD = "rctl: failed to add rule '%s': %s"
_MALFORMED = "rctl: malformed rule '%s': %s"
_INVALID, _UNSUPPORTED, _LARGE = "Invalid argument", "Operation not supported", "Result too large"
_LONG, _NONE = "File name too long", "No such process"
_USAGE = "usage: rctl [ -h ] [-a rule | -l filter | -r filter | -u filter | filter]"
_X256, _X33 = "x" * 256, "x" * 33


def _add(rule, text, release="12.2"):
    return release, "rctl -a '%s'" % rule, [_ADD % (rule, text)], 1


def _malformed(rule, text, release="12.2"):
    return release, "rctl -a '%s'" % rule, [_MALFORMED % (rule, text)], 1


def _filter(option, said, given, text):
    return "12.2", "rctl %s'%s'" % (option, given), ["rctl: failed to %s '%s': %s" % (said, given, text)], 1


def _removal(given, text):
    return _filter("-r ", "remove rule", given, text)


def _consumption(given, text):
    return _filter("-u ", "show resource consumption for", given, text)


def _limits(given, text):
    return _filter("-l ", "get limits for", given, text)


def _list(given, text):
    return _filter("", "show rules for", given, text)


REFUSALS = [
    # What does not come to the kernel.
    _malformed("nocolon", "missing subject"),
    _malformed("", "missing subject"),
    _malformed("jail:r1:memoryuse:deny=abc", "invalid numeric value 'abc'"),
    _malformed("jail:r1:memoryuse:deny=1.5g", "invalid numeric value '1.5g'"),
    _malformed("jail:r1:memoryuse:deny=08", "invalid numeric value '08'"),
    _malformed("jail:r1:memoryuse:deny=16E", "invalid numeric value '16E'"),
    _malformed("jail:r1:memoryuse:deny=18446744073709551616",
               "invalid numeric value '18446744073709551616'"),
    _malformed("jail:r1:memoryuse:deny=64MX", "invalid numeric value '64MX'", "15.0"),
    _malformed("jail:r1:maxproc:deny=-1", "invalid numeric value '-1'", "15.0"),
    _malformed("user:nosuch:maxproc:deny=1", "unknown user 'nosuch'"),
    _malformed("u:5x:maxproc:deny=1", "trailing characters after numerical id"),
    _malformed("group:nosuch:maxproc:deny=1", "unknown group 'nosuch'"),
    _malformed("g:5x:maxproc:deny=1", "trailing characters after numerical id"),
    # Numbers.
    _add("jail:r1:maxproc:deny=-1", _LARGE),
    _add("jail:r1:maxproc:deny=9223372036854775808", _LARGE),
    _add("jail:r1:maxproc:deny=8E", _LARGE),
    _add("jail:r1:cputime:log=9223372036855", _LARGE),
    _add("jail:r1:wallclock:sigterm=9223372036855", _LARGE),
    _add("jail:r1:pcpu:deny=9223372036855", _LARGE),
    # Words.
    _add("jail:r1:nosuch:deny=1", _INVALID),
    _add("jail:r1:nproc:deny=1", _INVALID),
    _add("jail:r1:memoryuse:nosuch=1", _INVALID),
    _add("jail:r1:maxproc:sigcont=1", _INVALID),
    _add("jail:r1:maxproc:deny=1/x", _INVALID),
    _add("jail:r1:maxproc:deny=1/group", _INVALID),
    _add("host:r1:maxproc:deny=1", _INVALID),
    _add("group:0:maxproc:deny=1", _INVALID),
    _add("jail:a:b:maxproc:deny=5", _INVALID),
    # What is left out.
    _add("jail:r1:memoryuse:deny=", _INVALID),
    _add("jail:r1:memoryuse:deny", _INVALID),
    _add("jail:r1:memoryuse:=64M", _INVALID),
    _add("jail:r1:memoryuse", _INVALID),
    _add("jail:r1", _INVALID),
    _add("jail:", _INVALID),
    _add("jail::maxproc:deny=1", _INVALID),
    _add("user::maxproc:deny=1", _INVALID),
    _add(":r1:maxproc:deny=1", _INVALID),
    # Subjects.
    _add("process:abc:maxproc:deny=1", _INVALID),
    _add("process:999999999:maxproc:deny=1", _NONE),
    _add("jail:%s:maxproc:deny=1" % _X256, _LONG),
    _add("loginclass:%s:maxproc:deny=1" % _X33, _LONG),
    ("12.2", "rctl -na user:root:maxproc:deny=1", [_ADD % ("user:root:maxproc:deny=1", _INVALID)], 1),
    # What cannot be denied, throttled, or counted for a process.
    *[_add("jail:r1:%s:deny=1000" % resource, _UNSUPPORTED)
      for resource in ("cputime", "wallclock", "readbps", "writebps", "readiops", "writeiops")],
    *[_add("jail:r1:%s:throttle=1000" % resource, _UNSUPPORTED)
      for resource in ("cputime", "memoryuse", "maxproc", "openfiles", "wallclock", "pcpu", "shmsize")],
    *[_add("jail:r1:%s:deny=1/process" % resource, _UNSUPPORTED)
      for resource in ("pseudoterminals", "swapuse", "msgqqueued", "msgqsize", "nmsgq", "nsem", "nshm",
                       "shmsize")],
    _add("jail:r1:readbps:throttle=0", _INVALID),
    # Removing.
    _removal("jail:nosuch", _NONE),
    _removal(":", _NONE),
    _removal("user:root", _NONE),
    _removal("process:999999999", _NONE),
    _removal("jail:r1:nosuch", _INVALID),
    _removal("x:y", _INVALID),
    # Asking.
    _consumption("jail:", _INVALID),
    _consumption("user:", _INVALID),
    _consumption("process:", _INVALID),
    _consumption("loginclass:", _INVALID),
    _consumption(":", _INVALID),
    _consumption("group:0", _INVALID),
    _consumption("process:999999999", _NONE),
    _limits("jail:r1", _UNSUPPORTED),
    _limits("user:root", _UNSUPPORTED),
    _limits("loginclass:default", _UNSUPPORTED),
    _limits("process:", _INVALID),
    _limits(":", _INVALID),
    _limits("process:999999999", _NONE),
    _list("jail:r1:nosuch", _INVALID),
    _list("jail:r1::nosuch", _INVALID),
    _list("x:", _INVALID),
    _list(":r1", _INVALID),
    # The command line.
    ("12.2", "rctl -a -r jail:r1", ["rctl: at most one of -a, -l, -r, or -u may be specified"], 1),
    ("12.2", "rctl -lu jail:r1", ["rctl: at most one of -a, -l, -r, or -u may be specified"], 1),
    ("12.2", "rctl -a", [_USAGE], 1),
    ("12.2", "rctl -H", ["rctl: illegal option -- H", _USAGE], 1),
    ("12.2", "rctl -x", ["rctl: illegal option -- x", _USAGE], 1),
    ("12.2", "rctl -r jail:a user:nosuch nocolon", [
        "rctl: failed to remove rule 'jail:a': No such process",
        _MALFORMED % ("user:nosuch", "unknown user 'nosuch'"),
        _MALFORMED % ("nocolon", "missing subject")], 3),
]
