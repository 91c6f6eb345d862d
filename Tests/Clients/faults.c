// A system in want for the program that this is preloaded to (LD_PRELOAD). The file that
// MARTLET_FAULT_FILE names cannot be opened, for the reason MARTLET_FAULT_NUMBER (errno). Without a
// reason it can, and from then on calloc, by which mbedTLS takes memory, gives MARTLET_FAULT_AFTER
// blocks; behind the last nobody is given a large one either.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LARGE = 60000 };

void *__libc_calloc(size_t count, size_t size);
void *__libc_malloc(size_t size);

static int is_scarce;
static long left;

void *calloc(size_t count, size_t size) {
  if (is_scarce && left-- <= 0) {
    errno = ENOMEM;
    return NULL;
  }
  return __libc_calloc(count, size);
}

// The lack lasts: what takes much finds nothing either.
void *malloc(size_t size) {
  if (is_scarce && left < 0 && size > LARGE) {
    errno = ENOMEM;
    return NULL;
  }
  return __libc_malloc(size);
}

static int fault(const char *path) {
  const char *name = getenv("MARTLET_FAULT_FILE"), *number = getenv("MARTLET_FAULT_NUMBER");
  const char *after = getenv("MARTLET_FAULT_AFTER");
  if (!name || strcmp(name, path) != 0) return 0;
  if (number) {
    errno = atoi(number);
    return 1;
  }
  if (after) left = atol(after);
  is_scarce = 1;
  return 0;
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int mode = flags & O_CREAT ? va_arg(rest, int) : 0;
  va_end(rest);
  return fault(path) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
