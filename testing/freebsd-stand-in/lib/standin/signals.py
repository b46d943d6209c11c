"""The signals of FreeBSD, signal(3): their names, and Linux's numbers for them."""

import signal

#: By FreeBSD's numbers, from 1.
NAMES = ("HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT CHLD TTIN"
         " TTOU IO XCPU XFSZ VTALRM PROF WINCH INFO USR1 USR2").split()

#: Those that Linux has not do there what they do by default on FreeBSD: EMT ends, INFO is ignored.
_OTHERS = {"EMT": signal.SIGTRAP, "INFO": signal.SIGURG}


def of_name(name):
    """Linux's number for a name, in any case, with SIG or without; None if there is none."""
    name = name.upper()
    name = name[3:] if name.startswith("SIG") else name
    if name not in NAMES:
        return None
    return _OTHERS.get(name) or getattr(signal, "SIG" + name)


def of_number(number):
    """Linux's number for FreeBSD's; what is none of FreeBSD's is none of Linux's."""
    if number == 0:
        return 0
    return of_name(NAMES[number - 1]) if 0 < number <= len(NAMES) else signal.NSIG


def of_text(text):
    """Linux's number for a name or for FreeBSD's number in digits; None if there is none."""
    return of_number(int(text)) if text.isdigit() else of_name(text)


def name_of(number):
    """FreeBSD's name for its own number; None if there is none."""
    return NAMES[number - 1] if 0 < number <= len(NAMES) else None
