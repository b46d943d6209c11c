"""What the kernel does about jails: jail_set(2), jail_get(2), jail_remove(2), and rctl's accounts.

Everything here is called with the host locked.
"""

import ipaddress
import os

from . import cpusets, limits, lingering, parameters, place, processes
from .errors import EADDRINUSE, EEXIST, EFBIG, EINVAL, ENAMETOOLONG, ENOENT, ENOTDIR, EPERM, KernelError
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


def is_dying(state, jid):
    jail = by_jid(state, jid, dying=True)
    return jail is not None and jail["dying"]


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
    for jail in jails(state, dying=True):
        if jail["dying"]:
            if not lingering.is_held(state, jail):
                _bury(state, jail)
        elif not jail["values"]["persist"] and not jail.get("held") \
                and not processes.in_jail(jail["init"]):
            destroy(state, jail)


def children(state, jail):
    return _of_parent(state, jail["jid"])


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
            above = by_jid(state, jail["parent"])
            return state["settings"]["hostname"] if above is None else value(state, above, name)
        # Who is in the jail may have changed it; what is longer than Linux takes is only here.
        if len(os.fsencode(values[name])) < 64 and values[name] != "":
            return processes.hostname_of(jail["init"])
        return values[name]
    return values[name]


# ---- making and changing

def jail_set(host, given, create, update, attach=False, viewer=None, dying=False):
    """jail_set(2).

    given: values by the names of parameters, as import_value makes them, in order
    viewer: the jail that asks; None is the host. It knows only those below it, by shorter names
    dying: JAIL_DYING, with which a jail that is dying lives again
    Returns the jid.
    """
    state = host.state
    if viewer is not None and create and viewer["values"]["children.max"] == 0:
        raise KernelError("", EPERM)
    _check_values(given)
    root = _root(state, viewer, given["path"]) if "path" in given and create else None
    jail, name = _addressed(state, given, viewer)
    jid = given.get("jid")
    if jail is not None and jail["dying"] and host.release >= (15, 0):
        if create:
            _make_way(state, jail)
        jail = None
    if jail is None and not create:
        raise KernelError("jail %s not found" % (jid if jid else '"%s"' % given.get("name")), ENOENT)
    if jail is not None and not update:
        raise KernelError("jail %s already exists" % (
            jid if jid and jail["jid"] == jid else '"%s"' % given["name"]), EEXIST)
    if jail is not None and jail["dying"] and not dying:
        raise KernelError("jail %d is dying" % jid, ENOENT)
    above = by_jid(state, jail["parent"]) if jail is not None else _parent(state, name, viewer, given)
    if jail is None:
        _check_number_of_children(state, above)
    else:
        _check_change(state, jail, given)
    _check_settable(given)
    if jail is None:
        return _create(host, given, name, above, root, attach, viewer)
    _check_against_parent(state, jail, above, given, viewer)
    if jail["dying"] and (attach or given.get("persist")):
        jail["dying"] = False
        limits.hold(state, jail["name"])
    _update(host, jail, given, name)
    return jail["jid"]


def _check_values(given):
    """What is wrong whoever asks for it."""
    if given.get("enforce_statfs", 0) not in (0, 1, 2):
        raise KernelError("", EINVAL)
    for name, wanted in given.items():
        parameter = parameters.described(name)
        if parameter.kind == "string" and name != "osrelease" \
                and len(os.fsencode(wanted or "")) >= parameter.size:
            raise KernelError("", EFBIG if name.partition(".")[0] in parameters.KEYED
                              else ENAMETOOLONG)
        if parameter.kind == "jailsys" and wanted not in parameter.values:
            raise KernelError("", EINVAL)
    for version in ("4", "6"):
        _check_addresses(version, given.get("ip%s.addr" % version) or [])
    if given.get("vnet") == NEW and any(name in given for name in ("ip4", "ip6", "ip4.addr", "ip6.addr")):
        raise KernelError(_NO_RESTRICTIONS)
    if "osrelease" in given and not 1 <= len(os.fsencode(given["osrelease"])) <= 31:
        raise KernelError("osrelease string must be 1-31 bytes long")
    if given.get("osreldate", 1) == 0:
        raise KernelError("osreldate cannot be 0")


