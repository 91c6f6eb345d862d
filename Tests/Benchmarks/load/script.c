// What is sent: frames made and masked before the first connection is opened.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

enum { ROOM_FOR_HEAD = 14, STEP_FRAMES = 960 };

static uint32_t seed = 2463534242u;

// Marsaglia's xorshift: the same numbers in every run.
static uint32_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

// RFC 6455 section 5.2: one final frame, masked.
static size_t put_frame(uint8_t *out, uint8_t opcode, const uint8_t *payload, size_t size) {
  size_t at = 0;
  out[at++] = 0x80 | opcode;
  if (size < 126) {
    out[at++] = 0x80 | (uint8_t)size;
  } else if (size < 65536) {
    out[at++] = 0x80 | 126;
    out[at++] = (uint8_t)(size >> 8);
    out[at++] = (uint8_t)size;
  } else {
    out[at++] = 0x80 | 127;
    for (int shift = 56; shift >= 0; shift -= 8) out[at++] = (uint8_t)((uint64_t)size >> shift);
  }
  uint32_t key = next_random();
  memcpy(out + at, &key, 4);
  const uint8_t *mask = out + at;
  at += 4;
  for (size_t index = 0; index < size; index++) out[at + index] = payload[index] ^ mask[index & 3];
  return at + size;
}

static size_t put_mqtt(uint8_t *out, uint8_t first, const uint8_t *body, size_t size) {
  size_t at = 0, left = size;
  out[at++] = first;
  do {
    out[at++] = (uint8_t)(left % 128) | (left >= 128 ? 0x80 : 0);
    left /= 128;
  } while (left > 0);
  memcpy(out + at, body, size);
  return at + size;
}

size_t script_mqtt_greeting(uint8_t *out, int number, bool subscribes) {
  uint8_t body[64] = {0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 6};
  snprintf((char *)body + 12, 7, "c%05d", number);
  size_t at = put_mqtt(out, 0x10, body, 18);
  if (!subscribes) return at;
  const uint8_t topic[] = {0, 1, 0, 5, 'b', 'e', 'n', 'c', 'h', 0};
  return at + put_mqtt(out + at, 0x82, topic, sizeof topic);
}

// The n-th message of a script that is made of texts.
static size_t put_text(uint8_t *out, size_t capacity, int number) {
  char fill[1 << 15];
  int payload = options.payload < (int)sizeof fill ? options.payload : (int)sizeof fill - 1;
  memset(fill, 'x', (size_t)payload);
  fill[payload] = 0;
  if (strcmp(options.messages, "ping") == 0)
    return (size_t)snprintf((char *)out, capacity, "{\"type\":\"ping\"}");
  if (strcmp(options.messages, "room") == 0)
    return (size_t)snprintf((char *)out, capacity,
        "{\"type\":\"message\",\"room\":\"bench\",\"content\":\"%s\"}", fill);
  if (strcmp(options.messages, "plain") == 0)
    return (size_t)snprintf((char *)out, capacity, "%s", fill);
  if (strcmp(options.messages, "emotion") == 0)
    return (size_t)snprintf((char *)out, capacity,
        "{\"type\":\"emotion_update\",\"emotion\":\"mood-%d\"}", number % 7);
  if (strcmp(options.messages, "echo_json") == 0)
    return (size_t)snprintf((char *)out, capacity,
        "{\"type\":\"echo\",\"message\":{\"text\":\"%s\",\"list\":[1,2.5,-3e2,true,null],"
        "\"deep\":{\"a\":{\"b\":\"caf\\u00e9 \\\"q\\\"\"}}}}", fill);
  if (strcmp(options.messages, "step") != 0) die("no script has the name %s", options.messages);
  // A brisk walk at 50 Hz, with a little noise: 1.9 steps a second.
  double phase = 2 * M_PI * 1.9 * number / 50;
  double noise = (double)(next_random() % 2001) / 1000 - 1;
  return (size_t)snprintf((char *)out, capacity,
      "{\"accel_x\":%.4f,\"accel_y\":%.4f,\"accel_z\":%.4f,"
      "\"gyro_x\":%.4f,\"gyro_y\":%.4f,\"gyro_z\":%.4f}",
      0.3 * sin(phase / 2) + 0.05 * noise, 0.1 + 0.04 * noise, 9.81 + 3 * sin(phase) + 0.1 * noise,
      0.2 * cos(phase), 0.01 * noise, 0.1 * sin(phase));
}

struct script script_make(void) {
  bool echo = strcmp(options.messages, "echo") == 0;
  bool step = strcmp(options.messages, "step") == 0;
  size_t capacity = (size_t)(options.payload > 0 ? options.payload : 0) + 512;
  int count = options.depth;
  if (step || strcmp(options.messages, "emotion") == 0) count *= STEP_FRAMES / options.depth + 1;
  struct script script = {.count = count};
  script.bytes = malloc((size_t)count * (capacity + ROOM_FOR_HEAD));
  script.starts = calloc((size_t)count + 1, sizeof *script.starts);
  uint8_t *payload = malloc(capacity);
  if (script.bytes == NULL || script.starts == NULL || payload == NULL) die("no memory");
  if (echo)
    for (int index = 0; index < options.payload; index++)
      payload[index] = (uint8_t)(next_random() >> 8);
  size_t at = 0;
  for (int number = 0; number < count; number++) {
    size_t size = (size_t)options.payload;
    if (!echo) size = put_text(payload, capacity, number);
    if (options.framing == FRAMING_MQTT) {
      uint8_t body[4096] = {0, 5, 'b', 'e', 'n', 'c', 'h'};
      if (size > sizeof body - 7) die("too long for an MQTT message");
      memcpy(body + 7, payload, size);
      at += put_mqtt(script.bytes + at, 0x30, body, size + 7);
    } else {
      at += put_frame(script.bytes + at, echo ? 2 : 1, payload, size);
    }
    script.starts[number + 1] = (uint32_t)at;
  }
  if (echo) script.echo = payload; else free(payload);
  return script;
}
