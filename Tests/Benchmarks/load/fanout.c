// The first connection says `depth` messages in one write; all get each of them; then again.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "load.h"

static struct script script;
static struct client *clients;
static uint64_t delivered, wanted, began;
static bool counts;
static int first, receivers;

static void on_message(
    struct client *client, uint64_t length, const uint8_t *seen, size_t size) {
  (void)length;
  // A publisher that is no subscriber may hear of each message what became of it.
  if (clients == NULL || client < clients + first) return;
  client->answers++;
  delivered++;
  if (options.expect != NULL && size > 0
      && (size < strlen(options.expect)
          || memcmp(seen, options.expect, strlen(options.expect)) != 0))
    faults++;
}

static void await(void) {
  while (delivered < wanted)
    if (clients_turn(&script, on_message) == 0)
      die("%" PRIu64 " of %" PRIu64 " deliveries, none for 10 s", delivered, wanted);
}

static uint64_t run(double seconds) {
  uint64_t limit = now() + (uint64_t)(seconds * 1e9), messages = 0;
  delivered = wanted = 0;
  while (options.count > 0 && counts ? messages < (uint64_t)options.count : now() < limit) {
    began = now();
    clients[0].sent = script.starts[0];
    clients[0].end = script.starts[options.depth];
    wanted += (uint64_t)receivers * (uint64_t)options.depth;
    messages += (uint64_t)options.depth;
    client_write(&clients[0], &script);
    await();
    if (counts) gauge_note(now() - began, (uint64_t)options.depth);
  }
  return messages;
}

void work_fanout(void) {
  script = script_make();
  // A publisher that is no subscriber comes on top of them.
  first = options.publish_path || options.framing == FRAMING_MQTT ? 1 : 0;
  receivers = options.connections;
  struct client *opened = clients_open(receivers + first, on_message);
  clients_settle(300, on_message);
  clients = opened;
  if (options.warmup > 0) run(options.warmup);
  for (int index = 0; index < receivers + first; index++) clients[index].answers = 0;
  counts = true;
  gauge_clear();
  struct reading from = gauge_read();
  uint64_t messages = run(options.seconds);
  struct reading to = gauge_read();
  clients_settle(50, on_message);
  for (int index = first; index < receivers + first; index++)
    if (clients[index].answers != messages) faults++;
  char more[64];
  snprintf(more, sizeof more, ",\"published\":%" PRIu64, messages);
  report(from, to, messages * (uint64_t)receivers, more);
}
