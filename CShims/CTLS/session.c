// A session from its handshake to its end; its memory serves one connection after the other.
#include "tls.h"
#include "pool.h"

#include <mbedtls/net_sockets.h>
#include <string.h>
#include <sys/socket.h>

size_t ctls_session_size(void) { return sizeof(struct ctls_session); }

size_t ctls_session_extent(void) {
#if CTLS_POOL_IS_POSSIBLE
  return INCOMING + OUTGOING + SESSION;
#else
  // Both buffers with what surrounds a record, keys, what was agreed, and a next handshake.
  return MBEDTLS_SSL_IN_CONTENT_LEN + MBEDTLS_SSL_OUT_CONTENT_LEN + 2 * 512 + 6 * 1024;
#endif
}

size_t ctls_handshake_extent(void) { return HANDSHAKE; }

int32_t ctls_session_init(ctls *tls, ctls_session *session) {
  memset(session, 0, sizeof *session);
  session->tls = tls;
  mbedtls_ssl_init(&session->ssl);
  if (mbedtls_ssl_setup(&session->ssl, &tls->config) != 0) return CTLS_NO_MEMORY;
  mbedtls_ssl_set_bio(&session->ssl, session, ctls_push, ctls_pull, NULL);
  session->is_ready = 1;
  return 0;
}

static void release_identity(ctls_session *session) {
  if (session->identity) ctls_identity_release(session->identity);
  session->identity = NULL;
}

static int offer(ctls_session *session, ctls_identity *identity) {
  int failed =
      mbedtls_ssl_set_hs_own_cert(&session->ssl, &identity->certificates, &identity->key);
  if (failed) return failed;
  int mode = MBEDTLS_SSL_VERIFY_NONE;
  if (identity->has_authorities) {
    mode = identity->is_required ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_OPTIONAL;
    mbedtls_ssl_set_hs_ca_chain(&session->ssl, &identity->authorities, NULL);
  }
  mbedtls_ssl_set_hs_authmode(&session->ssl, mode);
  return 0;
}

int32_t ctls_session_begin(ctls_session *session, ctls_identity *identity, int32_t fd) {
  if (!session->is_ready && ctls_session_end(session) != 0) return CTLS_NO_MEMORY;
  // Also when this fails there is something to end.
  session->is_ready = 0;
  session->fd = fd;
  session->identity = identity;
  session->generation = session->tls->generation;
  identity->uses++;
  ctls_hello_begin(&session->hello);
  return offer(session, identity) == 0 ? 0 : CTLS_NO_MEMORY;
}

int32_t ctls_session_end(ctls_session *session) {
  int failed = mbedtls_ssl_session_reset(&session->ssl);
  // Behind the reset: the handshake that it frees names the key.
  release_identity(session);
  session->fd = -1;
  session->header_count = 0;
  session->lacks = 0;
  session->is_over = session->is_finishing = session->has_parted = session->is_finished = 0;
  session->has_verdict = 0;
  session->is_ready = failed == 0;
  return failed ? CTLS_NO_MEMORY : 0;
}

// The numbers of what both versions know under other names.
#if MBEDTLS_VERSION_MAJOR >= 3
enum {
  NOTHING_SHARED = MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE,
  BAD_VERSION = MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION,
  BAD_CERTIFICATE = MBEDTLS_ERR_SSL_BAD_CERTIFICATE,
  BAD_HELLO = MBEDTLS_ERR_SSL_DECODE_ERROR,
};
#else
enum {
  NOTHING_SHARED = MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN,
  BAD_VERSION = MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION,
  BAD_CERTIFICATE = MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE,
  BAD_HELLO = MBEDTLS_ERR_SSL_BAD_HS_CLIENT_HELLO,
};
#endif

static int32_t reason(int error) {
  switch (error) {
    case MBEDTLS_ERR_SSL_CONN_EOF:
    case MBEDTLS_ERR_NET_CONN_RESET:
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY: return CTLS_PEER_LEFT;
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE: return CTLS_PEER_REFUSED;
    case NOTHING_SHARED:
    case BAD_VERSION: return CTLS_NOTHING_SHARED;
    case BAD_CERTIFICATE:
    case MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE:
    case MBEDTLS_ERR_X509_FATAL_ERROR:
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED: return CTLS_PEER_UNKNOWN;
    case BAD_HELLO:
    case MBEDTLS_ERR_SSL_INVALID_RECORD:
    case MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE: return CTLS_NOT_TLS;
    default: return CTLS_FAILED;
  }
}

// The handshake is over: what it was offered is needed no longer.
static int established(ctls_session *session) {
  const uint32_t passed = MBEDTLS_X509_BADCERT_MISSING | MBEDTLS_X509_BADCERT_SKIP_VERIFY;
  int has_authorities = session->identity->has_authorities;
  ctls_settle(session);
  release_identity(session);
  if (has_authorities && (mbedtls_ssl_get_verify_result(&session->ssl) & ~passed) != 0)
    return BAD_CERTIFICATE;
  session->is_over = 1;
  return 0;
}

// The alert that says why is on its way: what came and is unread would have the system take it back
// when the socket is closed.
static void part(ctls_session *session) {
  enum { TRIES = 4 };
  shutdown(session->fd, SHUT_WR);
  for (int try = 0; try < TRIES; try++)
    if (recv(session->fd, session->tls->stage, RECORD_MAX, MSG_DONTWAIT) <= 0) return;
}

static int32_t fail(ctls_session *session, int error) {
  // mbedTLS says the others itself.
  if (error == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE)
    mbedtls_ssl_send_alert_message(
        &session->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
  if (error == BAD_CERTIFICATE)
    mbedtls_ssl_send_alert_message(
        &session->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, MBEDTLS_SSL_ALERT_MSG_BAD_CERT);
  part(session);
  return reason(error);
}

int32_t ctls_session_shake(ctls_session *session) {
  mbedtls_ssl_context *ssl = &session->ssl;
  int before = ssl->state, result = 0;
  session->tls->is_required = session->identity->is_required;
  session->tls->is_outdated = session->generation != session->tls->generation;
  ctls_order_suites(session->tls, session->hello.prefers_chacha);
  while (ssl->state != MBEDTLS_SSL_HANDSHAKE_OVER && result == 0)
    result = mbedtls_ssl_handshake_step(ssl);
  int32_t state = 0;
  if (ssl->state != before && ssl->state > MBEDTLS_SSL_CLIENT_HELLO) state |= CTLS_HAS_WORKED;
  if (ssl->state > MBEDTLS_SSL_CLIENT_HELLO) state |= CTLS_HAS_BEGUN;
  switch (result) {
    case 0: {
      int fault = established(session);
      return fault ? fail(session, fault) : state | CTLS_DONE;
    }
    case MBEDTLS_ERR_SSL_WANT_READ: return state | CTLS_READS;
    case MBEDTLS_ERR_SSL_WANT_WRITE: return state | CTLS_WRITES;
    default: return fail(session, result);
  }
}
