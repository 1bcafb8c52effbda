#if defined(__aarch64__)
#include "sha256.h"
#include "sha256-constants.h"
#include <arm_neon.h>
#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

int sha256_is_supported(void) {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_SHA2) != 0;
#elif defined(__APPLE__)
  // Every Apple processor that runs macOS has them.
  return 1;
#else
  return 0;
#endif
}

typedef struct {
  uint32x4_t abcd, efgh;
} Halves;

static inline Halves load(const uint32_t state[8]) {
  return (Halves){vld1q_u32(state), vld1q_u32(state + 4)};
}

static inline void store(uint32_t state[8], Halves halves) {
  vst1q_u32(state, halves.abcd);
  vst1q_u32(state + 4, halves.efgh);
}

static inline Halves plus(Halves a, Halves b) {
  return (Halves){vaddq_u32(a.abcd, b.abcd), vaddq_u32(a.efgh, b.efgh)};
}

static inline void read_words(uint32x4_t words[4], const uint8_t *bytes) {
  for (int i = 0; i < 4; i++) words[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(bytes + 16 * i)));
}

// Replaces the oldest four words of the schedule by the next four.
static inline void schedule(uint32x4_t words[4], int i) {
  const uint32x4_t some = vsha256su0q_u32(words[i & 3], words[(i + 1) & 3]);
  words[i & 3] = vsha256su1q_u32(some, words[(i + 2) & 3], words[(i + 3) & 3]);
}

static inline Halves four_rounds(Halves now, uint32x4_t w) {
  return (Halves){vsha256hq_u32(now.abcd, now.efgh, w), vsha256h2q_u32(now.efgh, now.abcd, w)};
}

void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  Halves now = load(state);
  for (; blocks > 0; blocks--, bytes += 64) {
    const Halves before = now;
    uint32x4_t words[4];
    read_words(words, bytes);
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      const uint32x4_t w = vaddq_u32(words[i & 3], vld1q_u32(SHA256_ROUNDS + 4 * i));
      if (i < 12) schedule(words, i);
      now = four_rounds(now, w);
    }
    now = plus(now, before);
  }
  store(state, now);
}

void sha256_blocks_twice(uint32_t first[8], uint32_t second[8], const uint8_t *bytes, size_t blocks) {
  Halves a = load(first), b = load(second);
  for (; blocks > 0; blocks--, bytes += 64) {
    const Halves a_before = a, b_before = b;
    uint32x4_t words[4];
    read_words(words, bytes);
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      const uint32x4_t w = vaddq_u32(words[i & 3], vld1q_u32(SHA256_ROUNDS + 4 * i));
      if (i < 12) schedule(words, i);
      a = four_rounds(a, w);
      b = four_rounds(b, w);
    }
    a = plus(a, a_before);
    b = plus(b, b_before);
  }
  store(first, a);
  store(second, b);
}
#endif
