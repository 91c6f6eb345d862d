// What a new certificate needs: a key of the curve P-256, its signature, and PEM.
#include "CMbedTLS.h"

#include <mbedtls/ecp.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/version.h>

static int random_bytes(void *random, unsigned char *bytes, size_t count) {
  return cmbedtls_random_fill(random, bytes, count);
}

int32_t cmbedtls_make_key(cmbedtls_random *random, uint8_t *text, uint8_t *public_key) {
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
  int result = mbedtls_pk_setup(&key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
  if (!result)
    result = mbedtls_ecp_gen_key(
        MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(key), random_bytes, random);
  if (!result) result = mbedtls_pk_write_key_pem(&key, text, CMBEDTLS_KEY_CAPACITY);
  if (!result) result = mbedtls_pk_write_pubkey_der(&key, public_key, CMBEDTLS_PUBLIC_KEY_SIZE);
  mbedtls_pk_free(&key);
  if (result == CMBEDTLS_PUBLIC_KEY_SIZE) return 0;
  mbedtls_platform_zeroize(text, CMBEDTLS_KEY_CAPACITY);
  return result < 0 ? result : CMBEDTLS_UNSUITABLE;
}

int32_t cmbedtls_sign(
    cmbedtls_random *random, const uint8_t *text, size_t text_count, const uint8_t *bytes,
    size_t count, uint8_t *signature) {
  uint8_t digest[32];
  size_t size = 0;
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
#if MBEDTLS_VERSION_MAJOR >= 3
  int result = mbedtls_pk_parse_key(&key, text, text_count, NULL, 0, random_bytes, random);
#else
  int result = mbedtls_pk_parse_key(&key, text, text_count, NULL, 0);
#endif
  if (!result && mbedtls_pk_get_bitlen(&key) != 256) result = CMBEDTLS_UNSUITABLE;
  if (!result) result = cmbedtls_sha256(bytes, count, digest);
#if MBEDTLS_VERSION_MAJOR >= 3
  if (!result)
    result = mbedtls_pk_sign(
        &key, MBEDTLS_MD_SHA256, digest, sizeof digest, signature, CMBEDTLS_SIGNATURE_CAPACITY,
        &size, random_bytes, random);
#else
  if (!result)
    result = mbedtls_pk_sign(
        &key, MBEDTLS_MD_SHA256, digest, sizeof digest, signature, &size, random_bytes, random);
#endif
  mbedtls_pk_free(&key);
  return result ? result : (int32_t)size;
}

int32_t cmbedtls_write_certificate(
    const uint8_t *der, size_t count, uint8_t *text, size_t capacity) {
  size_t size;
  return mbedtls_pem_write_buffer(
      "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", der, count, text, capacity,
      &size);
}
