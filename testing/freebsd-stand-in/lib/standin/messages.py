"""What the kernel says: in its message buffer, dmesg(8), and through syslogd(8) in /var/log/messages; and
what it tells devd(8), which is kept for who looks into the host's directory."""

import time

SYSLOG = "/var/log/messages"


def say(host, text):
    """printf(9): on the host."""
    _append(host.path("msgbuf"), text)
    now = time.localtime()
    stamp = time.strftime("%b ", now) + "%2d" % now.tm_mday + time.strftime(" %H:%M:%S", now)
    try:
        # syslogd(8) makes no file that is not there.
        with open(SYSLOG, "r+", encoding="utf-8", errors="surrogateescape") as file:
            file.seek(0, 2)
            file.write("%s %s kernel: %s\n" % (stamp, host.setting("hostname"), text))
    except OSError:
        pass


def notify(host, system, subsystem, kind, text):
    """devctl_notify(9): a line as devd(8) passes it on."""
    _append(host.path("devctl"), "!system=%s subsystem=%s type=%s %s" % (system, subsystem, kind, text))


def said(host):
    """All that is in the message buffer."""
    try:
        with open(host.path("msgbuf"), encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def clear(host):
    with open(host.path("msgbuf"), "w", encoding="ascii"):
        pass


def _append(path, text):
    with open(path, "a", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text + "\n")
