#include "CMbedTLS.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>

struct cmbedtls_random {
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context generator;
};

size_t cmbedtls_random_size(void) { return sizeof(struct cmbedtls_random); }

int32_t cmbedtls_random_init(cmbedtls_random *random) {
  static const unsigned char purpose[] = "martlet";
  mbedtls_entropy_init(&random->entropy);
  mbedtls_ctr_drbg_init(&random->generator);
  return mbedtls_ctr_drbg_seed(
      &random->generator, mbedtls_entropy_func, &random->entropy, purpose, sizeof purpose);
}

int32_t cmbedtls_random_fill(cmbedtls_random *random, uint8_t *bytes, size_t count) {
  return mbedtls_ctr_drbg_random(&random->generator, bytes, count);
}
