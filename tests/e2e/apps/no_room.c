/* Preloaded into hupd: while the file $NO_ROOM is there, no memory file is opened once more, as if
 * there were no descriptor left. That is how a master takes up a scoreboard. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_memory(const char* path) {
  char target[64] = "";
  return readlink(path, target, sizeof target - 1) > 0 && strncmp(target, "/memfd:", 7) == 0;
}

int open(const char* path, int flags, ...) {
  const char* wanted = getenv("NO_ROOM");
  if (wanted != NULL && is_memory(path) && access(wanted, F_OK) == 0) {
    errno = EMFILE;
    return -1;
  }
  va_list more;
  va_start(more, flags);
  const int mode = va_arg(more, int);
  va_end(more);
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) __attribute__((alias("open")));
