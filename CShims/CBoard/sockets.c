#define _GNU_SOURCE
#include "CBoard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

// linux/in6.h has it, and cannot stand beside netinet/in.h everywhere.
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

_Static_assert(sizeof(cboard_part) == sizeof(struct iovec), "a part is an iovec");

static int32_t fill(const char *address, uint16_t port, struct sockaddr_storage *out) {
  memset(out, 0, sizeof *out);
  struct sockaddr_in *v4 = (struct sockaddr_in *)out;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
  if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    return (int32_t)sizeof *v4;
  }
  if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    return (int32_t)sizeof *v6;
  }
  return -EINVAL;
}

int32_t cboard_read_address(const char *text, uint8_t *bytes) {
  if (inet_pton(AF_INET, text, bytes) == 1) return 4;
  return inet_pton(AF_INET6, text, bytes) == 1 ? 16 : 0;
}

int32_t cboard_listen(const char *address, uint16_t port, int32_t backlog) {
  struct sockaddr_storage where;
  int32_t size = fill(address, port, &where);
  if (size < 0) return size;
  int fd = socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int on = 1;
  int failed = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (!failed && where.ss_family == AF_INET6)
    failed = setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (!failed) failed = bind(fd, (struct sockaddr *)&where, (socklen_t)size);
  if (failed && errno == EADDRNOTAVAIL) {
    // A board may start before its network does: the address counts as soon as it comes (ip(7)).
    int is_v6 = where.ss_family == AF_INET6;
    failed = setsockopt(fd, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP,
                        is_v6 ? IPV6_FREEBIND : IP_FREEBIND, &on, sizeof on);
    if (!failed) failed = bind(fd, (struct sockaddr *)&where, (socklen_t)size);
  }
  if (!failed) failed = listen(fd, backlog);
  if (!failed) return fd;
  int error = errno;
  close(fd);
  return -error;
}

int32_t cboard_has_address(const char *address) {
  struct sockaddr_storage where;
  int32_t size = fill(address, 0, &where);
  if (size < 0) return 0;
  int fd = socket(where.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return 0;
  int is_there = bind(fd, (struct sockaddr *)&where, (socklen_t)size) == 0;
  close(fd);
  return is_there;
}

int32_t cboard_local_address(int32_t fd, char *text, int32_t capacity) {
  struct sockaddr_storage where;
  socklen_t size = sizeof where;
  if (getsockname(fd, (struct sockaddr *)&where, &size) != 0) return -errno;
  char host[INET6_ADDRSTRLEN] = "";
  if (where.ss_family == AF_INET6) {
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&where;
    inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host);
    return snprintf(text, (size_t)capacity, "[%s]:%u", host, ntohs(v6->sin6_port));
  }
  const struct sockaddr_in *v4 = (const struct sockaddr_in *)&where;
  inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host);
  return snprintf(text, (size_t)capacity, "%s:%u", host, ntohs(v4->sin_port));
}

int32_t cboard_accept(int32_t fd) {
  int peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (peer < 0) return -errno;
  int on = 1;
  // Small answers must not wait for the peer's acknowledgement; a failure here costs only time.
  (void)setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return peer;
}

int64_t cboard_receive(int32_t fd, void *bytes, size_t capacity) {
  ssize_t count = recv(fd, bytes, capacity, 0);
  return count >= 0 ? count : -errno;
}

int64_t cboard_send(int32_t fd, const void *bytes, size_t size) {
  ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
  return sent >= 0 ? sent : -errno;
}

int64_t cboard_send_parts(int32_t fd, const cboard_part *parts, int32_t count) {
  if (count == 1) return cboard_send(fd, parts->start, parts->length);
  struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
  ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
  return sent >= 0 ? sent : -errno;
}

int32_t cboard_finish(int32_t fd) { return shutdown(fd, SHUT_WR) == 0 ? 0 : -errno; }
void cboard_close(int32_t fd) { close(fd); }

// No signal interrupts what does not block (signal(7)); if one did, the loop would come back to it.
int32_t cboard_would_block(int64_t error) {
  return error == -EAGAIN || error == -EWOULDBLOCK || error == -EINTR;
}
int32_t cboard_out_of_descriptors(int64_t error) { return error == -EMFILE || error == -ENFILE; }
int32_t cboard_out_of_memory(int64_t error) { return error == -ENOMEM; }
int32_t cboard_may_pass(int64_t error) {
  return cboard_out_of_descriptors(error) || error == -EIO;
}

int32_t cboard_no_address_family(int64_t error) {
  return error == -EAFNOSUPPORT || error == -EADDRNOTAVAIL;
}

int32_t cboard_address_in_use(int64_t error) { return error == -EADDRINUSE; }
int32_t cboard_not_allowed(int64_t error) { return error == -EACCES || error == -EPERM; }

int32_t cboard_spare_descriptor(void) {
  int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

uint64_t cboard_peer_network(int32_t fd) {
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (getpeername(fd, (struct sockaddr *)&address, &length) != 0) return 0;
  if (address.ss_family == AF_INET) {
    return ntohl(((struct sockaddr_in *)&address)->sin_addr.s_addr);
  }
  if (address.ss_family != AF_INET6) return 0;
  const uint8_t *bytes = ((struct sockaddr_in6 *)&address)->sin6_addr.s6_addr;
  uint64_t network = 0;
  for (int place = 0; place < 8; place++) network = network << 8 | bytes[place];
  return network;
}
