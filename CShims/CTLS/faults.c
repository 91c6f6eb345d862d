// What tells a fault of the machine, which passes, from one of what was read.
#include "tls.h"

#include <mbedtls/ecp.h>
#include <mbedtls/rsa.h>
#include <stdlib.h>

// No key and no certificate takes as much while it is read.
enum { PLENTY = 64 * 1024 };

// Most errors of mbedTLS do not tell that memory was what they lacked.
static int has_memory(void) {
  void *volatile probe = malloc(PLENTY);
  if (!probe) return 0;
  free(probe);
  return 1;
}

static int is_random(int error) {
  switch (error) {
    case MBEDTLS_ERR_ECP_RANDOM_FAILED:
    case MBEDTLS_ERR_RSA_RNG_FAILED:
    case MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED:
    case MBEDTLS_ERR_ENTROPY_SOURCE_FAILED: return 1;
    default: return 0;
  }
}

int32_t ctls_fault(int error, int32_t otherwise) {
  if (!has_memory()) return CTLS_NO_MEMORY;
  // An error is a sum: what failed, in the upper bits, and why, in the lower seven.
  int why = -(-error & 0x7F);
  return is_random(why) || is_random(error - why) ? CTLS_NO_RANDOM : otherwise;
}
