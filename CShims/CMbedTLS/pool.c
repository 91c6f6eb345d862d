// The memory of TLS connections: mbedTLS takes it from one pool of ours, where the library's
// configuration lets it (Cross/mbedtls_config.h does, Debian's does not).
#include "arena.h"
#include "CMbedTLS.h"

#include <mbedtls/platform.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// A connection's two buffers are held apart from all else, each in a place of its own: whatever
// comes and goes beside them, there is room for those of every connection.
enum {
  INCOMING = 16384 + 64,  // a record (RFC 8446, section 5.1), and what mbedTLS puts around it
  OUTGOING = 4096 + 64,
  // What else a connection holds: its keys and its session; and the client's certificate.
  CONNECTION = 2560,
  CERTIFICATE = 2560,
  // What a handshake holds while it waits for the client.
  HANDSHAKE = 6144,
  // The numbers of the one handshake that is at work, and what private keys hold for all.
  AT_WORK = 48 * 1024,
};

// Places of one size: each that is free holds the address of the next one.
typedef struct {
  size_t size;
  uint8_t *start, *end;
  void *first;
} places;

static places incoming, outgoing;
static uint8_t *pool, *pool_end;
static cmbedtls_pool_figures figures;
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
  size_t before = arena_used();
  bytes = arena_take(count);
  figures.used += arena_used() - before;
  return bytes;
}

void *cmbedtls_pool_take(size_t count, size_t size) {
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

void cmbedtls_pool_give_back(void *bytes) {
  // What was there before the pool, or came while it rested, is the system's.
  if ((uint8_t *)bytes < pool || (uint8_t *)bytes >= pool_end) {
    free(bytes);
    return;
  }
  if (give_back_place(&incoming, bytes) || give_back_place(&outgoing, bytes)) return;
  size_t before = arena_used();
  arena_give_back(bytes);
  figures.used -= before - arena_used();
}

size_t cmbedtls_pool_size(size_t connections, size_t handshakes, int32_t certificates) {
  size_t each = INCOMING + OUTGOING + CONNECTION + (certificates ? CERTIFICATE : 0);
  return connections * each + handshakes * HANDSHAKE + AT_WORK;
}

void cmbedtls_pool_lay_out(void *memory, size_t size, size_t connections) {
  pool = memory;
  pool_end = pool + size;
  uint8_t *rest = lay_out(&incoming, INCOMING, pool, connections);
  rest = lay_out(&outgoing, OUTGOING, rest, connections);
  arena_use(rest, (size_t)(pool_end - rest));
  figures = (cmbedtls_pool_figures){.size = size};
  resting = false;
}

int32_t cmbedtls_pool_is_possible(void) {
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
  return 1;
#else
  return 0;
#endif
}

int32_t cmbedtls_pool_use(void *memory, size_t size, size_t connections) {
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
  cmbedtls_pool_lay_out(memory, size, connections);
  return mbedtls_platform_set_calloc_free(cmbedtls_pool_take, cmbedtls_pool_give_back) == 0;
#else
  (void)memory, (void)size, (void)connections;
  return 0;
#endif
}

void cmbedtls_pool_rest(int32_t rests) { resting = rests != 0; }

void cmbedtls_pool_read(cmbedtls_pool_figures *to) { *to = figures; }
