// What a session takes of the pool, and whether there can be one.
#pragma once
#include <mbedtls/platform.h>

#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
#define CTLS_POOL_IS_POSSIBLE 1
#else
#define CTLS_POOL_IS_POSSIBLE 0
#endif

enum {
  INCOMING = 16384 + 64,  // a record (RFC 8446, section 5.1), and what mbedTLS puts around it
  OUTGOING = 4096 + 64,
  // What else it holds: keys, what was agreed, the client's certificate; or a next handshake.
  SESSION = 4864,
  // A handshake's numbers; and client's certificates, until they are judged.
  HANDSHAKE = 24 * 1024,
};
