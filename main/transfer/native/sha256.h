// SHA-256's compression function by the processor's own instructions (FIPS 180-4; Intel SHA extensions, ARMv8 cryptographic
// extension).
#pragma once
#include <stddef.h>
#include <stdint.h>

int sha256_is_supported(void);
void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks);
// Takes the same blocks into two states, side by side.
void sha256_blocks_twice(uint32_t first[8], uint32_t second[8], const uint8_t *bytes, size_t blocks);
