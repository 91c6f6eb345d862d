// Opening and closing: SQLite's settings, the file's, and the statements that are kept.
#include "store.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char csqlite_schema[] =
    "CREATE TABLE records(key INTEGER PRIMARY KEY, kind INTEGER NOT NULL,"
    " check_sum INTEGER NOT NULL, body BLOB NOT NULL)";

size_t csqlite_store_size(void) { return sizeof(struct csqlite_store); }

static atomic_flag in_use = ATOMIC_FLAG_INIT;

int csqlite_begin_use(const csqlite_room *room) {
  if (atomic_flag_test_and_set(&in_use)) return -CSQLITE_SECOND;
  // One thread at a time, and the lock that hands a batch over orders what they see: SQLite needs
  // no locks of its own.
  int status = sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  if (!status) status = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  if (!status) status = csqlite_arena_use(room->arena, room->arena_size);
  if (!status) status = sqlite3_initialize();
  if (!status) status = csqlite_vfs_use();
  if (status) csqlite_end_use();
  return status;
}

void csqlite_end_use(void) {
  csqlite_vfs_stop();
  (void)sqlite3_shutdown();
  atomic_flag_clear(&in_use);
}

static int execute(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, NULL, NULL, NULL); }

int32_t csqlite_make(csqlite_store *store, const char *path, const csqlite_room *room) {
  (void)store;
  // Under another name first: a file of ours is whole, or it is damaged.
  char draft[CSQLITE_PATH_MAX + 8], log[CSQLITE_PATH_MAX + 16];
  if (strlen(path) > CSQLITE_PATH_MAX) return -SQLITE_CANTOPEN;
  snprintf(draft, sizeof draft, "%s.new", path);
  snprintf(log, sizeof log, "%s-wal", draft);
  (void)unlink(draft);
  (void)unlink(log);
  int status = csqlite_begin_use(room);
  if (status) return -status;
  char sql[600];
  snprintf(
      sql, sizeof sql,
      "PRAGMA page_size=%d; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=MEMORY;"
      "PRAGMA synchronous=FULL; BEGIN; PRAGMA application_id=%d; PRAGMA user_version=%d;"
      "%s; COMMIT; PRAGMA journal_mode=WAL",
      CSQLITE_PAGE_SIZE, APPLICATION, VERSION, csqlite_schema);
  sqlite3 *db = NULL;
  status = sqlite3_open_v2(
      draft, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, "counted");
  if (!status) status = execute(db, sql);
  int closed = sqlite3_close(db);
  if (!status) status = closed;
  if (!status && access(log, F_OK) == 0) status = SQLITE_IOERR;
  // Unlike rename, this never takes the place of another process's file.
  if (!status && link(draft, path) != 0) status = SQLITE_CANTOPEN;
  (void)unlink(draft);
  (void)unlink(log);
  if (!status && csqlite_sync_directory(path) != 0) status = SQLITE_IOERR;
  csqlite_end_use();
  return -status;
}

int csqlite_prepare(csqlite_store *store, const char *sql, sqlite3_stmt **statement) {
  return sqlite3_prepare_v3(
      store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
}

int csqlite_run(sqlite3_stmt *statement) {
  int status = sqlite3_step(statement);
  // What went wrong is told again here.
  int reset = sqlite3_reset(statement);
  if (status == SQLITE_DONE || status == SQLITE_ROW) return reset;
  return reset ? reset : status;
}

static int configure(csqlite_store *store) {
  char sql[500];
  snprintf(
      sql, sizeof sql,
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
      "PRAGMA temp_store=MEMORY; PRAGMA cache_size=%d; PRAGMA journal_mode=WAL;"
      "PRAGMA synchronous=FULL; PRAGMA secure_delete=FAST; PRAGMA wal_autocheckpoint=0;"
      "PRAGMA journal_size_limit=%lld; PRAGMA max_page_count=%lld",
      CACHE_PAGES, LOG_HEADER_SIZE + (long long)store->frames_limit * FRAME_SIZE,
      (long long)csqlite_pages_limit(store->room.size_maximum));
  return execute(store->db, sql);
}

static int prepare(csqlite_store *store) {
  int status = csqlite_prepare(
      store, "REPLACE INTO records(key, kind, check_sum, body) VALUES(?1, ?2, ?3, ?4)",
      &store->put);
  if (!status)
    status = csqlite_prepare(store, "DELETE FROM records WHERE key = ?1", &store->removal);
  if (!status) status = csqlite_prepare(store, "DELETE FROM records", &store->clear);
  if (!status) status = csqlite_prepare(store, "BEGIN IMMEDIATE", &store->begin);
  if (!status) status = csqlite_prepare(store, "COMMIT", &store->commit);
  if (!status) status = csqlite_prepare(store, "ROLLBACK", &store->rollback);
  return status;
}

static int on_commit(void *store, sqlite3 *db, const char *name, int frames) {
  (void)db;
  (void)name;
  ((csqlite_store *)store)->frames = frames;
  return SQLITE_OK;
}

// Whether SQLite's answer is about the bytes of the file, and not about the disk or the process.
static int is_damage(int status) {
  switch (status & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
    case SQLITE_TOOBIG:
    case SQLITE_ERROR: return 1;
    default: return 0;
  }
}

static int32_t open_and_check(csqlite_store *store) {
  int status = sqlite3_open_v2(
      store->path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, "counted");
  if (!status && sqlite3_db_readonly(store->db, "main") == 1) status = SQLITE_READONLY;
  if (!status) status = configure(store);
  if (!status) {
    int32_t checked = csqlite_check(store);
    if (checked < -0xFFFF) return checked;
    status = -checked;
  }
  if (!status) status = prepare(store);
  return is_damage(status) ? CSQLITE_DAMAGED : -(status & 0xFF);
}

static void let_go(csqlite_store *store) {
  sqlite3_stmt *statements[] = {store->put,    store->removal,  store->clear, store->begin,
                                store->commit, store->rollback, store->list};
  csqlite_close_body(store);
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
    (void)sqlite3_finalize(statements[i]);
  (void)sqlite3_close(store->db);
  csqlite_end_use();
}

int32_t csqlite_open(csqlite_store *store, const char *path, const csqlite_room *room) {
  memset(store, 0, sizeof *store);
  if (strlen(path) > CSQLITE_PATH_MAX) return -SQLITE_CANTOPEN;
  strcpy(store->path, path);
  store->room = *room;
  store->descriptor = -1;
  store->frames_limit = csqlite_frames_limit(room->size_maximum);
  int32_t looked = csqlite_look(path);
  if (looked) return looked;
  int status = csqlite_begin_use(room);
  if (status) return -status;
  int32_t opened = open_and_check(store);
  if (!opened) opened = csqlite_prepare_thread(store);
  if (opened) {
    let_go(store);
    return opened;
  }
  (void)sqlite3_wal_hook(store->db, on_commit, store);
  csqlite_note_place(store);
  // What an earlier run left in the log goes into the file first.
  store->frames = csqlite_size_of(path, "-wal") > 0 ? store->frames_limit : 0;
  return 0;
}

void csqlite_close(csqlite_store *store) {
  csqlite_stop_thread(store);
  if (!sqlite3_get_autocommit(store->db)) (void)csqlite_run(store->rollback);
  let_go(store);
}

size_t csqlite_longest(const csqlite_store *store) { return store->longest; }

void csqlite_figures_now(const csqlite_store *store, csqlite_figures *figures) {
  csqlite_arena_figures(figures);
  csqlite_vfs_figures(figures);
  figures->file_size = csqlite_size_of(store->path, "") + csqlite_size_of(store->path, "-wal");
}
