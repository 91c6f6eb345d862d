#include "zlib_stream.h"

czlib_pool *czlib_pool_use(void *memory, size_t size) {
  czlib_pool *pool = memory;
  size_t head = (sizeof *pool + 15) & ~(size_t)15;
  carena_use(&pool->arena, (uint8_t *)memory + head, size - head);
  return pool;
}

size_t czlib_pool_used(const czlib_pool *pool) { return pool->arena.used; }
size_t czlib_pool_peak(const czlib_pool *pool) { return pool->arena.peak; }

static voidpf take(voidpf pool, uInt items, uInt size) {
  return carena_take(&((czlib_pool *)pool)->arena, (size_t)items * size);
}

static void give_back(voidpf pool, voidpf bytes) {
  carena_give_back(&((czlib_pool *)pool)->arena, bytes);
}

czlib_stream *czlib_stream_take(czlib_pool *pool) {
  czlib_stream *stream = carena_take(&pool->arena, sizeof *stream);
  if (stream) *stream = (czlib_stream){.z = {.zalloc = take, .zfree = give_back, .opaque = pool}};
  return stream;
}

void czlib_stream_give_back(czlib_stream *stream) {
  carena_give_back(&((czlib_pool *)stream->z.opaque)->arena, stream);
}

void czlib_end(czlib_stream *stream) {
  // Whatever it says, what it was given is given back.
  if (stream->inflates) (void)inflateEnd(&stream->z);
  else (void)deflateEnd(&stream->z);
  czlib_stream_give_back(stream);
}
