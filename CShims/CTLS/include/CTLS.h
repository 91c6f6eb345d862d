// TLS of mbedTLS 2.28 and 3.x behind one face: certificates, and sessions over sockets.
//
// Freestanding, so that Embedded Swift can read it. All runs on one thread. What it takes at start
// is all it takes, save for what a handshake needs while it lasts.
#pragma once
#include <stddef.h>
#include <stdint.h>

// MARK: What is the same for all sessions.

// Which suites, curves and versions: policy.c. The caller gives memory of the size asked for,
// 16-byte aligned, and keeps it at one address.
typedef struct ctls ctls;
size_t ctls_size(void);
// `ticket_seconds`: how long a session may be resumed; 0 for no tickets. CTLS_NO_MEMORY,
// CTLS_NO_RANDOM or another negative number when it cannot begin.
int32_t ctls_init(ctls *_Nonnull tls, uint32_t ticket_seconds);
// Makes the tickets that were given worth nothing.
int32_t ctls_forget_tickets(ctls *_Nonnull tls);
// Whether the clock is right: else the days of a client's certificate do not count.
void ctls_set_clock(ctls *_Nonnull tls, int32_t is_known);
// Sessions that were resumed.
uint64_t ctls_resumed(const ctls *_Nonnull tls);

// MARK: The server's certificate.

// A certificate with its chain and key, and whom clients' certificates have to come from. A
// handshake keeps the one that it began with: that goes when the last of them is over.
typedef struct ctls_identity ctls_identity;

enum {
  CTLS_NO_CERTIFICATE = -1,   // no certificate can be read
  CTLS_NO_KEY = -2,           // no private key can be read
  CTLS_LOCKED_KEY = -3,       // the key needs a password
  CTLS_SHORT_KEY = -4,        // RSA of less than 2048 bits
  CTLS_UNSUITABLE_KEY = -5,   // neither RSA nor P-256 nor P-384
  CTLS_FOREIGN_KEY = -6,      // another certificate's
  CTLS_NO_AUTHORITY = -7,     // no certificate of an authority can be read
  CTLS_NO_MEMORY = -8,
  CTLS_LONG_CHAIN = -9,       // more than this library sends at once
  CTLS_NO_RANDOM = -10,       // the system gives no random bytes
  // Of the text of certificates: a key stands there; of a kind that nobody can be shown here.
  CTLS_KEY_ALONE = -11,
  CTLS_UNSUITABLE_CERTIFICATE = -12,
  CTLS_CERTIFICATE_ALONE = -13,  // where the key should stand
  CTLS_DISORDER = -14,           // the key is that of a certificate behind the first one
};

// Each text is PEM and ends with a zero byte, which counts. Without `authorities` no client is
// asked for a certificate. `is_required`: who has none is refused, too.
int32_t ctls_identity_read(
    ctls_identity *_Nullable *_Nonnull identity, const void *_Nonnull certificates,
    const void *_Nonnull key, size_t key_count, const void *_Nullable authorities,
    int32_t is_required);
void ctls_identity_release(ctls_identity *_Nonnull identity);
// Unix seconds: the first and the last moment in which it is good.
int64_t ctls_identity_begins(const ctls_identity *_Nonnull identity);
int64_t ctls_identity_ends(const ctls_identity *_Nonnull identity);
// Writes whom it is for, and returns how many bytes that takes.
int32_t ctls_identity_subject(
    const ctls_identity *_Nonnull identity, uint8_t *_Nonnull text, size_t capacity);

// MARK: Sessions.

// As above: memory of the size asked for, 16-byte aligned, at one address. The buffers of a session
// are taken when it is initialised, and serve one connection after the other.
typedef struct ctls_session ctls_session;
size_t ctls_session_size(void);
// Bytes that mbedTLS takes for a session beside that, at most: buffers, keys, what was agreed.
size_t ctls_session_extent(void);
// Bytes that a handshake takes while it lasts, at most.
size_t ctls_handshake_extent(void);
int32_t ctls_session_init(ctls *_Nonnull tls, ctls_session *_Nonnull session);

