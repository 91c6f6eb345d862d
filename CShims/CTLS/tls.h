// What the files of this library share.
#pragma once
#define MBEDTLS_ALLOW_PRIVATE_ACCESS  // the state of a handshake has no other way out
#include "CTLS.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

enum {
  // Bytes of a record's header (RFC 8446, section 5.1), and of the largest record.
  RECORD_HEADER = 5,
  RECORD_MAX = RECORD_HEADER + 16384 + 256,
  // Bytes that are encrypted at once: what a slow receiver keeps of ours is no more.
  WRITE_MAX = 4096,
};

struct ctls {
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context generator;
  mbedtls_ssl_config config;
  mbedtls_ssl_ticket_context tickets;
  uint32_t ticket_seconds;
  uint64_t resumed;
  int32_t clock_is_known;
  // Whether the handshake at hand has to show a certificate.
  int32_t is_required;
  // Raised whenever tickets are forgotten, and whether the handshake at hand began before that.
  uint32_t generation;
  int32_t is_outdated;
  // What one system call received, and how much of it mbedTLS has taken; empty between calls.
  size_t staged, taken;
  uint8_t stage[RECORD_MAX];
};

struct ctls_identity {
  uint32_t uses;
  int32_t is_required;
  int32_t has_authorities;
  mbedtls_x509_crt certificates;
  mbedtls_x509_crt authorities;
  mbedtls_pk_context key;
};

// Reads on in a ClientHello as its bytes pass (hello.c).
typedef struct {
  uint32_t skip;       // bytes that do not matter
  uint32_t suites;     // bytes of the list that are left
  uint8_t part;        // which part of the hello comes next
  uint8_t high;        // the first byte of a number of two
  uint8_t has_high;
  uint8_t prefers_chacha;
} ctls_hello;

struct ctls_session {
  mbedtls_ssl_context ssl;
  ctls *tls;
  ctls_identity *identity;  // while the handshake lasts
  uint32_t generation;      // of tickets, when it began
  int32_t fd;
  ctls_hello hello;
  // The record that mbedTLS has a part of: its header so far, then what it lacks.
  uint8_t header[RECORD_HEADER];
  uint8_t header_count;
  uint32_t lacks;
  uint8_t is_over;      // the handshake
  uint8_t is_finishing;
  uint8_t has_parted;   // the alert that says so is written
  uint8_t is_finished;
  uint8_t is_ready;     // for a next connection
  uint8_t has_verdict;  // the stream ended, or broke, behind what was received last
  int64_t verdict;
};

// faults.c
// Of mbedTLS's error: CTLS_NO_MEMORY and CTLS_NO_RANDOM, which pass, or else `otherwise`.
int32_t ctls_fault(int error, int32_t otherwise);

// policy.c
int32_t ctls_apply_policy(ctls *tls);
void ctls_order_suites(ctls *tls, int prefers_chacha);
// Whether a suite (RFC 8447's registry) is one of ours, and of ChaCha20.
int ctls_suite_is_ours(uint32_t suite);
int ctls_suite_is_chacha(uint32_t suite);

// hello.c
void ctls_hello_begin(ctls_hello *hello);
void ctls_hello_read(ctls_hello *hello, const uint8_t *bytes, size_t count);

// stream.c
int ctls_pull(void *session, unsigned char *bytes, size_t count);
int ctls_push(void *session, const unsigned char *bytes, size_t count);

// settle.c
// The handshake is over: gives back what only it needed, 3.5 KB, which mbedTLS 3.6 keeps with TLS
// 1.3 until the connection ends. Where the library is not of our building it does nothing.
void ctls_settle(ctls_session *session);
