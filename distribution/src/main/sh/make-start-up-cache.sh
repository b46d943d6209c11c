#!/bin/sh
# Makes the start-up caches lib/gaol.jsa and lib/jail-task-driver.jsa, which divide the time in which the
# programs start by three: the classes of some training runs, and of Java itself, as Java has them in memory,
# already linked to each other. They are good for one build of Java and for these very jars, so they are made
# where Gaol is installed, and again after an update of either. A wrong one is never used, only slower.
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

# A copy of the plugin in an agent's plugin_dir finds its way back by this.
for plugin in "$home"/plugins/*; do
  sed "s|^installed=.*|installed='$home'|" "$plugin" >"$work/plugin"
  cat -- "$work/plugin" >"$plugin" 2>/dev/null || :
done

# Java knows the jars again by size and time, and our builds give all files one and the same time, so that
# they can be reproduced. Without this, an update of the same size would run the old classes.
touch -- "$home"/lib/*.jar 2>/dev/null || without_cache

# What the training runs answer does not matter, only which classes they need.
#   train PROGRAM COMMAND...
train() {
  classes=$work/$1.classes
  shift
  rm -f -- "$work/classes.one"
  GAOL_CLASSES_TO_LIST=$work/classes.one "$@" >/dev/null 2>&1 </dev/null || :
  # Without the numbers, which each list begins with 0; classes that have a source need theirs.
  [ ! -e "$work/classes.one" ] || sed -e '/ source: /d' -e 's/ id: .*//' "$work/classes.one" >>"$classes"
}

# Planning a job goes through the job language, the drivers and the host. None of these touches anything.
job=$home/lib/training.nomad.hcl
train gaol "$home/bin/gaol" job plan "$job"
train gaol "$home/bin/gaol" job validate "$job"
train gaol "$home/bin/gaol" job fmt -check "$job"
train gaol "$home/bin/gaol" params persist
train gaol "$home/bin/gaol" convert "$job"

# What an agent asks a plugin when it starts, asked by a program of ours.
. "$home/lib/find-java.sh"
find_java java || without_cache
train jail-task-driver "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -cp "$home/lib/gaol.jar" io.gaol.driver.plugin.Training "$home/plugins/jail-task-driver" "$work"

# A cache with classes that are linked ahead of time (JEP 483), in the form that checks the jars when it is
# used: the form of -XX:AOTCache runs the old classes after an update (Java 25).
for program in gaol jail-task-driver; do
  if [ -s "$work/$program.classes" ]; then
    "$java_home/bin/java" -XX:+UseSerialGC -Xshare:dump -XX:+AOTClassLinking -Xlog:disable \
      -XX:SharedClassListFile="$work/$program.classes" -XX:SharedArchiveFile="$work/$program.jsa" \
      -cp "$home/lib/gaol.jar" >/dev/null 2>&1 || :
  fi
  [ -s "$work/$program.jsa" ] || without_cache
done

# Renamed, not overwritten: a program that is running has the old one mapped.
mv -f -- "$work/gaol.jsa" "$work/jail-task-driver.jsa" "$home/lib/"
