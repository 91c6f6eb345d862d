// SQLite, for what has to outlive the process: one file of records, and a thread that writes it.
//
// Freestanding, so that Embedded Swift can read it. A negative result is a result code of SQLite
// with its sign turned, or one of those that are named here; where it is an error number of the
// system instead, that is said. Paths end with NUL and have at most CSQLITE_PATH_MAX bytes.
//
// SQLite's settings and memory are the whole process's: one store at a time. It is used by one
// thread at a time, first the caller's, then, from the first batch until the end, the store's own.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum {
  CSQLITE_PATH_MAX = 480,  // SQLite takes 512, and adds a few names of its own
  CSQLITE_PAGE_SIZE = 1024,
};

enum {
  CSQLITE_MISSING = -0x10001,    // there is no such file, nor a log of one
  CSQLITE_DAMAGED = -0x10002,    // the bytes are not, or no longer, those of a file of ours
  CSQLITE_MALFORMED = -0x10003,  // a batch that is none
  CSQLITE_SECOND = -0x10004,     // this process has a store already
  CSQLITE_END = -0x10005,        // there are no more records
  CSQLITE_NO_THREAD = -0x10006,  // the system gave none
  CSQLITE_GONE = -0x10007,       // the file was removed or replaced while it was open
};

// The caller gives memory of the size asked for, 16-byte aligned, and keeps it at one address.
typedef struct csqlite_store csqlite_store;
size_t csqlite_store_size(void);

// What the store takes; all bytes belong to the caller, until csqlite_close or an error of
// csqlite_open.
typedef struct {
  // SQLite has no memory but this, 16-byte aligned; when it is used up, a batch fails.
  void *_Nonnull arena;
  size_t arena_size;
  // Room for one batch.
  uint8_t *_Nonnull batch;
  size_t batch_size;
  // Bytes that the file and its log may have together.
  uint64_t size_maximum;
} csqlite_room;

// Bytes of memory that SQLite needs, for a file that may grow to `size_maximum`.
size_t csqlite_arena_size(uint64_t size_maximum);
// The same for a file that is there already, which may be larger.
size_t csqlite_arena_size_for(const char *_Nonnull path, uint64_t size_maximum);

// MARK: The file.

// Keeps other processes away from the directory of the file, for as long as the descriptor that it
// returns is open.
int32_t csqlite_lock(const char *_Nonnull path);

// Makes a file without records (mode 0600): whole and on the disk, or not at all.
int32_t csqlite_make(
    csqlite_store *_Nonnull store, const char *_Nonnull path, const csqlite_room *_Nonnull room);

// Opens a file, keeps other processes away from it, and checks all of it.
int32_t csqlite_open(
    csqlite_store *_Nonnull store, const char *_Nonnull path, const csqlite_room *_Nonnull room);

// Gives a file that is not open, and its log, another name, and makes that outlive a loss of power.
// Returns an error number of the system; EEXIST when the name is taken.
int32_t csqlite_set_aside(const char *_Nonnull path, const char *_Nonnull other);

// Waits for the batch in flight, takes back what is not committed, and closes the file.
void csqlite_close(csqlite_store *_Nonnull store);

// MARK: Records, before the first batch.

// Bytes of the longest body.
size_t csqlite_longest(const csqlite_store *_Nonnull store);

// Reads the next record, in the order of keys, and returns its body's length, which is at most
// `capacity`; CSQLITE_END behind the last one.
int64_t csqlite_next(
    csqlite_store *_Nonnull store, uint64_t *_Nonnull key, uint8_t *_Nonnull kind,
    void *_Nonnull body, size_t capacity);

// MARK: Batches.
//
// A byte of flags (bit 0: goes on, the next batch belongs to the same transaction), then entries:
// an operation (1 put, 2 remove, 3 clear); for put and remove a key of 8 bytes, 1 to 2^63 - 1; for
// put a kind of 1 byte, a length of 4 bytes, and a body of that length. Numbers are little-endian.
// After a failure nothing is left of the transaction, of earlier batches neither.

// A descriptor that is readable from the end of a batch until csqlite_finish.
int32_t csqlite_descriptor(const csqlite_store *_Nonnull store);

// Copies a batch and has the thread write it; only when none is in flight. The first one starts the
// thread.
void csqlite_begin(csqlite_store *_Nonnull store, const void *_Nonnull bytes, size_t count);

// Returns 1 while the batch is in flight, 0 when it is on the disk, or why it is not.
int32_t csqlite_finish(csqlite_store *_Nonnull store);

// MARK: Figures, while no batch is in flight.

typedef struct {
  uint64_t bytes_written;  // to the file and its log, since the process began
  uint64_t syncs;          // of the file, its log, and their directory, likewise
  uint64_t file_size;      // of the file and its log, bytes
  size_t memory_used;      // of the arena, now
  size_t memory_peak;
} csqlite_figures;

void csqlite_figures_now(const csqlite_store *_Nonnull store, csqlite_figures *_Nonnull figures);

// Bytes of the thread's stack.
size_t csqlite_stack_size(void);