_NO_RESTRICTIONS = "vnet jails cannot have IP address restrictions"


def _check_addresses(version, addresses):
    if len(addresses) > MOST_ADDRESSES:
        raise KernelError("too many IPv%s addresses" % version)
    if len(set(addresses)) < len(addresses):
        raise KernelError("", EINVAL)
    if any(ipaddress.ip_address(address).is_unspecified or address == "255.255.255.255"
           for address in addresses):
        raise KernelError("", EINVAL)


def _root(state, viewer, path):
    """Where a jail's root is, as the host has it."""
    absolute = os.path.normpath(os.path.join(os.getcwd(), path))
    if not os.path.lexists(absolute):
        raise KernelError("", ENOENT)
    if not os.path.isdir(absolute):
        raise KernelError("", ENOTDIR)
    return absolute if viewer is None else place.below(place.root(viewer), absolute)


def _addressed(state, given, viewer):
    """(the jail that is meant, its whole name): by its number, or else by its name."""
    jid, name = given.get("jid") or 0, given.get("name")
    if jid < 0:
        raise KernelError("negative jid")
    whole = None if name is None else name if viewer is None else "%s.%s" % (viewer["name"], name)
    if jid:
        jail = by_jid(state, jid, dying=True)
        if jail is not None and "name" in given and whole != jail["name"]:
            _check_new_name(state, jail, whole, name)
        return jail, whole
    return by_name(state, whole) if name else None, whole


def _make_way(state, jail):
    """Since 15.0 a jail that is dying leaves its number to a new one."""
    from . import network
    jid = _next_id(state)
    network.renumber(state, jail["jid"], jid)
    del state["jails"][str(jail["jid"])]
    jail["jid"] = jid
    state["jails"][str(jid)] = jail


def _check_new_name(state, jail, whole, name):
    if whole.rpartition(".")[0] != jail["name"].rpartition(".")[0]:
        raise KernelError("cannot change jail's parent")
    if by_name(state, whole) is not None:
        raise KernelError('jail "%s" already exists' % name, EEXIST)


def _parent(state, name, viewer, given):
    """The jail in which a new one is to be; None is the host."""
    if name is None or "." not in name:
        return viewer
    above = name.rpartition(".")[0]
    if viewer is not None and above == viewer["name"]:
        return viewer
    found = by_name(state, above)
    if found is None:
        raise KernelError('jail "%s" not found' % given["name"].rpartition(".")[0], ENOENT)
    return found


def _check_number_of_children(state, above):
    """No jail has more below it than it may."""
    while above is not None:
        if value(state, above, "children.cur") >= above["values"]["children.max"]:
            raise KernelError("prison limit exceeded", EPERM)
        above = by_jid(state, above["parent"])


def _check_change(state, jail, given):
    for name in _FIXED:
        if name in given and given[name] != _comparable(state, jail, name):
            raise KernelError("%s cannot be changed after creation" % name)
    for version in ("4", "6"):
        if "ip%s.addr" % version in given:
            if jail["values"]["vnet"] == NEW:
                raise KernelError(_NO_RESTRICTIONS)
            if jail["values"]["ip" + version] == INHERIT:
                raise KernelError("ip%s cannot be changed after creation" % version)


def _comparable(state, jail, name):
    return jail["values"][name] if name not in ("ip4", "ip6") else value(state, jail, name)


def _check_against_parent(state, jail, above, given, viewer):
    """A jail may not do what the one it is in may not."""
    upper = above["values"] if above is not None else {}
    if given.get("securelevel", 99) < upper.get("securelevel", -1) \
            or given.get("children.max", -1) >= upper.get("children.max", MOST_CHILDREN) \
            or given.get("enforce_statfs", 2) < upper.get("enforce_statfs", 0):
        raise KernelError("", EPERM)
    ruleset = given.get("devfs_ruleset", 0)
    if not 0 <= ruleset <= 65535:
        raise KernelError("", EINVAL)
    if viewer is not None and ruleset and ruleset != upper["devfs_ruleset"]:
        raise KernelError("", EPERM)
    for version in ("4", "6"):
        addresses = given.get("ip%s.addr" % version)
        if not addresses:
            continue
        if _is_limited(state, above, version) \
                and not set(addresses) <= set(upper["ip%s.addr" % version]):
            raise KernelError("", EPERM)
        _check_clash(state, jail, above, version, addresses)
    for name, wanted in given.items():
        if name.startswith("allow.") and wanted and above is not None and not upper.get(name) \
                and name not in _MAY_DIFFER:
            raise KernelError("", EPERM)


