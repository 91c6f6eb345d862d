// Which of our suites a client puts first. mbedTLS 2.28 knows the server's order only, so the
// ClientHello (RFC 5246, section 7.4.1.2) is read as it passes; mbedTLS judges whether it is good.
#include "tls.h"

enum { FIXED, SESSION, SUITES_SIZE, SUITES, REST };

void ctls_hello_begin(ctls_hello *hello) {
  // Headers of record and message, version, random.
  *hello = (ctls_hello){.skip = RECORD_HEADER + 4 + 2 + 32, .part = FIXED};
}

static void take(ctls_hello *hello, uint8_t byte) {
  switch (hello->part) {
    case FIXED:
      hello->part = SESSION;
      // The byte at hand is the length of the session id.
      hello->skip = byte;
      return;
    case SESSION: hello->part = SUITES_SIZE; break;
    default: break;
  }
  if (!hello->has_high) {
    hello->high = byte;
    hello->has_high = 1;
    return;
  }
  uint32_t number = (uint32_t)hello->high << 8 | byte;
  hello->has_high = 0;
  if (hello->part == SUITES_SIZE) {
    hello->suites = number / 2;
    hello->part = number < 2 ? REST : SUITES;
    return;
  }
  hello->prefers_chacha = (uint8_t)ctls_suite_is_chacha(number);
  if (ctls_suite_is_ours(number) || --hello->suites == 0) hello->part = REST;
}

void ctls_hello_read(ctls_hello *hello, const uint8_t *bytes, size_t count) {
  while (count > 0 && hello->part != REST) {
    if (hello->skip > 0) {
      size_t skipped = hello->skip < count ? hello->skip : count;
      hello->skip -= (uint32_t)skipped;
      bytes += skipped;
      count -= skipped;
      continue;
    }
    take(hello, *bytes);
    bytes++;
    count--;
  }
}
