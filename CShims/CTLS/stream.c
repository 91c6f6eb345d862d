// Bytes of a session whose handshake is over, and the sockets below all of them.
#include "tls.h"

#include <errno.h>
#include <mbedtls/net_sockets.h>
#include <string.h>
#include <sys/socket.h>

// MARK: The socket.

// No signal interrupts what does not block (signal(7)); if one did, the loop would come back to it.
static int would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static int64_t receive(int fd, void *bytes, size_t count) {
  ssize_t received = recv(fd, bytes, count, MSG_DONTWAIT);
  if (received >= 0) return received;
  return would_block(errno) ? CTLS_AGAIN : CTLS_FAILED;
}

int ctls_push(void *context, const unsigned char *bytes, size_t count) {
  const ctls_session *session = context;
  ssize_t sent = send(session->fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return (int)sent;
  return would_block(errno) ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_NET_CONN_RESET;
}

// mbedTLS asks for a record's header, then for the rest of it. A handshake reads the socket no
// further than that; what follows it comes through the stage, many records at once.
int ctls_pull(void *context, unsigned char *bytes, size_t count) {
  ctls_session *session = context;
  ctls *tls = session->tls;
  if (session->is_over) {
    size_t given = tls->staged - tls->taken;
    if (given == 0) return MBEDTLS_ERR_SSL_WANT_READ;
    if (given > count) given = count;
    memcpy(bytes, tls->stage + tls->taken, given);
    tls->taken += given;
    return (int)given;
  }
  int64_t received = receive(session->fd, bytes, count);
  if (received == CTLS_AGAIN) return MBEDTLS_ERR_SSL_WANT_READ;
  if (received < 0) return MBEDTLS_ERR_NET_CONN_RESET;
  ctls_hello_read(&session->hello, bytes, (size_t)received);
  ctls_order_suites(tls, session->hello.prefers_chacha);
  return (int)received;
}

// MARK: Receiving.

// Follows the records' headers: where the bytes leave the stream.
static void track(ctls_session *session, const uint8_t *bytes, size_t count) {
  while (count > 0) {
    if (session->lacks > 0) {
      size_t passed = session->lacks < count ? session->lacks : count;
      session->lacks -= (uint32_t)passed;
      bytes += passed;
      count -= passed;
      continue;
    }
    session->header[session->header_count++] = *bytes++;
    count--;
    if (session->header_count < RECORD_HEADER) continue;
    session->header_count = 0;
    session->lacks = (uint32_t)session->header[3] << 8 | session->header[4];
  }
}

// Takes what is decrypted, or can be, as far as there is room.
static int64_t read_decrypted(ctls_session *session, uint8_t *bytes, size_t capacity) {
  size_t count = 0;
  while (count < capacity) {
    int result = mbedtls_ssl_read(&session->ssl, bytes + count, capacity - count);
    if (result > 0) {
      count += (size_t)result;
      continue;
    }
    if (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) break;
    // The connection's end may lack the alert: a message says itself how long it is.
    session->verdict = result == 0 || result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : CTLS_FAILED;
    session->has_verdict = 1;
    break;
  }
  return (int64_t)count;
}

int64_t ctls_session_receive(ctls_session *session, void *bytes, size_t capacity) {
  ctls *tls = session->tls;
  if (mbedtls_ssl_get_bytes_avail(&session->ssl) > 0) {
    // Of one record, which is whole: nothing more is asked for.
    size_t left = mbedtls_ssl_get_bytes_avail(&session->ssl);
    return read_decrypted(session, bytes, left < capacity ? left : capacity);
  }
  if (session->has_verdict) return session->verdict;
  // What comes out is less than what comes in, but for a record that was begun before: its end is
  // received alone. So nothing is left in the stage.
  size_t wanted = capacity < sizeof tls->stage ? capacity : sizeof tls->stage;
  if (session->lacks > 0 && session->lacks < wanted) wanted = session->lacks;
  int64_t received = receive(session->fd, tls->stage, wanted);
  if (received <= 0) return received;
  track(session, tls->stage, (size_t)received);
  tls->staged = (size_t)received;
  tls->taken = 0;
  int64_t count = read_decrypted(session, bytes, capacity);
  if (tls->taken != tls->staged && !session->has_verdict) {
    session->verdict = CTLS_FAILED;
    session->has_verdict = 1;
  }
  tls->staged = tls->taken = 0;
  if (count > 0) return count;
  return session->has_verdict ? session->verdict : CTLS_AGAIN;
}

int32_t ctls_session_has_more(const ctls_session *session) {
  return mbedtls_ssl_get_bytes_avail(&session->ssl) > 0 || session->has_verdict;
}

// MARK: Sending.

int32_t ctls_session_has_unsent(const ctls_session *session) {
  return session->ssl.out_left > 0 || (session->is_finishing && !session->is_finished);
}

static int32_t fail(ctls_session *session) {
  session->verdict = CTLS_FAILED;
  session->has_verdict = 1;
  return CTLS_FAILED;
}

// With a record waiting, writing means to send that and nothing else.
static int32_t send_waiting(ctls_session *session) {
  while (session->ssl.out_left > 0) {
    int result = mbedtls_ssl_write(&session->ssl, session->tls->stage, 1);
    if (result == MBEDTLS_ERR_SSL_WANT_WRITE || result == MBEDTLS_ERR_SSL_WANT_READ)
      return CTLS_AGAIN;
    if (result < 0) return fail(session);
  }
  return 0;
}

int32_t ctls_session_flush(ctls_session *session) {
  // What waits of a handshake is the handshake's to send.
  int32_t result = session->is_over ? send_waiting(session) : 0;
  if (result != 0 || !session->is_finishing || session->is_finished) return result;
  if (session->is_over && !session->has_parted) {
    session->has_parted = 1;
    // The alert may have to wait as a record does.
    if (mbedtls_ssl_close_notify(&session->ssl) == MBEDTLS_ERR_SSL_WANT_WRITE) return CTLS_AGAIN;
  }
  session->is_finished = 1;
  shutdown(session->fd, SHUT_WR);
  return 0;
}

int32_t ctls_session_finish(ctls_session *session) {
  session->is_finishing = 1;
  return ctls_session_flush(session);
}

// Copies what comes next of the parts into the stage.
static size_t gather(
    ctls *tls, const ctls_part *parts, int32_t count, int32_t *part, size_t *offset,
    size_t capacity) {
  size_t filled = 0;
  while (*part < count && filled < capacity) {
    size_t left = parts[*part].length - *offset;
    size_t copied = left < capacity - filled ? left : capacity - filled;
    memcpy(tls->stage + filled, (const uint8_t *)parts[*part].start + *offset, copied);
    filled += copied;
    *offset += copied;
    if (*offset == parts[*part].length) ++*part, *offset = 0;
  }
  return filled;
}

int64_t ctls_session_send(ctls_session *session, const ctls_part *parts, int32_t count) {
  int32_t waiting = send_waiting(session);
  if (waiting != 0) return waiting;
  int maximum = mbedtls_ssl_get_max_out_record_payload(&session->ssl);
  if (maximum <= 0) return fail(session);
  size_t size = maximum < WRITE_MAX ? (size_t)maximum : WRITE_MAX, offset = 0;
  int32_t part = 0;
  int64_t sent = 0;
  for (;;) {
    size_t filled = gather(session->tls, parts, count, &part, &offset, size);
    if (filled == 0) return sent;
    int result = mbedtls_ssl_write(&session->ssl, session->tls->stage, filled);
    if (result < 0 && session->ssl.out_left == 0) return sent > 0 ? sent : fail(session);
    if (result < 0 && result != MBEDTLS_ERR_SSL_WANT_WRITE) return fail(session);
    sent += (int64_t)filled;
    // It is encrypted and cannot be taken back: the rest of it goes when there is room.
    if (result == MBEDTLS_ERR_SSL_WANT_WRITE) return sent;
  }
}
