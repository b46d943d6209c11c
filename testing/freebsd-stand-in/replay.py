#!/usr/bin/python3 -ISE
"""Runs the commands of a transcript on a stand-in host, and compares what they print and exit with.

A transcript is a list of entries: "$ COMMAND", then two blanks before each line of standard output,
"  (stderr) " before each line of the error output, and "  -> exit N". What differs from run to run
(numbers of processes, times, addresses of cards) is masked on both sides.

    replay.py [--lines] [NAME...]

With --lines a line for each command, as `python3 -m tests` prints them.
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
#: What the shell of the transcripts' machine had; the last two are its init's.
ENVIRONMENT = ["PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/bin", "HOME=/root",
               "inetd_dummy=" + 99 * "x", "BLOCKSIZE=K"]


def _columns(match):
    text = re.sub(r"\bS[sC]+J", "SJ", match.group())
    text = re.sub(r"\b[0-9]+:[0-9]{2}\.[0-9]{2}\b", "TIME", text)
    text = re.sub(r"\b(?!0\.0\b)[0-9]+\.[0-9]\b", "CPU", text)
    return " ".join(re.sub(r"\b[0-9]{3,}\b", "N", text).split())


def _at_most(match):
    """An amount that varies is as large as the next power of two: what limits it stays in sight."""
    return re.sub("[1-9][0-9]*", lambda number: "<=%d" % (1 << (int(number.group()) - 1).bit_length()),
                  match.group())


def _share(match):
    """How much of a processor a program had, when it had time to: what a limit leaves, or more."""
    used, seconds = float(match.group(1)), int(match.group(2))
    share = "some" if seconds < 6 else "more" if used > 0.3 * seconds else "at most 30 %"
    return "cpu used %s of %d s wall" % (share, seconds)


MASKS = [
    # What is used varies; that it is none does not.
    (re.compile(r"\bmemoryuse=[1-9][0-9]*\b"), _at_most),
    (re.compile(r"\b(cputime|datasize|vmemoryuse|swapuse|wallclock|pcpu)=[1-9][0-9]*\b"), r"\1=N"),
    (re.compile(r"\b(datasize|memoryuse|vmemoryuse|swapuse)=[1-9][0-9.]*([KMG])\b"), r"\1=N\2"),
    (re.compile(r"(?<=swapuse=N )[0-9]+ [0-9]+(?= hog)"), _at_most),
    (re.compile(r"(?<=mmap failed after )[0-9]+(?= MB)"), _at_most),
    (re.compile(r"cpu used ([0-9.]+)s user in ([0-9]+) s wall"), _share),
    (re.compile(r"^[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} (?=\S+ kernel: )"), "DATE "),
    (re.compile(r"(?<=matched by pid )[0-9]+"), "N"),
    # The shell and the small programs are Linux's: they put what is FreeBSD's own text in other words.
    (re.compile(r"^(/bin/)?(sh|eval): ([0-9]+: )?"), "sh: "),
    (re.compile(r"^(sh: cannot open .*): No such file$"), r"\1: No such file or directory"),
    (re.compile(r"^([a-z]+): cannot (access|touch|open) '(.*)': "), r"\1: \3: "),
    # FreeBSD's wc pads its numbers.
    (re.compile(r"^ +([0-9]+)$"), r"\1"),
    (re.compile(r"\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b"), "MAC"),
    (re.compile(r"fe80::[0-9a-f:]+%"), "fe80::X%"),
    (re.compile(r"^ +[0-9.]+ real +[0-9.]+ user +[0-9.]+ sys$"), "TIMES"),
    (re.compile(r"^real\s.*|^user\s.*|^sys\s.*"), "TIMES"),
    (re.compile(r"sent SIGTERM to: [0-9 ]+"), "sent SIGTERM to: PIDS"),
    (re.compile(r"time=[0-9.]+ ms"), "time=T ms"),
    # Of ps(1) by user: how much a process uses, and since when.
    (re.compile(r"^([a-z]+) +[0-9]+ +[0-9.]+ +[0-9.]+ +[0-9]+ +[0-9]+ +(\S+) +(\S+) +[0-9:]+ +[0-9:.]+ +"),
     r"\1 USE \2 \3 TIMES "),
    (re.compile(r"^[0-9]+ syslogd$"), "N syslogd"),
    # Of ps(1): a process, and its parent, which is known if it is init(8).
    (re.compile(r"^ *[0-9]+ +([0-9]+) ([a-z]+)$"),
     lambda match: "N %s %s" % (match.group(1) if match.group(1) == "1" else "N", match.group(2))),
    # Sizes of columns follow from the numbers of processes; C is of a program in capability mode.
    (re.compile(r"^(USER)? *PID.*|^ *[0-9]+ +[0-9]* *[0-9]* *S[sC]*J? +.*|^[0-9]+ +[a-z/].*"
                r"|^ +[0-9]+ [a-z]\w*$|^ +[0-9]+ +0 - +[A-Z]\w* .*"), _columns),
    (re.compile(r"^ *[0-9]+( +[0-9]+)* +[0-9]+\.[0-9] +[0-9]+:[0-9]{2}\.[0-9]{2}\b.*"), _columns),
    (re.compile(r"^([-lrwx]{10}) +([0-9]+) +(\S+) +(\S+) +([0-9]+) \S+ +[0-9]+ +[0-9:]+ "),
     r"\1 \2 \3 \4 \5 DATE "),
    # What the folder itself takes is its file system's.
    (re.compile(r"^(d[-rwx]{9}) +([0-9]+) +(\S+) +(\S+) +[0-9]+ \S+ +[0-9]+ +[0-9:]+ "),
     r"\1 \2 \3 \4 SIZE DATE "),
    # How full a disk is, and what memory there is; the columns are as wide as these numbers.
    (re.compile(r"^(/\S*) +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+% +(/\S*)$"), r"\1 SIZES \2"),
    (re.compile(r"^tmpfs +[0-9]{5,} +4 +[0-9]{5,} +0% +(/\S*)$"), r"tmpfs SIZES \1"),
    (re.compile(r"^Filesystem 1K-blocks .*|^[a-z]+ +[0-9]+ +[0-9]+ +0 +100% .*"),
     lambda match: " ".join(match.group().split())),
    (re.compile(r"ngctl[0-9]+ *"), "ngctlN "),
    # The port of a client, and the process of a socket.
    (re.compile(r"^(tcp4 +0 +0 127\.0\.0\.1\.)[0-9]{5} +"), r"\1PORT "),
    (re.compile(r"^(root +[a-z]+ +)[0-9]+ +([0-9]+ +(?:tcp|udp)4 )"), r"\1PID \2"),
    (re.compile(r"^pid [0-9]+ (mask|domain policy):"), r"pid PID \1:"),
    # A number that stands alone and is more than any exit status: of a process.
    (re.compile(r"^(25[6-9]|2[6-9][0-9]|[3-9][0-9]{2}|[0-9]{4,5})$"), "PID"),
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


#: What Linux's shell says of a process in the background that it waited for; FreeBSD's says nothing.
ENDED = ("Terminated", "Killed")


def masked(lines):
    found = []
    for line in lines:
        if line in ENDED:
            continue
        for pattern, text in MASKS:
            line = pattern.sub(text, line)
        found.append(line.rstrip())
    return found


def play(directory, entry):
    """What a host makes of an entry's command: (stdout lines, stderr lines, status)."""
    # Files, as what a command leaves running may keep them open.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            done = subprocess.run([TOOL, "run", directory, "--", "/usr/bin/env", "-i", *ENVIRONMENT,
                                   "/bin/sh", "-c", entry.command],
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
         ["08-more"], ["09-racct-off"], ["10-linux"], ["13-more"], ["15-more2"], ["16-last"],
         ["17-checks"]]
