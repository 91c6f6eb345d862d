// What the parts of this shim share.
#pragma once
#include "CSQLite.h"

#include <pthread.h>
#include <sqlite3.h>
#include <sys/types.h>

enum {
  FRAME_HEADER_SIZE = 24,  // in front of each page in the log
  LOG_HEADER_SIZE = 32,
  FRAME_SIZE = FRAME_HEADER_SIZE + CSQLITE_PAGE_SIZE,
  CACHE_PAGES = 64,
  APPLICATION = 0x4D61726C,  // "Marl"
  VERSION = 1,
};

extern const char csqlite_schema[];

struct csqlite_store {
  char path[CSQLITE_PATH_MAX + 1];
  csqlite_room room;
  sqlite3 *db;
  sqlite3_stmt *put, *removal, *clear, *begin, *commit, *rollback;
  // While records are read.
  sqlite3_stmt *list;
  sqlite3_blob *body;
  size_t longest;
  // Which file it is.
  ino_t inode;
  dev_t device;
  // Frames of the log that are not in the file yet, and how many there may be before they go there.
  int frames, frames_limit;
  int has_failed;  // the last batch

  pthread_t thread;
  int has_thread, descriptor;
  size_t count;
  // What the two threads tell each other, under the lock.
  pthread_mutex_t lock;
  pthread_cond_t changed;
  enum { IDLE, RUNNING, DONE } state;
  int quits;
  int32_t result;
};

// How the maximum is shared out; see sizes.c.
int csqlite_frames_limit(uint64_t size_maximum);
int64_t csqlite_pages_limit(uint64_t size_maximum);

// Bytes of the file, or of its log with the suffix "-wal"; 0 when there is none.
uint64_t csqlite_size_of(const char *path, const char *suffix);

// Whether the path still leads to the file that was opened; and notes which one that is.
int csqlite_is_in_place(const csqlite_store *store);
void csqlite_note_place(csqlite_store *store);

// Gives SQLite the arena and the file system below; and takes them back.
int csqlite_begin_use(const csqlite_room *room);
void csqlite_end_use(void);
int csqlite_arena_use(void *memory, size_t size);
void csqlite_arena_figures(csqlite_figures *figures);
int csqlite_vfs_use(void);
void csqlite_vfs_stop(void);
void csqlite_vfs_figures(csqlite_figures *figures);
int csqlite_sync_directory(const char *path);

// Before SQLite looks at it: whether there is a file, and whether it can be one of ours.
int32_t csqlite_look(const char *path);
// Whether SQLite would read the log to its end.
int32_t csqlite_look_at_log(const char *path);
// The whole file, once it is open.
int32_t csqlite_check(csqlite_store *store);
// CRC-32 (ISO 3309) of a record's key and kind, and of that with more bytes behind it.
uint32_t csqlite_sum_start(uint64_t key, uint8_t kind);
uint32_t csqlite_sum(uint32_t sum, const void *bytes, size_t count);
int csqlite_open_body(csqlite_store *store, int64_t key);
void csqlite_close_body(csqlite_store *store);

int csqlite_prepare(csqlite_store *store, const char *sql, sqlite3_stmt **statement);
// Runs a statement that gives no rows, to its end.
int csqlite_run(sqlite3_stmt *statement);
int32_t csqlite_apply(csqlite_store *store);
int32_t csqlite_prepare_thread(csqlite_store *store);
void csqlite_stop_thread(csqlite_store *store);
