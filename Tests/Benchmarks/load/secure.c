// Bytes over TLS, by OpenSSL. The server's certificate is not looked at: nothing here is secret.
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "load.h"

const char *const io_name = "TLS";
static SSL_CTX *context;

void io_prepare(void) {
  context = SSL_CTX_new(TLS_client_method());
  if (context == NULL) die("OpenSSL does not start");
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
  SSL_CTX_set_mode(context,
      SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
          | SSL_MODE_RELEASE_BUFFERS);
  // Every handshake is a full one.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static long result(SSL *session, int count) {
  if (count > 0) return count;
  int reason = SSL_get_error(session, count);
  ERR_clear_error();
  return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? IO_AGAIN : IO_GONE;
}

int io_open(struct client *client) {
  if (client->secure == NULL) {
    client->secure = SSL_new(context);
    if (client->secure == NULL) die("OpenSSL has no memory");
    SSL_set_fd(client->secure, client->fd);
  }
  long done = result(client->secure, SSL_connect(client->secure));
  return done > 0 ? 1 : done == IO_AGAIN ? 0 : IO_GONE;
}

// What one record brings is often less than there is room for, and the next may lie in OpenSSL
// where epoll does not see it.
long io_read(struct client *client, void *bytes, size_t size) {
  size_t filled = 0;
  while (filled < size) {
    int count = SSL_read(client->secure, (uint8_t *)bytes + filled, (int)(size - filled));
    if (count > 0) {
      filled += (size_t)count;
      continue;
    }
    long why = result(client->secure, count);
    return filled > 0 ? (long)filled : why;
  }
  return (long)filled;
}

long io_write(struct client *client, const void *bytes, size_t size) {
  return result(client->secure, SSL_write(client->secure, bytes, (int)size));
}

void io_close(struct client *client) {
  if (client->secure == NULL) return;
  SSL_shutdown(client->secure);
  SSL_free(client->secure);
  client->secure = NULL;
}