#: rc(8) had not run when that machine had booted first: nobody had loaded rulesets.
SETTINGS = {"01-basic": ["rulesets=[]"], "09-racct-off": ["racct=false"]}


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
                _setup(directory, "%s@%d.setup" % (name, number))
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
        if not found:
            # Of what chance decides.
            yield "ok", called, ""
        elif reason is None:
            yield "failed", called, text
        else:
            yield "excepted", called, reason + "\n" + text


def main(words):
    lines = words[:1] == ["--lines"]
    wanted = words[1:] if lines else words
    counts = {"ok": 0, "failed": 0, "excepted": 0}
    boots = [names for names in BOOTS if not wanted or set(wanted) & set(names)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        played = list(pool.map(lambda names: list(verdicts(names)), boots))
    for found in played:
        for ended, called, text in found:
            if wanted and called.split(" ")[0] not in wanted:
                continue
            counts[ended] += 1
            if lines:
                if ended == "excepted":
                    ended, text = "skipped", text.partition("\n")[0]
                print("%s\t%s\t%s" % (ended, called.replace("\t", " "),
                                      text.replace("\t", " ").replace("\n", "\\n")))
            elif ended == "failed":
                print("%s\n%s" % (called, text))
    if not lines:
        print("%(ok)d commands agree, %(failed)d do not, %(excepted)d are excepted" % counts)
    return int(counts["failed"] > 0 and not lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
