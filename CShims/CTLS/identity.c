// The server's certificate and key, and the authorities of clients.
#include "tls.h"

#include <mbedtls/ecp.h>
#include <mbedtls/pem.h>
#include <stdlib.h>
#include <string.h>

#if MBEDTLS_VERSION_MAJOR >= 3

// What blinds the numbers of a private key.
typedef struct {
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context generator;
} blinding;

static int begin(blinding *random) {
  mbedtls_entropy_init(&random->entropy);
  mbedtls_ctr_drbg_init(&random->generator);
  return mbedtls_ctr_drbg_seed(
      &random->generator, mbedtls_entropy_func, &random->entropy, NULL, 0);
}

static void end(blinding *random) {
  mbedtls_ctr_drbg_free(&random->generator);
  mbedtls_entropy_free(&random->entropy);
}

static int read_key(mbedtls_pk_context *key, const uint8_t *text, size_t count) {
  blinding random;
  int failed = begin(&random);
  if (!failed)
    failed = mbedtls_pk_parse_key(
        key, text, count, NULL, 0, mbedtls_ctr_drbg_random, &random.generator);
  end(&random);
  return failed;
}

static int check_pair(const mbedtls_pk_context *public_key, mbedtls_pk_context *key) {
  blinding random;
  int failed = begin(&random);
  if (!failed)
    failed = mbedtls_pk_check_pair(public_key, key, mbedtls_ctr_drbg_random, &random.generator);
  end(&random);
  return failed;
}

#else

static int read_key(mbedtls_pk_context *key, const uint8_t *text, size_t count) {
  return mbedtls_pk_parse_key(key, text, count, NULL, 0);
}

static int check_pair(const mbedtls_pk_context *public_key, mbedtls_pk_context *key) {
  return mbedtls_pk_check_pair(public_key, key);
}

#endif

static int32_t check_key(mbedtls_pk_context *key) {
  size_t bits = mbedtls_pk_get_bitlen(key);
  switch (mbedtls_pk_get_type(key)) {
    case MBEDTLS_PK_RSA:
      if (bits < 2048) return CTLS_SHORT_KEY;
      return bits > 8192 ? CTLS_UNSUITABLE_KEY : 0;
    case MBEDTLS_PK_ECKEY:
      switch (mbedtls_pk_ec(*key)->grp.id) {
        case MBEDTLS_ECP_DP_SECP256R1:
        case MBEDTLS_ECP_DP_SECP384R1: return 0;
        default: return CTLS_UNSUITABLE_KEY;
      }
    default: return CTLS_UNSUITABLE_KEY;
  }
}

// Bytes of the message that shows a chain (RFC 8446, section 4.4.2), which has to fit one record.
static size_t extent(const mbedtls_x509_crt *chain) {
  size_t count = 4 + 1 + 3;
  for (; chain; chain = chain->next) count += 3 + chain->raw.len + 2;
  return count;
}

// A kind of key or signature that mbedTLS does not know, as that of Ed25519. An error is a sum of
// several, as far as they fit into it.
static int is_unknown_kind(int error) {
  const int format = MBEDTLS_ERR_PK_KEY_INVALID_FORMAT;
  int what = -(-error & ~0x7F);
  return what == MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG || what == MBEDTLS_ERR_PK_UNKNOWN_PK_ALG ||
         what == MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE ||
         what == format + MBEDTLS_ERR_PK_UNKNOWN_PK_ALG ||
         what == format + MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE;
}

// Every certificate of a text. One that is cut off, as in a file that is just being written, fails:
// mbedTLS's own way through a list would end at it without a word.
static int32_t read_list(mbedtls_x509_crt *list, const uint8_t *text, int32_t otherwise) {
  static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
  const char *next = strstr((const char *)text, begin);
  if (!next) return otherwise;
  for (; next; next = strstr(next, begin)) {
    mbedtls_pem_context block;
    size_t length = 0;
    mbedtls_pem_init(&block);
    int failed =
        mbedtls_pem_read_buffer(&block, begin, end, (const uint8_t *)next, NULL, 0, &length);
    if (!failed) failed = mbedtls_x509_crt_parse_der(list, block.buf, block.buflen);
    mbedtls_pem_free(&block);
    if (is_unknown_kind(failed)) return CTLS_UNSUITABLE_CERTIFICATE;
    if (failed) return ctls_fault(failed, otherwise);
    next += length;
  }
  return 0;
}

