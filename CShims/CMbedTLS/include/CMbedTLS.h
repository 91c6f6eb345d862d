// mbedTLS 2.28 and 3.x behind one face: hashes, random bytes, and signatures of tokens.
//
// Freestanding, so that Embedded Swift can read it. A negative result is an error number of
// mbedTLS, or one of those that are named here.
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: Hashes.

// Writes 20 bytes. SHA-1 proves here that a WebSocket server answered (RFC 6455, section 1.3),
// and protects nothing.
int32_t cmbedtls_sha1(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull digest);

// Writes 32 bytes.
int32_t cmbedtls_sha256(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull digest);

// Writes 32 bytes (RFC 2104).
int32_t cmbedtls_hmac_sha256(
    const uint8_t *_Nonnull secret, size_t secret_count, const uint8_t *_Nonnull bytes,
    size_t count, uint8_t *_Nonnull code);

// MARK: Random bytes.

// A generator of random bytes (AES-CTR-DRBG, NIST SP 800-90A) that the system's entropy seeds. The
// caller gives memory of the size asked for, 16-byte aligned, and keeps it at one address.
typedef struct cmbedtls_random cmbedtls_random;
size_t cmbedtls_random_size(void);
int32_t cmbedtls_random_init(cmbedtls_random *_Nonnull random);
// `count`: at most 1024 bytes a call.
int32_t cmbedtls_random_fill(
    cmbedtls_random *_Nonnull random, uint8_t *_Nonnull bytes, size_t count);

// MARK: Keys that check signatures.

// Algorithms (RFC 7518, section 3.1).
enum {
  CMBEDTLS_HS256,
  CMBEDTLS_HS384,
  CMBEDTLS_HS512,
  CMBEDTLS_RS256,
  CMBEDTLS_RS384,
  CMBEDTLS_RS512,
  CMBEDTLS_PS256,
  CMBEDTLS_ES256,
  CMBEDTLS_ES384,
};

// Kinds of keys.
enum {
  CMBEDTLS_SECRET = 1,
  CMBEDTLS_RSA,
  CMBEDTLS_P256,
  CMBEDTLS_P384,
};

enum {
  // An RSA key of less than 2048 bits (RFC 7518, section 3.3).
  CMBEDTLS_TOO_SHORT = -0x10001,
  // A key, a curve or a signature that is not for this.
  CMBEDTLS_UNSUITABLE = -0x10002,
};

// The caller gives memory of the size asked for, 16-byte aligned, and keeps it at one address. What
// was initialised has to be freed, which wipes it, also when no key could be set. A key is set
// once; each function that does so returns the key's kind.
typedef struct cmbedtls_key cmbedtls_key;
size_t cmbedtls_key_size(void);
void cmbedtls_key_init(cmbedtls_key *_Nonnull key);
void cmbedtls_key_free(cmbedtls_key *_Nonnull key);

// 1 to 512 bytes.
int32_t cmbedtls_key_set_secret(
    cmbedtls_key *_Nonnull key, const uint8_t *_Nonnull bytes, size_t count);
// One PEM block of a public key, with a zero byte behind it that counts; or DER, without.
int32_t cmbedtls_key_set_pem(
    cmbedtls_key *_Nonnull key, const uint8_t *_Nonnull text, size_t count);
// Big-endian.
int32_t cmbedtls_key_set_rsa(
    cmbedtls_key *_Nonnull key, const uint8_t *_Nonnull n, size_t n_count,
    const uint8_t *_Nonnull e, size_t e_count);
// `curve`: CMBEDTLS_P256 with coordinates of 32 bytes, or CMBEDTLS_P384 with 48.
int32_t cmbedtls_key_set_point(
    cmbedtls_key *_Nonnull key, int32_t curve, const uint8_t *_Nonnull x,
    const uint8_t *_Nonnull y);

int32_t cmbedtls_key_bits(const cmbedtls_key *_Nonnull key);

// Returns 0 when the key made the signature of the bytes, in JOSE's form.
int32_t cmbedtls_key_verify(
    cmbedtls_key *_Nonnull key, int32_t algorithm, const uint8_t *_Nonnull bytes, size_t count,
    const uint8_t *_Nonnull signature, size_t signature_count);

// MARK: New certificates.

enum {
  // Bytes of a private key as PEM, with a zero byte behind it.
  CMBEDTLS_KEY_CAPACITY = 512,
  // Bytes of a public key of P-256 as SubjectPublicKeyInfo (RFC 5480).
  CMBEDTLS_PUBLIC_KEY_SIZE = 91,
  // Bytes of a signature in DER; P-256 needs 72 at most, mbedTLS wants room for any curve.
  CMBEDTLS_SIGNATURE_CAPACITY = 160,
};

// Makes a key of the curve P-256.
int32_t cmbedtls_make_key(
    cmbedtls_random *_Nonnull random, uint8_t *_Nonnull text, uint8_t *_Nonnull public_key);

// Signs bytes (ECDSA with SHA-256) with a key of P-256 in PEM, which ends with a zero byte that
// counts, and returns the size of the signature.
int32_t cmbedtls_sign(
    cmbedtls_random *_Nonnull random, const uint8_t *_Nonnull text, size_t text_count,
    const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull signature);

// Writes a certificate as PEM with a zero byte behind it.
int32_t cmbedtls_write_certificate(
    const uint8_t *_Nonnull der, size_t count, uint8_t *_Nonnull text, size_t capacity);
