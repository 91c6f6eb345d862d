// How much disk and how much memory a store takes.
#include "store.h"

#include <stdio.h>
#include <sys/stat.h>

// A transaction can put every page of the file into the log once (a page that is written again
// takes its own frame again), behind the frames that may wait there already. So
//     pages * 1024  +  32 + (waiting frames + pages) * 1048  <=  maximum
// and about half of the maximum is left for the file.
int csqlite_frames_limit(uint64_t size_maximum) {
  uint64_t frames = size_maximum / CSQLITE_PAGE_SIZE / 8;
  if (frames < 16) return 16;
  return frames > 1000 ? 1000 : (int)frames;
}

int64_t csqlite_pages_limit(uint64_t size_maximum) {
  int64_t log = LOG_HEADER_SIZE + (int64_t)csqlite_frames_limit(size_maximum) * FRAME_SIZE;
  int64_t pages = ((int64_t)size_maximum - log) / (CSQLITE_PAGE_SIZE + FRAME_SIZE);
  return pages < 8 ? 8 : pages;
}

// SQLite's memory, measured and with a margin: the cache (85 KiB), the schema and the statements
// (40 KiB),
// what reading the log takes at the start (34 KiB), and as much again as a page or a row may need.
enum { FIXED = 192 << 10 };

static size_t memory(int64_t pages, int64_t frames) {
  size_t size = FIXED;
  // The index of the log: blocks of 32 KiB for 4096 frames each.
  size += (size_t)(frames / 4096 + 2) * ((32 << 10) + 16);
  // What brings the log into the file sorts it: 2 bytes a frame, and as many in a scratch area.
  size += (size_t)frames * 4;
  // The check of the whole file: a bit a page.
  size += (size_t)pages / 8;
  return (size + 15) & ~(size_t)15;
}

size_t csqlite_arena_size(uint64_t size_maximum) {
  int64_t pages = csqlite_pages_limit(size_maximum);
  return memory(pages, pages + csqlite_frames_limit(size_maximum));
}

size_t csqlite_arena_size_for(const char *path, uint64_t size_maximum) {
  int64_t pages = csqlite_pages_limit(size_maximum);
  int64_t there = (int64_t)(csqlite_size_of(path, "") / CSQLITE_PAGE_SIZE);
  int64_t frames = (int64_t)(csqlite_size_of(path, "-wal") / FRAME_SIZE);
  if (pages < there) pages = there;
  // A log that is there is read, and written into the file, before the first batch.
  int64_t waiting = csqlite_frames_limit(size_maximum);
  if (frames < pages + waiting) frames = pages + waiting;
  return memory(pages, frames);
}

uint64_t csqlite_size_of(const char *path, const char *suffix) {
  char name[CSQLITE_PATH_MAX + 8];
  struct stat file;
  snprintf(name, sizeof name, "%s%s", path, suffix);
  return stat(name, &file) == 0 && S_ISREG(file.st_mode) ? (uint64_t)file.st_size : 0;
}
