// libuv, readiness only: libuv tells, the caller reads and writes, so libuv allocates nothing once
// the loop runs.
//
// Freestanding, so that Embedded Swift can read it. All memory belongs to the caller, who gives
// what is asked for, 16-byte aligned, and keeps it at one address until the end. Negative results
// are libuv's error numbers.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct cuv_loop cuv_loop;

enum {
  CUV_READABLE = 1,
  CUV_WRITABLE = 2,
  CUV_FAILED = 4,  // the descriptor cannot be watched any longer
  CUV_CLOSED = 8,  // the poll may be used again
};

// Signals that a loop can watch.
enum { CUV_SIGNALS_MAX = 4 };

// The `id` of a signal; `events` is then the signal's number.
#define CUV_SIGNAL_ID 0xFFFFFFFFu

// `id` is the number of a poll.
typedef struct {
  uint32_t id;
  uint32_t events;
} cuv_ready;

size_t cuv_loop_size(void);
// Bytes of one poll.
size_t cuv_poll_size(void);

// `polls` is the memory of all polls, numbered from 0. `ready` takes what each wait finds; its
// `capacity` is an entry for each poll and CUV_SIGNALS_MAX more.
int32_t cuv_loop_init(
    cuv_loop *_Nonnull loop, void *_Nonnull polls, cuv_ready *_Nonnull ready, uint32_t capacity);

// Reports `signal`, 1 to 63, instead of letting it end the process; once a wait, however often it
// came.
int32_t cuv_loop_watch_signal(cuv_loop *_Nonnull loop, int32_t signal);

// Waits until something is ready or the loop's clock passes `deadline` (cuv_now's milliseconds;
// UINT64_MAX: no deadline; 0: look and return). Returns the number of entries in `ready`: one at
// most for each poll.
int32_t cuv_wait(cuv_loop *_Nonnull loop, uint64_t deadline);

// Milliseconds of the monotonic clock, as of the end of the last wait.
uint64_t cuv_now(const cuv_loop *_Nonnull loop);

// Takes a poll that is not in use for the descriptor `fd`.
int32_t cuv_poll_init(cuv_loop *_Nonnull loop, uint32_t id, int32_t fd);
// `events`: CUV_READABLE and CUV_WRITABLE; 0 watches for nothing.
int32_t cuv_poll_watch(cuv_loop *_Nonnull loop, uint32_t id, uint32_t events);
// The descriptor may be closed as soon as this returns; the poll is in use until CUV_CLOSED.
void cuv_poll_close(cuv_loop *_Nonnull loop, uint32_t id);

// A static text for an error number of libuv.
const char *_Nonnull cuv_error_text(int32_t error);
