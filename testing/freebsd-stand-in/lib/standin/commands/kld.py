"""kldload(8), kldstat(8) and kldunload(8)."""

from .. import kernel, modules
from ..command import warn
from ..errors import Failure, KernelError, Usage
from ..options import parse

#: Where a kernel is loaded, and how large it is; a module's are made up from its number.
_ADDRESS = 0xffffffff80200000
_SIZE = 0xaf9118


def run(host, name, arguments):
    with host.locked():
        return {"kldload": _load, "kldstat": _status, "kldunload": _unload}[name](host, arguments)


# ---- kldload

def _load(host, arguments):
    usage = "usage: kldload [-nqv] file ..."
    options, names = parse("kldload", arguments, "nqv", usage)
    verbose = check = False
    for letter, _ in options:
        verbose = {"v": True, "q": False}.get(letter, verbose)
        check = check or letter == "n"
    if not names:
        raise Usage(usage)
    failed = False
    for name in names:
        try:
            kernel.require_root(host)
            number = modules.load(host.state, name)
            if verbose:
                print("Loaded %s, id=%d" % (name, number))
        except KernelError as error:
            failed = _complain(name, error, check, verbose) or failed
    return 1 if failed else 0


def _complain(name, error, check, verbose):
    """Whether it is an error that a module was not loaded."""
    if error.number != "EEXIST":
        warn("kldload", "can't load %s: %s" % (name, error.text or "Operation not permitted"))
        return True
    if not check:
        warn("kldload", "can't load %s: module already loaded or in kernel" % name)
        return True
    if verbose:
        print("%s is already loaded" % name)
    return False


# ---- kldstat

_STATUS_USAGE = ("usage: kldstat [-d] [-h] [-q] [-v] [-i id] [-n filename]\n"
                 "       kldstat [-d] [-q] [-m modname]")


def _status(host, arguments):
    options, rest = parse("kldstat", arguments, "dhi:m:n:qv", _STATUS_USAGE)
    given = dict(options)
    if rest or ("i" in given and not given["i"].isdigit()):
        raise Usage(_STATUS_USAGE)
    if "m" in given:
        return _module(host.state, given["m"], "q" in given)
    number = int(given.get("i", 0))
    if "n" in given:
        number = _file(host.state, given["n"])
        if number is None:
            if "q" not in given:
                warn("kldstat", "can't find file %s: No such file or directory" % given["n"])
            return 1
        if "q" in given:
            return 0
    _print_files(host.state, number, "h" in given, "v" in given)
    return 0


def _module(state, name, quiet):
    there = state["settings"]["modules"]
    if name not in there:
        if not quiet:
            warn("kldstat", "can't find module %s: No such file or directory" % name)
        return 1
    if not quiet:
        print("Id  Refs Name\n%3d %4d %s" % (there.index(name) + 1, 1, name))
    return 0


def _file(state, name):
    """The id of a loaded file."""
    for number, module in modules.files(state):
        if name in (module, module + ".ko") and (module != "kernel" or name == "kernel"):
            return number
    return None


def _print_files(state, wanted, human, verbose):
    files = modules.files(state)
    if wanted and not any(number == wanted for number, _ in files):
        _print_title(human)
        raise Failure("can't stat file id %d: No such file or directory" % wanted)
    _print_title(human)
    address = _ADDRESS
    for number, module in files:
        size = _SIZE if module == "kernel" else 0x1000 * (5 + len(module)) + 0x98
        if not wanted or number == wanted:
            refs = len(files) if module == "kernel" else 1 + len(modules.users(state, module))
            file = module if module == "kernel" else module + ".ko"
            shown = "%5s" % _human(size) if human else "%8x" % size
            line = "%2d %4d 0x%x %s %s" % (number, refs, address, shown, file)
            print(line + (" (/boot/kernel/%s)" % file if verbose else ""))
            if verbose:
                _print_contents(state, module)
        address += 0x1000 * (size // 0x1000 + 1)


def _print_title(human):
    print("Id Refs Address%11s %s Name" % ("", " Size" if human else "    Size"))


def _print_contents(state, module):
    there = state["settings"]["modules"]
    names = modules.in_kernel(state)[1:] if module == "kernel" else [module]
    print("\tContains modules:\n\t\tId Name")
    for name in names:
        print("\t\t%2d %s" % (there.index(name) + 1, name))


def _human(size):
    for unit in ("", "K", "M", "G"):
        if size < 1000:
            return "%d%s" % (size, unit)
        size = (size + 500) // 1000
    return "%dT" % size


# ---- kldunload

_UNLOAD_USAGE = "usage: kldunload [-fv] -i id ...\n       kldunload [-fv] [-n] name ..."


def _unload(host, arguments):
    options, names = parse("kldunload", arguments, "finv", _UNLOAD_USAGE, 64)
    given = dict(options)
    if not names:
        raise Usage(_UNLOAD_USAGE, 64)
    for name in names:
        number = _asked(host.state, name, "i" in given)
        module = dict(modules.files(host.state)).get(number)
        if "v" in given:
            if module is None:
                raise Failure("can't stat file: No such file or directory")
            print("Unloading %s, id=%d" % (module if module == "kernel" else module + ".ko", number))
        _drop(host, module)
    return 0


def _asked(state, name, by_id):
    if by_id:
        return int(name) if name.isdigit() else 0
    number = _file(state, name)
    if number is None:
        raise Failure("can't find file %s" % name)
    return number


def _drop(host, module):
    try:
        kernel.require_root(host)
        if module is None:
            raise KernelError("No such file or directory")
        modules.unload(host.state, module)
    except KernelError as error:
        raise Failure("can't unload file: %s" % (error.text or "Operation not permitted")) from None
