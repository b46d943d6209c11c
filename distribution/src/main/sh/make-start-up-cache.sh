#!/bin/sh
# Makes lib/gaol.jsa, which divides the time in which gaol starts by three: the classes of some training
# runs, and of Java itself, as Java has them in memory, already linked to each other. It is good for one build
# of Java and for these very jars, so it is made where gaol is installed, and again after an update of either.
# A wrong one is never used, only slower.
set -eu

home=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)

without_cache() {
  echo "gaol: no start-up cache could be made in $home/lib: gaol works without, and starts slower" >&2
  exit 1
}

# Of its own, so that two that run at once do not meet.
work=$(mktemp -d "$home/lib/gaol.jsa.XXXXXX" 2>/dev/null) || without_cache
trap 'rm -rf -- "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Java knows the jars again by size and time, and our builds give all files one and the same time, so that
# they can be reproduced. Without this, an update of the same size would run the old classes.
touch -- "$home"/lib/*.jar 2>/dev/null || without_cache

# What the training runs answer does not matter, only which classes they need: planning a job goes through
# the job language, the drivers and the host. None of them touches anything.
train() {
  rm -f -- "$work/classes.one"
  GAOL_CLASSES_TO_LIST=$work/classes.one "$home/bin/gaol" "$@" >/dev/null 2>&1 </dev/null || :
  # Without the numbers, which each list begins with 0; classes that have a source need theirs.
  [ ! -e "$work/classes.one" ] || sed -e '/ source: /d' -e 's/ id: .*//' "$work/classes.one" >>"$work/classes"
}
job=$home/lib/training.nomad.hcl
train job plan "$job"
train job validate "$job"
train job fmt -check "$job"
train params persist
train convert "$job"

# A cache with classes that are linked ahead of time (JEP 483), in the form that checks the jars when it is
# used: the form of -XX:AOTCache runs the old classes after an update (Java 25).
. "$home/lib/find-java.sh"
if [ -s "$work/classes" ] && find_java java; then
  "$java_home/bin/java" -XX:+UseSerialGC -Xshare:dump -XX:+AOTClassLinking -Xlog:disable \
    -XX:SharedClassListFile="$work/classes" -XX:SharedArchiveFile="$work/gaol.jsa" \
    -cp "$home/lib/gaol.jar" >/dev/null 2>&1 || :
fi
[ -s "$work/gaol.jsa" ] || without_cache

# Renamed, not overwritten: a gaol that is running has the old one mapped.
mv -f -- "$work/gaol.jsa" "$home/lib/gaol.jsa"
