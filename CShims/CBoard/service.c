#define _GNU_SOURCE
#include "CBoard.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

// A variable that holds a decimal number; 0 when it is missing or something else.
static uint64_t number(const char *name) {
  const char *text = getenv(name);
  if (!text || *text < '0' || *text > '9') return 0;
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  return errno != 0 || *end != 0 ? 0 : value;
}

int32_t cboard_notify_socket(void) {
  const char *path = getenv("NOTIFY_SOCKET");
  if (!path || !*path) return -ENOENT;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  // A manager that hangs must not hang the service.
  struct timeval limit = {.tv_sec = 1};
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return fd;
}

int32_t cboard_notify(int32_t fd, const void *bytes, size_t count, int32_t waits) {
  struct sockaddr_un where = {.sun_family = AF_UNIX};
  const char *path = getenv("NOTIFY_SOCKET");
  size_t length = path ? strlen(path) : 0;
  if (length < 2 || length >= sizeof where.sun_path) return -EINVAL;
  if (*path != '/' && *path != '@') return -EAFNOSUPPORT;
  memcpy(where.sun_path, path, length);
  if (*path == '@') where.sun_path[0] = 0;
  // An abstract name ends with the address, and not with a NUL (unix(7)).
  size_t size = offsetof(struct sockaddr_un, sun_path) + length + (*path == '/');
  int flags = MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT);
  for (;;) {
    if (sendto(fd, bytes, count, flags, (struct sockaddr *)&where, (socklen_t)size) >= 0) return 0;
    if (errno != EINTR) return -errno;
  }
}

uint64_t cboard_watchdog_period(void) {
  uint64_t process = number("WATCHDOG_PID");
  if (getenv("WATCHDOG_PID") && process != (uint64_t)getpid()) return 0;
  return number("WATCHDOG_USEC");
}

uint32_t cboard_passed_descriptors(void) {
  if (number("LISTEN_PID") != (uint64_t)getpid()) return 0;
  uint64_t count = number("LISTEN_FDS");
  return count > 1024 ? 1024 : (uint32_t)count;
}

int32_t cboard_adopt_listener(int32_t fd) {
  int value = 0;
  socklen_t size = sizeof value;
  int flags = fcntl(fd, F_GETFD);
  if (flags < 0 || fcntl(fd, F_SETFD, flags | FD_CLOEXEC) != 0) return -errno;
  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &size) != 0) return -errno;
  if (value != AF_INET && value != AF_INET6) return -EAFNOSUPPORT;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size) != 0) return -errno;
  if (value != SOCK_STREAM) return -EPROTOTYPE;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) != 0) return -errno;
  if (!value) return -EINVAL;
  flags = fcntl(fd, F_GETFL);
  return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ? -errno : 0;
}
