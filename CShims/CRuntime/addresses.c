// Numeric addresses.
#include "CRuntime.h"
#include <arpa/inet.h>
#include <string.h>

static int is_address(int family, const void *text, size_t count) {
  char copy[INET6_ADDRSTRLEN];
  struct in6_addr address;
  // A zero byte would end it early.
  if (count >= sizeof copy || memchr(text, 0, count) != NULL) return 0;
  memcpy(copy, text, count);
  copy[count] = 0;
  return inet_pton(family, copy, &address) == 1;
}

int cruntime_is_ipv4(const void *text, size_t count) { return is_address(AF_INET, text, count); }
int cruntime_is_ipv6(const void *text, size_t count) { return is_address(AF_INET6, text, count); }
