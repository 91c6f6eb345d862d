// New certificates: a key of the curve P-256, and what it signs about itself (RFC 5280).
#include "CMbedTLS.h"

#include <mbedtls/ecp.h>
#include <mbedtls/oid.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <string.h>

enum { SERIAL_SIZE = 16 };

static int random_bytes(void *random, unsigned char *bytes, size_t count) {
  return cmbedtls_random_fill(random, bytes, count);
}

// Positive, and as long as it looks: neither the first bit nor all of the first byte is 0 (RFC 5280,
// section 4.1.2.2).
static int set_serial(mbedtls_x509write_cert *draft, cmbedtls_random *random) {
  uint8_t serial[SERIAL_SIZE];
  int failed = random_bytes(random, serial, sizeof serial);
  if (failed) return failed;
  serial[0] = (uint8_t)((serial[0] & 0x7F) | 0x40);
#if MBEDTLS_VERSION_NUMBER >= 0x03040000
  return mbedtls_x509write_crt_set_serial_raw(draft, serial, sizeof serial);
#else
  mbedtls_mpi number;
  mbedtls_mpi_init(&number);
  failed = mbedtls_mpi_read_binary(&number, serial, sizeof serial);
  if (!failed) failed = mbedtls_x509write_crt_set_serial(draft, &number);
  mbedtls_mpi_free(&number);
  return failed;
#endif
}

// Phones take into their list of trusted ones only what says that it is an authority; so this one
// does, and names all that it may vouch for: its own names. Those bounds ought to be critical
// (section 4.2.1.10), but mbedTLS refuses what is critical and unknown to it.
static int set_extensions(
    mbedtls_x509write_cert *draft, const uint8_t *names, size_t names_count,
    const uint8_t *bounds, size_t bounds_count) {
  static const uint8_t server[] = {0x30, 0x0A, 0x06, 0x08, 0x2B, 0x06,
                                   0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
  const char *purposes = MBEDTLS_OID_EXTENDED_KEY_USAGE;
  const char *subjects = MBEDTLS_OID_SUBJECT_ALT_NAME;
  const char *limits = MBEDTLS_OID_NAME_CONSTRAINTS;
  int failed = mbedtls_x509write_crt_set_basic_constraints(draft, 1, 0);
  if (!failed) failed = mbedtls_x509write_crt_set_subject_key_identifier(draft);
  if (!failed)
    failed = mbedtls_x509write_crt_set_key_usage(
        draft, MBEDTLS_X509_KU_DIGITAL_SIGNATURE | MBEDTLS_X509_KU_KEY_CERT_SIGN);
  if (!failed)
    failed = mbedtls_x509write_crt_set_extension(
        draft, purposes, strlen(purposes), 0, server, sizeof server);
  if (!failed)
    failed = mbedtls_x509write_crt_set_extension(
        draft, subjects, strlen(subjects), 0, names, names_count);
  if (!failed)
    failed = mbedtls_x509write_crt_set_extension(
        draft, limits, strlen(limits), 0, bounds, bounds_count);
  return failed;
}

static int make_key(mbedtls_pk_context *key, cmbedtls_random *random) {
  int failed = mbedtls_pk_setup(key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
  if (failed) return failed;
  return mbedtls_ecp_gen_key(
      MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key), random_bytes, random);
}

// Writes the certificate in DER to the end of the buffer and returns its size.
static int sign(
    mbedtls_pk_context *key, cmbedtls_random *random, const cmbedtls_certificate_wish *wish,
    uint8_t *der, size_t capacity) {
  mbedtls_x509write_cert draft;
  mbedtls_x509write_crt_init(&draft);
  mbedtls_x509write_crt_set_version(&draft, MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(&draft, MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(&draft, key);
  mbedtls_x509write_crt_set_issuer_key(&draft, key);
  int result = mbedtls_x509write_crt_set_subject_name(&draft, wish->subject);
  if (!result) result = mbedtls_x509write_crt_set_issuer_name(&draft, wish->subject);
  if (!result) result = mbedtls_x509write_crt_set_validity(&draft, wish->from, wish->until);
  if (!result) result = set_serial(&draft, random);
  if (!result)
    result = set_extensions(
        &draft, wish->names, wish->names_count, wish->bounds, wish->bounds_count);
  if (!result) result = mbedtls_x509write_crt_der(&draft, der, capacity, random_bytes, random);
  mbedtls_x509write_crt_free(&draft);
  return result;
}

int32_t cmbedtls_make_certificate(
    cmbedtls_random *random, const cmbedtls_certificate_wish *wish, uint8_t *key_text,
    uint8_t *text, uint8_t *digest) {
  uint8_t der[CMBEDTLS_CERTIFICATE_CAPACITY / 4 * 3];
  size_t count;
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
  int result = make_key(&key, random);
  if (!result) result = mbedtls_pk_write_key_pem(&key, key_text, CMBEDTLS_KEY_CAPACITY);
  if (!result) result = sign(&key, random, wish, der, sizeof der);
  mbedtls_pk_free(&key);
  if (result > 0) {
    const uint8_t *start = der + sizeof der - result;
    count = (size_t)result;
    result = cmbedtls_sha256(start, count, digest);
    if (!result)
      result = mbedtls_pem_write_buffer(
          "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", start, count, text,
          CMBEDTLS_CERTIFICATE_CAPACITY, &count);
  }
  if (result) mbedtls_platform_zeroize(key_text, CMBEDTLS_KEY_CAPACITY);
  return result;
}
