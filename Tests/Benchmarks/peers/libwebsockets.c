// libwebsockets PORT SIZE: an echo, and a room on any other path than /echo, on libwebsockets of
// Debian, which gets a receive buffer of SIZE bytes a connection. A message is kept in memory of
// its own until it is written.
#include <libwebsockets.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { QUEUE = 64, LARGEST = 1 << 16 };

struct message {
  int shares;
  size_t size;
  unsigned char bytes[];  // LWS_PRE bytes for the head before them
};

struct session {
  struct session *next;     // in the room
  struct lws *socket;
  struct message *queue[QUEUE];
  unsigned first, count;
  unsigned char *gathered;  // a message whose last part has not come
  size_t size;
  int is_text, is_member;
};

static struct session *room;

static void release(struct message *message) {
  if (--message->shares == 0) free(message);
}

static void push(struct session *session, struct message *message) {
  if (session->count == QUEUE) return;  // as a server that drops
  session->queue[(session->first + session->count++) % QUEUE] = message;
  message->shares++;
  lws_callback_on_writable(session->socket);
}

static void take(struct session *session, const void *bytes, size_t size) {
  struct message *message = malloc(sizeof *message + LWS_PRE + size);
  if (message == NULL) return;
  message->shares = 1;
  message->size = size;
  memcpy(message->bytes + LWS_PRE, bytes, size);
  if (session->is_member)
    for (struct session *other = room; other != NULL; other = other->next) push(other, message);
  else
    push(session, message);
  release(message);
}

static void receive(struct session *session, struct lws *socket, const void *bytes, size_t size) {
  session->is_text = !lws_frame_is_binary(socket);
  int is_last = lws_remaining_packet_payload(socket) == 0 && lws_is_final_fragment(socket);
  if (is_last && session->size == 0) {
    take(session, bytes, size);
    return;
  }
  if (session->gathered == NULL) session->gathered = malloc(LARGEST);
  if (session->gathered == NULL || session->size + size > LARGEST) return;
  memcpy(session->gathered + session->size, bytes, size);
  session->size += size;
  if (!is_last) return;
  take(session, session->gathered, session->size);
  session->size = 0;
}

static int write_one(struct session *session, struct lws *socket) {
  if (session->count == 0) return 0;
  struct message *message = session->queue[session->first];
  session->first = (session->first + 1) % QUEUE;
  session->count--;
  // lws writes its head before the payload; a shared message gets the same head each time.
  int sent = lws_write(socket, message->bytes + LWS_PRE, message->size,
      session->is_text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY);
  int failed = sent < (int)message->size;
  release(message);
  if (session->count > 0) lws_callback_on_writable(socket);
  return failed ? -1 : 0;
}

static void leave(struct session *session) {
  for (struct session **place = &room; *place != NULL; place = &(*place)->next)
    if (*place == session) {
      *place = session->next;
      break;
    }
  for (; session->count > 0; session->count--)
    release(session->queue[session->first++ % QUEUE]);
  free(session->gathered);
}

static int on_event(struct lws *socket, enum lws_callback_reasons reason, void *user, void *in,
    size_t size) {
  struct session *session = user;
  char path[64] = "";
  switch (reason) {
  case LWS_CALLBACK_ESTABLISHED:
    memset(session, 0, sizeof *session);
    session->socket = socket;
    lws_hdr_copy(socket, path, sizeof path, WSI_TOKEN_GET_URI);
    session->is_text = 1;
    if (strcmp(path, "/echo") != 0) {
      session->is_member = 1;
      session->next = room;
      room = session;
    }
    return 0;
  case LWS_CALLBACK_RECEIVE: receive(session, socket, in, size); return 0;
  case LWS_CALLBACK_SERVER_WRITEABLE: return write_one(session, socket);
  case LWS_CALLBACK_CLOSED: leave(session); return 0;
  default: return 0;
  }
}

static volatile int ends;
static void end(int number) {
  (void)number;
  ends = 1;
}

int main(int count, char **words) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max < 16384 ? limit.rlim_max : 16384;
  setrlimit(RLIMIT_NOFILE, &limit);
  signal(SIGTERM, end);
  lws_set_log_level(LLL_ERR, NULL);
  const struct lws_protocols protocols[] = {
      {"bench", on_event, sizeof(struct session), count > 2 ? (size_t)atoi(words[2]) : 4096,
          0, NULL, 0},
      {0}};
  struct lws_context_creation_info info = {
      .port = count > 1 ? atoi(words[1]) : 0, .iface = "127.0.0.1", .protocols = protocols,
      .gid = (gid_t)-1, .uid = (uid_t)-1,
      .pt_serv_buf_size = count > 2 ? (unsigned)atoi(words[2]) + 64 : 4096};
  struct lws_context *context = lws_create_context(&info);
  if (context == NULL) return 1;
  struct lws_vhost *host = lws_get_vhost_by_name(context, "default");
  fprintf(stderr, "listening on 127.0.0.1:%d\n", lws_get_vhost_listen_port(host));
  while (!ends && lws_service(context, 0) >= 0) continue;
  lws_context_destroy(context);
  return 0;
}
