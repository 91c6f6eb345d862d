#include "CRuntime.h"

#include <stddef.h>

static int argument_count;
static char **argument_values;

// Embedded Swift has no CommandLine and its main takes no parameters. glibc hands argc and argv to
// every constructor, in programs linked statically too.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

int32_t cruntime_argument_count(void) { return argument_count; }

const char *cruntime_argument(int32_t index) {
  return index >= 0 && index < argument_count ? argument_values[index] : NULL;
}
