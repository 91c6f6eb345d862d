// What the files of this shim know about a key, and nobody else.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "CMbedTLS.h"

#include <mbedtls/pk.h>

struct cmbedtls_key {
  int32_t kind;  // 0 until one is set
  mbedtls_pk_context public_key;
  size_t secret_count;
  uint8_t secret[512];
};

// Takes what checks by a secret need; once it has worked it does nothing more.
int32_t cmbedtls_prepare_hmac(void);
