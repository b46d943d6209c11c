#!/usr/bin/python3 -ISE
"""Runs the commands of a transcript on a stand-in host, and compares what they print and exit with.

A transcript is a list of entries: "$ COMMAND", then two blanks before each line of standard output,
"  (stderr) " before each line of the error output, and "  -> exit N". What differs from run to run
(numbers of processes, times, addresses of cards) is masked on both sides.
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TRANSCRIPTS = os.path.join(HERE, "transcripts")
TOOL = os.path.join(HERE, "stand-in")
LIMIT = 60


def _columns(match):
    text = re.sub(r"\bS[sC]+J", "SJ", match.group())
    return " ".join(re.sub(r"\b[0-9]{3,}\b", "N", text).split())


MASKS = [
    (re.compile(r"\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "MAC"),
    (re.compile(r"fe80::[0-9a-f:]+%"), "fe80::X%"),
    (re.compile(r"^ +[0-9.]+ real +[0-9.]+ user +[0-9.]+ sys$"), "TIMES"),
    (re.compile(r"^real\s.*|^user\s.*|^sys\s.*"), "TIMES"),
    (re.compile(r"sent SIGTERM to: [0-9 ]+"), "sent SIGTERM to: PIDS"),
    (re.compile(r"time=[0-9.]+ ms"), "time=T ms"),
    # Sizes of columns follow from the numbers of processes; C is of a program in capability mode.
    (re.compile(r"^ *PID.*|^ *[0-9]+ +[0-9]* *[0-9]* *S[sC]*J? +.*|^[0-9]+ +[a-z/].*"), _columns),
    (re.compile(r"^([-drwx]{10}) +([0-9]+) +(\S+) +(\S+) +([0-9]+) \S+ +[0-9]+ +[0-9:]+ "),
     r"\1 \2 \3 GROUP \5 DATE "),
    (re.compile(r"ngctl[0-9]+"), "ngctlN"),
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
    return found


def play(directory, entry):
    """What a host makes of an entry's command: (stdout lines, stderr lines, status)."""
    # Files, as what a command leaves running may keep them open.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            done = subprocess.run([TOOL, "run", directory, "--", "/bin/sh", "-c", entry.command],
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                  timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return [], ["it did not end within %d s" % LIMIT], 0
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace").splitlines())
    status = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return texts[0], texts[1], status


def differences(entry, out, err, status):
    found = []
    if masked(out) != masked(entry.out):
        found.append(("stdout", entry.out, out))
    if masked(err) != masked(entry.err):
        found.append(("stderr", entry.err, err))
    if status != entry.status:
        found.append(("exit", [str(entry.status)], [str(status)]))
    return found


#: Those of one boot of the machine follow each other: the numbers of jails go on.
BOOTS = [["01-basic", "02-exec", "03-jls-jexec", "04-jexec", "05-net", "06-rctl", "07-misc"],
         ["08-more"], ["09-racct-off"], ["13-more"], ["15-more2"], ["16-last"], ["17-checks"]]
SETTINGS = {"09-racct-off": ["racct=false"]}


def replay(names):
    """Plays the transcripts of one boot; yields each entry with its differences."""
    directory = tempfile.mkdtemp(prefix="stand-in-")
    programs = os.path.join(directory, "tools/usr/local/bin")
    os.makedirs(programs)
    shutil.copy(os.path.join(TRANSCRIPTS, "hog"), programs)
    settings = [word for name in names for word in SETTINGS.get(name, [])]
    subprocess.run([TOOL, "make", directory, *settings], check=True)
    try:
        _setup(directory, "base.sh")
        for name in names:
            _setup(directory, "between.sh")
            _setup(directory, name + ".setup")
            for number, entry in enumerate(read(os.path.join(TRANSCRIPTS, name + ".txt")), 1):
                # What was made on the machine in the middle of it.
                _setup(directory, "%s.%d.setup" % (name, number))
                yield entry, differences(entry, *play(directory, entry))
    finally:
        subprocess.run([TOOL, "remove", directory], check=True)


def _setup(directory, name):
    path = os.path.join(TRANSCRIPTS, name)
    if os.path.exists(path):
        with open(path, "rb") as file:
            subprocess.run([TOOL, "run", directory, "--", "/bin/sh", "-e"], stdin=file, check=True)


def exceptions():
    """Why a command cannot agree, by its transcript and its text: exceptions.txt."""
    reasons = {}
    with open(os.path.join(TRANSCRIPTS, "exceptions.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                section, reason, command = line.rstrip("\n").split("\t")
                reasons[section, command] = reason
    return reasons


def verdicts(names):
    """Of each command of one boot: (how it ended, its name, what was wrong)."""
    reasons = exceptions()
    for number, (entry, found) in enumerate(replay(names), 1):
        called = "%s %d: %s" % (entry.section, number, entry.command)
        text = "\n".join("%s\n  wanted %s\n  got    %s" % difference for difference in found)
        reason = reasons.get((entry.section, entry.command))
        if reason is None:
            yield "failed" if found else "ok", called, text
        elif found:
            yield "excepted", called, reason + "\n" + text
        else:
            yield "failed", called, "it agrees by now: strike it off exceptions.txt"


def main(wanted):
    counts = {"ok": 0, "failed": 0, "excepted": 0}
    boots = [names for names in BOOTS if not wanted or set(wanted) & set(names)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        played = list(pool.map(lambda names: list(verdicts(names)), boots))
    for found in played:
        for ended, called, text in found:
            if wanted and called.split(" ")[0] not in wanted:
                continue
            counts[ended] += 1
            if ended == "failed":
                print("%s\n%s" % (called, text))
    print("%(ok)d commands agree, %(failed)d do not, %(excepted)d are excepted" % counts)
    return int(counts["failed"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
