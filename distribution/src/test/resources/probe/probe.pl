#!/usr/bin/perl
#
# Tries, as root inside a task, what a jail must not allow, and says what came of it.
#
#   probe.pl [--host-pid=N] [--host-file=PATH] [--abstract=NAME] [--port=N]
#            [--work=DIR] [--skip=NAME,...] [--only=NAME,...] [--list]
#
#   --host-pid   a process of the host, to be out of reach
#   --host-file  a file of the host that the task's root does not have, to be out of reach
#   --abstract   an abstract Unix socket that the host listens at, for a task without its network
#   --port       a TCP port that the host listens at on 127.0.0.1, likewise
#   --work       a writable directory (/tmp)
#   --skip       leave these out, as what the task was allowed on purpose
#   --list       print the names and what is tried
#
# One line for each attempt:
#
#   NAME: refused (WHY)
#   NAME: ALLOWED (WHAT HAPPENED)
#   NAME: skipped (WHY)            not tried, not counted
#
# and "N attempts, M allowed" at the end. The exit status is 0 when nothing was allowed.
#
# Whatever is not known to be a refusal counts as allowed: an unexpected error, a crash, silence.
# So a mistake in an attempt shows, instead of passing for safety.
#
# An attempt leaves nothing behind when it succeeds. Where success itself would do harm, as with
# reboot(2), the call has arguments that the kernel refuses only after it has checked the
# permission: EINVAL then means allowed. Never run this outside a container all the same.
#
# Needs perl-base of Debian and nothing else; x86-64 and AArch64.

use strict;
use warnings;
no warnings 'portable';    # 64-bit numbers are meant

use Errno;
use Fcntl;
use POSIX ();
use Socket ();

my %SYSCALLS = (    #     x86-64 AArch64
    acct              => [163, 89],
    add_key           => [248, 217],
    adjtimex          => [159, 171],
    bpf               => [321, 280],
    capget            => [125, 90],
    capset            => [126, 91],
    clock_adjtime     => [305, 266],
    clock_settime     => [227, 112],
    clone             => [56,  220],
    clone3            => [435, 435],
    delete_module     => [176, 106],
    fanotify_init     => [300, 262],
    finit_module      => [313, 273],
    fsconfig          => [431, 431],
    fsmount           => [432, 432],
    fsopen            => [430, 430],
    fspick            => [433, 433],
    init_module       => [175, 105],
    io_uring_setup    => [425, 425],
    ioctl             => [16,  29],
    ioperm            => [173, undef],
    iopl              => [172, undef],
    kexec_file_load   => [320, 294],
    kexec_load        => [246, 104],
    keyctl            => [250, 219],
    mknodat           => [259, 33],
    mlock             => [149, 228],
    mount             => [165, 40],
    mount_setattr     => [442, 442],
    move_mount        => [429, 429],
    msgctl            => [71,  187],
    msgget            => [68,  186],
    name_to_handle_at => [303, 264],
    open_by_handle_at => [304, 265],
    open_tree         => [428, 428],
    perf_event_open   => [298, 241],
    pidfd_open        => [434, 434],
    pivot_root        => [155, 41],
    prlimit64         => [302, 261],
    process_vm_readv  => [310, 270],
    ptrace            => [101, 117],
    quotactl          => [179, 60],
    quotactl_fd       => [443, 443],
    reboot            => [169, 142],
    request_key       => [249, 218],
    sched_setscheduler => [144, 119],
    semctl            => [66,  191],
    semget            => [64,  190],
    setdomainname     => [171, 162],
    sethostname       => [170, 161],
    setns             => [308, 268],
    settimeofday      => [164, 170],
    shmctl            => [31,  195],
    shmget            => [29,  194],
    socket            => [41,  198],
    socketpair        => [53,  199],
    swapoff           => [168, 225],
    swapon            => [167, 224],
    syslog            => [103, 116],
    umount2           => [166, 39],
    unshare           => [272, 97],
    userfaultfd       => [323, 282],
    vhangup           => [153, 58],
);

use constant {
    SECONDS_FOR_AN_ATTEMPT => 20,

    NULL     => 0,
    NO_FD    => -1,
    AT_FDCWD => -100,
    SIGCHLD  => 17,

    MS_RDONLY  => 0x1,
    MS_REMOUNT => 0x20,
    MS_BIND    => 0x1000,
    MNT_DETACH => 0x2,
    MNT_EXPIRE => 0x4,

    IPC_PRIVATE => 0,
    IPC_CREAT   => 01000,
    IPC_RMID    => 0,

    RLIMIT_NOFILE => 7,

    PTRACE_SEIZE => 0x4206,

    SIOCGIFFLAGS => 0x8913,
    SIOCSIFFLAGS => 0x8914,

    TIOCSTI    => 0x5412,
    TIOCSPTLCK => 0x40045431,
    TIOCGPTN   => 0x80045430,

    FS_IOC_GETFLAGS => 0x80086601,
    FS_IOC_SETFLAGS => 0x40086602,
    FS_IMMUTABLE_FL => 0x10,

    CAP_SYS_ADMIN => 21,

    HIGH_BIT => 0x1_0000_0000,    # above what the kernel takes of an int
};

