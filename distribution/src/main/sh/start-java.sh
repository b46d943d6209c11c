# Becomes a Java that runs one of our programs. Sourced by bin/gaol and by the plugins, with $home set to where
# Gaol is installed. POSIX sh.
#
#   start_java PROGRAM WORD...    PROGRAM names the start-up cache; the words are for java

. "$home/lib/find-java.sh"

start_java() {
  find_java java || { say_how_to_install_java java; exit 1; }

  # The start-up cache (see lib/make-start-up-cache.sh) belongs to one build of Java and to these very jars.
  # Java checks both, and starts without the cache, only slower, when they differ.
  if [ -n "${GAOL_CLASSES_TO_LIST:-}" ]; then
    cache_flag=-XX:DumpLoadedClassList=$GAOL_CLASSES_TO_LIST
    unset GAOL_CLASSES_TO_LIST
  else
    cache_flag=-XX:SharedArchiveFile=$home/lib/$1.jsa
  fi
  shift

  # A Java of Linux, in FreeBSD's Linux emulation, says that it is on Linux. This sh does not.
  if [ -z "${GAOL_HOST:-}" ] && [ -x /usr/sbin/jail ]; then
    export GAOL_HOST=freebsd
  fi

  # Java takes the names of files for what the locale says, and without one for ASCII. They are UTF-8.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *UTF-8 | *utf8) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac

  # No statistics for jstat: they are a file in /tmp, which a program that is killed leaves there.
  # Serial collector and first compiler: a command lives for moments, and a plugin waits most of its time.
  # Java's own log goes to stderr, which it by default does not: stdout is the task's, or the agent's.
  exec "$java_home/bin/java" -XX:-UsePerfData -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
    -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=warning,cds*=off,aot*=off:stderr "$cache_flag" \
    "$@"
}
