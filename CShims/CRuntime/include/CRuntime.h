// What Embedded Swift leaves to the program: its command line.
// Freestanding, so that Embedded Swift can import it for a bare triple.
#pragma once
#include <stdint.h>

/// The number of arguments, the program's name included.
int32_t cruntime_argument_count(void);

/// The argument at `index`, terminated by a zero byte and valid until the process ends;
/// null outside 0 ..< cruntime_argument_count().
const char *cruntime_argument(int32_t index);
