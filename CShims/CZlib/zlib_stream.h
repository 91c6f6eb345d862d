// What the files of this shim share.
#pragma once
#include "CArena.h"
#include "CZlib.h"

#define ZLIB_CONST
#include <zlib.h>

struct czlib_pool {
  carena arena;
};

struct czlib_stream {
  z_stream z;
  int inflates;
};

// NULL when there is no room; its zlib is not begun yet.
czlib_stream *czlib_stream_take(czlib_pool *pool);
void czlib_stream_give_back(czlib_stream *stream);
