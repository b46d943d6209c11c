"""Kernel modules: kldload(2), kldunload(2), and what is in the kernel itself.

The setting "modules" has the names of what is there, in the order in which it came. Those that a
fresh host has are compiled into its kernel: no file of theirs is loaded, so kldstat(8) has none.
"""

from .errors import EBUSY, ENOENT, KernelError
from .host import SETTINGS
from .parameters import module_to_load

#: What a module brings with it.
NEEDS = {
    "linux": ("linux_common",),
    "linux64": ("linux_common",),
    "linprocfs": ("linux_common",),
    "linsysfs": ("linux_common",),
    "nfsd": ("krpc", "nfscommon"),
}

#: Without a file of their own in the directory of modules, or loaded along with others alone.
_ALONG = ("linux_common", "krpc", "nfscommon")


def in_kernel(state):
    """The modules that no file is loaded for."""
    return [name for name in state["settings"]["modules"] if name in SETTINGS["modules"]]


def files(state):
    """The loaded files: (id, name of the module), the kernel first. An id is kept while loaded."""
    ids = state.setdefault("kld_ids", {})
    loaded = [name for name in state["settings"]["modules"] if name not in SETTINGS["modules"]]
    for name in list(ids):
        if name not in loaded:
            del ids[name]
    for name in loaded:
        if name not in ids:
            ids[name] = _free_id(ids)
    return [(1, "kernel")] + [(ids[name], name) for name in loaded]


def _free_id(ids):
    number = 2
    while number in ids.values():
        number += 1
    return number


def base_name(name):
    """Of a module from how it is asked for: with ".ko", with a path."""
    name = name.rpartition("/")[2]
    return name[:-3] if name.endswith(".ko") else name


def load(state, name):
    """kldload(2): the id of the file. What is not there is ENOENT, what is there is EEXIST."""
    name = base_name(name)
    modules = state["settings"]["modules"]
    if name in modules:
        raise KernelError("File exists", "EEXIST")
    if name not in state["settings"]["loadable"]:
        raise KernelError(ENOENT, "ENOENT")
    for needed in NEEDS.get(name, ()):
        if needed not in modules:
            modules.append(needed)
    modules.append(name)
    return dict((module, number) for number, module in files(state))[name]


def load_for(state, parameter):
    """What libjail does about a parameter that the kernel does not know: whether a module came."""
    asked = module_to_load(parameter)
    if asked is None:
        return False
    for name in (asked, asked[2:] if asked.startswith("no") else asked):
        try:
            load(state, name)
            return True
        except KernelError:
            pass
    return False


def unload(state, name):
    """kldunload(2): fails while another needs it or a file system of it is mounted."""
    modules = state["settings"]["modules"]
    if name not in modules or name in SETTINGS["modules"]:
        raise KernelError(EBUSY, "EBUSY")
    if users(state, name) or any(mount["type"] == name for mount in state["mounts"]):
        raise KernelError(EBUSY, "EBUSY")
    modules.remove(name)
    for needed in NEEDS.get(name, ()):
        if needed in _ALONG and needed in modules and not users(state, needed):
            modules.remove(needed)


def users(state, name):
    """The modules that need one."""
    return [other for other in state["settings"]["modules"] if name in NEEDS.get(other, ())]
