// Damage in the write-ahead log, which SQLite takes for its end and says nothing about.
//
// Each transaction is synced before the next one begins. So a frame that is not right is the mark
// of a loss of power only when nothing but the rest of its own transaction is behind it; what else
// is there was acknowledged, and would be lost in silence (SQLite's file format, section 4).
#include "store.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { SALTS = 8, HEADER_SUM = 24, FRAME_SALTS = 8, FRAME_SUM = 16, FORMAT = 3007000 };

static uint32_t number(const uint8_t *bytes, int big) {
  return big ? (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
                   bytes[3]
             : (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 |
                   bytes[0];
}

// The log's checksum over `count` bytes, a multiple of 8.
static void sum(uint32_t sums[2], const uint8_t *bytes, int count, int big) {
  for (int i = 0; i < count; i += 8) {
    sums[0] += number(bytes + i, big) + sums[1];
    sums[1] += number(bytes + i + 4, big) + sums[0];
  }
}

static int has_sums(const uint8_t *bytes, const uint32_t sums[2]) {
  return number(bytes, 1) == sums[0] && number(bytes + 4, 1) == sums[1];
}

static int is_zero(const uint8_t *bytes, int count) {
  for (int i = 0; i < count; i++)
    if (bytes[i]) return 0;
  return 1;
}

static int32_t look(int descriptor) {
  uint8_t header[LOG_HEADER_SIZE], frame[FRAME_SIZE];
  ssize_t taken = read(descriptor, header, sizeof header);
  if (taken < 0) return -SQLITE_IOERR;
  // Torn at its very start: a file system may have the length of a file before its bytes.
  if (taken < LOG_HEADER_SIZE || is_zero(header, sizeof header)) return 0;
  int big = header[3] & 1;
  uint32_t sums[2] = {0, 0};
  sum(sums, header, HEADER_SUM, big);
  if ((number(header, 1) & ~1u) != 0x377F0682 || number(header + 4, 1) != FORMAT ||
      number(header + 8, 1) != CSQLITE_PAGE_SIZE || !has_sums(header + HEADER_SUM, sums))
    return CSQLITE_DAMAGED;
  int is_torn = 0, is_ended = 0;
  for (;;) {
    taken = read(descriptor, frame, sizeof frame);
    if (taken < 0) return -SQLITE_IOERR;
    if (taken < FRAME_SIZE) return 0;
    int is_live = memcmp(frame + FRAME_SALTS, header + 16, SALTS) == 0;
    if (is_torn && is_live && is_ended) return CSQLITE_DAMAGED;
    if (!is_torn) {
      sum(sums, frame, 8, big);
      sum(sums, frame + FRAME_HEADER_SIZE, CSQLITE_PAGE_SIZE, big);
      is_torn = !is_live || number(frame, 1) == 0 || !has_sums(frame + FRAME_SUM, sums);
    }
    // The last frame of a transaction tells how large the file is behind it.
    if (is_torn && is_live && number(frame + 4, 1) != 0) is_ended = 1;
  }
}

int32_t csqlite_look_at_log(const char *log) {
  int descriptor = open(log, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return -SQLITE_CANTOPEN;
  int32_t status = look(descriptor);
  close(descriptor);
  return status;
}