// A connection that was accepted: the next step is its handshake.
int32_t ctls_session_begin(
    ctls_session *_Nonnull session, ctls_identity *_Nonnull identity, int32_t fd);
// The connection is over, or given up; what it knew is wiped. False, below 0, when no further one
// can be begun.
int32_t ctls_session_end(ctls_session *_Nonnull session);

enum {
  // How a handshake goes on.
  CTLS_DONE = 0,
  CTLS_READS = 1,
  CTLS_WRITES = 2,
  // Added to these: the hello was read, so that a flight was answered.
  CTLS_HAS_WORKED = 4,
  CTLS_HAS_BEGUN = 8,
};

enum {
  // Nothing goes now.
  CTLS_AGAIN = -1,
  CTLS_FAILED = -2,
  // Why a handshake failed.
  CTLS_PEER_LEFT = -3,         // the connection ended
  CTLS_NOT_TLS = -4,           // what came is no handshake
  CTLS_NOTHING_SHARED = -5,    // no version, suite or curve that both take
  CTLS_PEER_REFUSED = -6,      // an alert: it does not know the certificate, for one
  CTLS_PEER_UNKNOWN = -7,      // the client's certificate is missing or not good
};

// Goes on as far as bytes have come and can go.
int32_t ctls_session_shake(ctls_session *_Nonnull session);

// One system call at most. Returns the number of bytes, 0 at the end of the stream.
int64_t ctls_session_receive(
    ctls_session *_Nonnull session, void *_Nonnull bytes, size_t capacity);
// Whether something can be received that no system call is needed for.
int32_t ctls_session_has_more(const ctls_session *_Nonnull session);

// Laid out like struct iovec.
typedef struct {
  void *_Nullable start;
  size_t length;
} ctls_part;

// Encrypts and sends the parts in order and returns how many bytes were taken. The last record may
// be kept: `has_unsent`.
int64_t ctls_session_send(
    ctls_session *_Nonnull session, const ctls_part *_Nonnull parts, int32_t count);
// Whether something encrypted waits until the socket can be written to.
int32_t ctls_session_has_unsent(const ctls_session *_Nonnull session);
// Sends that: 0, CTLS_AGAIN or CTLS_FAILED.
int32_t ctls_session_flush(ctls_session *_Nonnull session);
// Says that no more is sent, then ends the sending direction: at once, or at the flush that sends
// the last byte.
int32_t ctls_session_finish(ctls_session *_Nonnull session);

// MARK: The memory of sessions.

// 1 when this mbedTLS can be given its memory, as that of static programs can (Cross/mbedtls); else
// 0: each session takes what it needs of the system's.
int32_t ctls_pool_is_possible(void);
// How many bytes hold so many sessions, of which so many shake hands at a time.
size_t ctls_pool_size(size_t sessions, size_t handshakes);
// From now on mbedTLS takes its memory of these bytes alone, which are 16-byte aligned and stay;
// only what identities are read into still is the system's. What was taken before is given back
// where it came from. Returns 1, or 0 where it is not possible. What does not fit is
// refused, and fails the one handshake that asks for it.
int32_t ctls_pool_use(void *_Nonnull memory, size_t size, size_t sessions);

typedef struct {
  size_t size, used, peak;
  size_t refused;  // how often there was no room
} ctls_pool_figures;
void ctls_pool_read(ctls_pool_figures *_Nonnull figures);

// What mbedTLS calls, once the pool is in use; and a pool that it knows nothing of, for tests.
void *_Nullable ctls_pool_take(size_t count, size_t size);
void ctls_pool_give_back(void *_Nullable bytes);
void ctls_pool_lay_out(void *_Nonnull memory, size_t size, size_t sessions);
// Not 0: what is asked for comes from the system, until it is called with 0.
void ctls_pool_rest(int32_t rests);
