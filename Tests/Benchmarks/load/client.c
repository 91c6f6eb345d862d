// One connection: connecting, the upgrade, frames as they come, and writing without waiting.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

// Connections that are being opened at once, and how many share one address of ours.
enum { OPENING = 64, PORTS = 20000 };

int poller = -1;
uint64_t faults, lost;
static uint8_t chunk[CHUNK];

static void watch(struct client *client, bool writes, int operation) {
  struct epoll_event event = {
      .events = EPOLLIN | (writes ? EPOLLOUT : 0), .data = {.ptr = client}};
  client->wants_write = writes;
  if (epoll_ctl(poller, operation, client->fd, &event) != 0) die("epoll_ctl: %s", strerror(errno));
}

void client_connect(struct client *client, int number) {
  *client = (struct client){.state = STATE_CONNECTING, .publishes = client->publishes};
  client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client->fd < 0) die("socket: %s", strerror(errno));
  int on = 1;
  setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct sockaddr_in own = {.sin_family = AF_INET};
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number / PORTS));
  setsockopt(client->fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &on, sizeof on);
  if (bind(client->fd, (struct sockaddr *)&own, sizeof own) != 0) die("bind: %s", strerror(errno));
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(options.port)};
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(client->fd, (struct sockaddr *)&peer, sizeof peer) != 0 && errno != EINPROGRESS)
    die("connect: %s", strerror(errno));
  watch(client, true, EPOLL_CTL_ADD);
}

void client_close(struct client *client) {
  if (client->state == STATE_CLOSED) return;
  io_close(client);
  close(client->fd);
  client->state = STATE_CLOSED;
}

// RFC 6455 section 4.1, with the key of its example: the answer to it is known.
static void ask(struct client *client) {
  char request[4096];
  int size = snprintf(request, sizeof request,
      "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
      client->publishes && options.publish_path ? options.publish_path : options.path,
      options.port, options.token ? "Authorization: Bearer " : "",
      options.token ? options.token : "", options.token ? "\r\n" : "");
  if (options.framing == FRAMING_MQTT)
    size = (int)script_mqtt_greeting((uint8_t *)request, client->fd, !client->publishes);
  if (size >= (int)sizeof request) die("the path is too long");
  if (io_write(client, request, (size_t)size) != size) die("the request did not go in one write");
  client->state = options.framing == FRAMING_MQTT ? STATE_OPEN : STATE_UPGRADING;
}

// False when the peer is gone.
static bool open_further(struct client *client) {
  if (client->state == STATE_CONNECTING) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return false;
    client->state = STATE_SECURING;
  }
  int opened = io_open(client);
  if (opened == IO_GONE) return false;
  if (opened == 0) {
    watch(client, false, EPOLL_CTL_MOD);
    return true;
  }
  if (client->wants_write) watch(client, false, EPOLL_CTL_MOD);
  if (options.framing == FRAMING_RAW) client->state = STATE_OPEN; else ask(client);
  return true;
}

// Takes bytes of the response's head; how many belonged to it.
static size_t take_head(struct client *client, const uint8_t *bytes, size_t size) {
  static const char status[] = "HTTP/1.1 101", end[] = "\r\n\r\n";
  for (size_t at = 0; at < size; at++) {
    uint32_t place = client->head_size++;
    if (place < sizeof status - 1 && bytes[at] != (uint8_t)status[place])
      die("no upgrade on %s: %.*s", options.path, (int)(size < 400 ? size : 400), bytes);
    client->matched = bytes[at] == (uint8_t)end[client->matched] ? client->matched + 1
        : bytes[at] == '\r';
    if (client->matched == 4) {
      client->state = STATE_OPEN;
      return at + 1;
    }
  }
  return size;
}

// The size of a frame's whole head as far as `have` bytes of it tell; 0 for not yet.
static int head_size(const uint8_t *head, int have, uint64_t *length) {
  if (have < 2) return 0;
  if (options.framing == FRAMING_MQTT) {
    *length = 0;
    for (int at = 1; at < have; at++) {
      *length |= (uint64_t)(head[at] & 0x7F) << 7 * (at - 1);
      if (!(head[at] & 0x80)) return at + 1;
    }
    return 0;
  }
  int size = (head[1] & 0x7F) < 126 ? 2 : (head[1] & 0x7F) == 126 ? 4 : 10;
  if (have < size) return 0;
  if (size == 2) *length = head[1];
  if (size == 4) *length = (uint64_t)head[2] << 8 | head[3];
  if (size == 10) {
    *length = 0;
    for (int at = 2; at < 10; at++) *length = *length << 8 | head[at];
  }
  return size;
}

