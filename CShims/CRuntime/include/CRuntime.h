// What Embedded Swift leaves to the program, its command line and memory that is zero; and what the
// C library reads for us, doubles and addresses.
// Freestanding, so that Embedded Swift can import it for a bare triple.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The number of arguments, the program's name included.
int32_t cruntime_argument_count(void);

/// The argument at `index`, terminated by a zero byte and valid until the process ends;
/// null outside 0 ..< cruntime_argument_count().
const char *_Nullable cruntime_argument(int32_t index);

/// Takes `size` bytes, at least 1, aligned to 64: zero, and not resident before they are written
/// to. Ends the process with a line and code 75 when the system has not so many.
void *_Nonnull cruntime_take_zeroed(size_t size);

/// Gives back what was taken, all of its `size` bytes.
void cruntime_give_back(void *_Nonnull memory, size_t size);

/// What is taken from now on is resident at once.
void cruntime_make_resident(void);

/// The double nearest to the decimal digits `text` begins with, a point among them passed over,
/// times 10^`exponent`; ties to even. Infinite when it is past the largest.
double cruntime_nearest_double(const void *_Nonnull text, size_t count, int64_t exponent);

/// Whether `text` is four decimal octets, none with a zero in front.
int cruntime_is_ipv4(const void *_Nonnull text, size_t count);

/// Whether `text` is an IPv6 address without a zone (RFC 4291, section 2.2).
int cruntime_is_ipv6(const void *_Nonnull text, size_t count);
