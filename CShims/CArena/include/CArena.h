// Memory in one piece, of which blocks are taken and given back: TLS's pool is made of it, and
// SQLite's memory.
//
// Freestanding. No lock: an arena is used by one thread at a time.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { CARENA_LISTS = 64 };

typedef struct {
  uint8_t *_Nullable start;
  uint32_t size;
  // Of free blocks, one for each size; a bit tells which hold any.
  uint32_t lists[CARENA_LISTS];
  uint64_t filled;
  // Bytes that are taken, what stands in front of each block included, and the most that were.
  size_t used, peak;
} carena;

// `memory`: 16-byte aligned, as every block of it is. `size`: 64 bytes to 2 GiB.
void carena_use(carena *_Nonnull arena, void *_Nonnull memory, size_t size);
// NULL when there is no room. Its bytes are not wiped.
void *_Nullable carena_take(carena *_Nonnull arena, size_t count);
void carena_give_back(carena *_Nonnull arena, void *_Nonnull bytes);
// How many bytes a block may hold, of those that were taken; and of one that is taken for `count`.
size_t carena_room(const void *_Nonnull bytes);
size_t carena_room_for(size_t count);
