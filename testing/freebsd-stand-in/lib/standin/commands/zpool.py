"""zpool(8): the pool of a host, to be looked at."""

import os
import sys

from .. import datasets, mounts
from ..errors import Exit, Usage
from .zfs import human, options_of

_USAGES = {
    "list": "list [-Hpv] [-o property[,...]] [-T d|u] [pool] ... [interval [count]]",
    "status": "status [-vx] [-T d|u] [pool] ... [interval [count]]",
    "get": "get [-Hp] [-o \"all\" | field[,...]] <\"all\" | property[,...]> <pool> ...",
}
_LETTERS = {"list": "Hpvo:T:LPg", "status": "vxT:", "get": "Hpo:"}
_COLUMNS = "name,size,allocated,free,checkpoint,expandsize,fragmentation,capacity,dedupratio,health,altroot"
_SHORT = {"alloc": "allocated", "cap": "capacity", "frag": "fragmentation", "ckpoint": "checkpoint",
          "expandsz": "expandsize", "dedup": "dedupratio"}
_HEADINGS = {"allocated": "ALLOC", "capacity": "CAP", "fragmentation": "FRAG", "checkpoint": "CKPOINT",
             "expandsize": "EXPANDSZ", "dedupratio": "DEDUP"}


def run(host, name, arguments):
    command = arguments[0] if arguments else None
    if command not in _USAGES:
        said = "missing command" if command is None else "unrecognized command '%s'" % command
        raise Usage("%s\nusage: zpool command args ...\nwhere 'command' is one of the following:\n\n\t%s"
                    % (said, "\n\t".join(_USAGES.values())), 2)
    try:
        letters, words = options_of(arguments[1:], _LETTERS[command])
    except ValueError as error:
        raise Usage("%s\nusage:\n\t%s" % (error, _USAGES[command]), 2) from None
    with host.locked() as state:
        asked = words if command != "get" else words[1:]
        for word in asked:
            if word != state["settings"]["pool"]:
                sys.stderr.write("cannot open '%s': no such pool\n" % word)
                raise Exit(1)
        datasets.all_of(state)
        {"list": _list, "status": _status, "get": _get}[command](state, dict(letters), words)
    return 0


def _value(state, name):
    free = os.statvfs(mounts.OWN)
    size, left = free.f_blocks * free.f_frsize, free.f_bavail * free.f_frsize
    return {"name": state["settings"]["pool"], "size": size, "allocated": size - left, "free": left,
            "checkpoint": "-", "expandsize": "-", "fragmentation": "0%", "dedupratio": "1.00x",
            "capacity": "%d%%" % (100 * (size - left) // size), "health": "ONLINE", "altroot": "-",
            "guid": 10 ** 18, "readonly": "off", "version": "-", "bootfs": "-", "autotrim": "off"}.get(name)


def _invalid(name, command):
    return Usage("bad property list: invalid property '%s'\nusage:\n\t%s" % (name, _USAGES[command]), 2)


def _list(state, given, words):
    if not state["settings"]["pool"]:
        print("no pools available")
        return
    columns = [_SHORT.get(column, column) for column in given.get("o", _COLUMNS).split(",")]
    for column in columns:
        if _value(state, column) is None:
            raise _invalid(column, "list")
    row = [_shown(state, column, given) for column in columns]
    if "H" in given:
        print("\t".join(row))
        return
    headings = [_HEADINGS.get(column, column.upper()) for column in columns]
    for cells in (headings, row):
        print("  ".join(cell.ljust(max(len(heading), len(value))) if column in ("name", "altroot") else
                        cell.rjust(max(len(heading), len(value)))
                        for column, cell, heading, value in zip(columns, cells, headings, row)))


def _shown(state, column, given):
    value = _value(state, column)
    if "p" in given:
        return str(value).rstrip("%") if column in ("capacity", "fragmentation") else str(value)
    return human(value) if column != "guid" else str(value)


def _status(state, given, words):
    pool = state["settings"]["pool"]
    if not pool:
        print("no pools available")
    elif "x" in given:
        print("pool '%s' is healthy" % pool if words else "all pools are healthy")
    else:
        print("  pool: %s\n state: ONLINE\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n"
              "\t%-10s  ONLINE       0     0     0\n\t  vtbd1     ONLINE       0     0     0\n\n"
              "errors: No known data errors" % pool)


def _get(state, given, words):
    if len(words) < 1:
        raise Usage("missing property argument\nusage:\n\t" + _USAGES["get"], 2)
    names = [_SHORT.get(name, name) for name in words[0].split(",")]
    if words[0] == "all":
        names = _COLUMNS.split(",")[1:] + ["guid", "readonly", "version", "bootfs", "autotrim"]
    rows = []
    for name in names:
        if _value(state, name) is None:
            raise _invalid(name, "get")
        row = {"name": state["settings"]["pool"], "property": name, "value": _shown(state, name, given),
               "source": "-"}
        rows.append([row[field] for field in given.get("o", "name,property,value,source").split(",")])
    for row in rows if "H" in given else [["NAME", "PROPERTY", "VALUE", "SOURCE"]] + rows:
        print("\t".join(row) if "H" in given else "%-4s  %-8s  %-7s  %s" % tuple(row))
