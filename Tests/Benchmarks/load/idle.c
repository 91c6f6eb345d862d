// Holds connections that say nothing, and reads what memory the server takes for them.
#include <inttypes.h>
#include <stdio.h>

#include "load.h"

static void on_message(
    struct client *client, uint64_t length, const uint8_t *seen, size_t size) {
  (void)client, (void)length, (void)seen, (void)size;
}

void work_idle(void) {
  uint64_t fresh = server_resident(), fresh_private = server_private();
  struct reading from = gauge_read();
  clients_open(options.connections, on_message);
  clients_settle(500, on_message);
  struct reading to = gauge_read();
  uint64_t full = server_resident(), full_private = server_private();
  double each = (double)options.connections;
  char more[256];
  snprintf(more, sizeof more,
      ",\"fresh_kb\":%" PRIu64 ",\"resident_kb\":%" PRIu64
      ",\"bytes_each\":%.0f,\"private_each\":%.0f",
      fresh / 1024, full / 1024, ((double)full - (double)fresh) / each,
      ((double)full_private - (double)fresh_private) / each);
  report(from, to, (uint64_t)options.connections, more);
}
