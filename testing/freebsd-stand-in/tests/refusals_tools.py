"""What cpuset, zfs, pfctl, ping, nc and their like refuse: (command, error output, exit status).

On a 12.2 host with the pool "tank", which has tank/a with tank/a/b, tank/a@s, tank/clone of tank/a@s,
tank/none without a mountpoint and tank/jailed; with the jail "web", which has no addresses, and the jail
"net" with a stack of its own.
"""

PING_USAGE = """usage: ping [-AaDdfnoQqRrv] [-c count] [-G sweepmaxsize] [-g sweepminsize]
            [-h sweepincrsize] [-i wait] [-l preload] [-M mask | time] [-m ttl]
            [-P policy] [-p pattern] [-S src_addr] [-s packetsize] [-t timeout]
            [-W waittime] [-z tos] host
       ping [-AaDdfLnoQqRrv] [-c count] [-I iface] [-i wait] [-l preload]
            [-M mask | time] [-m ttl] [-P policy] [-p pattern] [-S src_addr]
            [-s packetsize] [-T ttl] [-t timeout] [-W waittime]
            [-z tos] mcast-group
"""
CPUSET_USAGE = """usage: cpuset [-l cpu-list] [-n policy:domain-list] [-s setid] cmd ...
       cpuset [-l cpu-list] [-n policy:domain-list] [-s setid] -p pid
       cpuset [-c] [-l cpu-list] [-n policy:domain-list] -C -p pid
       cpuset [-c] [-l cpu-list] [-n policy:domain-list]
              [-j jailid | -p pid | -t tid | -s setid | -x irq]
       cpuset -g [-cir]
              [-d domain | -j jailid | -p pid | -t tid | -s setid | -x irq]
"""
NOT_LOADED = "pfctl: Syntax error in config file: pf rules not loaded\n"

