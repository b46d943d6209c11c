#!/bin/sh
# Makes lib/gaol.jsa, which divides the time in which gaol starts by three: the classes of some training
# runs, and of Java itself, as Java has them in memory, already linked to each other. It is good for one build of
# Java and for these very jars, so it is made where gaol is installed, and again after an update of either.
# A wrong one is never used, only slower.
set -eu

home=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)
new=$home/lib/gaol.jsa.new
classes=$home/lib/gaol.jsa.classes
trap 'rm -f -- "$new" "$classes" "$classes".*' EXIT

# Java knows the jars again by size and time, and our builds give all files one and the same time, so that
# they can be reproduced. Without this, an update of the same size would run the old classes.
touch -- "$home"/lib/*.jar

# What the training runs answer does not matter, only which classes they need: planning a job goes through
# the job language, the drivers and the host. None of them touches anything.
rm -f -- "$new" "$classes"
for training in 'job plan' 'job validate' 'job fmt -check' params; do
  # A command of two words is two arguments.
  # shellcheck disable=SC2086
  GAOL_CLASSES_TO_LIST=$classes.one "$home/bin/gaol" $training "$home/lib/training.nomad.hcl" >/dev/null 2>&1 || :
  # Without the numbers, which each list begins with 0; classes that have a source need theirs.
  [ ! -e "$classes.one" ] || sed -e '/ source: /d' -e 's/ id: .*//' "$classes.one" >>"$classes"
  rm -f -- "$classes.one"
done

# A cache with classes that are linked ahead of time (JEP 483), in the form that checks the jars when it is
# used: the form of -XX:AOTCache runs the old classes after an update (Java 25).
. "$home/lib/find-java.sh"
if [ -s "$classes" ] && find_java java; then
  "$java_home/bin/java" -XX:+UseSerialGC -Xshare:dump -XX:+AOTClassLinking -Xlog:disable \
    -XX:SharedClassListFile="$classes" -XX:SharedArchiveFile="$new" -cp "$home/lib/gaol.jar" >/dev/null 2>&1 || :
fi

if [ ! -s "$new" ]; then
  echo "gaol: no start-up cache could be made in $home/lib: gaol works without, and starts slower" >&2
  exit 1
fi
# Renamed, not overwritten: a gaol that is running has the old one mapped.
mv -f -- "$new" "$home/lib/gaol.jsa"
