#!/bin/sh
# scripts/leftovers.sh MARK: lists what jails leave on a machine, one thing a line. ./test lists before and after
# its tests; a line that only the second list has is something the tests left behind.
#
# All that the tests start has GAOL_TEST_RUN=MARK in its environment, so these processes are known even when
# nothing else tells.
set -u
mark=$1

processes() {
  own_mounts=$(readlink /proc/self/ns/mnt)
  own_cgroup=$(cat /proc/self/cgroup)
  for dir in /proc/[0-9]*; do
    words=$(tr '\0' ' ' <"$dir/cmdline")
    # Kernel threads have no words.
    if [ -n "$words" ] && why=$(why_listed "$dir" "$words") && [ -e "$dir" ]; then
      printf 'process %s (%s): %.200s\n' "${dir#/proc/}" "$why" "$words"
    fi
  done 2>/dev/null
}

why_listed() {
  if tr '\0' '\n' <"$1/environ" | grep -qxF "GAOL_TEST_RUN=$mark"; then
    echo "started by a test"
  elif grep -q ':/.*gaol' "$1/cgroup"; then
    echo "in a cgroup of gaol"
  elif [ "$(cat "$1/cgroup")" = "$own_cgroup" ] && [ "$(readlink "$1/ns/mnt")" != "$own_mounts" ]; then
    # Services of the system that have a mount namespace have a cgroup too.
    echo "in a mount namespace of its own"
  else
    case $2 in
      crun\ * | */crun\ * | catatonit\ * | */catatonit\ * | *[\ =]/var/lib/gaol* | *[\ =]/run/gaol* | *[\ =]/tmp/gaol-*)
        echo "by its name"
        ;;
      *) return 1 ;;
    esac
  fi
}

# By device, root and place: the ids in front of them are given anew. The machine's first ip-netns(8) mounts
# /run/netns on itself, for good.
mounts() { awk '$5 != "/run/netns" { print "mount " $5 " of " $3 " " $4 }' /proc/self/mountinfo; }

# A namespace without a name shows as a process in it, or as a mount of it.
networks() {
  ! command -v ip >/dev/null || ip netns list | awk '{ print "network namespace " $1 }'
  for link in /sys/class/net/*; do echo "network interface ${link##*/}"; done
}

# The folders and the lock of what jails of all state directories share stay until the host's next start.
files() {
  find /sys/fs/cgroup -type d -path '*/gaol*' 2>/dev/null | sed 's/^/cgroup /'
  find /run/gaol* /run/crun /var/lib/gaol /var/db/gaol "${TMPDIR:-/tmp}"/gaol-* -maxdepth 4 2>/dev/null |
    grep -vxE '/run/gaol(/networks|/values(/lock)?)?' | sed 's/^/file /'
}

# The same of a FreeBSD.
freebsd() {
  jls name | sed 's/^/jail /'
  mount -p | awk '{ print "mount " $2 " of " $1 }'
  for link in $(ifconfig -l); do echo "network interface $link"; done
  rctl 2>/dev/null | sed 's/^/rule /'
  for pid in $(ps -axwwe -o pid= -o command= | awk -v wanted="GAOL_TEST_RUN=$mark" '
    { for (i = 2; i <= NF; i++) if ($i == wanted && $0 !~ /awk -v wanted=/) { print $1; next } }'); do
    printf 'process %s (started by a test): %.200s\n' "$pid" "$(ps -ww -o command= -p "$pid")"
  done
}

if [ "$(uname -s)" = FreeBSD ]; then
  freebsd
elif [ -e /proc/self/mountinfo ]; then
  processes
  mounts
  networks
fi
files
