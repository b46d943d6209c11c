#!/bin/sh
# Makes the root of the jails that tests make on a FreeBSD: the host's programs and users, and a user that is
# nobody's. What is there stays; after a boot the mounts are made again.
set -e
base=/jails/base
mkdir -p /jails/empty
for name in dev etc home proc root tmp; do mkdir -p "$base/$name"; done
# rtld(1) is in libexec, and libc in lib. A base that somebody else has made has them.
for name in bin sbin lib libexec usr; do
  [ -d "/$name" ] || continue
  mkdir -p "$base/$name"
  [ -n "$(ls -A "$base/$name")" ] || mount_nullfs -o ro "/$name" "$base/$name"
done
id nobodyjob >/dev/null 2>&1 || pw useradd nobodyjob -u 1001 -m || {
  echo "the tests need a user nobodyjob with the number 1001: make one, or give that number free" >&2
  exit 1
}
# Programs look users up in the databases that pwd_mkdb(8) makes, and classes in that of cap_mkdb(1).
for file in passwd group pwd.db spwd.db login.conf login.conf.db; do
  [ -e "$base/etc/$file" ] || [ ! -e "/etc/$file" ] || cp -p "/etc/$file" "$base/etc/"
done
