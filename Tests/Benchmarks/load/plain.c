// Bytes over plain TCP.
#include <errno.h>
#include <sys/socket.h>

#include "load.h"

const char *const io_name = "plain";

void io_prepare(void) {}

int io_open(struct client *client) {
  (void)client;
  return 1;
}

static long result(ssize_t count) {
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EINTR ? IO_AGAIN : IO_GONE;
}

long io_read(struct client *client, void *bytes, size_t size) {
  ssize_t count = recv(client->fd, bytes, size, 0);
  return count == 0 ? IO_GONE : result(count);
}

long io_write(struct client *client, const void *bytes, size_t size) {
  return result(send(client->fd, bytes, size, MSG_NOSIGNAL));
}

void io_close(struct client *client) { (void)client; }
