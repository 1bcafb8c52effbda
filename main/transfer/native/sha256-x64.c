#if defined(__x86_64__)
#include "sha256.h"
#include "sha256-constants.h"
#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

int sha256_is_supported(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  const int has_ssse3 = (c >> 9) & 1, has_sse41 = (c >> 19) & 1;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return has_ssse3 && has_sse41 && ((b >> 29) & 1);
}

// The instructions want the eight words of a state as two halves in an order of their own.
typedef struct {
  __m128i abef, cdgh;
} Halves;

WITH_SHA static inline Halves load(const uint32_t state[8]) {
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
  const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
  return (Halves){_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xf0)};
}

WITH_SHA static inline void store(uint32_t state[8], Halves halves) {
  const __m128i feba = _mm_shuffle_epi32(halves.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(halves.cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

WITH_SHA static inline Halves plus(Halves a, Halves b) {
  return (Halves){_mm_add_epi32(a.abef, b.abef), _mm_add_epi32(a.cdgh, b.cdgh)};
}

WITH_SHA static inline void read_words(__m128i words[4], const uint8_t *bytes) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  for (int i = 0; i < 4; i++)
    words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), big_endian);
}

// Replaces the oldest four words of the schedule by the next four.
WITH_SHA static inline void schedule(__m128i words[4], int i) {
  const __m128i last = words[(i + 3) & 3];
  const __m128i some = _mm_sha256msg1_epu32(words[i & 3], words[(i + 1) & 3]);
  words[i & 3] = _mm_sha256msg2_epu32(_mm_add_epi32(some, _mm_alignr_epi8(last, words[(i + 2) & 3], 4)), last);
}

WITH_SHA void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  Halves now = load(state);
  for (; blocks > 0; blocks--, bytes += 64) {
    const Halves before = now;
    __m128i words[4];
    read_words(words, bytes);
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      const __m128i w = _mm_add_epi32(words[i & 3], _mm_loadu_si128((const __m128i *)(SHA256_ROUNDS + 4 * i)));
      now.cdgh = _mm_sha256rnds2_epu32(now.cdgh, now.abef, w);
      if (i < 12) schedule(words, i);
      now.abef = _mm_sha256rnds2_epu32(now.abef, now.cdgh, _mm_shuffle_epi32(w, 0x0e));
    }
    now = plus(now, before);
  }
  store(state, now);
}

WITH_SHA void sha256_blocks_twice(uint32_t first[8], uint32_t second[8], const uint8_t *bytes, size_t blocks) {
  Halves a = load(first), b = load(second);
  for (; blocks > 0; blocks--, bytes += 64) {
    const Halves a_before = a, b_before = b;
    __m128i words[4];
    read_words(words, bytes);
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      const __m128i w = _mm_add_epi32(words[i & 3], _mm_loadu_si128((const __m128i *)(SHA256_ROUNDS + 4 * i)));
      const __m128i upper = _mm_shuffle_epi32(w, 0x0e);
      a.cdgh = _mm_sha256rnds2_epu32(a.cdgh, a.abef, w);
      b.cdgh = _mm_sha256rnds2_epu32(b.cdgh, b.abef, w);
      if (i < 12) schedule(words, i);
      a.abef = _mm_sha256rnds2_epu32(a.abef, a.cdgh, upper);
      b.abef = _mm_sha256rnds2_epu32(b.abef, b.cdgh, upper);
    }
    a = plus(a, a_before);
    b = plus(b, b_before);
  }
  store(first, a);
  store(second, b);
}
#endif
