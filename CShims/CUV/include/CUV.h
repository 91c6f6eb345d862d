// libuv, readiness only: libuv tells, the caller reads and writes, so libuv allocates nothing once
// the loop runs.
//
// Freestanding, so that Embedded Swift can read it. Every struct belongs to the caller, who gives
// memory of the size asked for, 16-byte aligned, and keeps it at one address: a poll until its
// CUV_CLOSED event, the loop until the end. Negative results are libuv's error numbers.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct cuv_loop cuv_loop;
typedef struct cuv_poll cuv_poll;

enum {
  CUV_READABLE = 1,
  CUV_WRITABLE = 2,
  CUV_FAILED = 4,  // the descriptor cannot be watched any longer
  CUV_CLOSED = 8,  // the poll's memory belongs to the caller again
};

// The `id` of a signal; `events` is then the signal's number.
#define CUV_SIGNAL_ID 0xFFFFFFFFu

// `id` is what the caller gave to cuv_poll_init.
typedef struct {
  uint32_t id;
  uint32_t events;
} cuv_ready;

size_t cuv_loop_size(void);
size_t cuv_poll_size(void);

// `ready` takes what each wait finds: at most one entry for a poll that is ready, one for a poll
// that is closed, one for each signal. `capacity` must allow for all of them.
int32_t cuv_loop_init(cuv_loop *_Nonnull loop, cuv_ready *_Nonnull ready, uint32_t capacity);

// Reports `signal` instead of letting it end the process.
int32_t cuv_loop_watch_signal(cuv_loop *_Nonnull loop, int32_t signal);

// Waits until something is ready or the loop's clock passes `deadline` (cuv_now's milliseconds;
// UINT64_MAX: no deadline; 0: look and return). Returns the number of entries in `ready`.
int32_t cuv_wait(cuv_loop *_Nonnull loop, uint64_t deadline);

// Milliseconds of the monotonic clock, as of the end of the last wait.
uint64_t cuv_now(const cuv_loop *_Nonnull loop);

int32_t cuv_poll_init(cuv_loop *_Nonnull loop, cuv_poll *_Nonnull poll, uint32_t id, int32_t fd);
// `events`: CUV_READABLE and CUV_WRITABLE; 0 watches for nothing.
int32_t cuv_poll_watch(cuv_poll *_Nonnull poll, uint32_t events);
// The descriptor may be closed as soon as this returns; the memory stays libuv's until CUV_CLOSED.
void cuv_poll_close(cuv_poll *_Nonnull poll);

// A static text for an error number of libuv.
const char *_Nonnull cuv_error_text(int32_t error);
