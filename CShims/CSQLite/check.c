// Reading records, and whether all of them are as they were written.
#include "store.h"

#include <stdio.h>
#include <string.h>

uint32_t csqlite_sum(uint32_t sum, const void *bytes, size_t count) {
  // Four bits at a time: a table of 64 bytes.
  static const uint32_t table[16] = {
      0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
      0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
      0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  sum = ~sum;
  for (const uint8_t *next = bytes; count > 0; next++, count--) {
    sum ^= *next;
    sum = sum >> 4 ^ table[sum & 15];
    sum = sum >> 4 ^ table[sum & 15];
  }
  return ~sum;
}

uint32_t csqlite_sum_start(uint64_t key, uint8_t kind) {
  uint8_t bytes[9];
  for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(key >> 8 * i);
  bytes[8] = kind;
  return csqlite_sum(0, bytes, sizeof bytes);
}

// A body is read in place, however long it is, so that memory need not hold it.
int csqlite_open_body(csqlite_store *store, int64_t key) {
  if (store->body) return sqlite3_blob_reopen(store->body, key);
  return sqlite3_blob_open(store->db, "main", "records", "body", key, 0, &store->body);
}

void csqlite_close_body(csqlite_store *store) {
  (void)sqlite3_blob_close(store->body);
  store->body = NULL;
}

static int begin_list(csqlite_store *store) {
  return csqlite_prepare(
      store, "SELECT key, kind, check_sum FROM records ORDER BY key", &store->list);
}

static void end_list(csqlite_store *store) {
  csqlite_close_body(store);
  (void)sqlite3_finalize(store->list);
  store->list = NULL;
}

static int32_t check_row(csqlite_store *store) {
  int64_t key = sqlite3_column_int64(store->list, 0);
  int64_t kind = sqlite3_column_int64(store->list, 1);
  int64_t sum = sqlite3_column_int64(store->list, 2);
  if (key <= 0 || kind < 0 || kind > UINT8_MAX || sum < 0 || sum > UINT32_MAX)
    return CSQLITE_DAMAGED;
  int status = csqlite_open_body(store, key);
  if (status) return -status;
  int length = sqlite3_blob_bytes(store->body);
  uint32_t found = csqlite_sum_start((uint64_t)key, (uint8_t)kind);
  uint8_t part[2048];
  for (int offset = 0; offset < length;) {
    int count = length - offset < (int)sizeof part ? length - offset : (int)sizeof part;
    status = sqlite3_blob_read(store->body, part, count, offset);
    if (status) return -status;
    found = csqlite_sum(found, part, (size_t)count);
    offset += count;
  }
  if ((size_t)length > store->longest) store->longest = (size_t)length;
  return found == (uint32_t)sum ? 0 : CSQLITE_DAMAGED;
}

static int32_t check_rows(csqlite_store *store) {
  int32_t status = -begin_list(store);
  while (!status) {
    int step = sqlite3_step(store->list);
    if (step == SQLITE_DONE) break;
    status = step == SQLITE_ROW ? check_row(store) : -step;
  }
  end_list(store);
  return status;
}

// Whether the query's only row is this number and, if one is given, this text in its last column.
static int32_t expect(csqlite_store *store, const char *sql, int64_t number, const char *text) {
  sqlite3_stmt *query = NULL;
  int status = csqlite_prepare(store, sql, &query);
  if (!status) status = sqlite3_step(query);
  int32_t result = -status;
  if (status == SQLITE_ROW) {
    const char *found = (const char *)sqlite3_column_text(query, sqlite3_column_count(query) - 1);
    int same = sqlite3_column_int64(query, 0) == number;
    result = same && (!text || (found && strcmp(found, text) == 0)) ? 0 : CSQLITE_DAMAGED;
  }
  (void)sqlite3_finalize(query);
  return result;
}

int32_t csqlite_check(csqlite_store *store) {
  int32_t status = expect(store, "PRAGMA application_id", APPLICATION, NULL);
  if (!status) status = expect(store, "PRAGMA user_version", VERSION, NULL);
  if (!status) status = expect(store, "PRAGMA page_size", CSQLITE_PAGE_SIZE, NULL);
  if (!status)
    status = expect(store, "SELECT count(*), max(sql) FROM sqlite_schema", 1, csqlite_schema);
  // The text counts as 0. Since SQLite 3.46 its table-valued form takes no number.
  if (!status) status = expect(store, "PRAGMA integrity_check(1)", 0, "ok");
  return status ? status : check_rows(store);
}

int64_t csqlite_next(
    csqlite_store *store, uint64_t *key, uint8_t *kind, void *body, size_t capacity) {
  int status = store->list ? 0 : begin_list(store);
  if (!status) status = sqlite3_step(store->list);
  if (status != SQLITE_ROW) {
    end_list(store);
    return status == SQLITE_DONE ? CSQLITE_END : -(status & 0xFF);
  }
  *key = (uint64_t)sqlite3_column_int64(store->list, 0);
  *kind = (uint8_t)sqlite3_column_int(store->list, 1);
  status = csqlite_open_body(store, (int64_t)*key);
  int length = status ? 0 : sqlite3_blob_bytes(store->body);
  if (!status && (size_t)length > capacity) status = SQLITE_TOOBIG;
  if (!status) status = sqlite3_blob_read(store->body, body, length, 0);
  if (!status) return length;
  end_list(store);
  return -(status & 0xFF);
}
