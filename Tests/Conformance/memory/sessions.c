// Serves TLS to so many clients at once, and tells what each costs while it is idle: the memory of
// its session, and what mbedTLS holds for it, in our pool or of the system's.
// Arguments: how many, and files of a certificate and its key. Writes its port, then the figures.
#include <arpa/inet.h>
#include <fcntl.h>
#include <malloc.h>
#include <mbedtls/version.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CTLS.h"

static size_t held(void) {
  ctls_pool_figures figures;
  ctls_pool_read(&figures);
  struct mallinfo2 heap = mallinfo2();
  return figures.size ? figures.used : heap.uordblks + heap.hblkhd;
}

// Returns how many bytes, a zero byte behind them included.
static size_t read_text(const char *path, uint8_t *text, size_t capacity) {
  int fd = open(path, O_RDONLY);
  ssize_t count = read(fd, text, capacity - 1);
  close(fd);
  text[count] = 0;
  return (size_t)count + 1;
}

static void wait_for(int fd, short events) {
  struct pollfd socket = {.fd = fd, .events = events};
  poll(&socket, 1, 1000);
}

static void serve(ctls_session *session, int fd) {
  static uint8_t bytes[16384];
  int32_t status;
  while ((status = ctls_session_shake(session)) >= 0 && (status & 3) != CTLS_DONE)
    wait_for(fd, (status & 3) == CTLS_READS ? POLLIN : POLLOUT);
  if (status < 0) exit(3);
  int64_t count;
  while ((count = ctls_session_receive(session, bytes, sizeof bytes)) == CTLS_AGAIN)
    wait_for(fd, POLLIN);
  ctls_part part = {bytes, count > 0 ? (size_t)count : 0};
  if (count <= 0 || ctls_session_send(session, &part, 1) != count) exit(4);
}

int main(int count, char **arguments) {
  static uint8_t certificate[16384], key[16384];
  if (count < 4) return 2;
  size_t sessions = (size_t)atoi(arguments[1]);
  read_text(arguments[2], certificate, sizeof certificate);
  size_t key_count = read_text(arguments[3], key, sizeof key);
  ctls_identity *identity;
  ctls *tls = malloc(ctls_size());
  if (ctls_identity_read(&identity, certificate, key, key_count, NULL, 0) != 0 ||
      ctls_init(tls, 3600) != 0)
    return 1;
  size_t size = (ctls_session_size() + 15) & ~(size_t)15;
  size_t pool_size = (ctls_pool_size(sessions, 8) + 15) & ~(size_t)15;
  uint8_t *all = aligned_alloc(16, sessions * size);
  if (ctls_pool_is_possible()) ctls_pool_use(aligned_alloc(16, pool_size), pool_size, sessions);

  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  bind(listener, (struct sockaddr *)&address, length);
  listen(listener, 16);
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  size_t before = held();
  for (size_t i = 0; i < sessions; i++) {
    ctls_session *session = (ctls_session *)(void *)(all + i * size);
    int fd = accept(listener, NULL, NULL);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (ctls_session_init(tls, session) != 0 || ctls_session_begin(session, identity, fd) != 0)
      return 1;
    serve(session, fd);
  }
  printf("%s %zu\n", MBEDTLS_VERSION_STRING, size + (held() - before) / sessions);
  return 0;
}
