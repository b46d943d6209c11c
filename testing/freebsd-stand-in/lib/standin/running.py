"""Programs that jail(8) and jexec(8) run: on the host, or in a jail."""

import os
import signal
import sys

from . import cpusets, limits, processes

_CLEAN_PATH = "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/root/bin"


class Refused(Exception):
    """What the child could not do before the program ran, in the words of the command."""


class User:
    def __init__(self, name, uid, gid, home, shell):
        self.name, self.uid, self.gid, self.home, self.shell = name, uid, gid, home, shell

    def groups(self, root="/"):
        found = [self.gid]
        try:
            with open(os.path.join(root, "etc/group"), encoding="latin-1") as file:
                for line in file:
                    fields = line.strip().split(":")
                    if len(fields) > 3 and self.name in fields[3].split(",") and fields[2].isdigit():
                        found.append(int(fields[2]))
        except OSError:
            pass
        return found


def find_user(test):
    """The first user of /etc/passwd that passes a test; None if none does.

    Raises OSError if there is no such file."""
    with open("/etc/passwd", encoding="latin-1") as file:
        for line in file:
            fields = line.rstrip("\n").split(":")
            if len(fields) >= 7 and fields[2].isdigit() and fields[3].isdigit():
                user = User(fields[0], int(fields[2]), int(fields[3]), fields[5], fields[6])
                if test(user):
                    return user
    return None


def clean_environment(user):
    """What exec.clean and jexec -l leave: login.conf(5)'s, the user's, and TERM."""
    environment = {
        "SHELL": user.shell or "/bin/sh",
        "HOME": user.home,
        "USER": user.name,
        "BLOCKSIZE": "K",
        "MAIL": "/var/mail/" + user.name,
        "PATH": _CLEAN_PATH,
    }
    if "TERM" in os.environ:
        environment["TERM"] = os.environ["TERM"]
    return environment


def become(user):
    os.setgroups(user.groups())
    os.setgid(user.gid)
    os.setuid(user.uid)


def reset_signals():
    for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def start(prepare, program, argv, jail=None, own_session=False, limited=None):
    """Forks, and executes a program found on PATH.

    prepare: called in the child last of all; returns the environment, or raises Refused
    program: called with an OSError says what the child says of a program that is not there
    jail: whose namespaces the child joins; then the child is a go-between, which ends as the program
    limited: what limits.plan() has found of the jail's rules
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    try:
        reset_signals()
        if own_session:
            os.setsid()
        if jail is not None:
            processes.enter(jail["init"])
            inner = os.fork()
            if inner:
                mirror(inner)
            if limited is not None:
                limits.impose(limited)
            cpusets.attach(jail)
            os.chroot(jail["here"])
            os.chdir("/")
        environment = prepare()
        try:
            _execute(argv, environment)
        except OSError as error:
            raise Refused(program(error)) from None
    except Refused as refused:
        sys.stderr.write(str(refused) + "\n")
        sys.stderr.flush()
    except OSError as error:
        sys.stderr.write("%s\n" % error)
        sys.stderr.flush()
    os._exit(1)


def _execute(argv, environment):
    """execvp(3): by the PATH of who asks, not of who is asked."""
    name = argv[0]
    if "/" in name:
        os.execve(name, argv, environment)
    denied = None
    for directory in os.environ.get("PATH", "/sbin:/bin:/usr/sbin:/usr/bin").split(":"):
        try:
            os.execve(os.path.join(directory or ".", name), argv, environment)
        except FileNotFoundError:
            pass
        except NotADirectoryError:
            pass
        except PermissionError as error:
            denied = error
    raise denied or FileNotFoundError(2, "No such file or directory")


def mirror(inner, ended=None):
    """Waits for a process and ends as it did; whoever signals the go-between means the process.

    ended: called with the usage of wait4(2)
    """
    def pass_on(number, _):
        try:
            os.kill(inner, number)
        except ProcessLookupError:
            pass

    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1,
                   signal.SIGUSR2, signal.SIGALRM, signal.SIGCONT, signal.SIGWINCH):
        signal.signal(number, pass_on)
    while True:
        try:
            _, status, usage = os.wait4(inner, 0)
            break
        except InterruptedError:
            pass
    if ended is not None:
        ended(usage)
    end_as(status)


def end_as(status):
    """This process ends with a status of wait(2): by the same signal, if it was one."""
    if os.WIFSIGNALED(status):
        import resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        number = os.WTERMSIG(status)
        signal.signal(number, signal.SIG_DFL) if number not in (signal.SIGKILL, signal.SIGSTOP) \
            else None
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))