def _check_settable(given):
    """What can only be read, jail_set(2) does not know."""
    for name, wanted in given.items():
        parameter = parameters.described(name)
        if parameter.change == "RO":
            raise KernelError("unknown parameter: %s" % (
                parameters.no_name(name) if parameter.kind == "bool" and not wanted else name))


#: What a jail may be allowed that its parent is not.
_MAY_DIFFER = ("allow.unprivileged_proc_debug",)


def _restricts(jail, version):
    """Whether a jail has a list of addresses of its own, were it empty."""
    return jail["values"]["vnet"] != NEW and jail["values"]["ip" + version] != INHERIT


def _is_limited(state, jail, version):
    """Whether a jail, or what it inherits from, is restricted to a list."""
    while jail is not None and jail["values"]["vnet"] != NEW:
        if _restricts(jail, version):
            return True
        jail = by_jid(state, jail["parent"])
    return False


def _check_clash(state, jail, above, version, addresses):
    """No address in two jails of one network stack, but what each has as its only one. Those below a jail
    that has a list are not looked at."""
    while above is not None and above["values"]["vnet"] != NEW:
        above = by_jid(state, above["parent"])
    pending = [above] if above is not None else _of_parent(state, 0)
    while pending:
        other = pending.pop()
        if other is jail or other is not above and other["values"]["vnet"] == NEW:
            continue
        if other is above or not _restricts(other, version):
            pending += _of_parent(state, other["jid"])
            continue
        theirs = other["values"]["ip%s.addr" % version]
        if set(theirs) & set(addresses) and (len(theirs) > 1 or len(addresses) > 1):
            raise KernelError("IPv%s addresses clash" % version, EADDRINUSE)


def _of_parent(state, jid):
    return [jail for jail in jails(state) if jail["parent"] == jid]


def _number_for(state, jid, name):
    """The jid that a name of digits asks for."""
    last = name.rpartition(".")[2]
    if not (last.isascii() and last.isdigit()):
        return jid
    if not jid and by_jid(state, int(last), dying=True) is not None:
        raise KernelError("jail %s already exists" % last, EEXIST)
    return jid if jid or last.startswith("0") else int(last)


def _check_numeric(jid, name):
    last = name.rpartition(".")[2]
    if last.isascii() and last.isdigit() and (last.startswith("0") or int(last) != jid):
        raise KernelError("name cannot be numeric (unless it is the jid)")


def _create(host, given, name, above, root, attach, viewer):
    state = host.state
    jid = _number_for(state, given.get("jid") or 0, name or "")
    if not given.get("persist") and not attach:
        raise KernelError("new jail must persist or attach")
    # What is refused from here on has used up a number.
    jid = jid or _next_id(state)
    _check_against_parent(state, None, above, given, viewer)
    _check_numeric(jid, name or "")
    last = (name or "").rpartition(".")[2] or str(jid)
    name = last if above is None else "%s.%s" % (above["name"], last)
    if len(os.fsencode(name)) >= parameters.BY_NAME["name"].size:
        raise KernelError("", ENAMETOOLONG)
    values = _defaults(host)
    if above is not None:
        _inherit(values, above["values"], given)
    _assign(values, given)
    # Until 14 a root of "/" is not looked up.
    if root is None or given["path"] in ("", "/") and host.release < (15, 0):
        root, values["path"] = place.root(above), "/" if above is not None else root or "/"
    else:
        values["path"] = root
    values.pop("name", None)
    values.pop("jid", None)
    _imply(given, values)
    hostname = None if values["host"] == INHERIT else values["host.hostname"]
    init, namespaces = processes.start_init(hostname, values["vnet"] == NEW, above)
    made = state["jails"][str(jid)] = {
        "jid": jid,
        "name": name,
        "parent": 0 if above is None else above["jid"],
        "dying": False,
        # Since 13.0 who comes into a jail first leaves what he had chosen of the processors.
        **cpusets.of_new_jail(state, keeps=host.release < (13, 0)),
        "init": init,
        "inits": {},
        "namespaces": namespaces,
        "root": root,
        "held": attach,
        "values": values,
    }
    here = place.jail(state)
    made["here"] = place.seen_from(place.root(here), root)
    made["inits"] = {str(here["jid"]): init} if here is not None else \
        place.inits(state, made, init) or {"0": init}
    limits.hold(state, name)
    return jid


