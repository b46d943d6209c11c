"""/etc of a FreeBSD host, as far as programs read it: passwd(5), group(5), hosts(5), ttys(5), shells(5),
rc.conf(5), login.conf(5), os-release(5).
"""

import os

#: name, uid, gid, what it is for, home, shell; None is nologin(8).
_USERS = [
    ("root", 0, 0, "Charlie &", "/root", "/bin/sh"),
    ("toor", 0, 0, "Bourne-again Superuser", "/root", ""),
    ("daemon", 1, 1, "Owner of many system processes", "/root", None),
    ("operator", 2, 5, "System &", "/", None),
    ("bin", 3, 7, "Binaries Commands and Source", "/", None),
    ("tty", 4, 65533, "Tty Sandbox", "/", None),
    ("kmem", 5, 65533, "KMem Sandbox", "/", None),
    ("games", 7, 13, "Games pseudo-user", "/", None),
    ("news", 8, 8, "News Subsystem", "/", None),
    ("man", 9, 9, "Mister Man Pages", "/usr/share/man", None),
    ("sshd", 22, 22, "Secure Shell Daemon", "/var/empty", None),
    ("smmsp", 25, 25, "Sendmail Submission User", "/var/spool/clientmqueue", None),
    ("mailnull", 26, 26, "Sendmail Default User", "/var/spool/mqueue", None),
    ("bind", 53, 53, "Bind Sandbox", "/", None),
    ("unbound", 59, 59, "Unbound DNS Resolver", "/var/unbound", None),
    ("proxy", 62, 62, "Packet Filter pseudo-user", "/nonexistent", None),
    ("_pflogd", 64, 64, "pflogd privsep user", "/var/empty", None),
    ("_dhcp", 65, 65, "dhcp programs", "/var/empty", None),
    ("uucp", 66, 66, "UUCP pseudo-user", "/var/spool/uucppublic", "/usr/local/libexec/uucp/uucico"),
    ("pop", 68, 6, "Post Office Owner", "/nonexistent", None),
    ("auditdistd", 78, 77, "Auditdistd unprivileged user", "/var/empty", None),
    ("www", 80, 80, "World Wide Web Owner", "/nonexistent", None),
    ("ntpd", 123, 123, "NTP Daemon", "/var/db/ntp", None),
    ("_ypldap", 160, 160, "YP LDAP unprivileged user", "/var/empty", None),
    ("hast", 845, 845, "HAST unprivileged user", "/var/empty", None),
    ("nobody", 65534, 65534, "Unprivileged user", "/nonexistent", None),
]
_GROUPS = ("wheel:0:root daemon:1: kmem:2: sys:3: tty:4: operator:5:root mail:6: bin:7: news:8: man:9:"
           " games:13: ftp:14: staff:20: sshd:22: smmsp:25: mailnull:26: guest:31: video:44: bind:53:"
           " unbound:59: proxy:62: authpf:63: _pflogd:64: _dhcp:65: uucp:66: dialer:68: network:69:"
           " audit:77: www:80: ntpd:123: _ypldap:160: hast:845: tests:977: nogroup:65533: nobody:65534:")
_NOLOGIN = "/usr/sbin/nologin"
_TITLE = "# $FreeBSD$\n#\n"


def write(directory, hostname, version):
    """Writes the files of a host that has this name and is of this release, such as 12.2."""
    for name, text in _files(hostname, version).items():
        path = os.path.join(directory, name)
        if os.path.islink(path):
            os.unlink(path)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    os.chmod(os.path.join(directory, "master.passwd"), 0o600)


def _files(hostname, version):
    return {
        "passwd": _TITLE + "".join(
            "%s:*:%d:%d:%s:%s:%s\n" % (*user[:5], _NOLOGIN if user[5] is None else user[5])
            for user in _USERS),
        "master.passwd": _TITLE + "".join(
            "%s:*:%d:%d::0:0:%s:%s:%s\n" % (*user[:5], _NOLOGIN if user[5] is None else user[5])
            for user in _USERS),
        "group": _TITLE + "".join(
            "%s:*:%s:%s\n" % tuple(group.split(":")) for group in _GROUPS.split()),
        "hosts": "::1\t\t\tlocalhost localhost.my.domain\n"
                 "127.0.0.1\t\tlocalhost localhost.my.domain\n",
        "nsswitch.conf": "group: files\nhosts: files dns\nnetworks: files\npasswd: files\nshells: files\n"
                         "services: files\nprotocols: files\nrpc: files\n",
        "shells": "/bin/sh\n/bin/csh\n/bin/tcsh\n",
        "ttys": "console\tnone\t\t\t\tunknown\toff secure\n"
                + "".join('ttyv%d\t"/usr/libexec/getty Pc"\t\txterm\tonifexists secure\n' % number
                          for number in range(8))
                + 'ttyu0\t"/usr/libexec/getty 3wire"\tvt100\tonifconsole secure\n',
        "rc.conf": 'hostname="%s"\n' % hostname,
        "fstab": "/dev/vtbd0\t/\tufs\trw\t1\t1\n",
        "login.conf": "default:\\\n"
                      "\t:path=/sbin /bin /usr/sbin /usr/bin /usr/local/sbin /usr/local/bin ~/bin:\\\n"
                      "\t:setenv=BLOCKSIZE=K:\\\n\t:mail=/var/mail/$:\\\n\t:umask=022:\n"
                      "root:\\\n\t:ignorenologin:\\\n\t:tc=default:\n",
        "os-release": 'NAME=FreeBSD\nVERSION="%s-RELEASE"\nVERSION_ID="%s"\nID=freebsd\nANSI_COLOR="0;31"\n'
                      'PRETTY_NAME="FreeBSD %s-RELEASE"\nCPE_NAME="cpe:/o:freebsd:freebsd:%s"\n'
                      'HOME_URL="https://FreeBSD.org/"\nBUG_REPORT_URL="https://bugs.FreeBSD.org/"\n'
                      % (version, version, version, version),
    }
