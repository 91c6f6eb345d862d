// load WORK --port N [OPTION...]: a load generator for WebSocket servers. One process, one thread,
// one epoll, one line of JSON.
//
//   talk        messages and their answers, `--depth` of them in one write
//   fanout      one says, `--connections` hear
//   handshakes  connects, upgrades and closes, `--connections` at once
//   idle        holds `--connections` that say nothing; memory of the server
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "load.h"

struct options options = {
    .path = "/echo", .messages = "echo", .connections = 1, .payload = 20, .depth = 1,
    .seconds = 1, .warmup = 0.2, .core = -1};

void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "load: ");
  vfprintf(stderr, format, arguments);
  fprintf(stderr, "\n");
  exit(1);
}

static const struct option names[] = {
    {"port", 1, 0, 'p'}, {"path", 1, 0, 'u'}, {"publish-path", 1, 0, 'U'}, {"token", 1, 0, 't'},
    {"messages", 1, 0, 'm'}, {"expect", 1, 0, 'e'}, {"connections", 1, 0, 'c'},
    {"payload", 1, 0, 'b'}, {"depth", 1, 0, 'd'}, {"count", 1, 0, 'n'}, {"warmup", 1, 0, 'w'},
    {"seconds", 1, 0, 's'}, {"core", 1, 0, 'C'}, {"server", 1, 0, 'S'}, {"framing", 1, 0, 'f'},
    {0, 0, 0, 0}};

static enum framing framing_of(const char *name) {
  if (strcmp(name, "raw") == 0) return FRAMING_RAW;
  if (strcmp(name, "mqtt") == 0) return FRAMING_MQTT;
  if (strcmp(name, "websocket") == 0) return FRAMING_WEBSOCKET;
  die("no such framing: %s", name);
}

static long number(const char *text, long least) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end != 0 || value < least) die("not a number from %ld: %s", least, text);
  return value;
}

static void parse(int count, char **words) {
  for (int option; (option = getopt_long(count, words, "", names, NULL)) != -1;) {
    switch (option) {
    case 'p': options.port = (uint16_t)number(optarg, 1); break;
    case 'u': options.path = optarg; break;
    case 'U': options.publish_path = optarg; break;
    case 't': options.token = optarg; break;
    case 'm': options.messages = optarg; break;
    case 'e': options.expect = optarg; break;
    case 'c': options.connections = (int)number(optarg, 1); break;
    case 'b': options.payload = (int)number(optarg, 0); break;
    case 'd': options.depth = (int)number(optarg, 1); break;
    case 'n': options.count = number(optarg, 1); break;
    case 'w': options.warmup = atof(optarg); break;
    case 's': options.seconds = atof(optarg); break;
    case 'C': options.core = (int)number(optarg, 0); break;
    case 'f': options.framing = framing_of(optarg); break;
    case 'S':
      if (options.server_count == 16) die("too many servers");
      options.servers[options.server_count++] = (int)number(optarg, 1);
      break;
    default: exit(1);
    }
  }
  if (optind != count - 1 || options.port == 0) die("usage: load WORK --port N [OPTION...]");
  options.work = words[optind];
}

static void prepare(void) {
  signal(SIGPIPE, SIG_IGN);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (options.core >= 0) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(options.core, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) != 0) die("no core %d", options.core);
  }
  poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0) die("epoll: %s", strerror(errno));
  io_prepare();
}

int main(int count, char **words) {
  parse(count, words);
  prepare();
  if (strcmp(options.work, "talk") == 0) work_talk();
  else if (strcmp(options.work, "fanout") == 0) work_fanout();
  else if (strcmp(options.work, "handshakes") == 0) work_handshakes();
  else if (strcmp(options.work, "idle") == 0) work_idle();
  else die("no such work: %s", options.work);
  return faults + lost > 0;
}
