#include "CMbedTLS.h"

#include <mbedtls/md.h>
#include <mbedtls/sha1.h>
#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

int32_t cmbedtls_sha1(const uint8_t *bytes, size_t count, uint8_t *digest) {
#if MBEDTLS_VERSION_MAJOR >= 3
  return mbedtls_sha1(bytes, count, digest);
#else
  return mbedtls_sha1_ret(bytes, count, digest);
#endif
}

int32_t cmbedtls_sha256(const uint8_t *bytes, size_t count, uint8_t *digest) {
#if MBEDTLS_VERSION_MAJOR >= 3
  return mbedtls_sha256(bytes, count, digest, 0);
#else
  return mbedtls_sha256_ret(bytes, count, digest, 0);
#endif
}

int32_t cmbedtls_hmac_sha256(
    const uint8_t *secret, size_t secret_count, const uint8_t *bytes, size_t count, uint8_t *code) {
  const mbedtls_md_info_t *hash = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
  return mbedtls_md_hmac(hash, secret, secret_count, bytes, count, code);
}