my %NAMESPACES = (
    time   => 0x80,
    mnt    => 0x20000,
    cgroup => 0x2000000,
    uts    => 0x4000000,
    ipc    => 0x8000000,
    user   => 0x10000000,
    pid    => 0x20000000,
    net    => 0x40000000,
);

my $NO_SUCH = '/gaol-probe-no-such-file/x';

my %option = (work => '/tmp');
for (@ARGV) {
    /^--(host-pid|host-file|abstract|port|work|skip|only)=(.+)$/ ? $option{$1} = $2
      : /^--list$/ ? $option{list} = 1
      :              die "probe.pl: what is $_? The top of this file says how it is called.\n";
}
my $arch = {x86_64 => 0, aarch64 => 1}->{ (POSIX::uname())[4] };
die "probe.pl: knows the system call numbers of x86-64 and AArch64 only\n" if !defined $arch;

# ---------------------------------------------------------------------------------------------
# The attempts: name, what it is, how. Each runs in a process and an empty directory of its own.

my @attempts;

sub attempt {
    my ($name, $what, $how) = @_;
    push @attempts, {name => $name, what => $what, how => $how};
}

# Mounts

for my $type (qw(proc sysfs tmpfs devtmpfs cgroup cgroup2)) {
    attempt "mount-$type", "mount a $type of one's own",
      sub { try_mount('none', $type, 0, $type eq 'cgroup' ? 'memory' : '') };
}
attempt 'mount-bind', 'bind-mount a directory', sub { try_mount('/', '', MS_BIND, '') };
attempt 'remount-root', 'remount the root with the flags it has', sub {
    my $root = mount_at('/');
    try('mount', 'none', '/', NULL, MS_REMOUNT | MS_BIND | $root->{flags}, NULL);
};
attempt 'remount-writable', 'remount a read-only mount writable', sub {
    my ($mount) = grep { $_->{flags} & MS_RDONLY && $_->{at} !~ m{^/(proc|sys)/} } mounts();
    skipped('nothing is mounted read-only') if !$mount;
    my $remount = MS_REMOUNT | MS_BIND | $mount->{flags};
    try_and_undo(
        sub { call('mount', 'none', $mount->{at}, NULL, $remount, NULL) },
        'mount', 'none', $mount->{at}, NULL, $remount & ~MS_RDONLY, NULL
    );
};
attempt 'umount', 'mark /proc as to be unmounted',
  sub { try('umount2', '/proc', MNT_EXPIRE) };
attempt 'pivot-root', 'pivot_root (a loop, as far as the permission)',
  sub { try('pivot_root', '/', '/') };
attempt 'fsopen', 'fsopen a tmpfs', sub { try('fsopen', 'tmpfs', 0) };
attempt 'fsconfig', 'fsconfig (no descriptor)',
  sub { try('fsconfig', NO_FD, 0, NULL, NULL, 0) };
attempt 'fsmount',  'fsmount (no descriptor)', sub { try('fsmount', NO_FD, 0, 0) };
attempt 'fspick',   'fspick the root', sub { try('fspick', AT_FDCWD, '/', 0) };
attempt 'open-tree', 'open_tree a detached copy of the root',
  sub { try('open_tree', AT_FDCWD, '/', 1) };
attempt 'move-mount', 'move_mount (no descriptors)',
  sub { try('move_mount', NO_FD, '', NO_FD, '', 0) };
attempt 'mount-setattr', 'mount_setattr nothing on the root',
  sub { try('mount_setattr', AT_FDCWD, '/', 0, "\0" x 32, 32) };

# The root directory

