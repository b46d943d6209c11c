# What ./gaol, ./test and scripts/build.sh share. Sourced with $root set to the source tree. POSIX sh.

. "$root/distribution/src/main/sh/find-java.sh"

# What a Linux host needs to run jails: crun creates them, catatonit is their first process where a task
# asks for one. A FreeBSD host has all it needs in its base system. This list is the only one.
host_tools='crun catatonit'

# What the end-to-end tests need besides: gcc builds what kills a gaol at a chosen moment, busybox is all
# there is in the roots of some jails, python3 and nc.openbsd are for what is below testing; ip makes
# the networks that curl, perl and ping are tried in.
test_tools='busybox curl gcc ip nc.openbsd perl ping ps python3'

# Java takes the names of files for what the locale says, and without one for ASCII. Ours are UTF-8.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *UTF-8 | *utf8) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac

say() { echo "gaol: $*" >&2; }

# Finds the JDK to build with, for us and for what we start.
use_jdk() {
  find_java javac || { say_how_to_install_java javac; exit 1; }
  export JAVA_HOME="$java_home"
}

# Installs those of the named commands that are missing, where we can; says how to where we cannot, and
# returns 1.
install_missing() {
  missing=
  for tool; do
    command -v "$tool" >/dev/null && continue
    # A package has the name of its command, but for these.
    case $tool in
      mvn) tool=maven ;;
      gcc) tool='gcc libc6-dev' ;;
      busybox) tool=busybox-static ;;
      ip) tool=iproute2 ;;
      nc.openbsd) tool=netcat-openbsd ;;
      ping) tool=iputils-ping ;;
      ps) tool=procps ;;
    esac
    missing="$missing $tool"
  done
  [ -n "$missing" ] || return 0

  if [ "$(uname -s)" = FreeBSD ]; then
    say "missing:$missing. To install: pkg install$missing"
    return 1
  elif [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "missing:$missing. To install, as root: apt-get install$missing (or as your system does it)"
    return 1
  fi
  say "installing$missing ..."
  apt_log=$(mktemp)
  # $missing is a list. A package source that cannot be reached need not be the one that has it: go on.
  # shellcheck disable=SC2086
  { apt-get -q update || :
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
      install --no-install-recommends $missing; } >"$apt_log" 2>&1 </dev/null && apt_rc=0 || apt_rc=$?
  if [ "$apt_rc" != 0 ]; then
    tail -n 15 "$apt_log" >&2
    say "apt-get could not install$missing"
  fi
  rm -f "$apt_log"
  return "$apt_rc"
}

install_host_tools() {
  [ "$(uname -s)" != Linux ] || install_missing $host_tools
}

install_test_tools() {
  [ "$(uname -s)" != Linux ] || install_missing $test_tools
}

# How Maven is run, as a list of words. Its compiler of protocol buffers has no binary for FreeBSD; the one for
# Linux runs there too, in the Linux emulation. All tests that make jails have the one machine there.
maven='mvn -B -ntp'
[ "$(uname -s)" != FreeBSD ] || maven="$maven -Dos.name=Linux -Dgaol.freebsd.hosts=1"

# locked FILE OTHER COMMAND...: runs the command when no other locked command of the same file runs, and says
# that it waits for OTHER until then. The kernel drops the lock with its holder, so none is ever left behind;
# what the command leaves running does not hold it (flock -o).
locked() {
  lock_file=$1
  lock_other=$2
  shift 2
  if command -v flock >/dev/null; then
    flock -n "$lock_file" true || say "waiting for $lock_other ..."
    flock -o "$lock_file" "$@"
  elif command -v lockf >/dev/null; then
    lockf -s -k -t 0 "$lock_file" true || say "waiting for $lock_other ..."
    lockf -k "$lock_file" "$@"
  else
    "$@"
  fi
}

# The built product, and when and from what it was built (scripts/build.sh writes it).
built=$root/distribution/target/gaol
build_state=$root/.gaol
build_stamp=$build_state/built

# What the product is built from, as an expression of find sees it.
find_sources() {
  (cd "$root" && find pom.xml .mvn */pom.xml */src -path '*/src/test' -prune -o -type f ! -name '.*' "$@")
}

# The name of each source, and a second time the name of each that has changed since the file $1 was
# written. (The time of the change, which not even a copy that keeps a file's own time can set back.)
list_sources() {
  find_sources -print -cnewer "$1" -print
}

# The stamp holds the names. So the lists are equal when nothing was added, deleted or changed: one run of
# find tells, in some ms, where Maven takes seconds.
built_is_up_to_date() {
  [ -x "$built/bin/gaol" ] && [ -r "$build_stamp" ] &&
    list_sources "$build_stamp" | cmp -s - "$build_stamp"
}
