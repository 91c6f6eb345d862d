// Best fit, neighbours that are free made one. A handshake takes and gives back thousands of small
// blocks (the numbers of its curves), so free blocks up to 1 KB stand in a list for each size.
#include "CArena.h"

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
enum { USED = 1, GRAIN = 16, LARGE = CARENA_LISTS - 1 };
static const uint32_t nowhere = UINT32_MAX;

static uint32_t place(const carena *arena, const void *it) {
  return (uint32_t)((const uint8_t *)it - arena->start);
}

static free_block *at(const carena *arena, uint32_t place) {
  return (free_block *)(void *)(arena->start + place);
}

static block *block_of(void *bytes) { return (block *)bytes - 1; }
static uint32_t size_of(const block *it) { return it->size & ~(uint32_t)USED; }
static uint32_t list_for(uint32_t size) {
  return size / GRAIN - 1 < LARGE ? size / GRAIN - 1 : LARGE;
}

static void insert(carena *arena, free_block *it) {
  uint32_t list = list_for(it->head.size);
  it->previous = nowhere;
  it->next = arena->lists[list];
  if (it->next != nowhere) at(arena, it->next)->previous = place(arena, it);
  arena->lists[list] = place(arena, it);
  arena->filled |= 1ull << list;
}

static void take_out(carena *arena, free_block *it) {
  uint32_t list = list_for(it->head.size);
  if (it->previous == nowhere) arena->lists[list] = it->next;
  else at(arena, it->previous)->next = it->next;
  if (it->next != nowhere) at(arena, it->next)->previous = it->previous;
  if (arena->lists[list] == nowhere) arena->filled &= ~(1ull << list);
}

static block *block_behind(const carena *arena, block *it) {
  uint32_t end = place(arena, it) + size_of(it);
  return end == arena->size ? NULL : &at(arena, end)->head;
}

static free_block *best_for(const carena *arena, uint32_t wanted) {
  uint64_t lists_from = arena->filled >> list_for(wanted) << list_for(wanted);
  if (!lists_from) return NULL;
  int list = __builtin_ctzll(lists_from);
  if (list < LARGE) return at(arena, arena->lists[list]);
  free_block *best = NULL;
  for (uint32_t next = arena->lists[LARGE]; next != nowhere; next = at(arena, next)->next) {
    free_block *it = at(arena, next);
    if (it->head.size < wanted || (best && it->head.size >= best->head.size)) continue;
    best = it;
    if (it->head.size == wanted) break;
  }
  return best;
}

size_t carena_room(const void *bytes) { return size_of((const block *)bytes - 1) - sizeof(block); }

size_t carena_room_for(size_t count) {
  return ((count + sizeof(block) + GRAIN - 1) & ~(size_t)(GRAIN - 1)) - sizeof(block);
}

void *carena_take(carena *arena, size_t count) {
  if (count > INT32_MAX - GRAIN - sizeof(block)) return NULL;
  uint32_t wanted = (uint32_t)(carena_room_for(count) + sizeof(block));
  free_block *best = best_for(arena, wanted);
  if (!best) return NULL;
  take_out(arena, best);
  if (best->head.size > wanted) {
    free_block *rest = at(arena, place(arena, best) + wanted);
    rest->head = (block){.size = best->head.size - wanted, .before = wanted};
    block *behind = block_behind(arena, &rest->head);
    if (behind) behind->before = rest->head.size;
    best->head.size = wanted;
    insert(arena, rest);
  }
  arena->used += wanted;
  if (arena->used > arena->peak) arena->peak = arena->used;
  best->head.size |= USED;
  return &best->head + 1;
}

void carena_give_back(carena *arena, void *bytes) {
  block *it = block_of(bytes);
  it->size &= ~(uint32_t)USED;
  arena->used -= it->size;
  block *behind = block_behind(arena, it);
  if (behind && !(behind->size & USED)) {
    take_out(arena, (free_block *)behind);
    it->size += behind->size;
  }
  if (it->before && !(at(arena, place(arena, it) - it->before)->head.size & USED)) {
    free_block *front = at(arena, place(arena, it) - it->before);
    take_out(arena, front);
    front->head.size += it->size;
    it = &front->head;
  }
  behind = block_behind(arena, it);
  if (behind) behind->before = it->size;
  insert(arena, (free_block *)it);
}

void carena_use(carena *arena, void *memory, size_t size) {
  // A block's bytes begin where its head ends: the first one's at a multiple of 16.
  *arena = (carena){
      .start = (uint8_t *)memory + GRAIN - sizeof(block),
      .size = (uint32_t)(size - GRAIN) & ~(uint32_t)(GRAIN - 1)};
  for (int list = 0; list < CARENA_LISTS; list++) arena->lists[list] = nowhere;
  at(arena, 0)->head = (block){.size = arena->size, .before = 0};
  insert(arena, at(arena, 0));
}