attempt 'escape-dotdot', 'climb above the root by ..', sub {
    chdir '../' x 64 or refused_by_errno();
    judge_root('.');
};
attempt 'escape-chroot', 'leave the root by a chroot below the working directory', sub {
    mkdir 'below' or die "mkdir: $!";
    my $root = identity('/');
    chroot 'below' or refused_by_errno();
    chdir '..' for 1 .. 64;
    chroot '.' or refused_by_errno();
    judge_root('/', $root);
};
attempt 'escape-chroot-fchdir', 'leave the root by a descriptor kept over a chroot', sub {
    mkdir 'below' or die "mkdir: $!";
    my $root = identity('/');
    opendir my $kept, '.' or die "opendir: $!";
    chroot 'below' or refused_by_errno();
    chdir $kept or refused_by_errno();
    chdir '..' for 1 .. 64;
    chroot '.' or refused_by_errno();
    judge_root('/', $root);
};
attempt 'escape-proc-root', 'reach another root through /proc/PID/root or cwd', sub {
    for my $directory (glob '/proc/[0-9]*/root /proc/[0-9]*/task/*/root') {
        judge_root($directory, undef, 'go on');
    }
    for my $directory (glob '/proc/[0-9]*/cwd') {
        judge_root($directory . '/..' x 64, undef, 'go on');
    }
    refused('every process has this root');
};
attempt 'escape-descriptor', 'reach a directory by a descriptor left open', sub {
    opendir my $descriptors, '/proc/self/fd' or refused_by_errno('ENOENT');
    my @numbers = grep { /^\d+$/ && $_ != fileno $descriptors } readdir $descriptors;
    for my $number (@numbers) {
        allowed("descriptor $number is " . readlink "/proc/self/fd/$number")
          if -d "/proc/self/fd/$number" || -b _;
    }
    refused('none is open');
};
attempt 'escape-symlink', 'reach a file of the host by a symbolic link', sub {
    my $file = needed('host-file');
    symlink '../' x 64 . $file, 'link' or die "symlink: $!";
    -e $file || -e 'link' ? allowed("$file is there") : refused_by_errno('ENOENT');
};
attempt 'escape-file-handle', 'open a file by its handle, past every root', sub {
    open my $made, '>', 'file' or die "file: $!";
    sysopen my $here, '.', O_RDONLY or die "open: $!";
    my $handle = pack('Ll', 128, 0) . "\0" x 128;
    my $mount  = pack 'l', 0;
    call('name_to_handle_at', AT_FDCWD, 'file', \$handle, \$mount, 0) == 0
      or refused_by_errno('EOPNOTSUPP');
    try('open_by_handle_at', fileno $here, $handle, 0);
};
for my $directory (qw(/usr /bin /sbin /lib /etc)) {
    attempt "write$directory" =~ tr{/}{-}r, "make a file in $directory", sub {
        my $file = "$directory/gaol-probe-$$";
        sysopen my $made, $file, O_WRONLY | O_CREAT | O_EXCL or refused_by_errno('EROFS');
        unlink $file;
        allowed("$file was made");
    };
}
attempt 'immutable-file', 'make a file immutable (chattr +i)', sub {
    open my $file, '>', 'file' or die "file: $!";
    my $flags = pack 'l!', 0;
    defined ioctl $file, FS_IOC_GETFLAGS, $flags
      or skipped('this file system has no attributes: ' . errno());
    my $immutable = pack 'l!', FS_IMMUTABLE_FL | unpack 'l!', $flags;
    try_and_undo(
        sub { call('ioctl', fileno $file, FS_IOC_SETFLAGS, $flags) },
        'ioctl', fileno $file, FS_IOC_SETFLAGS, $immutable
    );
};

# Devices

attempt 'mknod-block', 'make a block device node (loop0) and open it',
  sub { try_device(060000, 7, 0) };
attempt 'mknod-memory', 'make a node of /dev/mem and open it', sub { try_device(020000, 1, 1) };
attempt 'mknod-messages', 'make a node of /dev/kmsg and open it',
  sub { try_device(020000, 1, 11) };
attempt 'mknod-null', 'make a node of /dev/null', sub { try_device(020000, 1, 3) };
for my $device (qw(mem port kmsg fuse kvm loop-control)) {
    attempt "open-dev-$device", "open /dev/$device",
      sub { try_open("/dev/$device", O_RDONLY | O_NONBLOCK) };
}
attempt 'device-nodes', 'find a device besides the standard ones, not opened', sub {
    my %standard = map { ("/dev/$_" => 1) } qw(null zero full random urandom tty ptmx console);
    my @others;
    walk('/dev', sub { push @others, $_[0] if (-c $_[0] || -b _) && !$standard{ $_[0] } },
        sub { $_[0] ne '/dev/pts' });
    @others ? allowed("@others[0 .. min($#others, 4)]") : refused('only the standard ones');
};
attempt 'io-privilege', 'iopl(3)',               sub { try('iopl', 3) };
attempt 'io-port',      'ioperm for port 0x80', sub { try('ioperm', 0x80, 1, 1) };

# Namespaces

for my $kind (sort keys %NAMESPACES) {
    attempt "unshare-$kind", "a new $kind namespace by unshare",
      sub { try('unshare', $NAMESPACES{$kind}) };
    attempt "setns-$kind", "enter the $kind namespace of process 1", sub {
        sysopen my $namespace, "/proc/1/ns/$kind", O_RDONLY or refused_by_errno('ENOENT');
        try('setns', fileno $namespace, 0);
    };
    next if $kind eq 'time';    # no flag of clone(2)
    attempt "clone-$kind", "a new $kind namespace by clone",
      sub { try_clone('clone', $NAMESPACES{$kind} | SIGCHLD, NULL, NULL, NULL, NULL) };
}
attempt 'clone-high-bits', 'a new user namespace by clone, with a bit that the kernel drops',
  sub { try_clone('clone', $NAMESPACES{user} | HIGH_BIT | SIGCHLD, NULL, NULL, NULL, NULL) };