def _inherit(values, upper, given):
    """What a jail has from the one that it is in."""
    for name in ("securelevel", "devfs_ruleset", "osrelease", "osreldate"):
        values[name] = upper[name]
    for name in values:
        if name.startswith("allow.") and not upper[name] and name not in _MAY_DIFFER:
            values[name] = 0
    for version in ("4", "6"):
        if given.get("ip" + version) == INHERIT:
            values["ip%s.addr" % version] = list(upper["ip%s.addr" % version])
    if given.get("host") == INHERIT:
        for name in ("host.hostname", "host.domainname", "host.hostuuid", "host.hostid"):
            values[name] = upper[name]


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


def _update(host, jail, given, name):
    state = host.state
    if name is not None and name != jail["name"]:
        _rename(state, jail, name)
    kept = given.get("persist", jail["values"]["persist"])
    _assign(jail["values"], {name: wanted for name, wanted in given.items()
                             if name not in ("jid", "name", "path")})
    if "host.hostname" in given:
        jail["values"]["host"] = NEW
        processes.set_hostname(jail["init"], given["host.hostname"])
    _pass_on(state, jail, given, 1)
    if not kept:
        collect(state)


def _rename(state, jail, name):
    last = name.rpartition(".")[2]
    if last.isdigit() and int(last) != jail["jid"]:
        raise KernelError("name cannot be numeric (unless it is the jid)")
    was = jail["name"]
    for other in [jail] + [other for other in jails(state, True) if other["name"].startswith(was + ".")]:
        new = name + other["name"][len(was):]
        limits.rename(state, other["name"], new)
        other["name"] = new
    limits.refresh(state)


def _pass_on(state, jail, given, level):
    """What a jail may do no more, those in it may not either."""
    for child in _of_parent(state, jail["jid"]):
        values = child["values"]
        for name in ("securelevel", "enforce_statfs"):
            values[name] = max(values[name], given.get(name, values[name]))
        values["devfs_ruleset"] = given.get("devfs_ruleset", values["devfs_ruleset"])
        if "children.max" in given:
            values["children.max"] = min(values["children.max"], max(0, given["children.max"] - level))
        for name, wanted in given.items():
            if name.startswith("allow.") and not wanted:
                values[name] = 0
        for version in ("4", "6"):
            key = "ip%s.addr" % version
            if key in given and values["vnet"] != NEW:
                values[key] = [address for address in values[key] if address in given[key]] \
                    if _restricts(child, version) else list(given[key])
        _pass_on(state, child, given, level + 1)


def let_go(state, jail):
    """Takes a jail's persistence back that it had for a while."""
    jail["values"]["persist"] = 0
    collect(state)


# ---- removing

def remove(state, jail):
    """jail_remove(2): its children, its processes, and itself."""
    for child in children(state, jail):
        remove(state, child)
    destroy(state, jail)


def destroy(state, jail):
    """Ends a jail; what its connections keep is dying, and gone when collect() finds that they are."""
    limits.settle(state, jail)
    if lingering.begin(state, jail):
        limits.release(state, jail)
    else:
        _bury(state, jail)


def _bury(state, jail):
    """A jail is gone, and its network stack with it."""
    if jail["values"]["vnet"] == NEW:
        from . import network
        network.vnet_gone(state, jail)
    processes.end(jail["init"])
    if not jail["dying"]:
        limits.release(state, jail)
    state["jails"].pop(str(jail["jid"]), None)


def require_root(host):
    if os.geteuid() != 0:
        raise KernelError("", EPERM)
