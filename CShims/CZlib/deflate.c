#include <string.h>

#include "zlib_stream.h"

// What a flush ends with, and no message carries (RFC 7692, section 7.2.1).
static const uint8_t tail[4] = {0x00, 0x00, 0xff, 0xff};

czlib_stream *czlib_deflater(czlib_pool *pool, int32_t window_bits, int32_t level) {
  czlib_stream *stream = czlib_stream_take(pool);
  if (!stream) return NULL;
  // As many hashes as there are places in the window: zlib's own measure at 15 bits.
  int memory_level = window_bits - 7;
  int status = deflateInit2(
      &stream->z, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY);
  if (status == Z_OK) return stream;
  czlib_stream_give_back(stream);
  return NULL;
}

void czlib_deflater_reset(czlib_stream *stream) { (void)deflateReset(&stream->z); }

ptrdiff_t czlib_deflate(
    czlib_stream *stream, const void *bytes, size_t count, void *out, size_t room) {
  z_stream *z = &stream->z;
  z->next_in = bytes;
  z->avail_in = (uInt)count;
  z->next_out = out;
  z->avail_out = (uInt)room;
  int status = deflate(z, Z_SYNC_FLUSH);
  size_t size = room - z->avail_out;
  // Without a byte to spare the flush may not be whole (zlib.h).
  if (status == Z_OK && z->avail_in == 0 && z->avail_out > 0 && size >= sizeof tail
      && memcmp((uint8_t *)out + size - sizeof tail, tail, sizeof tail) == 0) {
    return (ptrdiff_t)(size - sizeof tail);
  }
  (void)deflateReset(z);
  return CZLIB_FULL;
}
