// Numbers with more digits, or a larger exponent, than quick ways are exact for.
#include "CRuntime.h"
#include <stdio.h>
#include <stdlib.h>

// No point halfway between two doubles has more digits: those behind only decide whether a tie is
// one (W. D. Clinger, "How to read floating point numbers accurately", 1990).
enum { deciding = 768 };

double cruntime_nearest_double(const void *text, size_t count, int64_t exponent) {
  const unsigned char *digits = text;
  char copy[deciding + sizeof "1e-1000000000"];
  size_t taken = 0;
  int has_more = 0;
  // Past these no digits that fit into memory bring it back.
  if (exponent > 500000000) exponent = 500000000;
  if (exponent < -500000000) exponent = -500000000;
  for (size_t i = 0; i < count; i++) {
    if (digits[i] == '.') continue;
    if (digits[i] < '0' || digits[i] > '9') break;
    if (taken == 0 && digits[i] == '0') continue;
    if (taken < deciding) {
      copy[taken++] = (char)digits[i];
    } else {
      has_more |= digits[i] != '0';
      exponent++;
    }
  }
  if (taken == 0) return 0;
  if (has_more) {
    copy[taken++] = '1';
    exponent--;
  }
  // Without a point among the digits the locale does not matter.
  snprintf(copy + taken, sizeof copy - taken, "e%d", (int)exponent);
  return strtod(copy, NULL);
}