attempt 'clone3-user', 'a new user namespace by clone3',
  sub { try_clone('clone3', pack('Q8', $NAMESPACES{user}, 0, 0, 0, SIGCHLD, 0, 0, 0), 64) };

# Processes of the host

attempt 'host-process-seen', 'see a process of the host in /proc', sub {
    my $process = '/proc/' . needed('host-pid');
    -e $process ? allowed("$process is there") : refused_by_errno('ENOENT');
};
attempt 'host-process-signal', 'signal a process of the host (signal 0)', sub {
    kill(0, needed('host-pid')) ? allowed('it took it') : refused_by_errno('ESRCH');
};
attempt 'host-process-trace', 'trace a process of the host',
  sub { also_refused('ESRCH'); try('ptrace', PTRACE_SEIZE, needed('host-pid'), NULL, NULL) };
attempt 'host-process-descriptor', 'open a process of the host',
  sub { also_refused('ESRCH'); try('pidfd_open', needed('host-pid'), 0) };
attempt 'host-process-memory', 'read memory of a process of the host', sub {
    also_refused('ESRCH');
    my $buffer = "\0" x 8;
    my $local  = pack 'PQ', $buffer, 8;
    my $remote = pack 'QQ', 0x400000, 8;
    try('process_vm_readv', needed('host-pid'), $local, 1, $remote, 1, 0);
};
attempt 'host-process-memory-file', 'open the memory of a process of the host',
  sub { try_open('/proc/' . needed('host-pid') . '/mem', O_RDONLY) };

# Sockets

for (
    ['raw-icmp',           'a raw socket of ICMP',               2,             3,  1],
    ['raw-ip',             'a raw socket of whole packets',      2,             3,  255],
    ['raw-icmp6',          'a raw socket of ICMPv6',             10,            3,  58],
    ['raw-high-bits',      'a raw socket, with a dropped bit',   2 | HIGH_BIT,  3,  1],
    ['ping-datagram',      'a datagram socket of ICMP',          2,             2,  1],
    ['ping6-datagram',     'a datagram socket of ICMPv6',        10,            2,  58],
    ['packet',             'a packet socket',                    17,            3,  0x300],
    ['packet-old',         'a packet socket by its old name',    2,             10, 0x300],
    ['packet-high-bits',   'a packet socket, with a dropped bit', 17 | HIGH_BIT, 3, 0x300],
    ['xdp',                'an XDP socket',                      44,            3,  0],
    ['vsock',              'a socket to the hypervisor',         40,            1,  0],
    ['alg',                'a socket to the kernel\'s ciphers',  38,            5,  0],
    ['key',                'a socket to the kernel\'s IPsec keys', 15,          3,  2],
    ['netlink-audit',      'netlink: audit',                     16,            3,  9],
    ['netlink-netfilter',  'netlink: firewall',                  16,            3,  12],
    ['netlink-diag',       'netlink: everybody\'s sockets',      16,            3,  4],
    ['netlink-uevent',     'netlink: device events',             16,            3,  15],
    ['netlink-generic',    'netlink: generic',                   16,            3,  16],
    ['netlink-high-bits',  'netlink: firewall, with a dropped bit', 16 | HIGH_BIT, 3, 12],
  )
{
    my ($name, $what, $domain, $type, $protocol) = @$_;
    attempt "socket-$name", $what, sub { try('socket', $domain, $type, $protocol) };
}
attempt 'socketpair-vsock', 'a pair of sockets to the hypervisor, made before it is refused',
  sub { try('socketpair', 40, 1, 0, \(my $pair = "\0" x 8)) };
attempt 'interface-flags', 'set the flags of lo to what they are', sub {
    socket my $any, Socket::AF_UNIX(), Socket::SOCK_DGRAM(), 0 or die "socket: $!";
    my $request = pack 'Z16x24', 'lo';
    defined ioctl $any, SIOCGIFFLAGS, $request or die "SIOCGIFFLAGS: $!";
    try('ioctl', fileno $any, SIOCSIFFLAGS, $request);
};
attempt 'host-abstract-socket', 'connect to an abstract socket of the host', sub {
    my $address = Socket::pack_sockaddr_un("\0" . needed('abstract'));
    socket my $unix, Socket::AF_UNIX(), Socket::SOCK_STREAM(), 0 or refused_by_errno();
    connect($unix, $address) ? allowed('connected') : refused_by_errno('ECONNREFUSED');
};
attempt 'host-loopback', 'connect to 127.0.0.1 of the host', sub {
    my $address = Socket::pack_sockaddr_in(needed('port'), Socket::INADDR_LOOPBACK());
    socket my $tcp, Socket::AF_INET(), Socket::SOCK_STREAM(), 0 or refused_by_errno();
    connect($tcp, $address) ? allowed('connected')
      : refused_by_errno('ECONNREFUSED', 'ENETUNREACH');
};

