# Finds a Java that is new enough. Sourced by bin/gaol, and by ./gaol and ./test in the source tree:
# this is the one place that knows which Java is needed and where Javas are.
#
#   find_java java     any runtime will do         find_java javac    a JDK, to build with
#
# sets java_home, or returns 1. No Java is started to ask for its version (that takes 40 ms each): every
# JDK since 9 has its version in the file "release". POSIX sh.

java_needed=25

find_java() {
  java_on_path=$(command -v java) && java_on_path=$(readlink -f -- "$java_on_path")
  java_on_path=${java_on_path%/bin/java}

  # FreeBSD's java on the PATH is a script that chooses among /usr/local/openjdk*, so they are listed here too.
  for java_home in "${JAVA_HOME:-}" "$java_on_path" \
    /usr/lib/jvm/* /usr/local/openjdk* /usr/java/* /opt/java/* /opt/jdk* /compat/linux/usr/lib/jvm/*; do
    if [ -x "$java_home/bin/$1" ] && java_is_new_enough "$java_home/release"; then
      return 0
    fi
  done
  java_home=
  return 1
}

# JAVA_VERSION="25.0.3" is 25, JAVA_VERSION="26-ea" is 26, JAVA_VERSION="1.8.0_472" is 1.
java_is_new_enough() {
  [ -r "$1" ] || return 1
  while IFS='="' read -r java_key _ java_version _; do
    if [ "$java_key" = JAVA_VERSION ]; then
      java_version=${java_version%%[!0-9]*}
      [ "${java_version:-0}" -ge "$java_needed" ]
      return
    fi
  done <"$1"
  return 1
}

say_how_to_install_java() {
  case $1 in javac) java_kind="a JDK" ;; *) java_kind="Java" ;; esac
  cat >&2 <<END
gaol: $java_kind $java_needed or newer is needed, and none was found in JAVA_HOME (${JAVA_HOME:-not set}),
gaol: on the PATH, or below /usr/lib/jvm, /usr/local/openjdk*, /usr/java, /opt/java, /opt/jdk*, or
gaol: /compat/linux/usr/lib/jvm. To install one:
gaol:   FreeBSD         pkg install openjdk$java_needed
gaol:   Debian, Ubuntu  apt-get install openjdk-$java_needed-jdk-headless
gaol:   Fedora, RHEL    dnf install java-$java_needed-openjdk-devel
gaol:   where there is no such package: https://adoptium.net/temurin/releases/?version=$java_needed
gaol: A JDK elsewhere is found with JAVA_HOME=/path/to/jdk.
END
}
