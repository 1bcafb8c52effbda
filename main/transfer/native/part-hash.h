// Both hashes that Glacier asks for each part, in one pass: the linear SHA-256 and the tree hash over leaves of 1 MiB
// (developer guide, "Computing checksums"). Pieces may be of any length.
//
// Processors with instructions for SHA-256 spend most of a block waiting for its rounds, which depend on each other. The
// linear hash and the leaf's hash of the same block do not, and they share the message schedule: side by side they take
// little longer than one of them.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { DIGEST = 32, BLOCK = 64, LEAF = 1024 * 1024, LEVELS = 48 };

typedef struct {
  uint64_t length;
  uint64_t leaves;
  uint32_t linear[8];
  uint32_t leaf[8];
  // The bytes after the last whole block; leaves end on block boundaries, so that they are the same for both hashes.
  uint8_t pending[BLOCK];
  // What waits for its right neighbour, for each level of the tree at most one; which of them do, the bits of `leaves` say.
  uint8_t waiting[LEVELS][DIGEST];
} PartHash;

// Whether this processor has the instructions; without them nothing below may be called.
int part_hash_is_supported(void);

void part_hash_begin(PartHash *hash);
void part_hash_update(PartHash *hash, const uint8_t *bytes, size_t length);
// May be called once; big-endian, as hashes are written.
void part_hash_end(PartHash *hash, uint8_t linear[DIGEST], uint8_t tree[DIGEST]);
