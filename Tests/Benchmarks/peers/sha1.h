// SHA-1 (FIPS 180-4 section 6.1) and Base64 of a handshake's key (RFC 6455 section 4.2.2).
#pragma once
#include <stdint.h>
#include <string.h>

static inline uint32_t sha1_turn(uint32_t value, int by) {
  return value << by | value >> (32 - by);
}

static inline void sha1_block(uint32_t state[5], const uint8_t *block) {
  uint32_t word[80];
  for (int t = 0; t < 16; t++)
    word[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16
        | (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
  for (int t = 16; t < 80; t++)
    word[t] = sha1_turn(word[t - 3] ^ word[t - 8] ^ word[t - 14] ^ word[t - 16], 1);
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (int t = 0; t < 80; t++) {
    uint32_t mixed = t < 20 ? ((b & c) ^ (~b & d)) + 0x5A827999
        : t < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
        : t < 60 ? ((b & c) ^ (b & d) ^ (c & d)) + 0x8F1BBCDC
        : (b ^ c ^ d) + 0xCA62C1D6;
    uint32_t next = sha1_turn(a, 5) + mixed + e + word[t];
    e = d;
    d = c;
    c = sha1_turn(b, 30);
    b = a;
    a = next;
  }
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

// The value of Sec-WebSocket-Accept for a key of 24 characters: 28 characters.
static inline void accept_value(const char *key, char out[28]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  // 60 bytes, the bit that ends them, and their length in bits: two blocks.
  uint8_t text[128] = {0}, hash[21] = {0};
  memcpy(text, key, 24);
  memcpy(text + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
  text[60] = 0x80;
  text[126] = 480 >> 8;
  text[127] = 480 & 0xFF;
  uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  sha1_block(state, text);
  sha1_block(state, text + 64);
  for (int at = 0; at < 20; at++) hash[at] = (uint8_t)(state[at / 4] >> (24 - 8 * (at % 4)));
  for (int at = 0; at < 7; at++) {
    uint32_t group = (uint32_t)hash[3 * at] << 16 | (uint32_t)hash[3 * at + 1] << 8
        | hash[3 * at + 2];
    for (int place = 0; place < 4; place++)
      out[4 * at + place] = digits[group >> (18 - 6 * place) & 63];
  }
  out[27] = '=';
}
