"""What the kernel does about jails: jail_set(2), jail_get(2), jail_remove(2), and rctl's accounts.

Everything here is called with the host locked.
"""

import ipaddress
import os

from . import limits, parameters, place, processes
from .errors import EFBIG, EINVAL, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM, KernelError
from .parameters import DISABLE, INHERIT, NEW

MOST_ADDRESSES = 255
LAST_AUTOMATIC_ID = 999999
#: children.max of the host itself.
MOST_CHILDREN = 999999

_FIXED = ("vnet", "ip4", "ip6", "path", "osrelease", "osreldate")


# ---- looking

def jails(state, dying=False):
    """In the order in which they were made."""
    return [jail for jail in state["jails"].values() if dying or not jail["dying"]]


def by_jid(state, jid, dying=False):
    jail = state["jails"].get(str(jid))
    return jail if jail is not None and (dying or not jail["dying"]) else None


def by_name(state, name, dying=False):
    for jail in jails(state, dying):
        if jail["name"] == name:
            return jail
    return None


def find(state, given, dying=False):
    """As jail_getid(3): digits are a number, all else is a name."""
    if given.isdigit():
        return by_jid(state, int(given), dying)
    return by_name(state, given, dying)


def collect(state):
    """A jail that nothing keeps is gone with its last process; in a jail nobody can tell which."""
    if not place.is_host(state):
        return
    for jail in list(jails(state)):
        if not jail["values"]["persist"] and not jail.get("held") \
                and not processes.in_jail(jail["init"]):
            destroy(state, jail)


def children(state, jail):
    return [other for other in jails(state) if other["parent"] == jail["jid"]]


def value(state, jail, name):
    """What jail_get(2) answers for a parameter; None for a key that is not there."""
    values = jail["values"]
    if name == "jid":
        return jail["jid"]
    if name == "name":
        return jail["name"]
    if name == "parent":
        return jail["parent"]
    if name == "dying":
        return int(jail["dying"])
    if name == "cpuset.id":
        return jail["cpuset"]
    if name == "children.cur":
        return sum(1 for other in jails(state) if other["name"].startswith(jail["name"] + "."))
    group, _, key = name.partition(".")
    if key and group in parameters.KEYED:
        return next((line[len(key) + 1:] for line in values[group].split("\n")
                     if line.startswith(key + "=")), None)
    if name in ("ip4", "ip6"):
        if values["vnet"] == NEW or values[name] == INHERIT:
            return INHERIT
        # One bit in the kernel stands for disable and new.
        return DISABLE
    if name == "host.hostname" and not jail["dying"]:
        if values["host"] == INHERIT:
            return state["settings"]["hostname"]
        # Who is in the jail may have changed it; what is longer than Linux takes is only here.
        if len(os.fsencode(values[name])) < 64 and values[name] != "":
            return processes.hostname_of(jail["init"])
        return values[name]
    return values[name]


# ---- making and changing

def jail_set(host, given, create, update, attach=False):
    """jail_set(2).

    given: values by the names of parameters, as import_value makes them, in order. Returns the jid.
    """
    state = host.state
    name, jid = given.get("name"), given.get("jid")
    if jid is not None and jid < 0:
        raise KernelError("negative jid")
    jail = _addressed(state, name, jid)
    if jail is None and not create:
        raise KernelError("jail %s not found" % (jid if jid is not None else '"%s"' % name), "ENOENT")
    if jail is not None and not update:
        raise KernelError(
            "jail %s already exists" % (jid if jid is not None and jail["jid"] == jid
                                        else '"%s"' % name), "EEXIST")
    _check(host, given, jail)
    if jail is None:
        return _create(host, given, attach)
    _update(host, jail, given)
    return jail["jid"]


def _addressed(state, name, jid):
    if jid:
        return by_jid(state, jid)
    return by_name(state, name) if name else None


