#include "zlib_stream.h"

czlib_stream *czlib_inflater(czlib_pool *pool, int32_t window_bits) {
  czlib_stream *stream = czlib_stream_take(pool);
  if (!stream) return NULL;
  stream->inflates = 1;
  if (inflateInit2(&stream->z, -window_bits) != Z_OK) {
    czlib_stream_give_back(stream);
    return NULL;
  }
  // zlib takes the window when it first needs one, which is too late to find that there is none.
  static const Bytef something[1] = {0};
  if (inflateSetDictionary(&stream->z, something, 1) != Z_OK) {
    czlib_end(stream);
    return NULL;
  }
  (void)inflateReset(&stream->z);
  return stream;
}

void czlib_inflater_reset(czlib_stream *stream) { (void)inflateReset(&stream->z); }

enum { WHOLE = 0, AT_END = 1 };

// Takes all of a part of the message. AT_END: the last block of a stream ends with it.
static int take(z_stream *z, const void *bytes, size_t count) {
  z->next_in = bytes;
  z->avail_in = (uInt)count;
  while (z->avail_in > 0) {
    int status = inflate(z, Z_SYNC_FLUSH);
    if (status == Z_STREAM_END) {
      // Another stream may go on with the same window (RFC 7692, section 7.2.3.4).
      if (inflateResetKeep(z) != Z_OK) return CZLIB_CORRUPT;
      if (z->avail_in == 0) return AT_END;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return CZLIB_CORRUPT;
    }
    if (z->avail_out == 0) return CZLIB_FULL;
    if (status == Z_BUF_ERROR) return CZLIB_CORRUPT;
  }
  return WHOLE;
}

ptrdiff_t czlib_inflate(
    czlib_stream *stream, const void *bytes, size_t count, void *out, size_t room) {
  static const uint8_t tail[4] = {0x00, 0x00, 0xff, 0xff};
  // zlib.h: what it says of where it stopped.
  enum { BEHIND_A_BLOCK = 128 };
  z_stream *z = &stream->z;
  z->next_out = out;
  z->avail_out = (uInt)room;
  int answer = take(z, bytes, count);
  if (answer == WHOLE) {
    answer = take(z, tail, sizeof tail);
    if (answer == WHOLE && !(z->data_type & BEHIND_A_BLOCK)) return CZLIB_CORRUPT;
  }
  if (answer < 0) return answer;
  return z->avail_out == 0 ? CZLIB_FULL : (ptrdiff_t)(room - z->avail_out);
}