// A text or a binary frame, or a PUBLISH: what counts as an answer.
static bool is_answer(struct client *client) {
  if (options.framing == FRAMING_MQTT) return (client->head[0] & 0xF0) == 0x30;
  if ((client->head[0] & 0x0F) == 8) lost++;
  return (client->head[0] & 0x08) == 0;
}

static void take(struct client *client, const uint8_t *bytes, size_t size, on_answer answered) {
  const uint8_t *end = bytes + size;
  while (bytes < end) {
    if (client->left == 0) {
      uint64_t length = 0;
      client->head[client->have++] = *bytes++;
      if (client->have < 2) {
        if (bytes == end) return;
        client->head[client->have++] = *bytes++;
      }
      int whole = head_size(client->head, client->have, &length);
      while (whole == 0 && bytes < end) {
        client->head[client->have++] = *bytes++;
        whole = head_size(client->head, client->have, &length);
      }
      if (whole == 0) return;
      client->have = 0;
      client->left = length;
      client->skipped = 0;
      if (length == 0 && is_answer(client)) answered(client, 0, bytes, 0);
      continue;
    }
    size_t here = (size_t)(end - bytes) < client->left ? (size_t)(end - bytes) : client->left;
    // Torn payloads are told with their last part; what is compared is their beginning.
    client->left -= here;
    client->skipped += here;
    if (client->left == 0 && is_answer(client))
      answered(client, client->skipped, bytes, client->skipped == here ? here : 0);
    bytes += here;
  }
}

bool client_ready(struct client *client, uint32_t events, on_answer answered) {
  if (client->state < STATE_UPGRADING) {
    if (client->state == STATE_CONNECTING && !(events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
      return true;
    if (open_further(client)) return true;
    client_close(client);
    return false;
  }
  if (!(events & (EPOLLIN | EPOLLERR | EPOLLHUP))) return true;
  long count;
  // A full chunk may leave more behind in TLS, where epoll does not see it.
  do {
    count = io_read(client, chunk, sizeof chunk);
    if (count == IO_AGAIN) return true;
    if (count < 0) {
      client_close(client);
      return false;
    }
    client->bytes += (uint64_t)count;
    size_t at = 0;
    if (client->state == STATE_UPGRADING) at = take_head(client, chunk, (size_t)count);
    if (options.framing == FRAMING_RAW)
      answered(client, (uint64_t)count, chunk, (size_t)count);
    else
      take(client, chunk + at, (size_t)count - at, answered);
  } while (count == sizeof chunk);
  return true;
}

void client_write(struct client *client, const struct script *script) {
  while (client->sent < client->end) {
    long count = io_write(client, script->bytes + client->sent, client->end - client->sent);
    if (count == IO_GONE) die("a connection is gone");
    if (count == IO_AGAIN) {
      if (!client->wants_write) watch(client, true, EPOLL_CTL_MOD);
      return;
    }
    client->sent += (uint32_t)count;
  }
  if (client->wants_write) watch(client, false, EPOLL_CTL_MOD);
}

// MARK: all of them

struct client *clients_open(int count, on_answer answered) {
  struct client *clients = calloc((size_t)count, sizeof *clients);
  struct epoll_event events[256];
  if (clients == NULL) die("no memory");
  int begun = 0, opened = 0;
  if (options.publish_path || options.framing == FRAMING_MQTT) clients[0].publishes = true;
  while (opened < count) {
    while (begun < count && begun - opened < OPENING) {
      client_connect(&clients[begun], begun);
      begun++;
    }
    int found = epoll_wait(poller, events, 256, 10000);
    if (found == 0) die("%d of %d connections opened, no more for 10 s", opened, count);
    for (int index = 0; index < found; index++) {
      struct client *client = events[index].data.ptr;
      enum state before = client->state;
      if (!client_ready(client, events[index].events, answered)) die("a connection was refused");
      if (before != STATE_OPEN && client->state == STATE_OPEN) opened++;
    }
  }
  return clients;
}

void clients_settle(int milliseconds, on_answer answered) {
  struct epoll_event events[256];
  for (int found; (found = epoll_wait(poller, events, 256, milliseconds)) > 0;)
    for (int index = 0; index < found; index++)
      if (!client_ready(events[index].data.ptr, events[index].events, answered))
        die("a connection is gone");
}

int clients_turn(const struct script *script, on_answer answered) {
  struct epoll_event events[256];
  int found = epoll_wait(poller, events, 256, 10000);
  for (int index = 0; index < found; index++) {
    struct client *client = events[index].data.ptr;
    if (!client_ready(client, events[index].events, answered))
      die("the server closed a connection");
    if (client->sent < client->end && events[index].events & EPOLLOUT)
      client_write(client, script);
  }
  return found;
}