def _check(host, given, jail):
    for name, wanted in given.items():
        parameter = parameters.described(name)
        if parameter.kind == "string" and name != "osrelease" \
                and len(os.fsencode(wanted or "")) >= parameter.size:
            raise KernelError("", EFBIG if name.partition(".")[0] in parameters.KEYED
                              else ENAMETOOLONG)
        if parameter.kind == "jailsys" and wanted not in parameter.values:
            raise KernelError("", EINVAL)
    if given.get("enforce_statfs", 0) not in (0, 1, 2):
        raise KernelError("", EINVAL)
    if not 0 <= given.get("devfs_ruleset", 0) <= 65535:
        raise KernelError("", EINVAL)
    if "children.max" in given and given["children.max"] >= _children_above(host.state, given, jail):
        raise KernelError("", EPERM)
    if given.get("osreldate", 1) == 0:
        raise KernelError("osreldate cannot be 0")
    if "osrelease" in given and not 1 <= len(os.fsencode(given["osrelease"])) <= 31:
        raise KernelError("osrelease string must be 1-31 bytes long")
    if jail is None:
        vnet = given.get("vnet") == NEW
        restricted = any(name in given for name in ("ip4", "ip6", "ip4.addr", "ip6.addr"))
    else:
        for name in _FIXED:
            if name in given and given[name] != _comparable(host.state, jail, name):
                raise KernelError("%s cannot be changed after creation" % name)
        vnet = jail["values"]["vnet"] == NEW
        restricted = "ip4.addr" in given or "ip6.addr" in given
    if vnet and restricted:
        raise KernelError("vnet jails cannot have IP address restrictions")
    for version in ("4", "6"):
        addresses = given.get("ip%s.addr" % version)
        if addresses is not None:
            _check_addresses(host.state, jail, version, addresses)


def _children_above(state, given, jail):
    """children.max of the parent, under which that of a jail has to stay."""
    if jail is not None:
        parent = by_jid(state, jail["parent"])
    else:
        parent = by_name(state, given.get("name", "").rpartition(".")[0])
    return MOST_CHILDREN if parent is None else parent["values"]["children.max"]


def _comparable(state, jail, name):
    return jail["values"][name] if name not in ("ip4", "ip6") else value(state, jail, name)


def _check_addresses(state, jail, version, addresses):
    if len(addresses) > MOST_ADDRESSES:
        raise KernelError("too many IPv%s addresses" % version)
    if len(set(addresses)) < len(addresses):
        raise KernelError("", EINVAL)
    if any(ipaddress.ip_address(address).is_unspecified or address == "255.255.255.255"
           for address in addresses):
        raise KernelError("", EINVAL)
    if jail is not None and addresses and jail["values"]["ip" + version] == INHERIT:
        raise KernelError("ip%s cannot be changed after creation" % version)
    for other in jails(state):
        theirs = other["values"]["ip%s.addr" % version]
        if other is jail or other["values"]["vnet"] == NEW:
            continue
        # Shared is what each has as its only one.
        if set(theirs) & set(addresses) and (len(theirs) > 1 or len(addresses) > 1):
            raise KernelError("IPv%s addresses clash" % version)


def _create(host, given, attach):
    state = host.state
    name, jid = given.get("name", ""), given.get("jid") or 0
    parent = 0
    if "." in name:
        above = by_name(state, name.rpartition(".")[0])
        if above is None:
            raise KernelError('jail "%s" not found' % name.rpartition(".")[0])
        parent = above["jid"]
        name_only = name.rpartition(".")[2]
    else:
        name_only = name
    if name_only[:1].isdigit() and name_only.isdigit():
        if name_only.startswith("0") or (jid and jid != int(name_only)):
            raise KernelError("name cannot be numeric (unless it is the jid)")
        jid = jid or int(name_only)
        if by_jid(state, jid) is not None:
            raise KernelError("jail %d already exists" % jid)
    path = given.get("path", "/")
    absolute = os.path.normpath(os.path.join(os.getcwd(), path))
    if not os.path.lexists(absolute):
        raise KernelError("", ENOENT)
    if not os.path.isdir(absolute):
        raise KernelError("", ENOTDIR)
    if not given.get("persist") and not attach:
        raise KernelError("new jail must persist or attach")
    if not jid:
        jid = _next_id(state)
    elif str(jid) in state["jails"]:
        raise KernelError("jail %d is dying" % jid)
    values = _defaults(host)
    _assign(values, given)
    values["path"] = absolute
    values.pop("name", None)
    values.pop("jid", None)
    _imply(given, values)
    # The lowest that is free; 1 is the host's.
    taken = {jail["cpuset"] for jail in state["jails"].values()}
    cpuset = next(number for number in range(2, len(taken) + 3) if number not in taken)
    hostname = None if values["host"] == INHERIT else values["host.hostname"]
    init = processes.start_init(hostname, values["vnet"] == NEW)
    state["jails"][str(jid)] = {
        "jid": jid,
        "name": name or str(jid),
        "parent": parent,
        "dying": False,
        "cpuset": cpuset,
        "init": init,
        "namespaces": place.namespaces(init),
        "held": attach,
        "values": values,
    }
    limits.hold(state, name or str(jid))
    return jid


