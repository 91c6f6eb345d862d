#define _GNU_SOURCE
#include "CBoard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int64_t cboard_read_file(const char *path, void *bytes, size_t capacity) {
  // A pipe without a writer must not hold up the start.
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return -errno;
  struct stat file;
  int error = fstat(fd, &file) != 0 ? errno : 0;
  if (!error && S_ISDIR(file.st_mode)) error = EISDIR;
  if (!error && !S_ISREG(file.st_mode)) error = ENOTSUP;
  size_t count = 0;
  while (!error && count < capacity) {
    ssize_t taken = read(fd, (char *)bytes + count, capacity - count);
    if (taken == 0) break;
    if (taken > 0) count += (size_t)taken;
    else if (errno != EINTR) error = errno;
  }
  close(fd);
  return error ? -error : (int64_t)count;
}

void cboard_wipe(void *bytes, size_t count) { explicit_bzero(bytes, count); }

static int write_and_sync(int fd, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(fd, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes += written;
    count -= (size_t)written;
  }
  return fsync(fd) == 0 ? 0 : errno;
}

// Makes the names in the file's directory outlive a loss of power.
static void sync_directory(const char *path) {
  char directory[PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) + 1 : 0;
  if (length >= sizeof directory) return;
  memcpy(directory, path, length);
  directory[length] = 0;
  int fd = open(length ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fsync(fd);
  close(fd);
}

int32_t cboard_make_file(const char *path, const void *bytes, size_t count, int32_t is_public) {
  // Under another name first: nobody ever sees half of the file, not even after a crash.
  char draft[PATH_MAX];
  int length = snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid());
  if (length < 0 || (size_t)length >= sizeof draft) return -ENAMETOOLONG;
  (void)unlink(draft);
  int fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return -errno;
  int error = is_public && fchmod(fd, 0644) != 0 ? errno : 0;
  if (!error) error = write_and_sync(fd, bytes, count);
  close(fd);
  if (!error && link(draft, path) != 0) error = errno;
  (void)unlink(draft);
  if (!error) sync_directory(path);
  return -error;
}

int32_t cboard_remove_file(const char *path) { return unlink(path) == 0 ? 0 : -errno; }

int32_t cboard_make_directory(const char *path) {
  char name[PATH_MAX];
  size_t length = strlen(path);
  if (length == 0) return -ENOENT;
  if (length >= sizeof name) return -ENAMETOOLONG;
  memcpy(name, path, length + 1);
  for (size_t place = 1; place <= length; place++) {
    if (name[place] != '/' && name[place] != 0) continue;
    char end = name[place];
    name[place] = 0;
    if (mkdir(name, 0700) != 0 && errno != EEXIST) {
      // One that is there may lie where nothing can be made, on a file system mounted read-only.
      int error = errno;
      struct stat directory;
      if (stat(name, &directory) != 0) return -error;
    }
    name[place] = end;
  }
  struct stat directory;
  if (stat(path, &directory) != 0) return -errno;
  return S_ISDIR(directory.st_mode) ? 0 : -ENOTDIR;
}

int32_t cboard_is_readable_by_others(const char *path) {
  struct stat file;
  return stat(path, &file) == 0 && (file.st_mode & S_IROTH) != 0;
}

int32_t cboard_no_such_file(int64_t error) { return error == -ENOENT || error == -ENOTDIR; }
int32_t cboard_name_taken(int64_t error) { return error == -EEXIST; }
