// SQLite's memory: one arena. The library of Debian is built without an allocator of this kind. No
// lock: SQLite is used by one thread at a time.
#include "store.h"

#include <CArena.h>
#include <string.h>

static carena arena;

static int round_up(int count) { return (int)carena_room_for((size_t)count); }
static int room(void *bytes) { return (int)carena_room(bytes); }
static void *take(int count) { return carena_take(&arena, (size_t)count); }

static void give_back(void *bytes) {
  if (bytes) carena_give_back(&arena, bytes);
}

static void *resize(void *bytes, int count) {
  if (room(bytes) >= count) return bytes;
  void *larger = take(count);
  if (!larger) return NULL;
  memcpy(larger, bytes, carena_room(bytes));
  give_back(bytes);
  return larger;
}

static int start(void *unused) {
  (void)unused;
  return SQLITE_OK;
}

static void stop(void *unused) { (void)unused; }

int csqlite_arena_use(void *memory, size_t size) {
  static const sqlite3_mem_methods methods = {
      take, give_back, resize, room, round_up, start, stop, NULL};
  enum { SMALLEST = 64 };
  if (size < SMALLEST || size > INT32_MAX) return SQLITE_NOMEM;
  carena_use(&arena, memory, size);
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

void csqlite_arena_figures(csqlite_figures *figures) {
  figures->memory_used = arena.used;
  figures->memory_peak = arena.peak;
}
