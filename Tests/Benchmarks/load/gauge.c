// Clocks, the CPU of the server and of the generator itself, memory, and the one line of results.
#include <inttypes.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "load.h"

static uint64_t clock_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t now(void) { return clock_ns(CLOCK_MONOTONIC); }

// The scheduler's own count, in nanoseconds: of every thread that the process has now.
static uint64_t process_ns(int process) {
  char name[64];
  snprintf(name, sizeof name, "/proc/%d/task", process);
  DIR *tasks = opendir(name);
  if (tasks == NULL) die("the server %d has ended", process);
  uint64_t sum = 0;
  for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
    if (task->d_name[0] == '.') continue;
    char path[128];
    snprintf(path, sizeof path, "%s/%.20s/schedstat", name, task->d_name);
    FILE *file = fopen(path, "r");
    if (file == NULL) continue;
    uint64_t on_cpu = 0;
    if (fscanf(file, "%" SCNu64, &on_cpu) == 1) sum += on_cpu;
    fclose(file);
  }
  closedir(tasks);
  return sum;
}

struct reading gauge_read(void) {
  struct reading reading = {.wall = now(), .own = clock_ns(CLOCK_PROCESS_CPUTIME_ID)};
  for (int index = 0; index < options.server_count; index++)
    reading.server += process_ns(options.servers[index]);
  return reading;
}

// MARK: latency

// Sixteen classes to each power of two of nanoseconds: 6 % wide.
static uint64_t classes[64 * 16];
static uint64_t noted;

static int class_of(uint64_t nanoseconds) {
  if (nanoseconds < 16) return (int)nanoseconds;
  int power = 63 - __builtin_clzll(nanoseconds);
  return (power - 3) * 16 + (int)((nanoseconds >> (power - 4)) & 15);
}

static double middle_of(int number) {
  if (number < 16) return number;
  int power = number / 16 + 3;
  return ((double)(16 + number % 16) + 0.5) * (double)(1ull << (power - 4));
}

void gauge_note(uint64_t nanoseconds, uint64_t messages) {
  classes[class_of(nanoseconds)] += messages;
  noted += messages;
}

void gauge_clear(void) {
  memset(classes, 0, sizeof classes);
  noted = 0;
}

double gauge_percentile(double share) {
  uint64_t left = (uint64_t)((double)noted * share);
  for (int number = 0; number < (int)(sizeof classes / sizeof *classes); number++) {
    if (classes[number] > left) return middle_of(number) / 1000;
    left -= classes[number];
  }
  return 0;
}

// MARK: memory

static uint64_t rollup(const char *member) {
  uint64_t sum = 0;
  for (int index = 0; index < options.server_count; index++) {
    char line[256], name[64];
    snprintf(name, sizeof name, "/proc/%d/smaps_rollup", options.servers[index]);
    FILE *file = fopen(name, "r");
    if (file == NULL) die("cannot read %s", name);
    while (fgets(line, sizeof line, file) != NULL)
      if (strncmp(line, member, strlen(member)) == 0)
        sum += strtoull(line + strlen(member), NULL, 10) * 1024;
    fclose(file);
  }
  return sum;
}

uint64_t server_resident(void) { return rollup("Rss:"); }
uint64_t server_private(void) { return rollup("Private_Dirty:"); }

// MARK: results

void report(struct reading from, struct reading to, uint64_t messages, const char *more) {
  double wall = (double)(to.wall - from.wall), own = (double)(to.own - from.own);
  double server = (double)(to.server - from.server), each = messages ? (double)messages : 1;
  printf("{\"work\":\"%s\",\"io\":\"%s\",\"messages\":%" PRIu64 ",\"seconds\":%.4f,"
         "\"server_us\":%.4f,\"load_us\":%.4f,\"load_busy\":%.3f,\"server_busy\":%.3f,"
         "\"p50_us\":%.1f,\"p99_us\":%.1f,\"errors\":%" PRIu64 ",\"lost\":%" PRIu64 "%s}\n",
      options.work, io_name, messages, wall / 1e9, server / each / 1e3, own / each / 1e3,
      own / wall, server / wall, gauge_percentile(0.5), gauge_percentile(0.99), faults, lost, more);
}
