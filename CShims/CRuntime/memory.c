// Memory that is zero, and resident only where it was written to: a table costs what is in it.
#define _GNU_SOURCE
#include "CRuntime.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALIGNMENT = 64, NO_MEMORY = 75 };

static int populates;

void cruntime_make_resident(void) { populates = MAP_POPULATE; }

// Whole pages are the kernel's to give; what is smaller shares a page of the heap.
static int is_mapped(size_t size) { return size >= (size_t)sysconf(_SC_PAGESIZE); }

static _Noreturn void leave(void) {
  static const char text[] = "error: not enough memory: lower WEBSOCKET_MAX_CONNECTIONS\n";
  (void)!write(2, text, sizeof text - 1);
  _exit(NO_MEMORY);
}

void *cruntime_take_zeroed(size_t size) {
  if (!is_mapped(size)) {
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    void *memory = aligned_alloc(ALIGNMENT, rounded);
    if (!memory) leave();
    return memset(memory, 0, rounded);
  }
  void *memory = mmap(
      NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | populates, -1, 0);
  if (memory == MAP_FAILED) leave();
  // A huge page would make the neighbours of each byte resident, 2 MiB of them.
  (void)madvise(memory, size, MADV_NOHUGEPAGE);
  return memory;
}

void cruntime_give_back(void *memory, size_t size) {
  if (is_mapped(size)) munmap(memory, size);
  else free(memory);
}
