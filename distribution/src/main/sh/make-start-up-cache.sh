#!/bin/sh
# Makes lib/gaol.jsa, which about halves the time in which gaol starts: the classes of a training run, as
# Java has them in memory (AppCDS). It is good for one build of Java and for these very jars, so it is made
# where gaol is installed, and again after an update of either. A wrong one is never used, only slower.
set -eu

home=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)
new=$home/lib/gaol.jsa.new

# Java knows the jars again by size and time, and our builds give all files one and the same time, so that
# they can be reproduced. Without this, an update of the same size would run the old classes.
touch -- "$home"/lib/*.jar

# What the training run answers does not matter, only which classes it needs: planning a job goes through
# the job language, the drivers and the host, and touches nothing.
rm -f -- "$new"
GAOL_CACHE_TO_MAKE=$new "$home/bin/gaol" job plan "$home/lib/training.nomad.hcl" >/dev/null 2>&1 || :

if [ ! -s "$new" ]; then
  echo "gaol: no start-up cache could be made in $home/lib: gaol works without, and starts slower" >&2
  exit 1
fi
# Renamed, not overwritten: a gaol that is running has the old one mapped.
mv -f -- "$new" "$home/lib/gaol.jsa"
