// Entry points that Swift 6.3 calls in Embedded mode and leaves to the program.
// Cross/debian.artifactbundle/embedded.json defines SWIFT_EMBEDDED; ordinary Swift has its own.
#ifdef SWIFT_EMBEDDED

#include <stdint.h>
#include <stdlib.h>

// Double(String) ends here. strtod follows the locale, which stays "C": nothing calls setlocale.
const char *_swift_stdlib_strtod_clocale(const char *text, double *value) {
  char *end;
  *value = strtod(text, &end);
  return end;
}

// -assume-single-threaded makes the compiler call these in place of atomic reference counting,
// which is sound because all Swift code runs on the loop's thread.
//
// The layout and its special values are those of stdlib/public/core/EmbeddedRuntime.swift:
// the top bit of the count says that the object lies in memory which must not be freed, all other
// bits set say that it is immortal.
typedef struct {
  const void *metadata;
  intptr_t count;
} object;

static const intptr_t count_mask = INTPTR_MAX;
static const intptr_t immortal = INTPTR_MAX;

void swift_release(object *);

// On 64-bit machines an address with the top bit set is an immediate value, not an object.
static inline int is_counted(const object *it) {
  if (it == NULL || (sizeof(void *) == 8 && (intptr_t)it < 0)) return 0;
  return (it->count & count_mask) != immortal;
}

object *swift_nonatomic_retain_n(object *it, uint32_t n) {
  if (is_counted(it)) it->count += (intptr_t)n;
  return it;
}

void swift_nonatomic_release_n(object *it, uint32_t n) {
  if (!is_counted(it)) return;
  if ((it->count & count_mask) > (intptr_t)n) {
    it->count -= (intptr_t)n;
  } else {
    // One reference is left to the runtime, whose release knows how to destroy the object.
    it->count -= (intptr_t)n - 1;
    swift_release(it);
  }
}

object *swift_nonatomic_retain(object *it) { return swift_nonatomic_retain_n(it, 1); }
void swift_nonatomic_release(object *it) { swift_nonatomic_release_n(it, 1); }

// A bridge object carries flags in spare bits of the address: the low three, and on 64-bit
// machines bits 60 to 62. The top bit stays, for is_counted to see.
static inline object *without_flags(object *it) {
  if (sizeof(void *) != 8) return it;
  return (object *)((uintptr_t)it & (uintptr_t)0x8ffffffffffffff8u);
}

object *swift_nonatomic_bridgeObjectRetain_n(object *it, uint32_t n) {
  swift_nonatomic_retain_n(without_flags(it), n);
  return it;
}

void swift_nonatomic_bridgeObjectRelease_n(object *it, uint32_t n) {
  swift_nonatomic_release_n(without_flags(it), n);
}

object *swift_nonatomic_bridgeObjectRetain(object *it) {
  return swift_nonatomic_bridgeObjectRetain_n(it, 1);
}

void swift_nonatomic_bridgeObjectRelease(object *it) {
  swift_nonatomic_bridgeObjectRelease_n(it, 1);
}

#endif
