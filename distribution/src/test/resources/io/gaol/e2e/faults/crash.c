/* Preloaded into gaol: kills it with SIGKILL right before the Nth change that it makes to the system. What it
 * changes are files, directories and other processes; what only reads does not count.
 *   CRASH_AT      N, counted from 1
 *   gcc -shared -fPIC -o crash.so crash.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long count;
static long crash_at;

__attribute__((constructor)) static void begin(void) {
  char name[16] = "";
  int comm = open("/proc/self/comm", O_RDONLY);
  ssize_t length = read(comm, name, sizeof name - 1);
  close(comm);
  const char *at = getenv("CRASH_AT");
  if (length > 0 && !strncmp(name, "java", 4) && at) crash_at = atol(at);
}

static void change(void) {
  if (crash_at && atomic_fetch_add(&count, 1) + 1 == crash_at) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int mkdir(const char *path, mode_t mode) { change(); return REAL(mkdir)(path, mode); }
int rmdir(const char *path) { change(); return REAL(rmdir)(path); }
int unlink(const char *path) { change(); return REAL(unlink)(path); }
int rename(const char *from, const char *to) { change(); return REAL(rename)(from, to); }
int chmod(const char *path, mode_t mode) { change(); return REAL(chmod)(path, mode); }
int ftruncate64(int file, off64_t size) { change(); return REAL(ftruncate64)(file, size); }

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  if (flags & (O_CREAT | O_TRUNC)) change();
  return REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  if (flags & (O_CREAT | O_TRUNC)) change();
  return REAL(open)(path, flags, mode);
}

ssize_t write(int file, const void *bytes, size_t size) {
  struct stat64 status;
  /* Above the three streams: what gaol says is no change. */
  if (crash_at && file > 2 && fstat64(file, &status) == 0 && !S_ISSOCK(status.st_mode)) change();
  return REAL(write)(file, bytes, size);
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
  change();
  int result = REAL(posix_spawn)(pid, path, actions, attributes, arguments, environment);
  change();
  return result;
}