static int holds(const uint8_t *text, const char *label) {
  return strstr((const char *)text, label) != NULL;
}

static int32_t check_pairs(ctls_identity *identity) {
  int failed = check_pair(&identity->certificates.pk, &identity->key);
  if (!failed) return 0;
  for (mbedtls_x509_crt *other = identity->certificates.next; other; other = other->next)
    if (check_pair(&other->pk, &identity->key) == 0) return CTLS_DISORDER;
  return ctls_fault(failed, CTLS_FOREIGN_KEY);
}

static int32_t fill(
    ctls_identity *identity, const uint8_t *certificates, const uint8_t *key, size_t key_count,
    const uint8_t *authorities) {
  static const char a_key[] = " PRIVATE KEY-----", a_certificate[] = "BEGIN CERTIFICATE-----";
  if (!holds(certificates, a_certificate) && holds(certificates, a_key)) return CTLS_KEY_ALONE;
  int32_t fault = read_list(&identity->certificates, certificates, CTLS_NO_CERTIFICATE);
  if (fault) return fault;
  if (extent(&identity->certificates) > MBEDTLS_SSL_OUT_CONTENT_LEN) return CTLS_LONG_CHAIN;
  int failed = read_key(&identity->key, key, key_count);
  if (failed == MBEDTLS_ERR_PK_PASSWORD_REQUIRED) return CTLS_LOCKED_KEY;
  if (failed && holds(key, a_certificate) && !holds(key, a_key)) return CTLS_CERTIFICATE_ALONE;
  if (is_unknown_kind(failed)) return CTLS_UNSUITABLE_KEY;
  if (failed) return ctls_fault(failed, CTLS_NO_KEY);
  fault = check_key(&identity->key);
  if (!fault) fault = check_pairs(identity);
  if (fault) return fault;
  if (!authorities) return 0;
  identity->has_authorities = 1;
  return read_list(&identity->authorities, authorities, CTLS_NO_AUTHORITY);
}

int32_t ctls_identity_read(
    ctls_identity **result, const void *certificates, const void *key, size_t key_count,
    const void *authorities, int32_t is_required) {
  *result = NULL;
  ctls_identity *identity = calloc(1, sizeof *identity);
  if (!identity) return CTLS_NO_MEMORY;
  identity->uses = 1;
  identity->is_required = is_required;
  mbedtls_x509_crt_init(&identity->certificates);
  mbedtls_x509_crt_init(&identity->authorities);
  mbedtls_pk_init(&identity->key);
  // It outlives the sessions that the pool is for.
  ctls_pool_rest(1);
  int32_t fault = fill(identity, certificates, key, key_count, authorities);
  ctls_pool_rest(0);
  if (fault) {
    ctls_identity_release(identity);
    return fault;
  }
  *result = identity;
  return 0;
}

void ctls_identity_release(ctls_identity *identity) {
  if (--identity->uses > 0) return;
  mbedtls_pk_free(&identity->key);
  mbedtls_x509_crt_free(&identity->certificates);
  mbedtls_x509_crt_free(&identity->authorities);
  free(identity);
}

// Days since 1970 of a day of the Gregorian calendar, whose years begin in March here.
static int64_t seconds(const mbedtls_x509_time *time) {
  int64_t year = time->mon > 2 ? time->year : time->year - 1;
  int64_t month = (time->mon + 9) % 12;
  int64_t day = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 +
                time->day - 1 - 719468;
  return day * 86400 + time->hour * 3600 + time->min * 60 + time->sec;
}

int64_t ctls_identity_begins(const ctls_identity *identity) {
  return seconds(&identity->certificates.valid_from);
}

int64_t ctls_identity_ends(const ctls_identity *identity) {
  return seconds(&identity->certificates.valid_to);
}

int32_t ctls_identity_subject(const ctls_identity *identity, uint8_t *text, size_t capacity) {
  int count = mbedtls_x509_dn_gets((char *)text, capacity, &identity->certificates.subject);
  return count < 0 ? 0 : count;
}
