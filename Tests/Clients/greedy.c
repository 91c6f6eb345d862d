// A zlib that finds too little memory, for the program that this is preloaded to (LD_PRELOAD).
enum { MEMORY_ERROR = -4 };

int deflateInit2_(void *stream, int level, int method, int bits, int memory, int strategy,
    const char *version, int size) {
  return MEMORY_ERROR;
}
