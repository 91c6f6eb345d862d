// SQLite's memory: best fit in one arena, neighbours that are free made one. The library of Debian
// is built without an allocator of this kind. No lock: SQLite is used by one thread at a time.
#include "store.h"

#include <string.h>

// In front of each block; sizes count it, and are multiples of 8.
typedef struct {
  uint32_t size;
  uint32_t before;  // the size of the block in front, 0 for the first one
} block;

// A free block is a member of the list, whose links are places in the arena.
typedef struct {
  block head;
  uint32_t next, previous;
} free_block;

enum { USED = 1, MINIMUM = sizeof(free_block) };
static const uint32_t nowhere = UINT32_MAX;

static uint8_t *arena;
static uint32_t arena_size, first_free;
static size_t used, peak;

static uint32_t place(const void *it) { return (uint32_t)((const uint8_t *)it - arena); }
static free_block *at(uint32_t place) { return (free_block *)(void *)(arena + place); }
static block *block_of(void *bytes) { return (block *)bytes - 1; }
static uint32_t size_of(const block *it) { return it->size & ~(uint32_t)USED; }

static void insert(free_block *it) {
  it->previous = nowhere;
  it->next = first_free;
  if (first_free != nowhere) at(first_free)->previous = place(it);
  first_free = place(it);
}

static void take_out(free_block *it) {
  if (it->previous == nowhere) first_free = it->next;
  else at(it->previous)->next = it->next;
  if (it->next != nowhere) at(it->next)->previous = it->previous;
}

static block *block_behind(block *it) {
  uint32_t end = place(it) + size_of(it);
  return end == arena_size ? NULL : &at(end)->head;
}

static int round_up(int count) { return (count + 7) & ~7; }
static int usable(void *bytes) { return (int)(size_of(block_of(bytes)) - sizeof(block)); }

static void *allocate(int count) {
  uint32_t wanted = (uint32_t)round_up(count) + (uint32_t)sizeof(block);
  if (wanted < MINIMUM) wanted = MINIMUM;
  free_block *best = NULL;
  for (uint32_t next = first_free; next != nowhere; next = at(next)->next) {
    free_block *it = at(next);
    if (it->head.size < wanted || (best && it->head.size >= best->head.size)) continue;
    best = it;
    if (it->head.size == wanted) break;
  }
  if (!best) return NULL;
  take_out(best);
  if (best->head.size - wanted >= MINIMUM) {
    free_block *rest = at(place(best) + wanted);
    rest->head.size = best->head.size - wanted;
    rest->head.before = wanted;
    block *behind = block_behind(&rest->head);
    if (behind) behind->before = rest->head.size;
    best->head.size = wanted;
    insert(rest);
  }
  used += best->head.size;
  if (used > peak) peak = used;
  best->head.size |= USED;
  return &best->head + 1;
}

static void give_back(void *bytes) {
  if (!bytes) return;
  block *it = block_of(bytes);
  it->size &= ~(uint32_t)USED;
  used -= it->size;
  block *behind = block_behind(it);
  if (behind && !(behind->size & USED)) {
    take_out((free_block *)behind);
    it->size += behind->size;
  }
  if (it->before && !(at(place(it) - it->before)->head.size & USED)) {
    free_block *front = at(place(it) - it->before);
    take_out(front);
    front->head.size += it->size;
    it = &front->head;
  }
  behind = block_behind(it);
  if (behind) behind->before = it->size;
  insert((free_block *)it);
}

static void *resize(void *bytes, int count) {
  if (usable(bytes) >= count) return bytes;
  void *larger = allocate(count);
  if (!larger) return NULL;
  memcpy(larger, bytes, (size_t)usable(bytes));
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
      allocate, give_back, resize, usable, round_up, start, stop, NULL};
  if (size < MINIMUM || size > INT32_MAX) return SQLITE_NOMEM;
  arena = memory;
  arena_size = (uint32_t)size & ~(uint32_t)7;
  used = 0;
  peak = 0;
  at(0)->head = (block){.size = arena_size, .before = 0};
  first_free = nowhere;
  insert(at(0));
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

void csqlite_arena_figures(csqlite_figures *figures) {
  figures->memory_used = used;
  figures->memory_peak = peak;
}
