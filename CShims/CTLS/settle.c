#include "tls.h"

#if defined(MARTLET_OWN_MBEDTLS) && MBEDTLS_VERSION_MAJOR >= 3

// A function inside the library, by which it ends handshakes of TLS 1.2 itself: from there on its
// code expects that a session has no handshake any more.
void mbedtls_ssl_handshake_wrapup_free_hs_transform(mbedtls_ssl_context *ssl);

void ctls_settle(ctls_session *session) {
  if (mbedtls_ssl_get_version_number(&session->ssl) == MBEDTLS_SSL_VERSION_TLS1_3)
    mbedtls_ssl_handshake_wrapup_free_hs_transform(&session->ssl);
}

#else

void ctls_settle(ctls_session *session) { (void)session; }

#endif
