// The system's files as SQLite sees them, with a count of what goes to the disk.
#define _GNU_SOURCE
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

// Ours is in front of SQLite's own.
typedef struct {
  sqlite3_file base;
  // The first sync of a new log syncs its directory, too.
  int syncs_directory;
  sqlite3_file *below;
} file;

static sqlite3_vfs *system_files;
static sqlite3_vfs counted_files;
// Since the process began.
static uint64_t bytes_written, syncs;

static sqlite3_file *below(sqlite3_file *it) { return ((file *)it)->below; }

static int close_file(sqlite3_file *it) { return below(it)->pMethods->xClose(below(it)); }

static int read_file(sqlite3_file *it, void *bytes, int count, sqlite3_int64 offset) {
  return below(it)->pMethods->xRead(below(it), bytes, count, offset);
}

static int write_file(sqlite3_file *it, const void *bytes, int count, sqlite3_int64 offset) {
  bytes_written += (uint64_t)count;
  return below(it)->pMethods->xWrite(below(it), bytes, count, offset);
}

static int truncate_file(sqlite3_file *it, sqlite3_int64 size) {
  return below(it)->pMethods->xTruncate(below(it), size);
}

static int sync_file(sqlite3_file *it, int flags) {
  syncs += ((file *)it)->syncs_directory ? 2 : 1;
  ((file *)it)->syncs_directory = 0;
  return below(it)->pMethods->xSync(below(it), flags);
}

static int size_of_file(sqlite3_file *it, sqlite3_int64 *size) {
  return below(it)->pMethods->xFileSize(below(it), size);
}

static int lock_file(sqlite3_file *it, int level) {
  return below(it)->pMethods->xLock(below(it), level);
}

static int unlock_file(sqlite3_file *it, int level) {
  return below(it)->pMethods->xUnlock(below(it), level);
}

static int is_reserved(sqlite3_file *it, int *answer) {
  return below(it)->pMethods->xCheckReservedLock(below(it), answer);
}

static int control_file(sqlite3_file *it, int operation, void *argument) {
  return below(it)->pMethods->xFileControl(below(it), operation, argument);
}

static int sector_size(sqlite3_file *it) { return below(it)->pMethods->xSectorSize(below(it)); }

static int characteristics(sqlite3_file *it) {
  return below(it)->pMethods->xDeviceCharacteristics(below(it));
}

// The first version: without shared memory, which one process alone does not need.
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

static int open_file(
    sqlite3_vfs *unused, const char *name, sqlite3_file *it, int flags, int *flags_out) {
  (void)unused;
  file *ours = (file *)it;
  ours->base.pMethods = NULL;
  ours->below = (sqlite3_file *)(ours + 1);
  ours->syncs_directory = (flags & SQLITE_OPEN_WAL) != 0 && access(name, F_OK) != 0;
  if ((flags & SQLITE_OPEN_MAIN_DB) && (flags & SQLITE_OPEN_CREATE)) {
    // SQLite would let everybody read it; a log gets its file's mode. What fails here fails below.
    int descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) close(descriptor);
  }
  int status = system_files->xOpen(system_files, name, ours->below, flags, flags_out);
  if (ours->below->pMethods) ours->base.pMethods = &methods;
  return status;
}

static int delete_file(sqlite3_vfs *unused, const char *name, int syncs_directory) {
  (void)unused;
  if (syncs_directory) syncs++;
  return system_files->xDelete(system_files, name, syncs_directory);
}

static int look_for_file(sqlite3_vfs *unused, const char *name, int flags, int *answer) {
  (void)unused;
  // We never keep a rollback journal on the disk: one that lies there is not ours to play back.
  const char *end = strrchr(name, '-');
  *answer = 0;
  if (end && strcmp(end, "-journal") == 0) return SQLITE_OK;
  return system_files->xAccess(system_files, name, flags, answer);
}

int csqlite_vfs_use(void) {
  system_files = sqlite3_vfs_find(NULL);
  if (!system_files) return SQLITE_ERROR;
  counted_files = *system_files;
  counted_files.iVersion = 1;
  counted_files.szOsFile = (int)sizeof(file) + system_files->szOsFile;
  counted_files.pNext = NULL;
  counted_files.zName = "counted";
  counted_files.xOpen = open_file;
  counted_files.xDelete = delete_file;
  counted_files.xAccess = look_for_file;
  return sqlite3_vfs_register(&counted_files, 0);
}

void csqlite_vfs_stop(void) { sqlite3_vfs_unregister(&counted_files); }

void csqlite_vfs_figures(csqlite_figures *figures) {
  figures->bytes_written = bytes_written;
  figures->syncs = syncs;
}

int csqlite_sync_directory(const char *path) {
  char directory[CSQLITE_PATH_MAX + 1];
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) + 1 : 0;
  if (length >= sizeof directory) return ENAMETOOLONG;
  memcpy(directory, path, length);
  directory[length] = 0;
  int descriptor = open(length ? directory : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  syncs++;
  int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  return error;
}
