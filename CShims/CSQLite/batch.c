// One batch into the file, inside a transaction that may have begun with an earlier one.
#include "store.h"

enum { GOES_ON = 1 };
enum { PUT = 1, REMOVE = 2, CLEAR = 3 };

// Longer bodies are written in place, page by page: SQLite would otherwise copy them whole.
enum { LONG = 4096 };

typedef struct {
  const uint8_t *next, *end;
} cursor;

// Reads a little-endian number; false when the bytes end before.
static int take(cursor *it, int count, uint64_t *number) {
  if (it->end - it->next < count) return 0;
  *number = 0;
  for (int i = 0; i < count; i++) *number |= (uint64_t)it->next[i] << 8 * i;
  it->next += count;
  return 1;
}

static int32_t write_body(csqlite_store *store, int64_t key, const uint8_t *body, int length) {
  sqlite3_blob *place = NULL;
  int status = sqlite3_blob_open(store->db, "main", "records", "body", key, 1, &place);
  if (!status) status = sqlite3_blob_write(place, body, length, 0);
  int closed = sqlite3_blob_close(place);
  return -(status ? status : closed);
}

static int32_t put(csqlite_store *store, uint64_t key, cursor *it) {
  uint64_t kind, length;
  if (!take(it, 1, &kind) || !take(it, 4, &length)) return CSQLITE_MALFORMED;
  if (length > (uint64_t)(it->end - it->next)) return CSQLITE_MALFORMED;
  const uint8_t *body = it->next;
  it->next += length;
  uint32_t sum = csqlite_sum(csqlite_sum_start(key, (uint8_t)kind), body, length);
  int status = sqlite3_bind_int64(store->put, 1, (int64_t)key);
  if (!status) status = sqlite3_bind_int(store->put, 2, (int)kind);
  if (!status) status = sqlite3_bind_int64(store->put, 3, sum);
  if (!status && length > LONG) status = sqlite3_bind_zeroblob(store->put, 4, (int)length);
  else if (!status)
    status = sqlite3_bind_blob(store->put, 4, body, (int)length, SQLITE_STATIC);
  if (!status) status = csqlite_run(store->put);
  if (status || length <= LONG) return -status;
  return write_body(store, (int64_t)key, body, (int)length);
}

static int32_t apply_entry(csqlite_store *store, cursor *it) {
  uint64_t operation, key;
  if (!take(it, 1, &operation)) return CSQLITE_MALFORMED;
  if (operation == CLEAR) return -csqlite_run(store->clear);
  if (operation != PUT && operation != REMOVE) return CSQLITE_MALFORMED;
  if (!take(it, 8, &key) || key == 0 || key > INT64_MAX) return CSQLITE_MALFORMED;
  if (operation == PUT) return put(store, key, it);
  int status = sqlite3_bind_int64(store->removal, 1, (int64_t)key);
  return -(status ? status : csqlite_run(store->removal));
}

// A log that is full has to be in the file before more is written, or it would outgrow its bound.
// After a failure that is tried as well: it makes room in the log, where a disk has none.
static int32_t begin(csqlite_store *store) {
  int is_full = store->frames >= store->frames_limit;
  if (is_full || store->has_failed) {
    int status =
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (status && is_full) return -status;
    if (!status) store->frames = 0;
  }
  return -csqlite_run(store->begin);
}

int32_t csqlite_apply(csqlite_store *store) {
  cursor it = {store->room.batch, store->room.batch + store->count};
  uint64_t flags;
  int32_t status = take(&it, 1, &flags) && (flags & ~(uint64_t)GOES_ON) == 0 ? 0
                                                                             : CSQLITE_MALFORMED;
  // Into a file that was removed, or put aside by somebody, nothing is kept.
  if (!status && !csqlite_is_in_place(store)) status = CSQLITE_GONE;
  if (!status && sqlite3_get_autocommit(store->db)) status = begin(store);
  while (!status && it.next < it.end) status = apply_entry(store, &it);
  if (!status && !(flags & GOES_ON)) status = -csqlite_run(store->commit);
  store->has_failed = status != 0;
  // SQLite may have taken the transaction back by itself.
  if (status && !sqlite3_get_autocommit(store->db)) (void)csqlite_run(store->rollback);
  return status < -0xFFFF ? status : -(-status & 0xFF);
}
