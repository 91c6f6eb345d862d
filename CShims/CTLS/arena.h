// Memory in one piece, of which blocks are taken and given back: what pool.c is made of.
#pragma once
#include <stddef.h>
#include <stdint.h>

// `size`: at most 2 GiB. `memory`: 16-byte aligned, as every block of it is.
void arena_use(void *memory, size_t size);
// NULL when there is no room. Its bytes are not wiped.
void *arena_take(size_t count);
void arena_give_back(void *bytes);
// How many bytes are taken, what stands in front of each block included.
size_t arena_used(void);