attempt 'reserved-port', 'bind to a port below 1024, which jailed root may', sub {
    socket my $tcp, Socket::AF_INET(), Socket::SOCK_STREAM(), 0 or refused_by_errno();
    for my $port (reverse 600 .. 1023) {
        bind($tcp, Socket::pack_sockaddr_in($port, Socket::INADDR_LOOPBACK()))
          and allowed('bound');
        refused_by_errno() if !$!{EADDRINUSE};
    }
    die 'every port is in use';
};

# The host itself

attempt 'hostname', 'set the host name to what it is', sub {
    my $name = (POSIX::uname())[1];
    try('sethostname', $name, length $name);
};
attempt 'domainname', 'set the domain name to what it is', sub {
    my $name = first_line('/proc/sys/kernel/domainname') // '(none)';
    try('setdomainname', $name, length $name);
};
attempt 'clock-timeofday', 'settimeofday without a time', sub { try('settimeofday', NULL, NULL) };
attempt 'clock-settime', 'clock_settime (no pointer, read before the permission is checked)',
  sub { try('clock_settime', 0, NULL) };
attempt 'clock-adjtimex', 'adjtimex with an impossible tick',
  sub { try('adjtimex', impossible_tick()) };
attempt 'clock-adjtime', 'clock_adjtime with an impossible tick',
  sub { try('clock_adjtime', 0, impossible_tick()) };
attempt 'module-load',      'init_module of nothing', sub { try('init_module', NULL, 0, '') };
attempt 'module-load-file', 'finit_module (no descriptor)',
  sub { try('finit_module', NO_FD, '', 0) };
attempt 'module-unload', 'delete_module of none',
  sub { try('delete_module', 'gaol-probe-no-such', O_NONBLOCK) };
attempt 'kexec-load', 'kexec_load with impossible flags',
  sub { try('kexec_load', 0, 17, NULL, 0xffff) };
attempt 'kexec-file-load', 'kexec_file_load with impossible flags',
  sub { try('kexec_file_load', NO_FD, NO_FD, 0, NULL, 0xffff) };
attempt 'reboot',   'reboot without the magic numbers', sub { try('reboot', 0, 0, 0, NULL) };
attempt 'swap-on',  'swapon of no file',  sub { try('swapon',  $NO_SUCH, 0) };
attempt 'swap-off', 'swapoff of no file', sub { try('swapoff', $NO_SUCH) };
attempt 'accounting', 'process accounting to no file', sub { try('acct', $NO_SUCH) };
attempt 'quota', 'quotactl of no device (looked up before the permission is checked)',
  sub { try('quotactl', 0x80000500, $NO_SUCH, 0, NULL) };
attempt 'quota-descriptor', 'quotactl_fd (no descriptor)',
  sub { try('quotactl_fd', NO_FD, 0x80000500, 0, NULL) };
attempt 'kernel-messages', 'read the kernel\'s messages by syslog(2)',
  sub { try('syslog', 3, \(my $buffer = "\0" x 1024), 1024) };
attempt 'vhangup', 'hang up the terminal (there is none)',
  sub { POSIX::setsid(); try('vhangup') };

# What the kernel shows as files

attempt 'proc-kcore',    'read the memory of the kernel',     sub { try_read('/proc/kcore') };
attempt 'proc-keys',     'read the keys of every user',       sub { try_read('/proc/keys') };
attempt 'proc-kmsg',     'open the kernel\'s message queue',
  sub { try_open('/proc/kmsg', O_RDONLY | O_NONBLOCK) };
attempt 'proc-kallsyms', 'read addresses of the kernel', sub {
    open my $symbols, '<', '/proc/kallsyms' or refused_by_errno('ENOENT');
    my @lines = <$symbols>;
    refused('masked') if !@lines;
    my ($address) = grep { !/^0+ / } @lines;
    $address ? allowed($address =~ s/\s+/ /gr) : refused('every address is 0');
};
for my $file (
    qw(kernel/core_pattern kernel/modprobe kernel/hostname kernel/sysrq
    vm/drop_caches vm/overcommit_memory vm/panic_on_oom fs/file-max)
  )
{
    attempt "sysctl-$file" =~ tr{/}{-}r, "open /proc/sys/$file for writing, nothing written",
      sub { try_open("/proc/sys/$file", O_WRONLY) };
}
attempt 'sysctl-any', 'open any file below /proc/sys for writing, nothing written',
  sub { try_any('/proc/sys', sub { 1 }) };
