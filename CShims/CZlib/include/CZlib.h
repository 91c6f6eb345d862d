// zlib's raw streams (RFC 1951), a message at a time as permessage-deflate has them (RFC 7692,
// section 7.2), in memory that is handed in once.
//
// Freestanding. No lock: a pool and its streams are used by one thread.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct czlib_pool czlib_pool;
typedef struct czlib_stream czlib_stream;

enum {
  // There is no room for all of the message.
  CZLIB_FULL = -1,
  // The bytes are none that a compressor writes.
  CZLIB_CORRUPT = -2
};

// All streams are made of `memory`: 16-byte aligned, 4 KiB to 2 GiB, and the pool's for good.
czlib_pool *_Nonnull czlib_pool_use(void *_Nonnull memory, size_t size);
// Bytes that are taken, and the most that were.
size_t czlib_pool_used(const czlib_pool *_Nonnull pool);
size_t czlib_pool_peak(const czlib_pool *_Nonnull pool);

// Streams that have all of their memory at once; NULL when the pool has too little left.
// `window_bits`: 9 to 15; a stream takes memory by it. `level`: 1, fast, to 9, small.
czlib_stream *_Nullable czlib_deflater(
    czlib_pool *_Nonnull pool, int32_t window_bits, int32_t level);
czlib_stream *_Nullable czlib_inflater(czlib_pool *_Nonnull pool, int32_t window_bits);
void czlib_end(czlib_stream *_Nonnull stream);

// Forgets the messages before.
void czlib_deflater_reset(czlib_stream *_Nonnull stream);
void czlib_inflater_reset(czlib_stream *_Nonnull stream);

// Both return how many bytes were written to `out`, or one of the answers above.

// `count`: at least 1. When there is no room, the messages before are forgotten.
ptrdiff_t czlib_deflate(
    czlib_stream *_Nonnull stream, const void *_Nonnull bytes, size_t count, void *_Nonnull out,
    size_t room);
// `room`: one byte more than the message may have. After another answer than a number of bytes the
// stream has to be reset or ended.
ptrdiff_t czlib_inflate(
    czlib_stream *_Nonnull stream, const void *_Nullable bytes, size_t count, void *_Nonnull out,
    size_t room);
