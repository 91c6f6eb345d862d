// echo [PORT]: the smallest echo of RFC 6455 in C: what a WebSocket server costs that is nothing
// but that. It unmasks in place and trusts its peer: no limits, no UTF-8, no fragments, no timers.
// Connections to another path than /echo are a room: each message goes to all, one send each.
#include "peer.h"
#include "sha1.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LARGEST = 1 << 16, AT_ONCE = 1 << 18, PARTS = 64 };

struct connection {
  int fd;
  bool is_open, is_member, waits;
  uint8_t *torn;      // the beginning of a frame whose rest has not come
  size_t torn_size;
  uint8_t *queue;     // what the kernel did not take
  size_t queued, capacity;
};

static int poller;
static struct connection *members[1 << 16];
static int member_count;
static uint8_t bytes[AT_ONCE + 2 * LARGEST];

static void watch(struct connection *it, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data = {.ptr = it}};
  epoll_ctl(poller, operation, it->fd, &event);
}

static void keep(struct connection *it, const void *from, size_t size) {
  if (it->queued + size > it->capacity) {
    it->capacity = 2 * (it->queued + size);
    it->queue = realloc(it->queue, it->capacity);
  }
  memcpy(it->queue + it->queued, from, size);
  it->queued += size;
  if (!it->waits) watch(it, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
  it->waits = true;
}

static void send_parts(struct connection *it, struct iovec *parts, int count) {
  ssize_t sent = 0;
  if (!it->waits) {
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
    sent = sendmsg(it->fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return;
    if (sent < 0) sent = 0;
  }
  for (int at = 0; at < count; at++) {
    size_t gone = (size_t)sent < parts[at].iov_len ? (size_t)sent : parts[at].iov_len;
    sent -= (ssize_t)gone;
    if (gone < parts[at].iov_len)
      keep(it, (uint8_t *)parts[at].iov_base + gone, parts[at].iov_len - gone);
  }
}

static void send_rest(struct connection *it) {
  ssize_t sent = send(it->fd, it->queue, it->queued, MSG_NOSIGNAL);
  if (sent <= 0) return;
  it->queued -= (size_t)sent;
  memmove(it->queue, it->queue + sent, it->queued);
  if (it->queued > 0) return;
  it->waits = false;
  watch(it, EPOLLIN, EPOLL_CTL_MOD);
}

static void unmask(uint8_t *payload, size_t size, const uint8_t *mask) {
  uint32_t half;
  memcpy(&half, mask, 4);
  uint64_t key = (uint64_t)half << 32 | half, word;
  size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    memcpy(&word, payload + at, 8);
    word ^= key;
    memcpy(payload + at, &word, 8);
  }
  for (; at < size; at++) payload[at] ^= (uint8_t)(half >> 8 * (at & 3));
}

// The answer's frame, made where the masked one lies: its head is four bytes shorter.
static uint8_t *turn_around(uint8_t *frame, size_t head, size_t size) {
  unmask(frame + head, size, frame + head - 4);
  uint8_t *out = frame + 4;
  memmove(out, frame, head - 4);
  out[1] &= 0x7F;
  return out;
}

// Takes whole frames; how many bytes they were.
static size_t take_frames(struct connection *it, uint8_t *from, size_t count) {
  struct iovec parts[PARTS];
  int filled = 0;
  size_t at = 0;
  while (count - at >= 2) {
    uint8_t *frame = from + at;
    size_t size = frame[1] & 0x7F, head = size < 126 ? 6 : size == 126 ? 8 : 14;
    if (count - at < head) break;
    if (size == 126) size = (size_t)frame[2] << 8 | frame[3];
    if (head == 14) size = (size_t)frame[7] << 16 | (size_t)frame[8] << 8 | frame[9];
    if (count - at < head + size) break;
    at += head + size;
    if ((frame[0] & 0x0F) > 2) continue;  // a control frame: closing is seen as the end of bytes
    parts[filled++] = (struct iovec){turn_around(frame, head, size), head - 4 + size};
    if (it->is_member) {
      for (int place = 0; place < member_count; place++) send_parts(members[place], parts, 1);
      filled = 0;
    } else if (filled == PARTS) {
      send_parts(it, parts, filled);
      filled = 0;
    }
  }
  if (filled > 0) send_parts(it, parts, filled);
  return at;
}

static bool upgrade(struct connection *it, size_t size) {
  static const char name[] = "Sec-WebSocket-Key: ";
  bytes[size] = 0;
  if (strstr((char *)bytes, "\r\n\r\n") == NULL) return true;
  char *key = strstr((char *)bytes, name), response[160];
  if (key == NULL || key + 43 > (char *)bytes + size) return false;
  char value[28];
  accept_value(key + sizeof name - 1, value);
  int length = snprintf(response, sizeof response,
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: %.28s\r\n\r\n", value);
  if (send(it->fd, response, (size_t)length, MSG_NOSIGNAL) != length) return false;
  it->is_open = true;
  if (memcmp(bytes, "GET /echo ", 10) != 0) {
    it->is_member = true;
    members[member_count++] = it;
  }
  return true;
}

static bool receive(struct connection *it) {
  // Before what comes lies what was torn; that never is longer than the largest frame.
  uint8_t *from = bytes + LARGEST;
  ssize_t count = recv(it->fd, it->is_open ? from : bytes, AT_ONCE, 0);
  if (count <= 0) return count < 0 && errno == EAGAIN;
  if (!it->is_open) return upgrade(it, (size_t)count);
  size_t size = (size_t)count + it->torn_size;
  from -= it->torn_size;
  memcpy(from, it->torn, it->torn_size);
  size_t taken = take_frames(it, from, size);
  it->torn_size = size - taken;
  if (it->torn_size > 0) {
    if (it->torn == NULL) it->torn = malloc(LARGEST);
    memcpy(it->torn, from + taken, it->torn_size);
  }
  return true;
}

static void forget(struct connection *it) {
  for (int place = 0; place < member_count; place++)
    if (members[place] == it) members[place--] = members[--member_count];
  close(it->fd);
  free(it->torn);
  free(it->queue);
  free(it);
}

int main(int count, char **words) {
  struct connection listener = {.fd = peer_listen(count, words)};
  struct epoll_event events[256];
  poller = epoll_create1(0);
  watch(&listener, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    int found = epoll_wait(poller, events, 256, -1);
    for (int index = 0; index < found; index++) {
      struct connection *it = events[index].data.ptr;
      if (it != &listener) {
        if (events[index].events & EPOLLOUT) send_rest(it);
        if (events[index].events & ~EPOLLOUT && !receive(it)) forget(it);
        continue;
      }
      for (int fd; (fd = peer_accept(listener.fd)) >= 0;) {
        struct connection *peer = calloc(1, sizeof *peer);
        peer->fd = fd;
        watch(peer, EPOLLIN, EPOLL_CTL_ADD);
      }
    }
  }
}
