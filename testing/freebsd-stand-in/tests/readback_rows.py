"""Runs on a stand-in host: makes a jail for each row of a table, as jail(8) would, and prints as JSON
what was refused, or what jls(8) shows of it.

Arguments: the host's directory. Standard input: a list of [parameter or null, words].
"""

import io
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))

from standin import kernel, parameters, values  # noqa: E402
from standin.commands import jls  # noqa: E402
from standin.errors import Exit, KernelError  # noqa: E402
from standin.host import Host  # noqa: E402


def imported(state, release, words):
    """What jail(8) gives to jail_set(2) for NAME, noNAME and NAME=VALUE."""
    modules = state["settings"]["modules"]
    given = {}
    for word in words:
        name, equals, text = word.partition("=")
        parameter = parameters.find(name, release, modules)
        if parameter is None:
            positive = parameters.without_no(name)
            parameter = parameters.find(positive, release, modules) if positive else None
            if parameter is not None and parameter.kind != "bool":
                parameter = None
        if parameter is None or parameter.change == "RO":
            raise KernelError("unknown parameter: " + name)
        given[parameter.name] = values.import_value(parameter, name, text if equals else None)
    return given


def printed(host, arguments):
    """What jls writes to stdout."""
    kept = sys.stdout
    sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        try:
            jls.run(host, "jls", arguments)
        except Exit:
            pass
        sys.stdout.flush()
        return sys.stdout.buffer.getvalue().decode("utf-8", "surrogateescape")
    finally:
        sys.stdout = kept


def row(host, parameter, words):
    with host.locked() as state:
        state["next_cpuset"] = 2
        try:
            given = imported(state, host.release, words)
            jid = kernel.jail_set(host, given, True, False)
        except KernelError as error:
            return {"refused": error.text or "jail_set: " + str(error.number)}
    which = ["-j", str(jid)]
    try:
        if parameter is None:
            return {"all": printed(host, which + ["-n"])}
        return {
            "jls_n_named": printed(host, which + ["-n", parameter]),
            "jls_named": printed(host, which + [parameter]),
            "jls_n_all": printed(host, which + ["-n"]),
            "json_n_all": printed(host, which + ["--libxo", "json", "-n"]),
            "json_named": printed(host, ["--libxo", "json"] + which + [parameter]),
        }
    finally:
        with host.locked() as state:
            kernel.remove(state, kernel.by_jid(state, jid))


def main():
    os.makedirs("/jails/base", exist_ok=True)
    host = Host(sys.argv[1])
    print(json.dumps([row(host, *given) for given in json.load(sys.stdin)]))


main()