def _next_id(state):
    for _ in range(LAST_AUTOMATIC_ID):
        jid = state["next_jid"]
        state["next_jid"] = jid % LAST_AUTOMATIC_ID + 1
        if str(jid) not in state["jails"]:
            return jid
    raise KernelError("no available jail IDs")


def _defaults(host):
    values = {}
    for parameter in parameters.BY_NAME.values():
        if parameter.change != "RO":
            values[parameter.name] = parameter.default
    values["osrelease"] = host.osrelease
    values["osreldate"] = host.osreldate
    return values


def _assign(values, given):
    for name, wanted in given.items():
        group, _, key = name.partition(".")
        if key and group in parameters.KEYED:
            # A key that is set comes first, wherever it was.
            lines = [line for line in values[group].split("\n")
                     if line and not line.startswith(key + "=")]
            values[group] = "\n".join(([] if wanted is None else [key + "=" + wanted]) + lines)
        else:
            values[name] = wanted


def _imply(given, values):
    """What one parameter means for others."""
    if any(name.startswith("host.") for name in given):
        values["host"] = NEW
    if given.get("allow.sysvipc"):
        for name in ("sysvmsg", "sysvsem", "sysvshm"):
            if name not in given:
                values[name] = INHERIT
    for version in ("ip4", "ip6"):
        if given.get(version + ".addr"):
            values[version] = NEW


def _update(host, jail, given):
    state = host.state
    if "jid" in given and "name" in given and given["name"] != jail["name"]:
        if by_name(state, given["name"]) is not None:
            raise KernelError('jail "%s" already exists' % given["name"])
        limits.rename(state, jail["name"], given["name"])
        jail["name"] = given["name"]
    kept = persist_kept(jail, given)
    _assign(jail["values"], {name: wanted for name, wanted in given.items()
                             if name not in ("jid", "name", "path")})
    if "host.hostname" in given:
        jail["values"]["host"] = NEW
        processes.set_hostname(jail["init"], given["host.hostname"])
    if not kept:
        collect(state)


def let_go(state, jail):
    """Takes a jail's persistence back that it had for a while."""
    jail["values"]["persist"] = 0
    collect(state)


def persist_kept(jail, given):
    return given.get("persist", jail["values"]["persist"])


# ---- removing

def remove(state, jail):
    """jail_remove(2): its children, its processes, and itself."""
    for child in children(state, jail):
        remove(state, child)
    destroy(state, jail)


def destroy(state, jail):
    """Ends a jail; one that lingers is dying, and whoever ends that calls network.vnet_gone()."""
    limits.settle(state, jail)
    lingering = jail.get("lingers", 0)
    if jail["values"]["vnet"] == NEW:
        from . import network
        network.vnet_parks(state, jail)
        if not lingering:
            network.vnet_gone(state, jail)
    processes.end(jail["init"])
    limits.release(state, jail)
    if lingering:
        jail["dying"] = True
    else:
        state["jails"].pop(str(jail["jid"]), None)


def require_root(host):
    if os.geteuid() != 0:
        raise KernelError("", EPERM)
