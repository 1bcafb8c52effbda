import { describe, expect, it } from 'vitest';
import { isSameArchive } from '../../main/core/steps/settle.ts';
import type { TreeHash } from '../../shared/upload.ts';

const treeHash = 'a'.repeat(64) as TreeHash;
const upload = { size: 5, description: 'photos/a.raw' };
const archive = { ...upload, treeHash };

describe('an archive of the inventory', () => {
  it('is that of an upload whose last answer was lost when hash, size and description are the same', () => {
    expect(isSameArchive(archive, upload, { treeHash })).toBe(true);
  });

  it.each([
    ['tree hash', { treeHash: 'b'.repeat(64) as TreeHash }],
    ['size', { size: 6 }],
    ['description', { description: 'photos/b.raw' }],
  ])('is another one when it has another %s', (_, other) => {
    expect(isSameArchive({ ...archive, ...other }, upload, { treeHash })).toBe(false);
  });
});
