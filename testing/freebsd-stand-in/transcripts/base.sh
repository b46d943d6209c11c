# A base for jails, as on the machine that the transcripts are of.
mkdir -p /jails/base/dev /jails/base/etc /jails/base/tmp /jails/base/home /jails/base/root /jails/base/bin \
  /jails/base/proc /jails/base/sbin /jails/base/usr /jails/empty
ln -s usr/lib /jails/base/lib
ln -s usr/lib64 /jails/base/lib64
for d in bin sbin usr; do mount_nullfs -o ro /$d /jails/base/$d; done
id nobodyjob >/dev/null 2>&1 || pw useradd nobodyjob -u 1001 -m
cp /etc/passwd /etc/group /jails/base/etc/
