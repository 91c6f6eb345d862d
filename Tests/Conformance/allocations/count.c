// For LD_PRELOAD: counts what a process asks of its heap, every library of it included.
//
// ALLOCATIONS names a file of sizeof(struct counts) zero bytes that is shared with whoever watches.
// While its `counting` is not 0, each call is counted, and where the first ones came from is kept.
// Calls from code between the addresses of `known` are counted apart: a library's that is known.
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PLACES = 16, DEPTH = 24, KNOWN = 4 };
enum { MALLOC, CALLOC, REALLOC, ALIGNED, FREE, KINDS };

struct place {
  uint64_t kind, size, depth;
  uint64_t frames[DEPTH];
};

struct counts {
  uint64_t counting;
  struct { uint64_t first, end; } known[KNOWN];
  uint64_t known_calls;
  uint64_t calls[KINDS];
  uint64_t places;
  struct place place[PLACES];
};

// glibc's own, below the names that are taken over here.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static struct counts *shared;
static __thread int is_inside;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("ALLOCATIONS");
  int file = name != NULL ? open(name, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  // The first backtrace loads the unwinder, which allocates.
  void *frames[DEPTH];
  backtrace(frames, DEPTH);
  if (memory != MAP_FAILED) shared = memory;
}

static int is_known(uint64_t caller) {
  for (int index = 0; index < KNOWN; index++)
    if (caller >= shared->known[index].first && caller < shared->known[index].end) return 1;
  return 0;
}

static void note(int kind, size_t size, void *caller) {
  if (shared == NULL || is_inside || !__atomic_load_n(&shared->counting, __ATOMIC_ACQUIRE)) return;
  if (is_known((uint64_t)caller)) {
    __atomic_fetch_add(&shared->known_calls, 1, __ATOMIC_RELAXED);
    return;
  }
  is_inside = 1;
  __atomic_fetch_add(&shared->calls[kind], 1, __ATOMIC_RELAXED);
  uint64_t at = shared->places < PLACES
      ? __atomic_fetch_add(&shared->places, 1, __ATOMIC_RELAXED) : PLACES;
  if (at < PLACES) {
    void *frames[DEPTH];
    struct place *place = &shared->place[at];
    int depth = backtrace(frames, DEPTH);
    for (int frame = 0; frame < depth; frame++) place->frames[frame] = (uint64_t)frames[frame];
    place->kind = (uint64_t)kind;
    place->size = size;
    place->depth = (uint64_t)depth;
  }
  is_inside = 0;
}

void *malloc(size_t size) {
  note(MALLOC, size, __builtin_return_address(0));
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note(CALLOC, count * size, __builtin_return_address(0));
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  note(REALLOC, size, __builtin_return_address(0));
  return __libc_realloc(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  note(ALIGNED, size, __builtin_return_address(0));
  *memory = __libc_memalign(alignment, size);
  return *memory != NULL ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size) {
  note(ALIGNED, size, __builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  note(ALIGNED, size, __builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void free(void *memory) {
  if (memory != NULL) note(FREE, 0, __builtin_return_address(0));
  __libc_free(memory);
}
