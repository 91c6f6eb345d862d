// What the files of the load generator share.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How bytes are framed after the connection is open.
enum framing {
  FRAMING_WEBSOCKET,
  FRAMING_RAW,   // no upgrade, no parsing: as many bytes come back as went (the floor)
  FRAMING_MQTT,  // MQTT 3.1.1 control packets, for mosquitto
};

struct options {
  const char *work;           // talk, fanout, handshakes or idle
  enum framing framing;
  uint16_t port;
  const char *path;           // of the upgrade's request
  const char *publish_path;   // of the publisher, when it is not one of the subscribers
  const char *token;          // a bearer token, or NULL
  const char *messages;       // which script: echo, ping, step, room or plain
  const char *expect;         // the first bytes of each answer; NULL takes any
  int connections;
  int payload;                // bytes of a message, where the script leaves it open
  int depth;                  // messages sent in one write, before all their answers are awaited
  long count;                 // messages in all, or 0: as many as the seconds allow
  double warmup, seconds;
  int core;                   // -1: not pinned
  int servers[16];            // processes whose CPU is measured
  int server_count;
};

extern struct options options;

// Ends the program with one line on standard error.
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

// MARK: what is sent (script.c)

// Masked frames, prepared once and sent as they lie; connections walk through it in a circle.
struct script {
  uint8_t *bytes;
  uint32_t *starts;   // count + 1 of them
  int count;          // a multiple of the depth
  uint8_t *echo;      // the payload that an echo has to bring back, else NULL
};

struct script script_make(void);
// The frames to open an MQTT session and to subscribe; their length.
size_t script_mqtt_greeting(uint8_t *out, int number, bool subscribes);

// MARK: connections (client.c)

enum { HEAD_MAXIMUM = 14, CHUNK = 1 << 18 };

enum state { STATE_CONNECTING, STATE_SECURING, STATE_UPGRADING, STATE_OPEN, STATE_CLOSED };

struct client {
  int fd;
  enum state state;
  void *secure;                   // the TLS session
  bool wants_write;
  bool publishes;
  uint8_t matched;                // bytes of the head's end that came
  uint32_t head_size;
  uint8_t head[HEAD_MAXIMUM];     // a frame's head, as far as it came
  uint8_t have;
  uint64_t left;                  // bytes of the payload still to come
  uint64_t skipped;               // bytes of it that came
  int frame;                      // the script's next frame
  uint32_t sent, end;             // the part of the script that is being written
  int awaited;                    // answers
  uint64_t began;                 // when they were asked for, in ns
  uint64_t answers, bytes;
};

// What came: one data frame, whole or its first part; `length` is that of the whole payload.
typedef void (*on_answer)(struct client *, uint64_t length, const uint8_t *seen, size_t seen_size);

extern int poller;
extern uint64_t faults, lost;

// Begins to connect; `client_ready` takes it on until it is open.
void client_connect(struct client *, int number);
// What epoll found; calls back for each answer. False once the connection is gone.
bool client_ready(struct client *, uint32_t events, on_answer);
// Writes what is left between `sent` and `end` of the script.
void client_write(struct client *, const struct script *);
void client_close(struct client *);
// Opens all connections, so many at once, and lets what the server greets with come.
struct client *clients_open(int count, on_answer);
// Takes what comes until nothing came for so many milliseconds.
void clients_settle(int milliseconds, on_answer);
// Takes what comes and writes on in the script where that was not possible; 0 when for 10 s nothing
// came of any.
int clients_turn(const struct script *, on_answer);

// MARK: bytes (plain.c or secure.c)

enum { IO_AGAIN = -1, IO_GONE = -2 };
extern const char *const io_name;
void io_prepare(void);
// 1: ready for bytes, 0: not yet, IO_GONE.
int io_open(struct client *);
long io_read(struct client *, void *bytes, size_t size);
long io_write(struct client *, const void *bytes, size_t size);
void io_close(struct client *);

// MARK: measuring (gauge.c)

struct reading {
  uint64_t wall, server, own;   // ns
};

uint64_t now(void);
struct reading gauge_read(void);
void gauge_note(uint64_t nanoseconds, uint64_t messages);
void gauge_clear(void);
double gauge_percentile(double share);   // µs
uint64_t server_resident(void);          // bytes
uint64_t server_private(void);           // bytes
// One line of JSON about what happened between two readings; more members may follow.
void report(struct reading from, struct reading to, uint64_t messages, const char *more);

// MARK: the works

void work_talk(void);
void work_fanout(void);
void work_handshakes(void);
void work_idle(void);
