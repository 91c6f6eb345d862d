// The thread that writes. All of it is C: Embedded Swift counts references without atomics, so no
// Swift code may run here.
#define _GNU_SOURCE
#include "store.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

// glibc asks for 128 KiB on arm64; only what is touched becomes resident.
enum { STACK_SIZE = 128 << 10 };

size_t csqlite_stack_size(void) { return STACK_SIZE; }

// Under the lock, so that who sees the outcome can take the mark away.
static void end_batch(csqlite_store *store, int32_t result) {
  uint64_t one = 1;
  store->result = result;
  store->state = DONE;
  while (write(store->descriptor, &one, sizeof one) < 0 && errno == EINTR) {}
}

static void *work(void *argument) {
  csqlite_store *store = argument;
  pthread_mutex_lock(&store->lock);
  for (;;) {
    while (store->state != RUNNING && !store->quits)
      pthread_cond_wait(&store->changed, &store->lock);
    if (store->state != RUNNING) break;
    pthread_mutex_unlock(&store->lock);
    int32_t result = csqlite_apply(store);
    pthread_mutex_lock(&store->lock);
    end_batch(store, result);
  }
  pthread_mutex_unlock(&store->lock);
  return NULL;
}

int32_t csqlite_prepare_thread(csqlite_store *store) {
  if (pthread_mutex_init(&store->lock, NULL) || pthread_cond_init(&store->changed, NULL))
    return CSQLITE_NO_THREAD;
  store->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return store->descriptor < 0 ? CSQLITE_NO_THREAD : 0;
}

int32_t csqlite_descriptor(const csqlite_store *store) { return store->descriptor; }

static int start(csqlite_store *store) {
  pthread_attr_t attributes;
  sigset_t all, before;
  if (pthread_attr_init(&attributes)) return 0;
  int error = pthread_attr_setstacksize(&attributes, STACK_SIZE);
  // Signals are the loop's.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (!error) error = pthread_create(&store->thread, &attributes, work, store);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return !error;
}

void csqlite_begin(csqlite_store *store, const void *bytes, size_t count) {
  memcpy(store->room.batch, bytes, count);
  store->count = count;
  pthread_mutex_lock(&store->lock);
  store->state = RUNNING;
  if (!store->has_thread) store->has_thread = start(store);
  if (!store->has_thread) end_batch(store, CSQLITE_NO_THREAD);
  pthread_cond_signal(&store->changed);
  pthread_mutex_unlock(&store->lock);
}

int32_t csqlite_finish(csqlite_store *store) {
  pthread_mutex_lock(&store->lock);
  int is_done = store->state == DONE;
  uint64_t count;
  if (is_done) {
    (void)!read(store->descriptor, &count, sizeof count);
    store->state = IDLE;
  }
  pthread_mutex_unlock(&store->lock);
  return is_done ? store->result : 1;
}

void csqlite_stop_thread(csqlite_store *store) {
  if (store->has_thread) {
    pthread_mutex_lock(&store->lock);
    store->quits = 1;
    pthread_cond_signal(&store->changed);
    pthread_mutex_unlock(&store->lock);
    pthread_join(store->thread, NULL);
    store->has_thread = 0;
  }
  if (store->descriptor >= 0) close(store->descriptor);
  store->descriptor = -1;
}
