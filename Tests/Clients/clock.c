// Another time of day for the program that this is preloaded to (LD_PRELOAD): the file that
// MARTLET_CLOCK names holds how many seconds to add. All other clocks stay as they are.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  const char *name = getenv("MARTLET_CLOCK");
  if (result != 0 || clock != CLOCK_REALTIME || !name) return result;
  FILE *file = fopen(name, "r");
  long seconds = 0;
  if (file && fscanf(file, "%ld", &seconds) != 1) seconds = 0;
  if (file) fclose(file);
  now->tv_sec += seconds;
  return 0;
}