attempt 'proc-sysrq-trigger', 'open /proc/sysrq-trigger for writing, nothing written',
  sub { try_open('/proc/sysrq-trigger', O_WRONLY) };
attempt 'proc-any', 'open any other file of /proc but a process\'s for writing, nothing written',
  sub { try_any('/proc', sub { $_[0] !~ m{^/proc/(\d+|sys|self|thread-self|net)$} }) };
attempt 'sys-any', 'open any file below /sys for writing, nothing written',
  sub { try_any('/sys', sub { $_[0] ne '/sys/fs/cgroup' }) };
attempt 'cgroup-any', 'open any file of a cgroup for writing, nothing written',
  sub { try_any('/sys/fs/cgroup', sub { 1 }) };

# Kernel interfaces that know no jail

attempt 'bpf', 'make a BPF map',
  sub { try('bpf', 0, pack('L4', 2, 4, 4, 1) . "\0" x 56, 72) };
attempt 'perf-event', 'count one\'s own CPU time',
  sub { try('perf_event_open', pack('LLQx24Qx64', 1, 112, 0, 0x60), 0, -1, NO_FD, 0) };
attempt 'userfaultfd', 'handle one\'s own page faults', sub { try('userfaultfd', 1) };
attempt 'keyring',     'find the session keyring', sub { try('keyctl', 0, -3, 0) };
attempt 'keyring-add', 'add a key to the process\'s keyring',
  sub { try('add_key', 'user', 'gaol-probe', 'x', 1, -2) };
attempt 'keyring-request', 'request a key that is not there',
  sub { try('request_key', 'user', 'gaol-probe-no-such', NULL, 0) };
attempt 'io-uring', 'set up an io_uring', sub { try('io_uring_setup', 1, "\0" x 120) };
attempt 'fanotify', 'watch the file system with a say', sub { try('fanotify_init', 4, 0) };
attempt 'sysv-shared-memory', 'make a System V shared memory segment',
  sub { try_ipc('shmget', [4096], 'shmctl', []) };
attempt 'sysv-semaphore', 'make a System V semaphore', sub { try_ipc('semget', [1], 'semctl', [0]) };
attempt 'sysv-message-queue', 'make a System V message queue',
  sub { try_ipc('msgget', [], 'msgctl', []) };

# Terminals

attempt 'terminal-input', 'type into the terminal of the session (TIOCSTI)', sub {
    also_refused('EIO');
    try('ioctl', fileno own_terminal(), TIOCSTI, 'x');
};
attempt 'terminal-input-high-bits', 'type into the terminal, with a bit that the kernel drops',
  sub {
    also_refused('EIO');
    try('ioctl', fileno own_terminal(), TIOCSTI | HIGH_BIT, 'x');
  };

# Limits and privileges of the process

attempt 'raise-limit', 'raise a resource limit above the hard limit', sub {
    call('prlimit64', 0, RLIMIT_NOFILE, pack('QQ', 100, 100), NULL) == 0
      or die "prlimit64: $!";
    try('prlimit64', 0, RLIMIT_NOFILE, pack('QQ', 101, 101), NULL);
};
attempt 'real-time', 'real-time scheduling',
  sub { try('sched_setscheduler', 0, 1, pack('i', 1)) };
attempt 'out-of-memory', 'be spared when memory runs out', sub {
    sysopen my $score, '/proc/self/oom_score_adj', O_WRONLY or refused_by_errno();
    defined(syswrite $score, '-1000') ? allowed('it is') : refused_by_errno();
};
attempt 'lock-memory', 'lock memory', sub {
    my $page = "\0" x 4096;
    try('mlock', $page, 1);
};
attempt 'raise-capability', 'give oneself CAP_SYS_ADMIN', sub {
    my $header = pack 'Ll', 0x20080522, 0;
    my $sets   = "\0" x 24;
    call('capget', $header, \$sets) == 0 or die "capget: $!";
    my ($effective, $permitted, @rest) = unpack 'L6', $sets;
    my $wanted = 1 << CAP_SYS_ADMIN;
    try('capset', $header, pack 'L6', $effective | $wanted, $permitted | $wanted, @rest);
};

# ---------------------------------------------------------------------------------------------
# How they are tried

# Calls and judges by the error.
sub try {
    my $result = call(@_);
    $result == -1 ? refused_by_errno() : allowed("it returned $result");
}

# As try, and makes it undone when it succeeded.
sub try_and_undo {
    my ($undo, @call) = @_;
    call(@call) == -1 ? refused_by_errno() : $undo->();
    allowed('and undone');
}

