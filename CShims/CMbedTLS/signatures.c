// Checks of signatures (RFC 7518, section 3).
#include "keys.h"

#include <mbedtls/constant_time.h>
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/rsa.h>
#include <string.h>

// A context for each hash: what mbedTLS allocates for one is taken with the first secret, at start.
static mbedtls_md_context_t contexts[3];
static int32_t is_prepared[3];

static mbedtls_md_context_t *context_of(mbedtls_md_type_t hash) {
  return &contexts[hash == MBEDTLS_MD_SHA256 ? 0 : hash == MBEDTLS_MD_SHA384 ? 1 : 2];
}

int32_t cmbedtls_prepare_hmac(void) {
  static const mbedtls_md_type_t hashes[] = {
      MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512};
  for (size_t index = 0; index < sizeof hashes / sizeof *hashes; index++) {
    mbedtls_md_context_t *context = context_of(hashes[index]);
    if (mbedtls_md_info_from_type(hashes[index]) == NULL) return CMBEDTLS_UNSUITABLE;
    if (is_prepared[index]) continue;
    mbedtls_md_init(context);
    int32_t failed = mbedtls_md_setup(context, mbedtls_md_info_from_type(hashes[index]), 1);
    if (failed) {
      mbedtls_md_free(context);
      return failed;
    }
    is_prepared[index] = 1;
  }
  return 0;
}

static int32_t verify_hmac(
    const cmbedtls_key *key, mbedtls_md_type_t type, size_t size, const uint8_t *bytes,
    size_t count, const uint8_t *signature, size_t signature_count) {
  uint8_t code[MBEDTLS_MD_MAX_SIZE];
  mbedtls_md_context_t *context = context_of(type);
  if (signature_count != size) return CMBEDTLS_UNSUITABLE;
  int32_t failed = mbedtls_md_hmac_starts(context, key->secret, key->secret_count);
  if (!failed) failed = mbedtls_md_hmac_update(context, bytes, count);
  if (!failed) failed = mbedtls_md_hmac_finish(context, code);
  if (!failed) failed = mbedtls_ct_memcmp(code, signature, size);
  mbedtls_platform_zeroize(code, sizeof code);
  return failed;
}

// Writes an INTEGER of DER (X.690, section 8.3) and returns where it ends.
static uint8_t *put_integer(uint8_t *to, const uint8_t *number, size_t size) {
  while (size > 1 && *number == 0) number++, size--;
  size_t sign = number[0] >> 7;
  *to++ = 0x02;
  *to++ = (uint8_t)(size + sign);
  if (sign) *to++ = 0;
  memcpy(to, number, size);
  return to + size;
}

// JOSE writes r and s side by side, each as long as the curve's order (section 3.4); mbedTLS wants
// them in DER, as RFC 3279 has them.
static int32_t verify_ecdsa(
    cmbedtls_key *key, mbedtls_md_type_t type, const uint8_t *hash, size_t hash_size,
    const uint8_t *signature, size_t signature_count, size_t size) {
  uint8_t numbers[2 * (48 + 3)], der[sizeof numbers + 3];
  if (signature_count != 2 * size) return CMBEDTLS_UNSUITABLE;
  uint8_t *end = put_integer(numbers, signature, size);
  end = put_integer(end, signature + size, size);
  size_t count = (size_t)(end - numbers);
  // At most 102 bytes: the short form of a length will do.
  der[0] = 0x30;
  der[1] = (uint8_t)count;
  memcpy(der + 2, numbers, count);
  return mbedtls_pk_verify(&key->public_key, type, hash, hash_size, der, count + 2);
}

int32_t cmbedtls_key_verify(
    cmbedtls_key *key, int32_t algorithm, const uint8_t *bytes, size_t count,
    const uint8_t *signature, size_t signature_count) {
  static const struct {
    int32_t kind;
    mbedtls_md_type_t hash;
  } algorithms[] = {
      [CMBEDTLS_HS256] = {CMBEDTLS_SECRET, MBEDTLS_MD_SHA256},
      [CMBEDTLS_HS384] = {CMBEDTLS_SECRET, MBEDTLS_MD_SHA384},
      [CMBEDTLS_HS512] = {CMBEDTLS_SECRET, MBEDTLS_MD_SHA512},
      [CMBEDTLS_RS256] = {CMBEDTLS_RSA, MBEDTLS_MD_SHA256},
      [CMBEDTLS_RS384] = {CMBEDTLS_RSA, MBEDTLS_MD_SHA384},
      [CMBEDTLS_RS512] = {CMBEDTLS_RSA, MBEDTLS_MD_SHA512},
      [CMBEDTLS_PS256] = {CMBEDTLS_RSA, MBEDTLS_MD_SHA256},
      [CMBEDTLS_ES256] = {CMBEDTLS_P256, MBEDTLS_MD_SHA256},
      [CMBEDTLS_ES384] = {CMBEDTLS_P384, MBEDTLS_MD_SHA384},
  };
  if (algorithm < 0 || algorithm >= (int32_t)(sizeof algorithms / sizeof *algorithms))
    return CMBEDTLS_UNSUITABLE;
  mbedtls_md_type_t type = algorithms[algorithm].hash;
  const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);
  // A key is for one kind of algorithm: no token chooses another.
  if (key->kind == 0 || key->kind != algorithms[algorithm].kind || !info)
    return CMBEDTLS_UNSUITABLE;
  if (key->kind == CMBEDTLS_SECRET)
    return verify_hmac(
        key, type, mbedtls_md_get_size(info), bytes, count, signature, signature_count);

  uint8_t hash[MBEDTLS_MD_MAX_SIZE];
  size_t size = mbedtls_md_get_size(info);
  int32_t failed = mbedtls_md(info, bytes, count, hash);
  if (failed) return failed;
  switch (algorithm) {
    case CMBEDTLS_ES256:
      return verify_ecdsa(key, type, hash, size, signature, signature_count, 32);
    case CMBEDTLS_ES384:
      return verify_ecdsa(key, type, hash, size, signature, signature_count, 48);
    case CMBEDTLS_PS256: {
      // The salt is as long as the hash (section 3.5).
      const mbedtls_pk_rsassa_pss_options options = {
          .mgf1_hash_id = type, .expected_salt_len = (int)size};
      return mbedtls_pk_verify_ext(
          MBEDTLS_PK_RSASSA_PSS, &options, &key->public_key, type, hash, size, signature,
          signature_count);
    }
    default:
      return mbedtls_pk_verify(
          &key->public_key, type, hash, size, signature, signature_count);
  }
}
