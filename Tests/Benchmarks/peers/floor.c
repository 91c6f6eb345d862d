// floor [PORT]: reads bytes and writes as many back, and parses nothing. What an echo costs the
// kernel: nothing that has to be told from a framed protocol can be below it.
#include "peer.h"

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static uint8_t bytes[1 << 18];
// Per descriptor: bytes that the peer is still owed. Which bytes does not matter here.
static size_t owed[1 << 16];

static void watch(int poller, int fd, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data = {.fd = fd}};
  epoll_ctl(poller, operation, fd, &event);
}

// Writes what is owed; false when the peer is gone.
static bool pay(int poller, int fd, bool waited) {
  while (owed[fd] > 0) {
    size_t next = owed[fd] < sizeof bytes ? owed[fd] : sizeof bytes;
    ssize_t count = send(fd, bytes, next, MSG_NOSIGNAL);
    if (count < 0 && errno != EAGAIN) return false;
    if (count < 0) {
      if (!waited) watch(poller, fd, EPOLLOUT, EPOLL_CTL_MOD);
      return true;
    }
    owed[fd] -= (size_t)count;
  }
  if (waited) watch(poller, fd, EPOLLIN, EPOLL_CTL_MOD);
  return true;
}

static bool serve(int poller, int fd, uint32_t events) {
  if (events & EPOLLOUT) return pay(poller, fd, true);
  ssize_t count = recv(fd, bytes, sizeof bytes, 0);
  if (count <= 0) return count < 0 && errno == EAGAIN;
  owed[fd] = (size_t)count;
  return pay(poller, fd, false);
}

int main(int count, char **words) {
  int listener = peer_listen(count, words), poller = epoll_create1(0);
  struct epoll_event events[256];
  watch(poller, listener, EPOLLIN, EPOLL_CTL_ADD);
  for (;;) {
    int found = epoll_wait(poller, events, 256, -1);
    for (int index = 0; index < found; index++) {
      int fd = events[index].data.fd;
      if (fd != listener) {
        if (serve(poller, fd, events[index].events)) continue;
        close(fd);
      } else {
        for (int peer; (peer = peer_accept(listener)) >= 0;) {
          owed[peer] = 0;
          watch(poller, peer, EPOLLIN, EPOLL_CTL_ADD);
        }
      }
    }
  }
}