sub try_mount {
    my ($source, $type, $flags, $data) = @_;
    mkdir 'mountpoint' or die "mkdir: $!";
    try_and_undo(sub { call('umount2', 'mountpoint', MNT_DETACH) },
        'mount', $source, 'mountpoint', $type, $flags, $data);
}

sub try_device {
    my ($type, $major, $minor) = @_;
    call('mknodat', AT_FDCWD, 'node', $type | 0600, $major << 8 | $minor) == 0
      or refused_by_errno();
    my $opened = sysopen(my $node, 'node', O_RDONLY | O_NONBLOCK) ? 'opened' : errno();
    unlink 'node';
    allowed("made, open: $opened");
}

sub try_open {
    my ($file, $flags) = @_;
    sysopen my $handle, $file, $flags or refused_by_errno('ENOENT', 'EROFS', 'ENXIO', 'ENODEV');
    refused('masked') if is_null($handle);
    allowed('opened');
}

sub try_read {
    my ($file) = @_;
    sysopen my $handle, $file, O_RDONLY or refused_by_errno('ENOENT');
    my $count = sysread $handle, my $buffer, 64;
    refused_by_errno()                  if !defined $count;
    refused('nothing to be read there') if !$count;
    allowed("$count bytes");
}

# Whether any file of a tree that is there to be written can be opened for that. Jailed root opens
# the others, too, to no effect.
sub try_any {
    my ($top, $descend) = @_;
    -e $top or refused_by_errno('ENOENT');
    my @writable;
    my $seen = 0;
    walk(
        $top,
        sub {
            my ($file) = @_;
            return if !-f $file || !((stat _)[2] & 0222) || @writable > 4;
            $seen++;
            sysopen my $handle, $file, O_WRONLY | O_NONBLOCK or return;
            push @writable, $file if !is_null($handle);
        },
        $descend
    );
    @writable ? allowed("@writable") : refused("none of $seen");
}

sub try_ipc {
    my ($get, $arguments, $control, $which) = @_;
    my $id = call($get, IPC_PRIVATE, @$arguments, IPC_CREAT | 0600);
    refused_by_errno() if $id == -1;
    call($control, $id, @$which, IPC_RMID, NULL);
    allowed('made and removed');
}

sub try_clone {
    my $child = call(@_);
    refused_by_errno() if $child == -1;
    POSIX::_exit(0)    if $child == 0;
    waitpid $child, 0;
    allowed("process $child");
}

# A new terminal that is the controlling one of a new session.
sub own_terminal {
    POSIX::setsid() != -1 or die "setsid: $!";
    sysopen my $master, '/dev/ptmx', O_RDWR | O_NOCTTY or die "/dev/ptmx: $!";
    my $number = pack 'i', 0;
    defined ioctl $master, TIOCSPTLCK, $number or die "TIOCSPTLCK: $!";
    defined ioctl $master, TIOCGPTN,   $number or die "TIOCGPTN: $!";
    my $name = '/dev/pts/' . unpack 'i', $number;
    sysopen my $terminal, $name, O_RDWR or die "$name: $!";
    our @kept = ($master);
    return $terminal;
}

# A struct timex that asks for a tick the kernel refuses, to whom it is not refused before.
sub impossible_tick { return pack('L', 0x4000) . "\0" x 204 }

# Whether a directory is another root than one's own.
sub judge_root {
    my ($directory, $root, $go_on) = @_;
    $root //= identity('/');
    my $found = identity($directory);
    if (!defined $found) {
        return if $go_on;
        refused_by_errno('ENOENT');
    }
    allowed("$directory is another root") if $found ne $root;
    allowed("$directory$option{'host-file'} is there")
      if defined $option{'host-file'} && -e "$directory$option{'host-file'}";
    refused('it is the root of the task') if !$go_on;
}

sub identity {
    my ($device, $inode) = stat $_[0];
    return defined $device ? "$device:$inode" : undef;
}

sub is_null {
    my ($handle) = @_;
    my ($mode, $device) = (stat $handle)[2, 6];
    return ($mode & 0170000) == 020000 && $device == (1 << 8 | 3);
}

sub mounts {
    my %bits = (
        ro         => MS_RDONLY,
        nosuid     => 0x2,
        nodev      => 0x4,
        noexec     => 0x8,
        noatime    => 0x400,
        nodiratime => 0x800,
        relatime   => 0x200000,
    );
    open my $table, '<', '/proc/self/mountinfo' or die "mountinfo: $!";
    return map {
        my ($at, $options) = (split)[4, 5];
        my $flags = 0;
        $flags |= $bits{$_} // 0 for split /,/, $options;
        {at => $at, flags => $flags};
    } <$table>;
}

sub mount_at {
    my ($at) = @_;
    my ($mount) = grep { $_->{at} eq $at } reverse mounts();
    return $mount // die "nothing is mounted at $at";
}

