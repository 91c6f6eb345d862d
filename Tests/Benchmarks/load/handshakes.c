// Connects, upgrades and closes, over and over, on so many sockets at once.
#include <string.h>
#include <sys/epoll.h>

#include "load.h"

static uint64_t done, begun;
static uint64_t limit;
static bool counts;
static int busy;

static void on_message(
    struct client *client, uint64_t length, const uint8_t *seen, size_t size) {
  (void)client, (void)length, (void)seen, (void)size;
}

static bool goes_on(void) {
  return options.count > 0 && counts ? begun < (uint64_t)options.count : now() < limit;
}

static void begin(struct client *client) {
  client_connect(client, (int)(begun++ % 100000));
  client->began = now();
  busy++;
}

static void run(struct client *clients, double seconds) {
  struct epoll_event events[256];
  done = begun = 0;
  limit = now() + (uint64_t)(seconds * 1e9);
  for (int index = 0; index < options.connections && goes_on(); index++) begin(&clients[index]);
  while (busy > 0) {
    int found = epoll_wait(poller, events, 256, 10000);
    if (found == 0) die("no connection opened for 10 s");
    for (int index = 0; index < found; index++) {
      struct client *client = events[index].data.ptr;
      bool lives = client_ready(client, events[index].events, on_message);
      if (lives && client->state != STATE_OPEN) continue;
      if (!lives) faults++;
      if (lives && counts) gauge_note(now() - client->began, 1);
      client_close(client);
      busy--;
      done++;
      if (goes_on()) begin(client);
    }
  }
}

void work_handshakes(void) {
  struct client clients[256];
  memset(clients, 0, sizeof clients);
  if (options.connections > 256) die("at most 256 handshakes at once");
  if (options.warmup > 0) run(clients, options.warmup);
  clients_settle(100, on_message);
  counts = true;
  gauge_clear();
  struct reading from = gauge_read();
  run(clients, options.seconds);
  uint64_t until = now();
  // The server still has to see the last ones go.
  clients_settle(100, on_message);
  struct reading to = gauge_read();
  to.wall = until;
  report(from, to, done, "");
}
