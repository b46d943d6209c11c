#!/bin/sh
# Builds distribution/target/gaol, unless it is up to date. ./gaol runs this, one at a time.
set -eu

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/scripts/common.sh"

# Another ./gaol may have built it while this one waited.
! built_is_up_to_date || exit 0

use_jdk
install_missing mvn || exit 1

goals=package
why="first use"
if [ -e "$build_stamp" ]; then
  why="sources changed"
  # Maven goes by a file's own time, and would not see one that was copied here with an old one.
  [ -z "$(find_sources -cnewer "$build_stamp" ! -newer "$build_stamp" -print)" ] || goals="clean package"
fi
log=$build_state/build.log
began=$(date +%s)
printf 'gaol: building (%s) ... ' "$why" >&2

# The stamp's time is before Maven's: what changes while Maven runs is built the next time.
: >"$build_stamp.new"
sources=$(list_sources "$build_stamp.new")
echo "$sources" >"$build_stamp.new"

# $maven and $goals are lists.
# shellcheck disable=SC2086
if ! (cd "$root" && $maven $goals -pl distribution -am -Dmaven.test.skip=true) >"$log" 2>&1 </dev/null; then
  echo failed >&2
  sed -n -e '/-> \[Help 1\]/q' -e '/^\[ERROR\]/p' "$log" | head -n 30 >&2
  say "the build failed; all that Maven said is in $log"
  exit 1
fi
mv -f -- "$build_stamp.new" "$build_stamp"
echo "$(($(date +%s) - began)) s" >&2
