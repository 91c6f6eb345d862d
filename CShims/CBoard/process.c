#define _GNU_SOURCE
#include "CBoard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static uint64_t milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t cboard_monotonic_clock(void) { return milliseconds(CLOCK_MONOTONIC); }
uint64_t cboard_microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int32_t cboard_is_clock_synchronized(void) {
  return access("/run/systemd/timesync/synchronized", F_OK) == 0;
}

uint64_t cboard_wall_clock(void) { return milliseconds(CLOCK_REALTIME); }

static int32_t write_all(int fd, const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t written = write(fd, next, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? -errno : -EIO;
    next += written;
    count -= (size_t)written;
  }
  return 0;
}

// Where lines go: standard error, or the terminal behind it, opened anew.
static int log_fd = 2;

// A terminal that says it has room for a byte may block on a line. O_NONBLOCK on what we were given
// would be the shell's, too; on a description of our own it is not.
static void open_terminal(void) {
  if (!isatty(2)) return;
  int fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0) log_fd = fd;
}

void cboard_secure_streams(void) {
  // The lowest number that is free is taken (open(2)).
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0) (void)open("/dev/null", O_RDWR);
  open_terminal();
}

// A reader that stands still costs lines and nothing else.
static int32_t write_within(int32_t milliseconds, const char *next, size_t count) {
  while (count > 0) {
    ssize_t written = send(log_fd, next, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written < 0 && errno == ENOTSOCK) {
      // A pipe that is ready takes PIPE_BUF bytes (pipe(7)).
      struct pollfd one = {.fd = log_fd, .events = POLLOUT};
      if (poll(&one, 1, milliseconds) != 1 || !(one.revents & POLLOUT)) return -EAGAIN;
      written = write(log_fd, next, count < PIPE_BUF ? count : PIPE_BUF);
    }
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? -errno : -EIO;
    next += written;
    count -= (size_t)written;
  }
  return 0;
}

// Since the last note of it that was written.
static uint64_t lines_lost;

uint64_t cboard_log(const void *bytes, size_t count) {
  if (write_within(0, bytes, count) == 0) return lines_lost;
  lines_lost++;
  return 0;
}

void cboard_log_loss(const void *bytes, size_t count) {
  if (write_within(0, bytes, count) == 0) lines_lost = 0;
}

void cboard_report(const void *bytes, size_t count) { (void)write_within(1000, bytes, count); }
int32_t cboard_print(const void *bytes, size_t count) { return write_all(1, bytes, count); }

const char *cboard_environment(uint32_t index) { return environ ? environ[index] : NULL; }

int32_t cboard_is_journaled(void) {
  const char *stream = getenv("JOURNAL_STREAM");
  struct stat file;
  unsigned long long device, inode;
  if (!stream || fstat(2, &file) != 0) return 0;
  if (sscanf(stream, "%llu:%llu", &device, &inode) != 2) return 0;
  return device == (unsigned long long)file.st_dev && inode == (unsigned long long)file.st_ino;
}

void cboard_ignore_write_signals(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

void cboard_exit(int32_t code) { exit(code); }

int64_t cboard_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
  return limit.rlim_max == RLIM_INFINITY ? INT64_MAX : (int64_t)limit.rlim_max;
}

int32_t cboard_has_memory(size_t bytes) {
  void *start =
      mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return 0;
  munmap(start, bytes);
  return 1;
}

int64_t cboard_resident_size(void) {
  // statm counts pages: all, resident, and five more numbers.
  char text[128];
  int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  ssize_t count = read(fd, text, sizeof text - 1);
  close(fd);
  if (count <= 0) return -EIO;
  text[count] = 0;
  const char *resident = strchr(text, ' ');
  return resident ? strtoll(resident, NULL, 10) * sysconf(_SC_PAGESIZE) : -EIO;
}

const char *cboard_error_text(int32_t error) {
  const char *text = strerrordesc_np(error < 0 ? -error : error);
  return text ? text : "unknown error";
}

void cboard_wait(int32_t fd, int32_t milliseconds) {
  struct pollfd one = {.fd = fd, .events = POLLIN};
  // An interruption is told by the caller's looking again.
  (void)poll(&one, 1, milliseconds);
}
