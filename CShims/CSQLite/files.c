// The file as it lies there, before SQLite looks at it.
#define _GNU_SOURCE
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// The numbers of a database's header that never change in ours (SQLite's file format, section 1.3).
// A flipped page size, for one, would have SQLite read another file than this.
static int is_ours(const uint8_t *header) {
  static const uint8_t start[24] = {'S', 'Q', 'L', 'i', 't', 'e', ' ',  'f',
                                    'o', 'r', 'm', 'a', 't', ' ', '3',  0,
                                    CSQLITE_PAGE_SIZE >> 8, CSQLITE_PAGE_SIZE & 0xFF,
                                    2,   2,   0,   64,  32,  32};
  return memcmp(header, start, sizeof start) == 0 && big_endian(header + 44) == 4 &&
         big_endian(header + 52) == 0 && big_endian(header + 56) == 1 &&
         big_endian(header + 60) == VERSION && big_endian(header + 64) == 0 &&
         big_endian(header + 68) == APPLICATION;
}

static int32_t look_at_header(const char *path) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return errno == EACCES || errno == EPERM ? -SQLITE_PERM : -SQLITE_CANTOPEN;
  uint8_t header[100];
  ssize_t count = read(descriptor, header, sizeof header);
  close(descriptor);
  if (count < 0) return -SQLITE_IOERR;
  return count == sizeof header && is_ours(header) ? 0 : CSQLITE_DAMAGED;
}

int32_t csqlite_look(const char *path) {
  char log[CSQLITE_PATH_MAX + 8];
  struct stat file, log_file;
  snprintf(log, sizeof log, "%s-wal", path);
  int log_error = lstat(log, &log_file) == 0 ? 0 : errno;
  if (!log_error && !S_ISREG(log_file.st_mode)) return CSQLITE_DAMAGED;
  if (lstat(path, &file) != 0) {
    if (errno != ENOENT) return errno == EACCES ? -SQLITE_PERM : -SQLITE_CANTOPEN;
    // A log without its file holds changes to something that is gone.
    return log_error == ENOENT ? CSQLITE_MISSING : CSQLITE_DAMAGED;
  }
  // A link's log would lie beside what it points to, out of sight.
  if (S_ISLNK(file.st_mode)) return -SQLITE_CANTOPEN;
  if (!S_ISREG(file.st_mode)) return CSQLITE_DAMAGED;
  int32_t status = look_at_header(path);
  return status || log_error ? status : csqlite_look_at_log(log);
}

int32_t csqlite_set_aside(const char *path, const char *other) {
  char log[CSQLITE_PATH_MAX + 8], other_log[CSQLITE_PATH_MAX + 8];
  struct stat file;
  if (strlen(path) > CSQLITE_PATH_MAX || strlen(other) > CSQLITE_PATH_MAX) return -ENAMETOOLONG;
  snprintf(log, sizeof log, "%s-wal", path);
  snprintf(other_log, sizeof other_log, "%s-wal", other);
  if (lstat(other, &file) == 0 || lstat(other_log, &file) == 0) return -EEXIST;
  if (rename(path, other) != 0 && errno != ENOENT) return -errno;
  if (rename(log, other_log) != 0 && errno != ENOENT) return -errno;
  return -csqlite_sync_directory(path);
}

int32_t csqlite_lock(const char *path) {
  char directory[CSQLITE_PATH_MAX + 1];
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) : 0;
  if (length == 0 || length > CSQLITE_PATH_MAX) return -SQLITE_CANTOPEN;
  memcpy(directory, path, length);
  directory[length] = 0;
  int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno == EACCES ? -SQLITE_PERM : -SQLITE_CANTOPEN;
  // A file system without such locks has SQLite's own.
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return descriptor;
  close(descriptor);
  return -SQLITE_BUSY;
}

int csqlite_is_in_place(const csqlite_store *store) {
  struct stat file;
  return stat(store->path, &file) == 0 && file.st_ino == store->inode &&
         file.st_dev == store->device;
}

void csqlite_note_place(csqlite_store *store) {
  struct stat file;
  if (stat(store->path, &file) != 0) return;
  store->inode = file.st_ino;
  store->device = file.st_dev;
}
