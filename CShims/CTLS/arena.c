// Best fit, neighbours that are free made one. A handshake takes and gives back thousands of small
// blocks (the numbers of its curves), so free blocks up to 1 KB stand in a list for each size: one
// bit tells which lists hold any. No lock: TLS is one thread's.
#include "arena.h"

// In front of each block; sizes count it, and are multiples of 16.
typedef struct {
  uint32_t size;
  uint32_t before;  // the size of the block in front, 0 for the first one
} block;

// A free block is a member of a list, whose links are places in the arena.
typedef struct {
  block head;
  uint32_t next, previous;
} free_block;

// The last list holds all blocks that are larger than those of the others.
enum { USED = 1, GRAIN = 16, LISTS = 64, LARGE = LISTS - 1 };
static const uint32_t nowhere = UINT32_MAX;

static uint8_t *arena;
static uint32_t arena_size, lists[LISTS];
static uint64_t filled;
static size_t used;

static uint32_t place(const void *it) { return (uint32_t)((const uint8_t *)it - arena); }
static free_block *at(uint32_t place) { return (free_block *)(void *)(arena + place); }
static block *block_of(void *bytes) { return (block *)bytes - 1; }
static uint32_t size_of(const block *it) { return it->size & ~(uint32_t)USED; }
static uint32_t list_for(uint32_t size) {
  return size / GRAIN - 1 < LARGE ? size / GRAIN - 1 : LARGE;
}

static void insert(free_block *it) {
  uint32_t list = list_for(it->head.size);
  it->previous = nowhere;
  it->next = lists[list];
  if (it->next != nowhere) at(it->next)->previous = place(it);
  lists[list] = place(it);
  filled |= 1ull << list;
}

static void take_out(free_block *it) {
  uint32_t list = list_for(it->head.size);
  if (it->previous == nowhere) lists[list] = it->next;
  else at(it->previous)->next = it->next;
  if (it->next != nowhere) at(it->next)->previous = it->previous;
  if (lists[list] == nowhere) filled &= ~(1ull << list);
}

static block *block_behind(block *it) {
  uint32_t end = place(it) + size_of(it);
  return end == arena_size ? NULL : &at(end)->head;
}

static free_block *best_for(uint32_t wanted) {
  uint64_t lists_from = filled >> list_for(wanted) << list_for(wanted);
  if (!lists_from) return NULL;
  int list = __builtin_ctzll(lists_from);
  if (list < LARGE) return at(lists[list]);
  free_block *best = NULL;
  for (uint32_t next = lists[LARGE]; next != nowhere; next = at(next)->next) {
    free_block *it = at(next);
    if (it->head.size < wanted || (best && it->head.size >= best->head.size)) continue;
    best = it;
    if (it->head.size == wanted) break;
  }
  return best;
}

void *arena_take(size_t count) {
  if (count > INT32_MAX - GRAIN - sizeof(block)) return NULL;
  uint32_t wanted = ((uint32_t)(count + sizeof(block)) + GRAIN - 1) & ~(uint32_t)(GRAIN - 1);
  free_block *best = best_for(wanted);
  if (!best) return NULL;
  take_out(best);
  if (best->head.size > wanted) {
    free_block *rest = at(place(best) + wanted);
    rest->head = (block){.size = best->head.size - wanted, .before = wanted};
    block *behind = block_behind(&rest->head);
    if (behind) behind->before = rest->head.size;
    best->head.size = wanted;
    insert(rest);
  }
  used += wanted;
  best->head.size |= USED;
  return &best->head + 1;
}

void arena_give_back(void *bytes) {
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

void arena_use(void *memory, size_t size) {
  // A block's bytes begin where its head ends: the first one's at a multiple of 16.
  arena = (uint8_t *)memory + GRAIN - sizeof(block);
  arena_size = (uint32_t)(size - GRAIN) & ~(uint32_t)(GRAIN - 1);
  used = 0;
  filled = 0;
  for (int list = 0; list < LISTS; list++) lists[list] = nowhere;
  at(0)->head = (block){.size = arena_size, .before = 0};
  insert(at(0));
}

size_t arena_used(void) { return used; }
