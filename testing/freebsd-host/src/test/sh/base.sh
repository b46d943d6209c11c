#!/bin/sh
# Makes the root of the jails that tests make on a FreeBSD: the host's programs and users, and a user that is
# nobody's. What is there stays; after a boot the mounts are made again.
set -e
base=/jails/base
[ ! -x "$base/bin/sh" ] || exit 0
for name in dev etc home proc root tmp; do mkdir -p "$base/$name"; done
mkdir -p /jails/empty
# rtld(1) is in libexec, and libc in lib.
for name in bin sbin lib libexec usr; do
  mkdir -p "$base/$name"
  mount_nullfs -o ro "/$name" "$base/$name"
done
id nobodyjob >/dev/null 2>&1 || pw useradd nobodyjob -u 1001 -m
# Programs look users up in the databases that pwd_mkdb(8) makes.
for file in passwd group pwd.db spwd.db; do
  [ ! -e "/etc/$file" ] || cp -p "/etc/$file" "$base/etc/"
done
