// What is the same for all sessions: random bytes, tickets, and who judges certificates.
#include "tls.h"

#include <string.h>

#if MBEDTLS_VERSION_MAJOR >= 3
#include <psa/crypto.h>
#endif

size_t ctls_size(void) { return sizeof(struct ctls); }

static int write_ticket(
    void *tls, const mbedtls_ssl_session *session, unsigned char *start, const unsigned char *end,
    size_t *length, uint32_t *lifetime) {
  ctls *own = tls;
  int failed = mbedtls_ssl_ticket_write(&own->tickets, session, start, end, length, lifetime);
  // Who is judged by authorities that count no longer gets one that nobody can read.
  if (!failed && own->is_outdated && *length > 0) start[*length - 1] ^= 1;
  return failed;
}

static int read_ticket(
    void *context, mbedtls_ssl_session *session, unsigned char *bytes, size_t count) {
  ctls *tls = context;
  int failed = mbedtls_ssl_ticket_parse(&tls->tickets, session, bytes, count);
  if (!failed) tls->resumed++;
  return failed;
}

// Without a clock nobody can say on which days a client's certificate is good. One that is shown
// has to be good also where none is required, which mbedTLS would let pass.
static int judge(void *context, mbedtls_x509_crt *certificate, int depth, uint32_t *flags) {
  (void)certificate, (void)depth;
  const ctls *tls = context;
  if (!tls->clock_is_known)
    *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
  return *flags != 0 && !tls->is_required ? MBEDTLS_ERR_X509_FATAL_ERROR : 0;
}

static int32_t set_up_tickets(ctls *tls) {
  mbedtls_ssl_ticket_init(&tls->tickets);
  int failed = mbedtls_ssl_ticket_setup(
      &tls->tickets, mbedtls_ctr_drbg_random, &tls->generator, MBEDTLS_CIPHER_AES_256_GCM,
      tls->ticket_seconds);
  return failed ? ctls_fault(failed, CTLS_FAILED) : 0;
}

int32_t ctls_init(ctls *tls, uint32_t ticket_seconds) {
  static const unsigned char purpose[] = "martlet TLS";
  memset(tls, 0, sizeof *tls);
  tls->ticket_seconds = ticket_seconds;
  mbedtls_entropy_init(&tls->entropy);
  mbedtls_ctr_drbg_init(&tls->generator);
  mbedtls_ssl_config_init(&tls->config);
#if MBEDTLS_VERSION_MAJOR >= 3
  if (psa_crypto_init() != PSA_SUCCESS) return CTLS_FAILED;
#endif
  int32_t failed = mbedtls_ctr_drbg_seed(
      &tls->generator, mbedtls_entropy_func, &tls->entropy, purpose, sizeof purpose);
  if (!failed) failed = ctls_apply_policy(tls);
  if (failed) return ctls_fault(failed, CTLS_FAILED);
  mbedtls_ssl_conf_rng(&tls->config, mbedtls_ctr_drbg_random, &tls->generator);
  mbedtls_ssl_conf_verify(&tls->config, judge, tls);
  // A server gives tickets by these callbacks only.
  if (ticket_seconds == 0) return 0;
  mbedtls_ssl_conf_session_tickets_cb(&tls->config, write_ticket, read_ticket, tls);
#if MBEDTLS_VERSION_MAJOR >= 3 && defined(MBEDTLS_SSL_PROTO_TLS1_3)
  mbedtls_ssl_conf_new_session_tickets(&tls->config, 1);
#endif
  return set_up_tickets(tls);
}

int32_t ctls_forget_tickets(ctls *tls) {
  tls->generation++;
  if (tls->ticket_seconds == 0) return 0;
  mbedtls_ssl_ticket_free(&tls->tickets);
  return set_up_tickets(tls);
}

void ctls_set_clock(ctls *tls, int32_t is_known) { tls->clock_is_known = is_known; }
uint64_t ctls_resumed(const ctls *tls) { return tls->resumed; }
