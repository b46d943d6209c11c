#!/usr/bin/python3 -ISE
"""Runs the commands of a transcript on a stand-in host, and compares what they print and exit with.

A transcript is a list of entries: "$ COMMAND", then two blanks before each line of standard output,
"  (stderr) " before each line of the error output, and "  -> exit N". What differs from run to run
(numbers of processes, times, addresses of cards) is masked on both sides.
"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
TOOL = os.path.join(HERE, "stand-in")
LIMIT = 60

MASKS = [
    (re.compile(r"\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "MAC"),
    (re.compile(r"fe80::[0-9a-f:]+%"), "fe80::X%"),
    (re.compile(r"^ +[0-9.]+ real +[0-9.]+ user +[0-9.]+ sys$"), "TIMES"),
    (re.compile(r"^real\s.*|^user\s.*|^sys\s.*"), "TIMES"),
    (re.compile(r"sent SIGTERM to: [0-9 ]+"), "sent SIGTERM to: PIDS"),
    (re.compile(r"time=[0-9.]+ ms"), "time=T ms"),
    (re.compile(r"(= )[0-9.]+/[0-9.]+/[0-9.]+/[0-9.]+ ms"), r"\1T ms"),
]


class Entry:
    def __init__(self, section, command):
        self.section = section
        self.command = command
        self.out = []
        self.err = []
        self.status = None


def read(path):
    """The entries of a file, in order."""
    entries, section, entry = [], "", None
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("### "):
                section = line[4:]
            elif line.startswith("$ "):
                entry = Entry(section, line[2:])
                entries.append(entry)
            elif entry is not None and line.startswith("  -> exit "):
                entry.status = int(line[len("  -> exit "):])
                entry = None
            elif entry is not None and line.startswith("  (stderr) "):
                entry.err.append(line[len("  (stderr) "):])
            elif entry is not None and line.startswith("  "):
                entry.out.append(line[2:])
    return entries


def masked(lines):
    found = []
    for line in lines:
        for pattern, text in MASKS:
            line = pattern.sub(text, line)
        found.append(line.rstrip())
    return [line for line in found]


def play(directory, entry):
    """What a host makes of an entry's command: (stdout lines, stderr lines, status)."""
    done = subprocess.run([TOOL, "run", directory, "--", "/bin/sh", "-c", entry.command],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=LIMIT, check=False)
    status = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return (done.stdout.decode("utf-8", "replace").splitlines(),
            done.stderr.decode("utf-8", "replace").splitlines(), status)


def differences(entry, out, err, status):
    found = []
    if masked(out) != masked(entry.out):
        found.append(("stdout", entry.out, out))
    if masked(err) != masked(entry.err):
        found.append(("stderr", entry.err, err))
    if status != entry.status:
        found.append(("exit", [str(entry.status)], [str(status)]))
    return found


def main(paths):
    agreed = total = 0
    for path in paths:
        directory = "/tmp/stand-in-replay-%d" % os.getpid()
        subprocess.run([TOOL, "make", directory], check=True)
        try:
            path = os.path.realpath(path)
            setup = path.replace(".txt", ".setup")
            if os.path.exists(setup):
                with open(setup, encoding="utf-8") as file:
                    subprocess.run([TOOL, "run", directory, "--", "/bin/sh", "-e"],
                                   input=file.read().encode(), check=True,
                                   env=dict(os.environ, TRANSCRIPTS=os.path.dirname(path)))
            for entry in read(path):
                total += 1
                found = differences(entry, *play(directory, entry))
                agreed += not found
                for what, wanted, got in found:
                    print("%s: $ %s\n  %s\n    wanted %s\n    got    %s"
                          % (os.path.basename(path), entry.command, what, wanted, got))
        finally:
            subprocess.run([TOOL, "remove", directory], check=True)
    print("%d of %d commands agree" % (agreed, total))
    return int(agreed != total)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
