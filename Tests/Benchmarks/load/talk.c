// Each connection sends `depth` messages in one write, awaits all their answers, and sends again.
#include <stdio.h>
#include <string.h>

#include "load.h"

// Every so many answers, all bytes that came in one piece are compared and not the first ones only.
enum { THOROUGH = 64, FIRST = 16 };

static struct script script;
static struct client *clients;
static uint64_t answered, asked, begin, limit;
static bool counts;
static int busy;

static void ask(struct client *client) {
  client->sent = script.starts[client->frame];
  client->end = script.starts[client->frame + options.depth];
  client->frame = (client->frame + options.depth) % script.count;
  client->awaited = options.framing == FRAMING_RAW ? (int)(client->end - client->sent)
      : options.depth;
  client->began = now();
  asked += (uint64_t)options.depth;
  busy++;
  client_write(client, &script);
}

static bool goes_on(uint64_t time) {
  return options.count > 0 && counts ? asked < (uint64_t)options.count : time < limit;
}

static void finish(struct client *client) {
  uint64_t time = now();
  if (counts) gauge_note(time - client->began, (uint64_t)options.depth);
  busy--;
  answered += (uint64_t)options.depth;
  if (goes_on(time)) ask(client);
}

static void check(uint64_t length, const uint8_t *seen, size_t size) {
  const uint8_t *wanted = script.echo;
  size_t some = answered % THOROUGH == 0 ? size : size < FIRST ? size : FIRST;
  if (wanted != NULL) {
    if (length != (uint64_t)options.payload || memcmp(seen, wanted, some) != 0) faults++;
  } else if (options.expect != NULL && size > 0) {
    size_t prefix = strlen(options.expect);
    if (size < prefix || memcmp(seen, options.expect, prefix) != 0) faults++;
  }
}

static void on_message(
    struct client *client, uint64_t length, const uint8_t *seen, size_t size) {
  if (clients == NULL || client->awaited == 0) return;  // what the server greets with
  client->answers++;
  if (options.framing == FRAMING_RAW) {
    client->awaited -= (int)length;
    if (client->awaited < 0) faults++;
  } else {
    check(length, seen, size);
    client->awaited--;
  }
  if (client->awaited <= 0) {
    client->awaited = 0;
    finish(client);
  }
}

static void run(double seconds) {
  answered = asked = 0;
  begin = now();
  limit = begin + (uint64_t)(seconds * 1e9);
  for (int index = 0; index < options.connections && goes_on(begin); index++) ask(&clients[index]);
  while (busy > 0)
    if (clients_turn(&script, on_message) == 0)
      die("no answer for 10 s: %d connections wait", busy);
}

void work_talk(void) {
  script = script_make();
  struct client *opened = clients_open(options.connections, on_message);
  clients_settle(100, on_message);
  clients = opened;
  if (options.warmup > 0) run(options.warmup);
  counts = true;
  gauge_clear();
  struct reading from = gauge_read();
  run(options.seconds);
  struct reading to = gauge_read();
  report(from, to, answered, "");
}
