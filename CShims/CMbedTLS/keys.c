// Keys that check signatures: where they come from, and what they are.
#define MBEDTLS_ALLOW_PRIVATE_ACCESS  // the curve of a key has no other way out in 3.0 to 3.5
#include "keys.h"

#include <mbedtls/ecp.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/rsa.h>
#include <string.h>

size_t cmbedtls_key_size(void) { return sizeof(struct cmbedtls_key); }

void cmbedtls_key_init(cmbedtls_key *key) {
  memset(key, 0, sizeof *key);
  mbedtls_pk_init(&key->public_key);
}

void cmbedtls_key_free(cmbedtls_key *key) {
  mbedtls_pk_free(&key->public_key);
  mbedtls_platform_zeroize(key, sizeof *key);
}

int32_t cmbedtls_key_set_secret(cmbedtls_key *key, const uint8_t *bytes, size_t count) {
  if (count == 0 || count > sizeof key->secret) return CMBEDTLS_UNSUITABLE;
  int32_t failed = cmbedtls_prepare_hmac();
  if (failed) return failed;
  memcpy(key->secret, bytes, count);
  key->secret_count = count;
  return key->kind = CMBEDTLS_SECRET;
}

// What kind of key was read, when it is one of those that a token may be signed with.
static int32_t accept(cmbedtls_key *key) {
  switch (mbedtls_pk_get_type(&key->public_key)) {
    case MBEDTLS_PK_RSA:
      if (mbedtls_rsa_check_pubkey(mbedtls_pk_rsa(key->public_key)) != 0)
        return CMBEDTLS_UNSUITABLE;
      if (mbedtls_pk_get_bitlen(&key->public_key) < 2048) return CMBEDTLS_TOO_SHORT;
      if (mbedtls_pk_get_bitlen(&key->public_key) > 8192) return CMBEDTLS_UNSUITABLE;
      return key->kind = CMBEDTLS_RSA;
    case MBEDTLS_PK_ECKEY:
      switch (mbedtls_pk_ec(key->public_key)->grp.id) {
        case MBEDTLS_ECP_DP_SECP256R1: return key->kind = CMBEDTLS_P256;
        case MBEDTLS_ECP_DP_SECP384R1: return key->kind = CMBEDTLS_P384;
        default: return CMBEDTLS_UNSUITABLE;
      }
    default: return CMBEDTLS_UNSUITABLE;
  }
}

int32_t cmbedtls_key_set_pem(cmbedtls_key *key, const uint8_t *text, size_t count) {
  int32_t failed = mbedtls_pk_parse_public_key(&key->public_key, text, count);
  return failed ? failed : accept(key);
}

int32_t cmbedtls_key_set_rsa(
    cmbedtls_key *key, const uint8_t *n, size_t n_count, const uint8_t *e, size_t e_count) {
  const mbedtls_pk_info_t *rsa = mbedtls_pk_info_from_type(MBEDTLS_PK_RSA);
  int32_t failed = mbedtls_pk_setup(&key->public_key, rsa);
  if (failed) return failed;
  mbedtls_rsa_context *numbers = mbedtls_pk_rsa(key->public_key);
  failed = mbedtls_rsa_import_raw(numbers, n, n_count, NULL, 0, NULL, 0, NULL, 0, e, e_count);
  if (!failed) failed = mbedtls_rsa_complete(numbers);
  return failed ? failed : accept(key);
}

int32_t cmbedtls_key_set_point(
    cmbedtls_key *key, int32_t curve, const uint8_t *x, const uint8_t *y) {
  // SubjectPublicKeyInfo (RFC 5480) up to the point's coordinates: mbedTLS reads it whatever its
  // version, and sees to it that the point is on the curve.
  static const uint8_t p256[] = {
      0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
      0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
  static const uint8_t p384[] = {
      0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02,
      0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04};
  uint8_t info[sizeof p256 + 2 * 48];
  const uint8_t *head = curve == CMBEDTLS_P256 ? p256 : p384;
  size_t head_count = curve == CMBEDTLS_P256 ? sizeof p256 : sizeof p384;
  size_t size = curve == CMBEDTLS_P256 ? 32 : 48;
  memcpy(info, head, head_count);
  memcpy(info + head_count, x, size);
  memcpy(info + head_count + size, y, size);
  return cmbedtls_key_set_pem(key, info, head_count + 2 * size);
}

int32_t cmbedtls_key_bits(const cmbedtls_key *key) {
  if (key->kind == CMBEDTLS_SECRET) return (int32_t)(key->secret_count * 8);
  return (int32_t)mbedtls_pk_get_bitlen(&key->public_key);
}
