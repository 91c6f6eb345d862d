#include "CUV.h"

#include <stdlib.h>
#include <uv.h>

struct cuv_loop {
  uv_loop_t uv;
  uv_timer_t timer;
  uint64_t due;  // when the timer fires; UINT64_MAX when it is not armed
  // `data` of a poll: where in the ready list it was put when it last was.
  uv_poll_t *polls;
  cuv_ready *ready;
  uint32_t capacity;
  uint32_t count;
  uint32_t signals_count;
  uint64_t signalled;  // a bit for each signal that this wait has reported
  uv_signal_t signals[CUV_SIGNALS_MAX];
};

size_t cuv_loop_size(void) { return sizeof(struct cuv_loop); }
size_t cuv_poll_size(void) { return sizeof(uv_poll_t); }

static void report(cuv_loop *loop, uint32_t id, uint32_t events) {
  // libuv reports no poll that was closed: each has one entry at most.
  if (loop->count == loop->capacity) abort();
  loop->ready[loop->count++] = (cuv_ready){id, events};
}

static void on_timer(uv_timer_t *timer) {
  cuv_loop *loop = timer->loop->data;
  loop->due = UINT64_MAX;
  // Before 1.45, libuv runs timers ahead of the poll and would then sleep on, with none left.
  uv_stop(timer->loop);
}

static void on_signal(uv_signal_t *handle, int number) {
  cuv_loop *loop = handle->loop->data;
  uint64_t bit = (uint64_t)1 << number;
  if (loop->signalled & bit) return;
  loop->signalled |= bit;
  report(loop, CUV_SIGNAL_ID, (uint32_t)number);
}

static void on_poll(uv_poll_t *poll, int status, int events) {
  cuv_loop *loop = poll->loop->data;
  uint32_t id = (uint32_t)(poll - loop->polls), bits = 0;
  if (status < 0) bits |= CUV_FAILED;
  if (events & UV_READABLE) bits |= CUV_READABLE;
  if (events & UV_WRITABLE) bits |= CUV_WRITABLE;
  // libuv asks the kernel again when its event array was full: one entry a poll all the same.
  uintptr_t place = (uintptr_t)poll->data;
  if (place < loop->count && loop->ready[place].id == id) {
    loop->ready[place].events |= bits;
    return;
  }
  poll->data = (void *)(uintptr_t)loop->count;
  report(loop, id, bits);
}

static void on_close(uv_handle_t *handle) {
  cuv_loop *loop = handle->loop->data;
  report(loop, (uint32_t)((uv_poll_t *)handle - loop->polls), CUV_CLOSED);
}

int32_t cuv_loop_init(cuv_loop *loop, void *polls, cuv_ready *ready, uint32_t capacity) {
  int status = uv_loop_init(&loop->uv);
  if (status < 0) return status;
  loop->uv.data = loop;
  loop->due = UINT64_MAX;
  loop->polls = polls;
  loop->ready = ready;
  loop->capacity = capacity;
  loop->count = 0;
  loop->signals_count = 0;
  loop->signalled = 0;
  return uv_timer_init(&loop->uv, &loop->timer);
}

int32_t cuv_loop_watch_signal(cuv_loop *loop, int32_t number) {
  if (loop->signals_count == CUV_SIGNALS_MAX) return UV_ENOSPC;
  if (number < 1 || number > 63) return UV_EINVAL;
  uv_signal_t *handle = &loop->signals[loop->signals_count];
  int status = uv_signal_init(&loop->uv, handle);
  if (status < 0) return status;
  loop->signals_count++;
  return uv_signal_start(handle, on_signal, number);
}

// Arms the timer only when the deadline moved forward or passed: most turns leave it alone, and a
// timer that fires early costs one empty turn.
static int arm(cuv_loop *loop, uint64_t deadline) {
  if (deadline >= loop->due) return 0;
  uint64_t now = uv_now(&loop->uv);
  int status = uv_timer_start(&loop->timer, on_timer, deadline > now ? deadline - now : 0, 0);
  if (status == 0) loop->due = deadline;
  return status;
}

int32_t cuv_wait(cuv_loop *loop, uint64_t deadline) {
  loop->count = 0;
  loop->signalled = 0;
  if (deadline != 0 && deadline != UINT64_MAX) {
    int status = arm(loop, deadline);
    if (status < 0) return status;
  }
  uv_run(&loop->uv, deadline == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
  return (int32_t)loop->count;
}

uint64_t cuv_now(const cuv_loop *loop) { return uv_now(&loop->uv); }

int32_t cuv_poll_init(cuv_loop *loop, uint32_t id, int32_t fd) {
  loop->polls[id].data = NULL;
  return uv_poll_init(&loop->uv, &loop->polls[id], fd);
}

int32_t cuv_poll_watch(cuv_loop *loop, uint32_t id, uint32_t events) {
  uv_poll_t *poll = &loop->polls[id];
  int wanted = 0;
  if (events & CUV_READABLE) wanted |= UV_READABLE;
  if (events & CUV_WRITABLE) wanted |= UV_WRITABLE;
  return wanted == 0 ? uv_poll_stop(poll) : uv_poll_start(poll, wanted, on_poll);
}

void cuv_poll_close(cuv_loop *loop, uint32_t id) {
  uv_close((uv_handle_t *)&loop->polls[id], on_close);
}

const char *cuv_error_text(int32_t error) {
  // uv_strerror allocates for unknown numbers.
  switch (error) {
#define TEXT(name, text) case UV_##name: return text;
    UV_ERRNO_MAP(TEXT)
#undef TEXT
  }
  return "unknown error";
}