# Every file below a directory that is not a directory; links are not followed.
sub walk {
    my ($directory, $visit, $descend) = @_;
    opendir my $entries, $directory or return;
    for my $entry (grep { $_ ne '.' && $_ ne '..' } readdir $entries) {
        my $path = $directory eq '/' ? "/$entry" : "$directory/$entry";
        next if -l $path;
        if (-d _) { walk($path, $visit, $descend) if $descend->($path) }
        else      { $visit->($path) }
    }
}

sub first_line {
    open my $file, '<', $_[0] or return;
    my $line = <$file>;
    chomp $line if defined $line;
    return $line;
}

sub min { return $_[0] < $_[1] ? $_[0] : $_[1] }

sub needed {
    my ($name) = @_;
    my $value = $option{$name} // skipped("needs --$name");
    return $value =~ /^\d+$/ ? $value + 0 : $value;
}

# A system call. A number is passed as such and a string by its address: by a reference to it when
# the kernel writes there.
sub call {
    my ($name, @arguments) = @_;
    my $number = $SYSCALLS{$name}[$arch] // skipped("this machine has no $name");
    my @values = map { ref $_ ? $$_ : $_ } @arguments;
    my $result = syscall $number, @values;
    for (0 .. $#arguments) {
        ${ $arguments[$_] } = $values[$_] if ref $arguments[$_];
    }
    return $result;
}

# ---------------------------------------------------------------------------------------------
# The outcome of an attempt: told to the parent, and the end of the attempt's process

my $to_parent;
my %refusals;

sub allowed { outcome('ALLOWED', @_) }
sub refused { outcome('refused', @_) }
sub skipped { outcome('skipped', @_) }

sub also_refused { $refusals{$_} = 1 for @_ }

# By the error of the last call: refused when it is one that refuses, else allowed.
sub refused_by_errno {
    my $error = errno();
    also_refused(@_);
    $refusals{$error} ? refused($error) : allowed("no refusal, $error comes later");
}

sub outcome {
    my ($verdict, $why) = @_;
    syswrite $to_parent, "$verdict ($why)\n";
    POSIX::_exit(0);
}

sub errno {
    my $error = $! + 0;
    for my $name (sort keys %!) {
        return $name if $!{$name} && $name !~ /^(EWOULDBLOCK|ENOTSUP|EDEADLOCK)$/;
    }
    return "error $error";
}

sub run {
    my ($attempt, $directory) = @_;
    mkdir $directory or die "probe.pl: $directory: $!\n";
    pipe my $reader, $to_parent or die "probe.pl: pipe: $!\n";
    defined(my $child = fork) or die "probe.pl: fork: $!\n";
    if ($child == 0) {
        close $reader;
        %refusals = map { ($_ => 1) }
          qw(EPERM EACCES ENOSYS EAFNOSUPPORT EPROTONOSUPPORT ESOCKTNOSUPPORT);
        alarm SECONDS_FOR_AN_ATTEMPT;
        eval {
            chdir $directory or die "chdir: $!";
            $attempt->{how}->();
            1;
        } or allowed('the probe failed: ' . $@ =~ s/\s+/ /gr);
        allowed('the probe came to no end');
    }
    close $to_parent;
    my $line = <$reader>;
    waitpid $child, 0;
    if (!defined $line) {
        my $signal = $? & 127;
        $line =
            $signal == POSIX::SIGSYS()  ? 'refused (SIGSYS)'
          : $signal == POSIX::SIGALRM() ? 'ALLOWED (no answer in time)'
          :                               "ALLOWED (no answer, status $?)";
    }
    chomp $line;
    unlink glob "$directory/*";
    rmdir $_ for glob("$directory/*"), $directory;
    return $line;
}

sub main {
    if ($option{list}) {
        printf "%-26s %s\n", $_->{name}, $_->{what} for @attempts;
        return 0;
    }
    $| = 1;
    my %skip = map { ($_ => 1) } split /,/, $option{skip} // '';
    my %only = map { ($_ => 1) } split /,/, $option{only} // '';
    my %known = map { ($_->{name} => 1) } @attempts;
    for (keys %skip, keys %only) {
        die "probe.pl: there is no attempt $_, --list shows all\n" if !$known{$_};
    }
    my ($tried, $allowed) = (0, 0);
    for my $attempt (@attempts) {
        next if %only && !$only{ $attempt->{name} };
        my $line =
          $skip{ $attempt->{name} }
          ? 'skipped (by --skip)'
          : run($attempt, "$option{work}/gaol-probe-$$-$attempt->{name}");
        print "$attempt->{name}: $line\n";
        $tried++   if $line !~ /^skipped/;
        $allowed++ if $line =~ /^ALLOWED/;
    }
    print "$tried attempts, $allowed allowed\n";
    return $allowed ? 1 : 0;
}

exit main();
