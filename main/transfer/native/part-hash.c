#include "part-hash.h"
#include "sha256-constants.h"
#include "sha256.h"
#include <string.h>

#if !defined(__x86_64__) && !defined(__aarch64__)
int sha256_is_supported(void) { return 0; }
void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) {}
void sha256_blocks_twice(uint32_t first[8], uint32_t second[8], const uint8_t *bytes, size_t blocks) {}
#endif

int part_hash_is_supported(void) { return sha256_is_supported(); }

void part_hash_begin(PartHash *hash) {
  memset(hash, 0, sizeof *hash);
  memcpy(hash->linear, SHA256_START, sizeof hash->linear);
  memcpy(hash->leaf, SHA256_START, sizeof hash->leaf);
}

static void take_blocks(PartHash *hash, const uint8_t *bytes, size_t blocks) {
  // Through the first leaf both hashes are the same.
  if (hash->leaves == 0) sha256_blocks(hash->linear, bytes, blocks);
  else sha256_blocks_twice(hash->linear, hash->leaf, bytes, blocks);
}

// Padding and length of the message (FIPS 180-4, 5.1.1), and the state as bytes. `rest` are the last `length % 64` bytes.
static void finish(uint32_t state[8], const uint8_t *rest, uint64_t length, uint8_t digest[DIGEST]) {
  uint8_t end[2 * BLOCK] = {0};
  const size_t rest_length = length % BLOCK;
  const size_t blocks = rest_length < BLOCK - 8 ? 1 : 2;
  if (rest_length > 0) memcpy(end, rest, rest_length);
  end[rest_length] = 0x80;
  for (int i = 0; i < 8; i++) end[blocks * BLOCK - 1 - i] = (uint8_t)((length * 8) >> (8 * i));
  sha256_blocks(state, end, blocks);
  for (int i = 0; i < DIGEST; i++) digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static void join(const uint8_t left[DIGEST], const uint8_t right[DIGEST], uint8_t digest[DIGEST]) {
  uint32_t state[8];
  uint8_t both[2 * DIGEST];
  memcpy(state, SHA256_START, sizeof state);
  memcpy(both, left, DIGEST);
  memcpy(both + DIGEST, right, DIGEST);
  sha256_blocks(state, both, 1);
  finish(state, NULL, sizeof both, digest);
}

// Puts the leaf that is complete, `length` bytes long, into the tree.
static void end_leaf(PartHash *hash, uint64_t length) {
  uint8_t node[DIGEST];
  uint32_t state[8];
  memcpy(state, hash->leaves == 0 ? hash->linear : hash->leaf, sizeof state);
  finish(state, hash->pending, length, node);
  int level = 0;
  for (; (hash->leaves >> level) & 1; level++) join(hash->waiting[level], node, node);
  memcpy(hash->waiting[level], node, DIGEST);
  hash->leaves++;
  memcpy(hash->leaf, SHA256_START, sizeof hash->leaf);
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

void part_hash_update(PartHash *hash, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    const size_t pending = hash->length % BLOCK;
    size_t taken;
    if (pending > 0 || length < BLOCK) {
      taken = smaller(BLOCK - pending, length);
      memcpy(hash->pending + pending, bytes, taken);
      if (pending + taken == BLOCK) take_blocks(hash, hash->pending, 1);
    } else {
      const size_t blocks = smaller(length, LEAF - hash->length % LEAF) / BLOCK;
      taken = blocks * BLOCK;
      take_blocks(hash, bytes, blocks);
    }
    hash->length += taken;
    bytes += taken;
    length -= taken;
    if (hash->length % LEAF == 0) end_leaf(hash, LEAF);
  }
}

void part_hash_end(PartHash *hash, uint8_t linear[DIGEST], uint8_t tree[DIGEST]) {
  if (hash->length % LEAF != 0 || hash->leaves == 0) end_leaf(hash, hash->length % LEAF);
  // An unpaired last node moves up unchanged.
  int level = 0;
  while (!((hash->leaves >> level) & 1)) level++;
  memcpy(tree, hash->waiting[level], DIGEST);
  for (level++; level < LEVELS; level++)
    if ((hash->leaves >> level) & 1) join(hash->waiting[level], tree, tree);
  finish(hash->linear, hash->pending, hash->length, linear);
}
