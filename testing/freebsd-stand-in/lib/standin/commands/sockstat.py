"""sockstat(1): open sockets, and who has them."""

import os

from .. import options, running, seen, sockets, viewpoint
from ..errors import Failure, Usage

_PROTOCOLS = ("tcp", "udp", "sctp", "udplite", "divert")


def run(host, name, arguments):
    newer = host.release >= (13, 0)
    usage = "usage: sockstat [-46%scLlnqSsUuvw] [-j jid] [-p ports] [-P protocols]" % ("C" if newer else "")
    letters, words = options.parse(name, arguments, "46Ccj:Llnp:P:qSsUuvw", usage)
    if words or not newer and "C" in dict(letters):
        raise Usage(usage)
    given = dict(letters)
    ports = _ports(given["p"]) if "p" in given else None
    protocols = _protocols(given["P"]) if "P" in given else ("tcp", "udp")
    with host.locked() as state:
        jail = _jail(state, given["j"]) if "j" in given else None
        if "q" not in given:
            _print_title(given, newer)
        rows = _rows(host, state, jail, given)
    for owner, one, local in rows:
        if (ports is None or one.local_port in ports or one.remote_port in ports) \
                and ("tcp" if one.protocol == sockets.TCP else "udp") in protocols:
            print(_line(owner, one, local, given, newer))
    return 0


def _jail(state, word):
    alive = viewpoint.find(state, viewpoint.jail(state), int(word) if word.isdigit() else 0, word)[0]
    if alive is None:
        if word == "0":
            return {"jid": 0, "values": {"vnet": 0}}
        raise Failure("jail_getid: jail %s not found" % (word if word.isdigit() else '"%s"' % word))
    return alive


def _ports(text):
    found = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not first:
            raise Failure("missing port number")
        if not first.isdigit() or dash and last and not last.isdigit():
            raise Failure("syntax error in port range")
        if int(first) > 65535 or last and int(last) > 65535:
            raise Failure("invalid port number")
        found.update(range(int(first), (int(last) if last else 65535 if dash else int(first)) + 1))
    return found


def _protocols(text):
    names = text.split(",")
    for each in names:
        if each not in _PROTOCOLS:
            raise Failure("getprotobyname: %s" % each)
    return names


def _rows(host, state, jail, given):
    path = None
    if jail is not None and jail["values"]["vnet"] == 1:
        # Since 13.2 sockstat goes into the jail.
        if host.release < (13, 2):
            return []
        path = "/proc/%d/ns/net" % jail["init"]
    owners = seen.owners(host, state)
    listed = sockets.of_stack(path) if path else seen.all_seen(state)
    rows = []
    for one in listed:
        if not _is_wanted(one, given):
            continue
        owned = owners.get(one.inode, []) if one.inode else []
        for owner in owned:
            if jail is None or owner.jid == jail["jid"]:
                rows.append((owner, one, seen.bound(state, one, owned)))
    return sorted(rows, key=lambda row: (row[0].pid, row[0].descriptor))


def _is_wanted(one, given):
    families = [letter for letter in "46" if letter in given]
    if "u" in given and not families or families and str(one.version) not in families:
        return False
    listens = not one.remote_port
    if ("l" in given) != ("c" in given) and listens != ("l" in given):
        return False
    return not ("L" in given and (one.remote or one.local) in ("127.0.0.1", "::1"))


def _print_title(given, newer):
    text = "%-8s %-10s %-5s %-*s %-6s %-21s %-21s" % (
        "USER", "COMMAND", "PID", 3 if newer else 2, "FD", "PROTO", "LOCAL ADDRESS", "FOREIGN ADDRESS")
    if "S" in given:
        text += " %-8s" % "STACK"
    if "s" in given:
        text += " %-12s" % "CONN STATE" if newer else " %s" % "STATE"
    print(text)


def _line(owner, one, local, given, newer):
    user = running.find_user(lambda candidate: candidate.uid == _uid(owner.pid))
    name = user.name if user and "n" not in given else str(_uid(owner.pid))
    text = name.ljust(9)
    text = (text + owner.name[:10]).ljust(20)
    text = (text + str(owner.pid)).ljust(26)
    text = (text + str(owner.descriptor)).ljust(30 if newer else 29)
    text = (text + "%s%d" % ("tcp" if one.protocol == sockets.TCP else "udp", one.version)).ljust(
        37 if newer else 36)
    text = (text + _end(local, one.local_port)).ljust(59 if newer else 58)
    text += _end(one.remote, one.remote_port)
    if "s" in given and one.state:
        text = text.ljust(81 if newer else 80) + one.state
    return text


def _uid(pid):
    try:
        return os.stat("/proc/%d" % pid).st_uid
    except OSError:
        return 0


def _end(address, port):
    return "%s:%s" % (address or "*", port or "*")