REFUSALS = [
    ("cpuset -l 99 -j web", "cpuset: setaffinity: Invalid argument\n", 1),
    ("cpuset -g -j nosuch", 'cpuset: jail "nosuch" not found\n', 1),
    ("cpuset -g -j 4711", "cpuset: jail 4711 not found\n", 1),
    ("cpuset -g -p 999999999", "cpuset: getaffinity: No such process\n", 1),
    ("cpuset -g -s 77", "cpuset: getaffinity: No such process\n", 1),
    ("cpuset -g -i -s 77", "cpuset: getid: No such process\n", 3),
    ("cpuset -l 0-x true", "cpuset: Malformed list 0-x\n", 1),
    ("cpuset -l 9999 true", "cpuset: List entry 9999 exceeds maximum of 255\n", 1),
    ("cpuset -l 0 /nonexistent", "cpuset: /nonexistent: No such file or directory\n", 127),
    ("cpuset -l 99 true", "cpuset: setaffinity: Invalid argument\n", 1),
    ("cpuset -s 77 true", "cpuset: setid: No such process\n", 1),
    ("cpuset -z", "cpuset: illegal option -- z\n" + CPUSET_USAGE, 1),
    ("cpuset -g -j web -p 1", CPUSET_USAGE, 1),
    ("cpuset -r -l 0 true", CPUSET_USAGE, 1),

    ("zfs create tank/a", "cannot create 'tank/a': dataset already exists\n", 1),
    ("zfs create tank/x/y", "cannot create 'tank/x/y': parent does not exist\n", 1),
    ("zfs create no/x", "cannot create 'no/x': no such pool 'no'\n", 1),
    ("zfs create 'tank/x!'", "cannot create 'tank/x!': invalid character '!' in name\n", 1),
    ("zfs create tank/x/", "cannot create 'tank/x/': trailing slash in name\n", 1),
    ("zfs create tank/x@s", "cannot create 'tank/x@s': snapshot delimiter '@' is not expected here\n", 1),
    ("zfs create -o nosuch=1 tank/x", "cannot create 'tank/x': invalid property 'nosuch'\n", 1),
    ("zfs create -o used=1 tank/x", "cannot create 'tank/x': 'used' is readonly\n", 1),
    ("zfs create -o atime=maybe tank/x", "cannot create 'tank/x': 'atime' must be one of 'on | off'\n", 1),
    ("zfs create -o mountpoint=x tank/x",
     "cannot create 'tank/x': 'mountpoint' must be an absolute path, 'none', or 'legacy'\n", 1),
    ("zfs create -o quota=much tank/x", "cannot create 'tank/x': bad numeric value 'much'\n", 1),
    ("zfs destroy tank/nosuch", "cannot open 'tank/nosuch': dataset does not exist\n", 1),
    ("zfs destroy tank/a",
     "cannot destroy 'tank/a': filesystem has children\nuse '-r' to destroy the following datasets:\n"
     "tank/a/b\ntank/a@s\n", 1),
    ("zfs destroy -r tank/a",
     "cannot destroy 'tank/a': filesystem has dependent clones\nuse '-R' to destroy the following datasets:\n"
     "tank/clone\n", 1),
    ("zfs destroy tank/a@s",
     "cannot destroy 'tank/a@s': snapshot has dependent clones\nuse '-R' to destroy the following datasets:\n"
     "tank/clone\n", 1),
    ("zfs destroy tank/a@nosuch", "could not find any snapshots to destroy; check snapshot names.\n", 1),
    ("cd /tank/clone; zfs destroy tank/clone", "cannot unmount '/tank/clone': Device busy\n", 1),
    ("zfs snapshot tank/a@s", "cannot create snapshot 'tank/a@s': dataset already exists\n", 1),
    ("zfs clone tank/a@no tank/x", "cannot open 'tank/a@no': dataset does not exist\n", 1),
    ("zfs clone tank/a tank/x",
     "cannot open 'tank/a': operation not applicable to datasets of this type\n", 1),
    ("zfs clone tank/a@s tank/a", "cannot create 'tank/a': dataset already exists\n", 1),
    ("zfs set nosuch=1 tank/a", "cannot set property for 'tank/a': invalid property 'nosuch'\n", 1),
    ("zfs set readonly=maybe tank/a",
     "cannot set property for 'tank/a': 'readonly' must be one of 'on | off'\n", 1),
    ("zfs inherit used tank/a", "'used' property cannot be inherited\n", 1),
    ("zfs mount tank/a", "cannot mount 'tank/a': filesystem already mounted\n", 1),
    ("zfs mount tank/none", "cannot mount 'tank/none': no mountpoint set\n", 1),
    ("zfs mount tank/jailed", "cannot mount 'tank/jailed': dataset is exported to a local zone\n", 1),
    ("zfs unmount tank/none", "cannot unmount 'tank/none': not currently mounted\n", 1),
    ("zfs unjail web tank/jailed", "cannot unjail 'tank/jailed': dataset does not exist\n", 1),
    ("zfs list nosuch", "cannot open 'nosuch': dataset does not exist\n", 1),
    ("zfs rename tank/a tank/clone", "cannot rename 'tank/a': dataset already exists\n", 1),
    ("zpool list nosuch", "cannot open 'nosuch': no such pool\n", 1),
    ("jexec web zfs list", "internal error: failed to initialize ZFS library\n", 1),

    ("pfctl -d", "pfctl: pf not enabled\n", 1),
    ("echo bogus | pfctl -f -", "stdin:1: syntax error\n" + NOT_LOADED, 1),
    ("printf 'pass\\npass in on\\n' | pfctl -nf -", "stdin:2: syntax error\n" + NOT_LOADED, 1),
    ("echo 'pass in on $x' | pfctl -nf -",
     "stdin:1: macro 'x' not defined\nstdin:1: syntax error\n" + NOT_LOADED, 1),
    ("printf 'pass\\nnat on x from any to any -> 1.2.3.4\\n' | pfctl -f -",
     "stdin:2: Rules must be in order: options, normalization, queueing, translation, filtering\n"
     + NOT_LOADED, 1),
    ("echo 'pass to any port 80' | pfctl -f -",
     "stdin:1: port only applies to tcp/udp\nstdin:1: skipping rule due to errors\n"
     "stdin:1: rule expands to no valid combination\n" + NOT_LOADED, 1),
    ("echo 'pass proto tcp to any port 70000' | pfctl -f -",
     "stdin:1: illegal port value 70000\n" + NOT_LOADED, 1),
    ("echo 'pass proto nosuch' | pfctl -f -", "stdin:1: unknown protocol nosuch\n" + NOT_LOADED, 1),
    ("pfctl -a nosuch -s rules", "pfctl: DIOCGETRULES: Invalid argument\n", 1),
    ("pfctl -t nosuch -T show", "pfctl: Table does not exist.\n", 1),
    ("jexec web pfctl -s info", "pfctl: /dev/pf: No such file or directory\n", 1),

    ("ping", PING_USAGE, 64),
    ("ping -c 0 127.0.0.1", "ping: invalid count of packets to transmit: `0'\n", 64),
    ("ping -t x 127.0.0.1", "ping: invalid timeout: `x'\n", 64),
    ("ping -c1 nosuch.invalid", "ping: cannot resolve nosuch.invalid: Unknown host\n", 68),
    ("jexec web ping -c1 127.0.0.1", "ping: ssend socket: Operation not permitted\n", 71),
    ("jexec net ping -q -c1 -t1 10.77.0.1 >/dev/null", "ping: sendto: Network is unreachable\n", 2),
    ("jexec web nc -l 7000", "nc: Protocol not supported\n", 1),
    ("jexec web nc -z 127.0.0.1 7000", "", 1),
    ("netstat -f nosuch", "netstat: nosuch: unknown address family\n", 1),
    ("netstat -p nosuch", "netstat: nosuch: unknown or uninstrumented protocol\n", 1),
    ("sockstat -j nosuch", 'sockstat: jail_getid: jail "nosuch" not found\n', 1),
    ("sockstat -p 99999", "sockstat: invalid port number\n", 1),
    ("ipcrm -q 12345", "ipcrm: msqid(12345): : Invalid argument\n", 1),
    ("mdconfig -d -u 7", "mdconfig: ioctl(/dev/mdctl): No such file or directory\n", 1),
    ("mdconfig -a -t bogus", "mdconfig: unknown type: bogus\n", 1),
    ("mdconfig -a -t swap", "mdconfig: must specify -s for -t malloc or -t swap\n", 1),
    ("nice", "usage: nice [-n increment] utility [argument ...]\n", 1),
    ("nice /nonexistent", "nice: /nonexistent: No such file or directory\n", 127),
]
