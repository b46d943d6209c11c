#!/bin/sh
# Builds distribution/target/gaol, unless it is up to date. ./gaol runs this, one at a time.
set -eu

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/scripts/common.sh"

# Another ./gaol may have built it while this one waited.
! built_is_up_to_date || exit 0

use_jdk
install_missing mvn || exit 1

why="first use"
[ ! -e "$build_stamp" ] || why="sources changed"
log=$build_state/build.log
began=$(date +%s)
printf 'gaol: building (%s) ... ' "$why" >&2

# The stamp's time is before Maven's: what changes while Maven runs is built the next time.
: >"$build_stamp.new"
sources=$(list_sources "$build_stamp.new")
echo "$sources" >"$build_stamp.new"

if ! (cd "$root" && mvn -B -ntp package -pl distribution -am -Dmaven.test.skip=true) >"$log" 2>&1 </dev/null; then
  echo failed >&2
  grep '^\[ERROR\]' "$log" | head -n 30 >&2 || tail -n 30 "$log" >&2
  say "the build failed; all that Maven said is in $log"
  exit 1
fi
mv -f -- "$build_stamp.new" "$build_stamp"
echo "$(($(date +%s) - began)) s" >&2
