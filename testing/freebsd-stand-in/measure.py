#!/usr/bin/python3 -ISE
"""Prints how long commands take on a stand-in host: the median of so many runs, beside a command that is
none of the stand-in's."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

TOOL = os.path.join(os.path.dirname(os.path.realpath(__file__)), "stand-in")
RUNS = 20
#: What is measured, and what is done after each run, beside the clock.
COMMANDS = [("/bin/true", None), ("jls", None), ("jls -v", None), ("sysctl security.jail.jailed", None),
            ("ifconfig -l", None), ("mount", None), ("rctl", None), ("jexec there true", None),
            ("jail -c name=m path=/ persist", "jail -r m"),
            ("jail -r there", "jail -c name=there path=/ persist")]


def run(directory, line):
    # The command itself, not a shell's.
    subprocess.run([TOOL, "run", directory, "--", *line.split()], check=True, stdout=subprocess.DEVNULL)


def median(directory, line, after):
    times = []
    for _ in range(RUNS):
        begin = time.monotonic()
        run(directory, line)
        times.append(time.monotonic() - begin)
        if after:
            run(directory, after)
    return statistics.median(times)


def main():
    directory = tempfile.mkdtemp(prefix="stand-in-")
    subprocess.run([TOOL, "make", directory], check=True)
    try:
        run(directory, "jail -c name=there path=/ persist")
        for line, after in COMMANDS:
            print("%6.1f ms  %s" % (1000 * median(directory, line, after), line), flush=True)
    finally:
        subprocess.run([TOOL, "remove", directory], check=True)


if __name__ == "__main__":
    sys.exit(main())
