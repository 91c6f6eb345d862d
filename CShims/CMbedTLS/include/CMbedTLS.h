// mbedTLS 2.28 and 3.x behind one face: SHA-1 for the opening handshake, and random bytes.
//
// Freestanding, so that Embedded Swift can read it. A negative result is an error number of
// mbedTLS.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Writes 20 bytes. SHA-1 proves here that a WebSocket server answered (RFC 6455, section 1.3),
// and protects nothing.
int32_t cmbedtls_sha1(const uint8_t *_Nonnull bytes, size_t count, uint8_t *_Nonnull digest);

// A generator of random bytes (AES-CTR-DRBG, NIST SP 800-90A) that the system's entropy seeds. The
// caller gives memory of the size asked for, 16-byte aligned, and keeps it at one address.
typedef struct cmbedtls_random cmbedtls_random;
size_t cmbedtls_random_size(void);
int32_t cmbedtls_random_init(cmbedtls_random *_Nonnull random);
// `count`: at most 1024 bytes a call.
int32_t cmbedtls_random_fill(
    cmbedtls_random *_Nonnull random, uint8_t *_Nonnull bytes, size_t count);
