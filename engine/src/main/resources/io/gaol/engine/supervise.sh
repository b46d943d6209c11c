# Gaol's supervisor: starts one jail, waits for it, records how it ended. It needs nobody to stay
# alive. In its own session; $GAOL_TASK in the environment marks it and what it starts.
#   $1 the task's directory   $2 stdout   $3 stderr   the rest: the program that holds the jail
#   (they are set, and identity and memory_kills defined, above this text; so is $copy where a copy
#   of the output is wanted: a file)
task=$1 out=$2 err=$3
shift 3
cd "$task" || exit 1
umask 077
# Our launcher stays as long as somebody has its pipe open: until the word.
exec 3>&1 >>supervisor.log 2>&1
# Handlers, not "ignore": what we start gets the defaults.
trap : HUP INT QUIT TERM PIPE USR1 USR2 ALRM
# One short write: who reads it finds all of it, or an empty file, which is as good as none.
identity $$ >up || exit 1

refuse() {
  echo "$1" >&2
  exit 1
}
refuse_link() {
  refuse "not opened: $1 leads to $2 by a symbolic link, which a task may have put there"
}
# Goes to the directory of a stream, and sets its name there. A task can put a link in the place of
# a directory: it would lead to the FIFO of another task. Where we are is not replaced any more.
go_to() {
  cd -P "${1%/*}/" 2>/dev/null || refuse "not a FIFO: $1"
  name=./${1##*/}
  [ "${PWD%/}/" = "${1%/*}/" ] || refuse_link "$1" "${PWD%/}/${1##*/}"
  if [ -L "$name" ] || { [ ! -p "$name" ] && [ ! -c "$name" ]; }; then
    refuse "not a FIFO: $1"
  fi
}
# What was looked at may not be what was opened: a task can put a link in its place in between.
is_opened() {
  # A link where it is Linux's /proc; FreeBSD's fdescfs has devices.
  [ -L "$2" ] || return 0
  { [ "$name" -ef "$2" ] && [ ! -L "$name" ]; } || refuse_link "$1" "$(readlink "$2")"
  [ -p "$2" ] || [ "$1" = /dev/null ] || refuse "not a FIFO, nor /dev/null: $1"
}

# Read-write: an absent reader does not block, a reader that dies does not kill the task.
go_to "$out"
exec 4<>"$name"
is_opened "$out" "/proc/$$/fd/4"
go_to "$err"
exec 5<>"$name"
is_opened "$err" "/proc/$$/fd/5"
cd "$task" || exit 1

# What is added to a file of the host is added to that very file, which nobody may have replaced by a
# link to another one.
open_copy() {
  cd -P "${1%/*}/" 2>/dev/null || refuse "the directory of $1 is not there"
  name=./${1##*/}
  [ "${PWD%/}/" = "${1%/*}/" ] || refuse_link "$1" "${PWD%/}/${1##*/}"
  [ ! -L "$name" ] || refuse_link "$1" "$(readlink "$name")"
  if [ -e "$name" ]; then
    [ -f "$name" ] || refuse "not a regular file: $1"
  else
    # Follows no link, and makes nothing where one leads.
    (umask 077; set -C; : >"$name") || refuse "cannot be made: $1"
  fi
  exec 8>>"$name"
  if [ -L "$name" ] || { [ -L "/proc/$$/fd/8" ] && ! [ "$name" -ef "/proc/$$/fd/8" ]; }; then
    refuse_link "$1" "$(readlink "$name")"
  fi
  cd "$task" || exit 1
}
# Passes what it reads on to the file and to a stream. One that is killed is started again: who
# writes would get SIGPIPE. A disk that is full ends the copy and not the task: tee(1).
pass_on() {
  # FreeBSD's /dev/fd has no more than 0 to 2; Linux opens a file there once more. Some sh tell what was
  # killed to where it wrote: that would be the file.
  until (exec tee -a /dev/fd/2 >&"$1" 2>&8); do :; done
}
if [ -n "${copy-}" ]; then
  open_copy "$copy"
  mkfifo -m 600 out.copy err.copy || exit 1
fi

# Who launched us prepares meanwhile what the jail needs. If that fails, or he dies, no line comes.
read -r line || exit 0
exec </dev/null 3>&-

# In the foreground: what a "&" without job control starts has INT and QUIT ignored, and not every
# sh can undo that (dash cannot). A signal to us waits for the end of the jail.
: >>progress
if [ -n "${copy-}" ]; then
  # Open to both ends: nobody waits for the other one, nor gets SIGPIPE.
  exec 6<>out.copy 7<>err.copy
  (trap '' HUP INT QUIT TERM USR1 USR2 ALRM; pass_on 4) <out.copy 3>&- 6>&- 7>&- &
  first=$!
  (trap '' HUP INT QUIT TERM USR1 USR2 ALRM; pass_on 5) <err.copy 3>&- 6>&- 7>&- &
  second=$!
else
  exec 6>&4 7>&5
fi
(
  trap - HUP INT QUIT TERM PIPE USR1 USR2 ALRM
  umask 022
  exec "$@" 3>>progress >&6 2>&7 4>&- 5>&- 6>&- 7>&- 8>&-
)
status=$?
{ echo "status=$status"; echo "memory=$(memory_kills)"; } >status.new && mv status.new status
exec 6>&- 7>&-
if [ -n "${copy-}" ]; then
  # All of it has arrived when they have ended. A signal to us ends a wait.
  while kill -0 "$first" 2>/dev/null; do wait "$first"; done
  while kill -0 "$second" 2>/dev/null; do wait "$second"; done
fi

# What is in a FIFO is lost when the last who has it open goes. Keep it by a writing end alone: a
# second one opens only when somebody reads, and what he reads ends when both are closed. By
# descriptor, where /proc has them: the task may have put a link to a file of the host in a FIFO's
# place.
if [ -L "/proc/$$/fd/4" ]; then
  exec 6>"/proc/$$/fd/4" 7>"/proc/$$/fd/5"
  exec 4>&- 5>&-
  for stream in "/proc/$$/fd/6" "/proc/$$/fd/7"; do
    [ -p "$stream" ] && : >"$stream"
  done
else
  go_to "$out"
  exec 6>"$name"
  go_to "$err"
  exec 7>"$name"
  exec 4>&- 5>&-
  for stream in "$out" "$err"; do
    go_to "$stream"
    [ -p "$name" ] && : >"$name"
  done
fi
