// The memory of sessions: mbedTLS takes it from one pool of ours, where the library's configuration
// lets it (Cross/mbedtls_config.h does, Debian's does not).
//
// The two buffers of a session are held apart from all else, each in a place of its own: whatever
// comes and goes beside them, there is room for those of every session.
#include "pool.h"

#include "CArena.h"
#include "CTLS.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Places of one size: each that is free holds the address of the next one.
typedef struct {
  size_t size;
  uint8_t *start, *end;
  void *first;
} places;

static places incoming, outgoing;
static carena rest;
static uint8_t *pool, *pool_end;
static ctls_pool_figures figures;
static bool resting;

static uint8_t *lay_out(places *it, size_t size, uint8_t *start, size_t count) {
  *it = (places){.size = size, .start = start, .end = start + count * size};
  for (uint8_t *place = it->end; place != start;) {
    place -= size;
    memcpy(place, &it->first, sizeof it->first);
    it->first = place;
  }
  return it->end;
}

static void *take_place(places *it) {
  void *place = it->first;
  if (place) memcpy(&it->first, place, sizeof it->first);
  return place;
}

static bool give_back_place(places *it, void *place) {
  if ((uint8_t *)place < it->start || (uint8_t *)place >= it->end) return false;
  memcpy(place, &it->first, sizeof it->first);
  it->first = place;
  figures.used -= it->size;
  return true;
}

static void *take(size_t count) {
  places *of_its_size = count <= OUTGOING - 64   ? NULL
                        : count <= OUTGOING      ? &outgoing
                        : count <= INCOMING - 64 ? NULL
                        : count <= INCOMING      ? &incoming
                                                 : NULL;
  void *bytes = of_its_size ? take_place(of_its_size) : NULL;
  if (bytes) {
    figures.used += of_its_size->size;
    return bytes;
  }
  size_t before = rest.used;
  bytes = carena_take(&rest, count);
  figures.used += rest.used - before;
  return bytes;
}

void *ctls_pool_take(size_t count, size_t size) {
  if (resting) return calloc(count, size);
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  void *block = take(bytes);
  if (!block) {
    figures.refused++;
    return NULL;
  }
  if (figures.used > figures.peak) figures.peak = figures.used;
  return memset(block, 0, bytes);
}

void ctls_pool_give_back(void *bytes) {
  // What was there before the pool, or came while it rested, is the system's.
  if ((uint8_t *)bytes < pool || (uint8_t *)bytes >= pool_end) {
    free(bytes);
    return;
  }
  if (give_back_place(&incoming, bytes) || give_back_place(&outgoing, bytes)) return;
  size_t before = rest.used;
  carena_give_back(&rest, bytes);
  figures.used -= before - rest.used;
}

size_t ctls_pool_size(size_t sessions, size_t handshakes) {
  if (handshakes < 2) handshakes = 2;  // the numbers of a long key alone take what one has
  return sessions * (INCOMING + OUTGOING + SESSION) + handshakes * HANDSHAKE;
}

void ctls_pool_lay_out(void *memory, size_t size, size_t sessions) {
  pool = memory;
  pool_end = pool + size;
  uint8_t *next = lay_out(&incoming, INCOMING, pool, sessions);
  next = lay_out(&outgoing, OUTGOING, next, sessions);
  carena_use(&rest, next, (size_t)(pool_end - next));
  figures = (ctls_pool_figures){.size = size};
  resting = false;
}

int32_t ctls_pool_is_possible(void) { return CTLS_POOL_IS_POSSIBLE; }

int32_t ctls_pool_use(void *memory, size_t size, size_t sessions) {
#if CTLS_POOL_IS_POSSIBLE
  ctls_pool_lay_out(memory, size, sessions);
  return mbedtls_platform_set_calloc_free(ctls_pool_take, ctls_pool_give_back) == 0;
#else
  (void)memory, (void)size, (void)sessions;
  return 0;
#endif
}

void ctls_pool_rest(int32_t rests) { resting = rests != 0; }

void ctls_pool_read(ctls_pool_figures *to) { *to = figures; }
